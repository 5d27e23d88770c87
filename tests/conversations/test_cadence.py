"""When the bot may write: local working hours and days, holidays, summer time."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.cadence import Calendar, calendar_of, next_open_for_all, say_day, zone
from storage.tables import Person

ZONES = ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "America/Sao_Paulo", "Asia/Tokyo"]
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2029, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def calendar(timezone: str = "Europe/Berlin", country: str = "DE") -> Calendar:
    return Calendar(zone(timezone), country)


@given(MOMENTS, st.sampled_from(ZONES))
def test_the_next_opening_is_open_and_nothing_before_it_is(moment: datetime, timezone: str) -> None:
    mine = calendar(timezone)
    opening = mine.next_open(moment)
    local = opening.astimezone(mine.zone)
    assert opening >= moment
    assert time(9) <= local.time() < time(17)
    assert local.isoweekday() <= 5
    probe = moment
    while probe < opening:
        assert not mine.is_open(probe)
        probe += timedelta(hours=5)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-03-06T15:59", "2026-03-06T15:59"),  # a Friday, 16:59 in Berlin
        ("2026-03-06T16:00", "2026-03-09T08:00"),  # 17:00 is closed; Monday at 9
        ("2026-03-28T12:00", "2026-03-30T07:00"),  # over the change to summer time
        ("2026-04-02T16:00", "2026-04-07T07:00"),  # Good Friday and Easter Monday
        ("2028-02-28T17:00", "2028-02-29T08:00"),  # leap day
    ],
)
def test_weekends_holidays_and_summer_time(moment: str, expected: str) -> None:
    opening = calendar().next_open(datetime.fromisoformat(moment).replace(tzinfo=UTC))
    assert opening == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_a_good_moment_is_ten_in_the_morning_where_they_are() -> None:
    assert calendar("Asia/Tokyo", "JP").good_moment(date(2026, 3, 3)) == datetime(2026, 3, 3, 1, tzinfo=UTC)


def test_people_may_narrow_their_hours_but_not_widen_them() -> None:
    base = {"name": "Ana", "timezone": "Europe/Berlin", "country": "DE", "workdays": "12345"}
    wide = calendar_of(Person(**base, work_start="06:00", work_end="22:00"))
    late = calendar_of(Person(**base, work_start="13:00", work_end="16:00"))
    assert (wide.start, wide.end) == (time(9), time(17))
    assert late.good_moment(date(2026, 3, 3)) == datetime(2026, 3, 3, 12, tzinfo=UTC)


def test_somebody_who_works_sundays_is_written_to_on_sundays() -> None:
    dana = calendar_of(
        Person(
            name="Dana", timezone="Asia/Jerusalem", country="", workdays="71234", work_start="09:00", work_end="17:00"
        )
    )
    assert dana.is_open(datetime(2026, 3, 8, 10, tzinfo=UTC))
    assert not dana.is_open(datetime(2026, 3, 6, 10, tzinfo=UTC))


def test_two_people_are_introduced_while_both_work() -> None:
    berlin, new_york = calendar(), calendar("America/New_York", "US")
    meeting = next_open_for_all([berlin, new_york], datetime(2026, 3, 2, 8, tzinfo=UTC))
    assert meeting == datetime(2026, 3, 2, 14, tzinfo=UTC)


def test_hours_that_never_meet_are_said_so() -> None:
    lisbon, auckland = calendar("Europe/Lisbon", "PT"), calendar("Pacific/Auckland", "NZ")
    assert next_open_for_all([lisbon, auckland], datetime(2026, 6, 1, 8, tzinfo=UTC)) is None


def test_days_are_said_as_people_say_them() -> None:
    assert say_day(date(2026, 5, 28), date(2026, 3, 1)) == "28 May"
    assert say_day(date(2027, 1, 4), date(2026, 12, 1)) == "4 January 2027"


def test_an_unknown_zone_or_country_is_treated_as_none() -> None:
    odd = calendar_of(
        Person(name="X", timezone="Mars/Olympus", country="ZZ", workdays="", work_start="09:00", work_end="17:00")
    )
    assert odd.is_open(datetime(2026, 3, 2, 9, tzinfo=UTC))
