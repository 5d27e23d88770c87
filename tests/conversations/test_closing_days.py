"""The days of the closing: a notice two weeks ahead, and the last word on the last open day."""

from datetime import date, timedelta

from conversations.cadence import Calendar, zone
from conversations.check_in_days import Meeting, Rhythm, ask_day
from conversations.closing_days import notice_day, wrap_day

ANYWHERE = Calendar(zone("UTC"))
BERLIN = Calendar(zone("Europe/Berlin"), "DE")
START = date(2026, 3, 3)


def a_rhythm(weeks: int = 26) -> Rhythm:
    return Rhythm((Meeting(1, START, 14, START + timedelta(weeks=weeks)),))


def test_the_last_word_comes_on_the_last_day_or_the_open_day_before_it() -> None:
    assert wrap_day(date(2026, 9, 1), ANYWHERE) == date(2026, 9, 1)
    assert wrap_day(date(2026, 9, 6), ANYWHERE) == date(2026, 9, 4)
    assert wrap_day(date(2026, 12, 27), BERLIN) == date(2026, 12, 24)


def test_the_notice_makes_room_for_the_last_check_in() -> None:
    rhythm = a_rhythm()
    last = START + timedelta(days=168)
    assert ask_day(last, 14, ANYWHERE) == last
    assert notice_day(rhythm.ends_on, ANYWHERE, rhythm) == last + timedelta(days=1)
    assert notice_day(rhythm.ends_on, ANYWHERE, None) == last


def test_a_notice_that_would_come_just_before_the_end_falls_away() -> None:
    holidays = Calendar(zone("UTC"), quiet=((date(2026, 8, 10), date(2026, 8, 30)),))
    assert notice_day(date(2026, 9, 1), holidays, None) is None


def test_the_last_word_to_somebody_who_is_away_waits_for_them() -> None:
    away = Calendar(zone("UTC"), back_on=date(2026, 12, 1))
    assert wrap_day(date(2026, 9, 1), away) == date(2026, 9, 1)
    assert notice_day(date(2026, 9, 1), away, None) is None
