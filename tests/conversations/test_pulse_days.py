"""On which days pulses fall: for a program, and for one person's calendar."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.cadence import Calendar
from conversations.check_in_days import Meeting, Rhythm, ask_day
from conversations.pulse_days import Days, pulse_day, reminder_day, rounds

UTC = ZoneInfo("UTC")
MONDAY = date(2026, 3, 2)
EARLY = Days("early", date(2026, 4, 6), date(2026, 4, 20))


def rhythm(started_on: date, cadence: int = 14) -> Rhythm:
    return Rhythm((Meeting(1, started_on, cadence, started_on + timedelta(days=182)),))


def names(days: int) -> list[str]:
    return [each.name for each in rounds(MONDAY, MONDAY + timedelta(days=days))]


def test_a_program_of_six_months_has_two_rounds_on_the_way() -> None:
    assert [(each.name, each.opens_on, each.closes_on) for each in rounds(MONDAY, date(2026, 9, 2))] == [
        ("early", date(2026, 4, 6), date(2026, 4, 20)),
        ("late", date(2026, 6, 29), date(2026, 7, 13)),
    ]


def test_a_round_that_would_come_within_four_weeks_of_the_end_falls_away() -> None:
    assert names(182) == ["early", "late"]
    assert names(147) == ["early", "late"]
    assert names(146) == ["early"]
    assert names(92) == ["early"]
    assert names(62) == []


def test_it_is_asked_on_a_tuesday_to_thursday_if_one_is_near() -> None:
    assert pulse_day(EARLY, None, Calendar(UTC), MONDAY) == date(2026, 4, 7)
    friday = date(2026, 4, 10)
    assert pulse_day(EARLY, None, Calendar(UTC), friday) == date(2026, 4, 14)
    assert pulse_day(EARLY, None, Calendar(UTC, weekdays=frozenset({5})), MONDAY) == friday


def test_it_keeps_a_working_day_between_itself_and_the_check_in() -> None:
    # Asked on Tuesday 7 April, so that Monday to Wednesday are taken.
    every_other_monday = rhythm(MONDAY - timedelta(days=7))
    assert ask_day(date(2026, 4, 6), 14, Calendar(UTC)) == date(2026, 4, 7)
    assert pulse_day(EARLY, every_other_monday, Calendar(UTC), MONDAY) == date(2026, 4, 9)


def test_after_easter_the_days_count_from_what_is_open() -> None:
    # Good Friday and Easter Monday of 2026 are 3 and 6 April.
    assert pulse_day(EARLY, None, Calendar(UTC, country="DE"), MONDAY) == date(2026, 4, 7)


def test_whoever_is_away_for_the_whole_round_is_not_asked() -> None:
    assert pulse_day(EARLY, None, Calendar(UTC, back_on=date(2026, 4, 21)), MONDAY) is None
    assert pulse_day(EARLY, None, Calendar(UTC, back_on=date(2026, 4, 16)), MONDAY) == date(2026, 4, 16)


def test_the_reminder_comes_five_working_days_later_and_keeps_clear_of_check_ins_too() -> None:
    assert reminder_day(date(2026, 4, 7), EARLY.closes_on, None, Calendar(UTC)) == date(2026, 4, 14)
    # The check-in of day 42 is on Tuesday 14 April.
    assert reminder_day(date(2026, 4, 7), EARLY.closes_on, rhythm(MONDAY), Calendar(UTC)) == date(2026, 4, 16)


def test_no_reminder_comes_when_the_round_is_over_by_then() -> None:
    assert reminder_day(date(2026, 4, 16), EARLY.closes_on, None, Calendar(UTC)) is None


@given(st.integers(0, 60), st.sampled_from([7, 14, 28]), st.sets(st.integers(1, 7), min_size=3))
@pytest.mark.slow
def test_it_falls_within_the_round_on_a_day_of_work(offset: int, cadence: int, weekdays: set[int]) -> None:
    calendar = Calendar(UTC, weekdays=frozenset(weekdays))
    day = pulse_day(EARLY, rhythm(MONDAY - timedelta(days=offset), cadence), calendar, MONDAY)
    assert day is not None
    assert EARLY.opens_on <= day <= EARLY.closes_on
    assert calendar.is_open_day(day)
