"""When a session may be, how its time is said, and when it is reminded of."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from conversations.booking_days import moment_of, overlap, reminder_moment, say_moment, suggestion
from conversations.cadence import Calendar

NOW = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
LONDON = Calendar(ZoneInfo("Europe/London"))
BERLIN = Calendar(ZoneInfo("Europe/Berlin"))
CHICAGO = Calendar(ZoneInfo("America/Chicago"))
TOKYO = Calendar(ZoneInfo("Asia/Tokyo"))


def test_a_local_time_is_a_moment() -> None:
    assert moment_of(date(2026, 5, 12), time(10), BERLIN) == datetime(2026, 5, 12, 8, tzinfo=UTC)


def test_a_time_that_the_clocks_skip_is_none() -> None:
    assert moment_of(date(2026, 3, 29), time(2, 30), BERLIN) is None
    assert moment_of(date(2026, 3, 8), time(2, 30), CHICAGO) is None


def test_of_a_time_that_comes_twice_the_first_is_meant() -> None:
    assert moment_of(date(2026, 10, 25), time(2, 30), BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_each_reads_a_time_in_their_own_zone_and_its_name() -> None:
    begins = datetime(2026, 5, 12, 23, tzinfo=UTC)
    assert say_moment(begins, CHICAGO, NOW) == "Tuesday, 12 May, 18:00 (Chicago time)"
    assert say_moment(begins, TOKYO, NOW) == "Wednesday, 13 May, 08:00 (Tokyo time)"
    assert say_moment(begins, Calendar(ZoneInfo("UTC")), NOW) == "Tuesday, 12 May, 23:00 (UTC)"


def test_the_suggestion_is_an_hour_that_both_work() -> None:
    begins = suggestion(BERLIN, CHICAGO, date(2026, 3, 4), NOW)
    assert begins == datetime(2026, 3, 6, 15, tzinfo=UTC)
    assert BERLIN.is_open(begins)
    assert CHICAGO.is_open(begins)


def test_where_no_hour_is_shared_the_suggestion_is_ones_own_morning() -> None:
    assert suggestion(CHICAGO, TOKYO, date(2026, 3, 4), NOW).astimezone(CHICAGO.zone).hour == 10


@pytest.mark.parametrize(("minutes", "clash"), [(-45, False), (-44, True), (0, True), (44, True), (45, False)])
def test_sessions_may_touch_but_not_overlap(minutes: int, clash: bool) -> None:
    assert overlap((NOW, 45), (NOW + timedelta(minutes=minutes), 45)) is clash


@pytest.mark.parametrize(
    ("begins", "booked_at", "expected"),
    [
        # Booked days ahead: the working morning before, also over a weekend.
        ("2026-03-12T14:00Z", "2026-03-04T09:00Z", "2026-03-11T10:00Z"),
        ("2026-03-09T14:00Z", "2026-03-04T09:00Z", "2026-03-06T10:00Z"),
        # Booked the evening before: the morning of the day.
        ("2026-03-12T14:00Z", "2026-03-11T16:00Z", "2026-03-12T10:00Z"),
        # Booked for within the hour, or on the day itself: none.
        ("2026-03-12T10:30Z", "2026-03-11T16:00Z", ""),
        ("2026-03-12T14:00Z", "2026-03-12T11:00Z", ""),
    ],
)
def test_a_reminder_comes_on_a_working_morning_or_not_at_all(begins: str, booked_at: str, expected: str) -> None:
    moment = reminder_moment(datetime.fromisoformat(begins), datetime.fromisoformat(booked_at), LONDON)
    assert moment == (datetime.fromisoformat(expected) if expected else None)
