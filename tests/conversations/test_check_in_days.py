"""The rhythm of check-ins: nominal days, the days on which they are asked, and what is skipped."""

from datetime import date, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from conversations.cadence import Calendar, zone
from conversations.check_in_days import (
    Meeting,
    Rhythm,
    ask_day,
    fewest_working_days,
    last_ask_day,
    working_days_later,
)

BERLIN = Calendar(zone("Europe/Berlin"), "DE")
NO_HOLIDAYS = Calendar(zone("UTC"))
MONDAY = date(2026, 3, 2)


def a_pair(started_on: date = MONDAY, cadence: int = 14, weeks: int = 26, pair: int = 1) -> Meeting:
    return Meeting(pair, started_on, cadence, started_on + timedelta(weeks=weeks))


def periods(rhythm: Rhythm) -> list[date]:
    return list(rhythm.periods(date(2026, 1, 1), date(2027, 12, 31)))


def test_a_pair_of_six_months_is_asked_twelve_times_and_never_on_its_last_day() -> None:
    days = periods(Rhythm((a_pair(),)))
    assert [(day - MONDAY).days for day in days] == [14 * k for k in range(1, 13)]


def test_a_check_in_waits_for_tuesday_to_thursday() -> None:
    friday = date(2026, 3, 20)
    assert ask_day(friday, 14, NO_HOLIDAYS) == date(2026, 3, 24)
    wednesday = date(2026, 3, 18)
    assert ask_day(wednesday, 14, NO_HOLIDAYS) == wednesday


def test_a_closed_day_moves_it_to_the_next_open_one() -> None:
    # Easter Monday 2026 is 6 April, the first of May a Friday.
    assert ask_day(date(2026, 4, 6), 14, BERLIN) == date(2026, 4, 7)
    assert ask_day(date(2026, 5, 1), 14, BERLIN) == date(2026, 5, 5)


def test_somebody_who_works_on_mondays_and_fridays_is_asked_on_one_of_them() -> None:
    part_time = Calendar(zone("UTC"), weekdays=frozenset({1, 5}))
    assert ask_day(date(2026, 3, 18), 14, part_time) == date(2026, 3, 20)


def test_it_is_skipped_with_fewer_than_five_working_days_left_of_the_fortnight() -> None:
    monday = date(2026, 3, 16)
    assert ask_day(monday, 14, NO_HOLIDAYS, today=date(2026, 3, 23)) == date(2026, 3, 23)
    assert ask_day(monday, 14, NO_HOLIDAYS, today=date(2026, 3, 24)) is None
    assert last_ask_day(monday, 14, NO_HOLIDAYS) == date(2026, 3, 23)


def test_the_last_day_that_is_in_time_is_used_even_if_it_is_no_tuesday() -> None:
    assert ask_day(date(2026, 3, 16), 14, NO_HOLIDAYS, today=date(2026, 3, 21)) == date(2026, 3, 23)


def test_part_timers_and_weekly_pairs_need_half_of_their_own_working_days() -> None:
    assert fewest_working_days(14, NO_HOLIDAYS) == 5
    assert fewest_working_days(28, NO_HOLIDAYS) == 5
    assert fewest_working_days(7, NO_HOLIDAYS) == 2
    assert fewest_working_days(14, Calendar(zone("UTC"), weekdays=frozenset({2, 3}))) == 2


def test_two_working_days_later_leaves_the_weekend_out() -> None:
    assert working_days_later(date(2026, 3, 19), 2, NO_HOLIDAYS) == date(2026, 3, 23)


def test_two_pairs_share_one_check_in_and_a_fresh_one_waits_for_the_next() -> None:
    first, second = a_pair(pair=1), a_pair(MONDAY + timedelta(days=10), pair=2)
    rhythm = Rhythm((first, second))
    assert periods(rhythm)[:3] == [MONDAY + timedelta(days=14 * k) for k in (1, 2, 3)]
    assert [meeting.pair for meeting in rhythm.due(MONDAY + timedelta(days=14))] == [1]
    assert [meeting.pair for meeting in rhythm.due(MONDAY + timedelta(days=28))] == [1, 2]


def test_a_monthly_pair_beside_a_fortnightly_one_is_asked_about_every_second_time() -> None:
    often, seldom = a_pair(pair=1), a_pair(cadence=28, pair=2)
    rhythm = Rhythm((often, seldom))
    asked = [[meeting.pair for meeting in rhythm.due(day)] for day in periods(rhythm)[:4]]
    assert asked == [[1], [1, 2], [1], [1, 2]]


def test_both_sides_of_a_pair_mean_the_same_fortnight_when_asked_on_different_days() -> None:
    shared = a_pair(MONDAY + timedelta(days=4), pair=2)
    mentor = Rhythm((a_pair(pair=1), shared))
    mentee = Rhythm((shared,))
    theirs = [mentor.slot(shared, day) for day in periods(mentor)[:5]]
    hers = [mentee.slot(shared, day) for day in periods(mentee)[:5]]
    assert theirs == hers == [1, 2, 3, 4, 5]


def test_every_day_from_the_introduction_on_lies_in_exactly_one_window() -> None:
    pair = a_pair()
    for offset in range(100):
        day = MONDAY + timedelta(days=offset)
        after, upto = pair.window(pair.slot_of_day(day))
        assert after < day <= upto


@given(
    start=st.dates(date(2025, 1, 1), date(2026, 12, 31)),
    weekdays=st.sets(st.integers(1, 7), min_size=1),
    country=st.sampled_from(["", "DE", "IN", "US", "JP", "BR"]),
)
def test_d11_a_check_in_is_asked_within_its_period_and_on_an_open_day(
    start: date, weekdays: set[int], country: str
) -> None:
    calendar = Calendar(zone("Europe/Berlin"), country, frozenset(weekdays), time(9), time(17))
    asked: list[date] = []
    for period in Rhythm((a_pair(start),)).periods(start, start + timedelta(weeks=26)):
        day = ask_day(period, 14, calendar)
        if day is None:
            continue
        assert period <= day < period + timedelta(days=14)
        assert calendar.is_open_day(day)
        left = list(calendar.open_days(day, period + timedelta(days=13)))
        assert len(left) >= fewest_working_days(14, calendar)
        asked.append(day)
    assert asked == sorted(set(asked))
