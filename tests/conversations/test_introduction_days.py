"""The day of an introduction works for both, and nobody meets two new people on one day."""

from datetime import UTC, date, datetime

from conversations.cadence import Calendar, zone
from conversations.introduction_days import introduction_moment

LISBON = Calendar(zone("Europe/Lisbon"), "PT")
BERLIN = Calendar(zone("Europe/Berlin"), "DE")
NEW_YORK = Calendar(zone("America/New_York"), "US")
SYDNEY = Calendar(zone("Australia/Sydney"), "AU")
MONDAY = date(2026, 3, 2)
MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def test_two_people_of_one_city_are_introduced_at_ten() -> None:
    assert introduction_moment(BERLIN, BERLIN, MONDAY, (), MORNING) == datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_it_waits_for_the_start_of_the_program() -> None:
    assert introduction_moment(LISBON, LISBON, date(2026, 3, 9), (), MORNING).date() == date(2026, 3, 9)


def test_it_waits_until_both_are_at_work() -> None:
    moment = introduction_moment(LISBON, NEW_YORK, MONDAY, (), MORNING)
    assert moment == datetime(2026, 3, 2, 14, tzinfo=UTC)
    assert LISBON.is_open(moment)
    assert NEW_YORK.is_open(moment)


def test_an_hour_that_both_share_before_ten_is_found() -> None:
    chicago = Calendar(zone("America/Chicago"), "US")
    moment = introduction_moment(chicago, BERLIN, MONDAY, (), MORNING)
    assert moment == datetime(2026, 3, 2, 15, tzinfo=UTC)


def test_a_holiday_of_either_is_no_day_for_it() -> None:
    # 3 October is a holiday in Germany, in 2025 a Friday.
    friday = date(2025, 10, 3)
    moment = introduction_moment(LISBON, BERLIN, friday, (), datetime(2025, 10, 1, 8, tzinfo=UTC))
    assert moment.date() == date(2025, 10, 6)


def test_a_day_on_which_one_of_them_meets_somebody_else_is_left_out() -> None:
    taken = {date(2026, 3, 2), date(2026, 3, 3)}
    assert introduction_moment(BERLIN, LISBON, MONDAY, taken, MORNING).date() == date(2026, 3, 4)


def test_an_approval_in_the_afternoon_introduces_at_once() -> None:
    afternoon = datetime(2026, 3, 2, 14, 20, tzinfo=UTC)
    assert introduction_moment(BERLIN, LISBON, MONDAY, (), afternoon) == afternoon


def test_people_whose_hours_never_meet_are_introduced_in_the_hours_of_the_mentor() -> None:
    moment = introduction_moment(SYDNEY, LISBON, MONDAY, (), MORNING)
    assert SYDNEY.is_open(moment)
