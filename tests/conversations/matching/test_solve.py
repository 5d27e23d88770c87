"""The solver against the rules and points pair by pair, and against an assignment worked out in another way."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.graph.python.linear_sum_assignment import SimpleLinearSumAssignment

from conversations.matching import Candidate, Rules, Weights
from conversations.matching.pool import build_pool
from conversations.matching.rules import allowed
from conversations.matching.score import Scale, build_scale
from conversations.matching.shortlist import MOST_EQUAL, short_list
from conversations.matching.solve import Solution, solve
from conversations.matching.worth import TIE_BITS, build_table

from .company import MONDAY, TOPICS, ZONES, companies, matched, mentee, mentor, names

Company = tuple[list[Candidate], dict[str, str]]
EVERYBODY = slice(None)
RULED_OUT = -1_000_000
A_MENTOR, A_PAIR = 100_000, 100_000_000  # each outweighs all that comes after it
LENIENT = Rules(min_shared_hours=0, shared_manager_levels=0, shared_language=False, min_level_gap=-5)

any_rules = st.builds(
    Rules,
    min_level_gap=st.integers(-5, 3),
    same_team_allowed=st.booleans(),
    reporting_line_allowed=st.booleans(),
    shared_manager_levels=st.integers(0, 3),
    shared_language=st.booleans(),
    min_shared_hours=st.sampled_from([0, 1.0, 2.5]),
    departments=st.sampled_from([frozenset(), frozenset({"sales"})]),
    excluded_department_pairs=st.sampled_from([frozenset(), frozenset({("sales", "Legal")})]),
    allowed_department_pairs=st.sampled_from([frozenset(), frozenset({("Sales", "legal"), ("Sales", "Sales")})]),
    guests_allowed=st.booleans(),
)
any_weights = st.builds(
    Weights,
    other_location=st.integers(0, 30),
    working_style=st.integers(0, 20),
    style_alike=st.booleans(),
    poor_below=st.integers(0, 40),
    poor_penalty=st.integers(0, 60),
    # 5,000 does not fit into two bytes any more.
    wants=st.sampled_from([(40, 20, 10, 5), (5000, 3)]),
)


def company_of(people: int, seed: int) -> list[Candidate]:
    """Hundreds of people at once, without Hypothesis: it would take longer to draw them than to match them."""
    chance = np.random.default_rng(seed)

    def few(all_of: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(chance.choice(all_of, 2, replace=False).tolist())

    return [
        Candidate(
            key=f"p{at}",
            name=f"Person {at}",
            role="mentor" if at % 2 else "mentee",
            level=int(chance.integers(1, 4) if at % 2 else chance.integers(3, 7)),
            team=f"team {chance.integers(40)}",
            department=f"department {chance.integers(6)}",
            timezone=str(chance.choice(ZONES)),
            capacity=int(chance.integers(1, 4)) if at % 2 else 1,
            offers=few(TOPICS),
            wants=few(TOPICS),
            working_style=tuple(chance.integers(1, 6, 5).tolist()),
        )
        for at in range(people)
    ]


def scale_of(people: list[Candidate], rules: Rules, weights: Weights, managers: Mapping[str, str]) -> Scale:
    return build_scale(build_pool(people, managers, (), rules, MONDAY), weights, {})


def solved(scale: Scale, rules: Rules, size: int) -> Solution:
    return solve(build_table(scale, rules), lambda _words, _share: None, size)


@settings(max_examples=40, deadline=None)
@given(companies(most=6), any_rules, any_weights, st.data())
@pytest.mark.slow
def test_the_fast_passes_say_of_each_pair_what_rules_and_points_say(
    company: Company, rules: Rules, weights: Weights, data: st.DataObject
) -> None:
    people, managers = company
    styles = st.sampled_from([(), (1, 2, 3, 4, 5), (5, 5, 1, 1, 1)])
    people = [
        replace(p, guest=data.draw(st.booleans()), away=data.draw(st.booleans()), working_style=data.draw(styles))
        for p in people
    ]
    scale = scale_of(people, rules, weights, managers)
    table = build_table(scale, rules)
    keys = table.keys(slice(0, table.mentors))
    free = allowed(scale.pool, rules, EVERYBODY, EVERYBODY)
    assert ((keys > table.floor) == free).all()
    rows, columns = np.nonzero(free)
    points = sum(scale.between(rows, columns).values(), np.zeros(rows.size, dtype=np.int64))
    points = points - weights.poor_penalty * (points < weights.poor_below)
    assert (keys[rows, columns].astype(np.int64) >> TIE_BITS).tolist() == points.tolist()


@settings(max_examples=25, deadline=None)
@given(companies(most=12), st.integers(1, 3))
@pytest.mark.slow
def test_a_list_cut_short_is_mended_by_the_proof(company: Company, short_list: int) -> None:
    people, managers = company
    scale = scale_of(people, LENIENT, Weights(), managers)
    table = build_table(scale, LENIENT)
    keys = table.keys(slice(0, table.mentors))
    totals = []
    for size in (short_list, 100):
        solution = solved(scale, LENIENT, size)
        worth = table.worth(solution.mentor, solution.mentee, keys[solution.mentor, solution.mentee])
        totals.append((solution.mentor.size, int(worth.sum())))
        assert solution.proved
    assert totals[0] == totals[1]


@pytest.mark.parametrize("seed", range(4))
def test_another_way_to_the_optimum_of_hundreds_finds_nothing_better(seed: int) -> None:
    people, rules, weights = company_of(160, seed), Rules(min_shared_hours=0), Weights(working_style=20)
    scale = scale_of(people, rules, weights, {})
    table = build_table(scale, rules)
    solution = solved(scale, rules, size=2)
    keys = table.keys(slice(0, table.mentors))
    points = np.where(keys > table.floor, keys.astype(np.int64) >> TIE_BITS, RULED_OUT)
    reached = (
        solution.mentor.size,
        np.unique(solution.mentor).size,
        int(points[solution.mentor, solution.mentee].sum()),
    )
    assert reached == best_by_auction(points, scale.pool.mentors.places.tolist())


def best_by_auction(points: npt.NDArray[np.int64], places: list[int]) -> tuple[int, int, int]:
    """A plain assignment with a row for every place: by another algorithm, over all pairs, in one number each."""
    mentor = np.repeat(np.arange(len(places)), places)
    first = np.concatenate([np.arange(each) == 0 for each in places])
    worth = points[mentor] + A_PAIR + A_MENTOR * first[:, None]
    worth[points[mentor] == RULED_OUT] = 0  # as good as nobody
    size = sum(worth.shape)
    square = np.zeros((size, size), dtype=np.int64)
    square[: worth.shape[0], : worth.shape[1]] = worth
    auction = SimpleLinearSumAssignment()
    rows, columns = (grid.ravel().astype(np.int32) for grid in np.indices(square.shape))
    auction.add_arcs_with_cost(rows, columns, -square.ravel())
    assert auction.solve() == auction.OPTIMAL
    pairs, rest = divmod(-auction.optimal_cost(), A_PAIR)
    return pairs, *divmod(rest, A_MENTOR)


def test_weights_beyond_two_bytes_and_many_rounds_of_waiting_are_counted_exactly() -> None:
    weights = Weights(wants=(30_000,), waiting=50_000)
    keen, patient = mentee("keen", wants=("AI",)), mentee("patient", unmatched_before=9)
    ana = mentor("ana", offers=("AI",))
    assert names(matched([ana, keen, patient], weights=weights)) == [("ana", "patient")]
    assert names(matched([ana, keen, mentee("wim")], weights=weights)) == [("ana", "keen")]


def test_a_line_of_managers_without_end_is_still_a_reporting_line() -> None:
    line = {f"boss{at}": f"boss{at + 1}" for at in range(200)} | {"ana": "boss0", "boss200": "wim"}
    assert names(matched([mentor("ana"), mentee("wim"), mentee("zoe")], line)) == [("ana", "zoe")]


@settings(max_examples=25, deadline=None)
@given(companies(most=6), st.data())
@pytest.mark.slow
def test_locked_pairs_stay_and_the_rest_is_the_best_beside_them(company: Company, data: st.DataObject) -> None:
    people, managers = company
    mentors = [p for p in people if p.role == "mentor"]
    mentees = [p for p in people if p.role == "mentee"]
    # Whoever is locked, a rule or a lack of places may speak against it: the coordinator decided.
    locked = {(data.draw(st.sampled_from(mentors)).key, p.key) for p in mentees[:2]} if mentors else set()
    proposal = matched(people, managers, locked=locked)
    assert locked <= set(names(proposal))
    assert proposal.proved
    fixed = {key for _, key in locked}
    taken = [one for one, _ in locked]
    others = [p for p in people if p.role == "mentee" and p.key not in fixed]
    others += [replace(p, capacity=max(0, p.capacity - taken.count(p.key))) for p in mentors]
    alone = matched(others, managers)
    assert len(proposal.pairs) == len(alone.pairs) + len(locked)


def test_a_locked_mentor_gives_way_to_one_who_would_have_nobody() -> None:
    people = [mentor("ana", capacity=2, offers=("AI",)), mentor("ben"), mentee("wim"), mentee("zoe", wants=("AI",))]
    assert names(matched(people, locked={("ana", "wim")})) == [("ana", "wim"), ("ben", "zoe")]


def test_a_mentee_locked_to_two_mentors_is_refused() -> None:
    people = [mentor("ana"), mentor("ben"), mentee("wim")]
    with pytest.raises(ValueError, match="two mentors"):
        matched(people, locked={("ana", "wim"), ("ben", "wim")})


def test_a_lock_on_somebody_who_left_is_no_lock() -> None:
    assert names(matched([mentor("ana"), mentee("wim")], locked={("gone", "wim")})) == [("ana", "wim")]


def test_a_forbidden_pair_is_never_proposed() -> None:
    people = [mentor("ana", offers=("AI",)), mentee("wim", wants=("AI",)), mentee("zoe")]
    assert names(matched(people, forbidden={("ana", "wim")})) == [("ana", "zoe")]


def test_a_match_of_everybody_again_breaks_few_pairs_of_today() -> None:
    people = company_of(120, 1)
    before = set(names(matched(people)))
    after = [replace(p, wants=p.offers) if at % 5 == 0 else p for at, p in enumerate(people[2:])]
    still = {p.key for p in after}
    could_stay = {pair for pair in before if set(pair) <= still}
    kept = len(could_stay & set(names(matched(after, standing=before))))
    kept_without = len(could_stay & set(names(matched(after))))
    assert kept > kept_without
    assert kept >= 0.9 * len(could_stay)


def test_nobody_gets_a_terrible_pair_to_lift_the_average() -> None:
    # Both ways give two pairs; the one with more points leaves ben and wim with nothing in common.
    weights = Weights(wants=(100, 30, 30), gives_back=(0,), shared_hour=0, other_department=0)
    people = [
        mentor("ana", offers=("AI", "podcasts")),
        mentor("ben", offers=("cloud",)),
        mentee("ada", wants=("AI", "cloud")),
        mentee("wim", wants=("law", "podcasts")),
    ]
    assert names(matched(people, weights=replace(weights, poor_penalty=0))) == [("ana", "ada"), ("ben", "wim")]
    assert names(matched(people, weights=replace(weights, poor_penalty=60))) == [("ana", "wim"), ("ben", "ada")]


def test_working_styles_may_complement_or_resemble_each_other() -> None:
    quiet, loud = (1, 1, 1, 1, 1), (5, 5, 5, 5, 5)
    people = [mentor("ana", working_style=quiet), mentee("wim", working_style=quiet), mentee("zoe", working_style=loud)]
    weights: dict[str, Any] = {"working_style": 20}
    assert names(matched(people, weights=Weights(**weights))) == [("ana", "zoe")]
    assert names(matched(people, weights=Weights(**weights, style_alike=True))) == [("ana", "wim")]
    silent = [replace(p, working_style=()) for p in people]
    parts = [dict(pair.parts)["working style"] for pair in matched(silent, weights=Weights(**weights)).pairs]
    assert parts == [0]


def test_people_with_equal_facts_are_all_matched_and_proved() -> None:
    people = [mentor(f"m{at}", capacity=2) for at in range(40)] + [mentee(f"s{at}") for at in range(90)]
    proposal = matched(people)
    assert (len(proposal.pairs), len({p.mentor for p in proposal.pairs}), proposal.proved) == (80, 40, True)


def test_where_all_pairs_are_alike_the_short_list_stays_short_and_everybody_is_matched() -> None:
    people = [mentor(f"m{at}") for at in range(400)] + [mentee(f"s{at}") for at in range(400)]
    scale = scale_of(people, Rules(), Weights(), {})
    listed = short_list(build_table(scale, Rules()), 4)
    # All that tie for the best are some 50 a person.
    assert 400 * 4 <= len(listed) <= 400 * 4 * (MOST_EQUAL + 2)
    solution = solved(scale, Rules(), 4)
    assert (solution.mentor.size, solution.proved) == (400, True)
