"""What-if: one rule or weight changed, and what differs said before anything is saved."""

from dataclasses import replace

import pytest

from conversations.matching import PRESETS, Rules
from conversations.matching.request import MatchingRequest, run
from conversations.matching.rule_values import NotAllowed
from conversations.matching.what_if import Adjustment, Difference, adjustment_words, compare, in_words, with_change

from .company import MONDAY, mentee, mentor

PEOPLE = (
    mentor("ana", team="red", offers=("AI",)),
    mentor("ben", level=5),
    mentee("wim", team="red", level=4),
    mentee("zoe", wants=("AI",)),
)
REQUEST = MatchingRequest(PEOPLE, {}, frozenset(), MONDAY)
NAMES = {person.key: person.name for person in PEOPLE}


def test_a_rule_relaxed_shows_who_gains_and_which_pairs_change() -> None:
    before, after = run(REQUEST), run(with_change(REQUEST, Adjustment("same_team_allowed", True)))
    found = compare(before, after, REQUEST.weights)
    assert (found.kept, found.gone) == ((), (("ana", "zoe"),))
    assert found.new == (("ana", "wim"), ("ben", "zoe"))
    assert found.newly_matched == (("ben", "mentor"), ("wim", "mentee"))
    assert found.newly_unmatched == ()
    told = in_words(found, NAMES)
    assert told[:2] == ["0 pairs would stay, 2 would be new and 1 would be gone.", "Matched then: Ben, Wim."]
    assert told[2] == "Poor pairs: 0 before, 2 then."
    assert told[3].startswith("Points in all: 50 before, 20 then.")


def test_nothing_that_differs_is_said_in_one_sentence() -> None:
    before = run(REQUEST)
    assert in_words(compare(before, before), NAMES) == ["Nothing would differ: the same pairs as before."]
    assert compare(before, before).is_none


def test_a_harder_rule_shows_who_would_be_left() -> None:
    before, after = run(REQUEST), run(with_change(REQUEST, Adjustment("min_level_gap", 6)))
    assert "Without a partner then: Ana, Zoe." in in_words(compare(before, after), NAMES)


def test_presets_weights_and_rules_are_changed_by_name_and_the_old_request_stays() -> None:
    assert with_change(REQUEST, Adjustment("preset", "same hours")).weights == PRESETS["same hours"]
    assert with_change(REQUEST, Adjustment("other_department", 30)).weights.other_department == 30
    assert with_change(REQUEST, Adjustment("min_shared_hours", 0.5)).rules == Rules(min_shared_hours=0.5)
    pairs = Adjustment("excluded_department_pairs", [["Sales", "Legal"]])
    assert with_change(REQUEST, pairs).rules.excluded_department_pairs == {("Sales", "Legal")}
    assert REQUEST.rules == Rules()


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("min_level_gap", "two", "whole number from 0"),
        ("shared_language", "off", "true or false"),
        ("preset", "best", "balanced"),
        ("speed", 3, "no such rule or weight"),
        ("goal", True, "whole number"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_what_can(name: str, value: object, allowed: str) -> None:
    with pytest.raises(NotAllowed, match=allowed):
        with_change(REQUEST, Adjustment(name, value))


def test_changes_are_said_as_a_coordinator_would() -> None:
    assert adjustment_words(Adjustment("min_shared_hours", 0.5)) == "at least 0.5 shared working hours"
    assert adjustment_words(Adjustment("same_team_allowed", True)) == "pairs within a team allowed: yes"
    assert adjustment_words(Adjustment("other_department", 30)) == "different departments: 30 points"
    barred = Adjustment("excluded_department_pairs", [["Sales", "Legal"]])
    assert adjustment_words(barred) == "these departments are never paired: Sales with Legal"


def test_long_lists_of_people_are_cut_with_their_number() -> None:
    many = Difference(new=(("a", "b"),), newly_matched=tuple((f"m{at}", "mentor") for at in range(8)))
    assert in_words(many, {}, comparable=False)[1] == "Matched then: m0, m1, m2, m3, m4 and 3 more."


def test_two_requests_with_the_same_change_are_equal() -> None:
    change = Adjustment("guests_allowed", False)
    assert with_change(REQUEST, change) == with_change(replace(REQUEST), change)
