from datetime import date, time
from typing import Any

import pytest

from conversations.matching import Candidate, Hours, Rule, Rules

from .company import matched, mentee, mentor, names


def blocked(one: Candidate, other: Candidate, managers: dict[str, str] | None = None, **more: Any) -> set[Rule]:
    proposal = matched([one, other], managers, **more)
    rules = {frozenset(rule for rule, _ in unmatched.blocked) for unmatched in proposal.unmatched}
    assert len(rules) <= 1  # both sides are told the same
    return set().union(*rules)


def test_the_mentor_stands_below_the_mentee_in_level() -> None:
    assert blocked(mentor("ana", level=4), mentee("wim", level=5)) == set()
    assert blocked(mentor("ana", level=5), mentee("wim", level=5)) == {Rule.LEVEL}
    assert blocked(mentor("ana", level=6), mentee("wim", level=5)) == {Rule.LEVEL}
    assert blocked(mentor("ana", level=4), mentee("wim", level=5), rules=Rules(min_level_gap=2)) == {Rule.LEVEL}


def test_nobody_without_a_level_is_paired() -> None:
    assert blocked(mentor("ana", level=None), mentee("wim")) == {Rule.LEVEL_UNKNOWN}
    assert blocked(mentor("ana"), mentee("wim", level=None)) == {Rule.LEVEL_UNKNOWN}


def test_the_same_team_is_the_same_whatever_its_capitals_and_no_team_is_no_team() -> None:
    assert blocked(mentor("ana", team="Growth  Lab"), mentee("wim", team="growth lab ")) == {Rule.TEAM}
    assert blocked(mentor("ana", team=""), mentee("wim", team="")) == set()
    allowed = Rules(same_team_allowed=True)
    assert blocked(mentor("ana", team="x"), mentee("wim", team="x"), rules=allowed) == set()


def test_the_reporting_line_blocks_in_both_directions_however_long() -> None:
    line = {"ana": "b", "b": "c", "c": "d", "d": "wim", "wim": "top"}
    assert blocked(mentor("ana"), mentee("wim"), line) == {Rule.REPORTING_LINE}
    upside_down = {"wim": "b", "b": "c", "c": "ana"}
    assert blocked(mentor("ana"), mentee("wim"), upside_down) == {Rule.REPORTING_LINE}
    assert blocked(mentor("ana"), mentee("wim"), line, rules=Rules(reporting_line_allowed=True)) == set()


def test_no_manager_is_shared_within_two_levels() -> None:
    peers = {"ana": "max", "wim": "max"}
    assert blocked(mentor("ana"), mentee("wim"), peers) == {Rule.SHARED_MANAGER}
    skip = {"ana": "max", "max": "top", "wim": "top"}
    assert blocked(mentor("ana"), mentee("wim"), skip) == {Rule.SHARED_MANAGER}
    far = {"ana": "max", "max": "eva", "eva": "top", "wim": "lea", "lea": "top"}
    assert blocked(mentor("ana"), mentee("wim"), far) == set()
    assert blocked(mentor("ana"), mentee("wim"), far, rules=Rules(shared_manager_levels=3)) == {Rule.SHARED_MANAGER}
    assert blocked(mentor("ana"), mentee("wim"), peers, rules=Rules(shared_manager_levels=0)) == set()


def test_a_manager_who_is_not_on_the_roster_still_counts_as_one() -> None:
    assert blocked(mentor("ana", manager="gone"), mentee("wim", manager="gone")) == {Rule.SHARED_MANAGER}


def test_a_circle_of_managers_ends_and_counts_as_one_line() -> None:
    circle = {"ana": "b", "b": "wim", "wim": "c", "c": "ana"}
    assert Rule.REPORTING_LINE in blocked(mentor("ana"), mentee("wim"), circle)
    below = {"ana": "b", "b": "c", "c": "wim", "wim": "b"}
    assert Rule.REPORTING_LINE in blocked(mentor("ana"), mentee("wim"), below)
    alone = {"ana": "ana", "wim": "wim"}
    assert blocked(mentor("ana"), mentee("wim"), alone) == set()


def test_a_very_long_reporting_line_needs_no_recursion() -> None:
    line = {f"p{at}": f"p{at + 1}" for at in range(50_000)}
    assert Rule.REPORTING_LINE in blocked(mentor("p0"), mentee("p50000"), line)


def test_a_shared_language_is_needed_and_regions_do_not_matter() -> None:
    english, british = frozenset({"en-US", "de"}), frozenset({"EN-gb"})
    assert blocked(mentor("ana", languages=english), mentee("wim", languages=british)) == set()
    japanese = frozenset({"ja"})
    assert blocked(mentor("ana", languages=english), mentee("wim", languages=japanese)) == {Rule.LANGUAGE}
    assert blocked(mentor("ana"), mentee("wim", languages=frozenset({"en"}))) == set()
    assert blocked(mentor("ana"), mentee("wim", languages=japanese)) == {Rule.LANGUAGE}


@pytest.mark.parametrize(
    ("zone", "hours", "other_zone", "other_hours", "fits"),
    [
        ("Europe/Berlin", (9, 17), "America/New_York", (9, 17), True),  # 15:00-17:00 in Berlin
        ("Europe/Berlin", (9, 17), "America/Los_Angeles", (9, 17), False),
        ("America/Los_Angeles", (9, 17), "Pacific/Auckland", (9, 17), True),  # Auckland's Tuesday morning
        ("Europe/Berlin", (22, 6), "Asia/Tokyo", (9, 17), True),  # a night shift
        ("Europe/Berlin", (9, 12), "Europe/Berlin", (12, 17), False),
        ("Asia/Kolkata", (9, 17), "Europe/London", (10, 18), True),  # 10:00-11:30 in London
        ("Asia/Kolkata", (9, 17), "Europe/London", (11, 19), False),  # only half an hour
        ("Nowhere/Atlantis", (9, 17), "Europe/Berlin", (9, 17), False),
    ],
)
def test_an_hour_of_work_is_shared_each_in_their_own_zone(
    zone: str, hours: tuple[int, int], other_zone: str, other_hours: tuple[int, int], fits: bool
) -> None:
    ana = mentor("ana", timezone=zone, hours=Hours(time(hours[0]), time(hours[1])))
    wim = mentee("wim", timezone=other_zone, hours=Hours(time(other_hours[0]), time(other_hours[1])))
    assert bool(matched([ana, wim]).pairs) is fits


def test_summer_time_on_one_side_only_decides_on_that_date() -> None:
    # From 8 to 29 March 2026 New York is on summer time and Berlin is not: one hour nearer.
    ana = mentor("ana", timezone="Europe/Berlin", hours=Hours(time(8), time(15)))
    wim = mentee("wim", timezone="America/New_York", hours=Hours(time(9), time(17)))
    assert not matched([ana, wim], on=date(2026, 3, 2)).pairs
    assert matched([ana, wim], on=date(2026, 3, 9)).pairs
    assert not matched([ana, wim], on=date(2026, 3, 30)).pairs


def test_people_who_never_work_on_the_same_day_share_no_hours() -> None:
    early = Hours(workdays=frozenset({0, 1}))
    late = Hours(workdays=frozenset({2, 3, 4}))
    assert blocked(mentor("ana", hours=early), mentee("wim", hours=late)) == {Rule.HOURS}


def test_shared_hours_can_be_switched_off() -> None:
    ana = mentor("ana", hours=Hours(time(8), time(9)))
    wim = mentee("wim", timezone="Nowhere/Atlantis")
    assert blocked(ana, wim) == {Rule.ZONE_UNKNOWN}
    assert blocked(ana, wim, rules=Rules(min_shared_hours=0)) == set()


def test_a_past_pair_is_never_proposed_again() -> None:
    assert blocked(mentor("ana"), mentee("wim"), past_pairs=[("ana", "wim")]) == {Rule.PAST_PAIR}
    assert blocked(mentor("ana"), mentee("wim"), past_pairs=[("wim", "ana")]) == {Rule.PAST_PAIR}
    people = [mentor("ana"), mentor("ben"), mentee("wim"), mentee("zoe")]
    assert names(matched(people, past_pairs=[("ana", "wim"), ("ben", "zoe")])) == [("ana", "zoe"), ("ben", "wim")]


def test_a_wish_to_avoid_somebody_holds_from_either_side_and_hides_in_the_reason() -> None:
    assert blocked(mentor("ana", avoid=frozenset({"wim"})), mentee("wim")) == {Rule.PAST_PAIR}
    assert blocked(mentor("ana"), mentee("wim", avoid=frozenset({"ana"}))) == {Rule.PAST_PAIR}
    wished = matched([mentor("ana", avoid=frozenset({"wim"})), mentee("wim")])
    before = matched([mentor("ana"), mentee("wim")], past_pairs=[("ana", "wim")])
    assert [u.reason for u in wished.unmatched] == [u.reason for u in before.unmatched]


def test_whoever_reviews_the_mentor_is_no_mentee_of_theirs() -> None:
    assert blocked(mentor("ana", reviewers=frozenset({"wim"})), mentee("wim")) == {Rule.REVIEWER}


def test_a_pilot_group_keeps_other_departments_out() -> None:
    pilot = Rules(departments=frozenset({"Sales"}))
    ana = mentor("ana", department="sales")
    assert blocked(ana, mentee("wim", department="Sales"), rules=pilot) == set()
    assert blocked(ana, mentee("wim", department="Legal"), rules=pilot) == {Rule.DEPARTMENT}


def test_two_departments_can_be_kept_apart() -> None:
    apart = Rules(excluded_department_pairs=frozenset({("Sales", "Audit")}))
    sales, audit = {"department": "Sales"}, {"department": "audit"}
    assert blocked(mentor("ana", **sales), mentee("wim", **audit), rules=apart) == {Rule.DEPARTMENT_PAIR}
    assert blocked(mentor("ana", **audit), mentee("wim", **sales), rules=apart) == set()


def test_a_mentor_without_a_place_is_told_so() -> None:
    proposal = matched([mentor("ana", capacity=0), mentee("wim")])
    assert {u.key: u.reason for u in proposal.unmatched} == {
        "ana": "This mentor offers no place in this round (capacity 0).",
        "wim": "The only mentor cannot be proposed: no free place.",
    }


def test_guests_are_in_or_out_as_the_program_says() -> None:
    ana, wim = mentor("ana", guest=True), mentee("wim")
    assert blocked(ana, wim) == set()
    assert blocked(ana, wim, rules=Rules(guests_allowed=False)) == {Rule.GUEST}
    assert blocked(mentor("ana"), mentee("wim", guest=True), rules=Rules(guests_allowed=False)) == {Rule.GUEST}


def test_whoever_is_on_leave_waits_until_they_are_back() -> None:
    assert blocked(mentor("ana", away=True), mentee("wim")) == {Rule.AWAY}
    assert blocked(mentor("ana"), mentee("wim", away=True)) == {Rule.AWAY}


def test_only_the_department_pairs_that_are_wanted_are_made() -> None:
    only = Rules(allowed_department_pairs=frozenset({("Sales", "Legal")}))
    sales, legal = {"department": "sales"}, {"department": " LEGAL"}
    assert blocked(mentor("ana", **sales), mentee("wim", **legal), rules=only) == set()
    assert blocked(mentor("ana", **legal), mentee("wim", **sales), rules=only) == {Rule.DEPARTMENT_PAIR}
