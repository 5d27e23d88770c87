"""The smallest change for somebody without a partner: following it matches them, and the firewall never moves."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings

from conversations.matching import Candidate, Proposal, Rule, Rules
from conversations.matching.advice import Advice, advised, smallest_change, smallest_changes
from conversations.matching.changes import AddLanguage, FillInLevel, MorePlaces, Together
from conversations.matching.request import MatchingRequest, broken, run

from .company import MONDAY, companies, line_above, mentee, mentor, names

Company = tuple[list[Candidate], dict[str, str]]
APART = Rules(excluded_department_pairs=frozenset({("Sales", "Legal")}))
WAIVED = {Rule.LEVEL, Rule.TEAM, Rule.HOURS, Rule.DEPARTMENT_PAIR}


def asked(*people: Candidate, managers: dict[str, str] | None = None, rules: Rules | None = None) -> MatchingRequest:
    return MatchingRequest(people, managers or {}, frozenset(), MONDAY, rules=rules or Rules())


def advice_for(key: str, request: MatchingRequest) -> Advice:
    role = next(person.role for person in request.candidates if person.key == key)
    return smallest_change(request, run(request), key, role)


def partner_after(key: str, request: MatchingRequest) -> str | None:
    pairs = run(advised(request, advice_for(key, request))).pairs
    return next(
        (pair.mentor if pair.mentee == key else pair.mentee for pair in pairs if key in (pair.mentor, pair.mentee)),
        None,
    )


def assert_possible(following: MatchingRequest, before: Proposal, advice: Advice) -> None:
    """The pairs that are said to change give a matching that the rules and places allow."""
    pairs = {(pair.mentor, pair.mentee) for pair in before.pairs}
    assert set(advice.gone) <= pairs
    then = (pairs - set(advice.gone)) | set(advice.new)
    places = {person.key: person.capacity for person in following.candidates if person.role == "mentor"}
    assert len({mentee for _, mentee in then}) == len(then)
    assert all(count <= places[key] for key, count in Counter(mentor for mentor, _ in then).items())
    assert set(broken(following, then).values()) <= WAIVED


@settings(max_examples=40, deadline=None)
@given(companies(most=6))
@pytest.mark.slow
def test_following_the_advice_matches_the_person_and_nobody_loses_a_place(company: Company) -> None:
    people, managers = company
    request = MatchingRequest(tuple(people), managers, frozenset(), MONDAY)
    before = run(request)
    alone = [(person.key, person.role) for person in before.unmatched]
    for advice in smallest_changes(request, before, alone):
        if not advice.changes:
            assert advice.words.startswith("No small change helps")
            continue
        following = advised(request, advice)
        assert_possible(following, before, advice)
        after = run(following)
        paired = {(pair.mentor if advice.role == "mentor" else pair.mentee) for pair in after.pairs}
        assert advice.key in paired
        mentors = [len({pair.mentor for pair in proposal.pairs}) for proposal in (before, after)]
        assert (len(after.pairs), mentors[1]) > (len(before.pairs), mentors[0])
        waived = broken(following, [(pair.mentor, pair.mentee) for pair in after.pairs])
        assert set(waived.values()) <= WAIVED
        assert all(pair.mentee not in line_above(pair.mentor, managers) for pair in after.pairs)


def test_one_more_place_of_a_named_mentor_is_asked_for_first() -> None:
    request = asked(mentor("ana"), mentee("wim"), mentee("zoe"))
    alone = run(request).unmatched[0].key
    advice = advice_for(alone, request)
    assert MorePlaces("ana", 2) in advice.changes
    assert advice.words == f"Ask Ana to take 2 mentees instead of 1. Then {alone.title()} can be paired with Ana."
    assert partner_after(alone, request) == "ana"


def test_the_pairs_that_would_move_are_named() -> None:
    # Wim is senior to Ana only, who has Zoe; Zoe could have Ben as well.
    juniors = mentor("ana", team="red", offers=("AI",)), mentor("ben", level=5)
    request = asked(*juniors, mentee("wim", team="red", level=4), mentee("zoe", wants=("AI",)))
    advice = advice_for("wim", request)
    assert advice.words == (
        "Add Ana and Wim by hand although they are in the same team. "
        "Then Wim can be paired with Ana, and Zoe moves from Ana to Ben."
    )
    assert (advice.gone, advice.new) == ((("ana", "zoe"),), (("ana", "wim"), ("ben", "zoe")))
    assert names(run(advised(request, advice))) == [("ana", "wim"), ("ben", "zoe")]


def test_a_locked_pair_never_moves_for_somebody_else() -> None:
    juniors = mentor("ana", team="red", offers=("AI",)), mentor("ben", level=5)
    request = asked(*juniors, mentee("wim", team="red", level=4), mentee("zoe", wants=("AI",)))
    advice = advice_for("wim", replace(request, locked=frozenset({("ana", "zoe")})))
    assert advice.gone == ()
    assert MorePlaces("ana", 2) in advice.changes


@pytest.mark.parametrize(
    ("changes", "rules", "words"),
    [
        ({"team": "red"}, Rules(), "Add Ana and Wim by hand although they are in the same team."),
        ({"level": 2}, Rules(), "although they are on the same level and the rule asks for 1."),
        ({"timezone": "America/New_York"}, Rules(min_shared_hours=3), "they share 120 working minutes"),
        ({"department": "Legal"}, APART, "although their departments are not paired."),
        ({"languages": frozenset({"de"})}, Rules(), "Ask whether Wim also speaks en, and add it."),
        ({"level": None}, Rules(), "Fill in the level of Wim (3 or higher would do)."),
    ],
    ids=["team", "level", "hours", "departments", "language", "level unknown"],
)  # fmt: skip
def test_each_rule_that_may_be_waived_is_named_and_following_it_works(
    changes: dict[str, object], rules: Rules, words: str
) -> None:
    ana = mentor("ana", team="red", department="Sales", timezone="Europe/Berlin")
    request = asked(ana, mentee("wim", **{"timezone": "Europe/Berlin", **changes}), rules=rules)
    assert words in advice_for("wim", request).words
    assert partner_after("wim", request) == "ana"
    assert partner_after("ana", request) == "wim"


@pytest.mark.parametrize(
    ("people", "managers", "words"),
    [
        ([mentor("ana"), mentee("wim")], {"ana": "wim"}, "in the same reporting line"),
        ([mentor("ana"), mentee("wim")], {"ana": "max", "wim": "max"}, "a manager in common"),
        ([mentor("ana", reviewers=frozenset({"wim"})), mentee("wim")], {}, "a part in the reviews of the other"),
        ([mentor("ana", avoid=frozenset({"wim"})), mentee("wim")], {}, "an earlier pairing or wish"),
        ([mentor("ana"), mentee("wim", timezone="Nowhere/Atlantis")], {}, "the time zone is not known"),
        ([mentor("ana"), mentee("wim", away=True)], {}, "they are away on the day of the matching"),
        ([mentor("ana", level=9), mentee("wim")], {}, "a level that is not below theirs"),
        ([mentee("wim")], {}, "there is no mentor in this round yet"),
    ],
    ids=["line", "manager", "reviewer", "wish", "zone", "away", "far too senior", "nobody"],
)
def test_what_protects_people_is_never_advised_away(
    people: list[Candidate], managers: dict[str, str], words: str
) -> None:
    advice = advice_for("wim", asked(*people, managers=managers))
    assert advice.changes == ()
    assert advice.words.startswith("No small change helps")
    assert words in advice.words


def test_a_wish_shows_neither_in_the_advice_nor_in_the_counts() -> None:
    wishing = asked(mentor("ana"), mentor("ben"), mentee("wim", avoid=frozenset({"ana"})), mentee("zoe"))
    past = replace(wishing, candidates=(*wishing.candidates[:2], mentee("wim"), mentee("zoe")))
    past = replace(past, past_pairs=frozenset({("ana", "wim")}))
    away = [
        replace(request, candidates=(request.candidates[0], *request.candidates[2:])) for request in (wishing, past)
    ]
    told = [(run(request).unmatched, advice_for("wim", request)) for request in away]
    assert told[0] == told[1]
    assert Rule.AVOID not in {rule for unmatched in told[0][0] for rule, _ in unmatched.blocked}


def test_a_mentor_too_many_is_told_that_a_mentee_is_missing() -> None:
    request = asked(mentor("ana"), mentor("ben"), mentee("wim"))
    advice = advice_for(run(request).unmatched[0].key, request)
    assert advice.changes == ()
    assert "One more mentee would." in advice.words


def test_somebody_with_a_partner_or_unknown_needs_no_advice() -> None:
    request = asked(mentor("ana"), mentee("wim"))
    assert advice_for("wim", request).words == "Wim has a partner already."
    with pytest.raises(ValueError, match="nobody of that key"):
        smallest_change(request, run(request), "eve", "mentor")


def test_own_facts_need_no_lock_and_waivers_hold_for_one_pair_only() -> None:
    unknown = asked(mentor("ana"), mentee("wim", level=None))
    assert advice_for("wim", unknown).changes == (FillInLevel("wim", "mentee", 3),)
    foreign = asked(mentor("ana"), mentee("wim", languages=frozenset({"de"})))
    assert advice_for("wim", foreign).changes == (AddLanguage("wim", "mentee", "en"),)
    team = asked(mentor("ana", team="red"), mentee("wim", team="red"))
    assert advice_for("wim", team).changes == (Together("ana", "wim", (Rule.TEAM,)),)
