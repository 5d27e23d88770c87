import pickle
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.matching import Candidate, Rules, Weights

from .company import (
    best_by_trying_everything,
    companies,
    is_allowed,
    matched,
    mentee,
    mentor,
    names,
)

Company = tuple[list[Candidate], dict[str, str]]


@settings(max_examples=40, deadline=None)
@given(companies())
@pytest.mark.slow
def test_no_pair_breaks_a_rule_and_nothing_better_exists(company: Company) -> None:
    people, managers = company
    proposal = matched(people, managers)
    one_by_one = {
        (one.key, other.key): pair.score
        for one in people
        for other in people
        if one.role == "mentor" and other.role == "mentee"
        for pair in matched([one, other], managers).pairs
    }
    allowed = {
        (one.key, other.key)
        for one in people
        for other in people
        if one.role == "mentor" and other.role == "mentee" and is_allowed(one, other, managers)
    }
    assert set(one_by_one) == allowed
    assert set(names(proposal)) <= allowed
    mentors = {pair.mentor for pair in proposal.pairs}
    mentees = {pair.mentee for pair in proposal.pairs}
    assert len(mentees) == len(proposal.pairs)
    worth = {pair: score - 40 * (score < 20) for pair, score in one_by_one.items()}
    best = best_by_trying_everything(people, managers, worth)
    reached = sum(worth[pair.mentor, pair.mentee] for pair in proposal.pairs)
    assert (len(proposal.pairs), len(mentors), reached) == best
    assert proposal.total == sum(pair.score for pair in proposal.pairs)
    assert proposal.proved


@settings(max_examples=20, deadline=None)
@given(companies(most=8), st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing(company: Company, chance: object) -> None:
    people, managers = company
    shuffled = sorted(people, key=lambda _: chance.random())  # type: ignore[attr-defined]
    turned = dict(reversed(managers.items()))
    assert matched(people, managers) == matched(shuffled, turned)


@settings(max_examples=20, deadline=None)
@given(companies(most=8))
@pytest.mark.slow
def test_everybody_is_either_paired_or_told_why_not(company: Company) -> None:
    people, managers = company
    proposal = matched(people, managers)
    paired = {key for pair in proposal.pairs for key in (pair.mentor, pair.mentee)}
    alone = [unmatched.key for unmatched in proposal.unmatched]
    assert sorted([*paired, *alone]) == sorted(person.key for person in people)
    assert all(unmatched.reason.endswith(".") for unmatched in proposal.unmatched)
    assert all(sum(points for _, points in pair.parts) == pair.score for pair in proposal.pairs)


def test_more_pairs_come_before_better_pairs() -> None:
    # Ana is the better mentor for both, but only Ana can take Wim.
    ana = mentor("ana", offers=("AI",), level=2)
    ben = mentor("ben", level=6)
    ada = mentee("ada", wants=("AI",), level=7)
    wim = mentee("wim", level=5)
    assert names(matched([ana, ben, ada, wim])) == [("ana", "wim"), ("ben", "ada")]


def test_places_are_spread_over_mentors_before_points_count() -> None:
    ana = mentor("ana", offers=("AI",), capacity=3)
    ben = mentor("ben")
    seniors = [mentee("ada", wants=("AI",)), mentee("wim", wants=("AI",)), mentee("zoe", wants=("AI",))]
    proposal = matched([ana, ben, *seniors])
    assert len(proposal.pairs) == 3
    assert [pair.mentor for pair in proposal.pairs].count("ben") == 1


def test_whoever_was_unmatched_last_time_comes_first() -> None:
    ana = mentor("ana", offers=("AI",))
    keen = mentee("keen", wants=("AI",))
    waiting = mentee("waiting", wants=("podcasts",), unmatched_before=1)
    proposal = matched([ana, keen, waiting])
    assert names(proposal) == [("ana", "waiting")]
    assert proposal.total == proposal.pairs[0].score < 100


def test_equal_pairs_are_told_apart_by_a_hash_and_not_by_the_alphabet() -> None:
    chosen = set()
    for number in range(20):
        ana = mentor(f"ana{number}")
        pair = matched([ana, mentee("ada"), mentee("wim")]).pairs[0]
        chosen.add(pair.mentee)
    assert chosen == {"ada", "wim"}


def test_only_mentors_gives_no_pairs_and_a_sentence_for_each() -> None:
    proposal = matched([mentor("ana"), mentor("ben")])
    assert proposal.pairs == ()
    assert {unmatched.reason for unmatched in proposal.unmatched} == {"There is no mentee in this round yet."}


def test_nobody_at_all_is_an_empty_proposal() -> None:
    assert matched([]).pairs == ()


def test_one_person_may_be_mentor_and_mentee_but_not_of_themselves() -> None:
    both = mentor("ana", level=3), mentee("ana", level=3)
    proposal = matched([*both, mentor("ben", level=1), mentee("wim", level=9)])
    assert names(proposal) == [("ana", "wim"), ("ben", "ana")]


def test_a_person_named_twice_in_a_role_is_refused() -> None:
    try:
        matched([mentor("ana"), mentor("ana")])
    except ValueError as fault:
        assert "twice" in str(fault)
    else:
        raise AssertionError("the double was taken")


def test_a_proposal_travels_to_another_process_and_back() -> None:
    people = [mentor("ana"), mentee("wim")]
    asked = pickle.loads(pickle.dumps((people, Rules(), Weights())))
    answer = matched(asked[0], rules=asked[1], weights=asked[2])
    assert pickle.loads(pickle.dumps(answer)) == matched(people)


def test_progress_is_told_in_words_and_ends_at_one() -> None:
    told: list[tuple[str, float]] = []
    matched([mentor("ana"), mentee("wim")], progress=lambda words, share: told.append((words, share)))
    assert [share for _, share in told] == sorted(share for _, share in told)
    assert told[-1] == ("Done", 1.0)


def test_ten_mentors_of_one_language_are_matched_with_ten_mentees() -> None:
    people = [mentor(f"m{at}", languages=frozenset({"de"})) for at in range(10)]
    people += [mentee(f"s{at}", languages=frozenset({"de"})) for at in range(10)]
    assert len(matched(people).pairs) == 10
    alone = [replace(person, languages=frozenset({"ja"})) for person in people if person.role == "mentor"]
    reasons = {u.reason for u in matched([*alone, *people[10:]]).unmatched if u.role == "mentee"}
    assert reasons == {"None of the 10 mentors can be proposed: no language in common (10)."}
