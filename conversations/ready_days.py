"""Is it a good time to begin? Days on which too many people do not work. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta

from conversations.cadence import Calendar

# Somebody is always away; with more than a third missing a start falls flat.
MOST_AWAY = 1 / 3
# Of the five working days from the start on, so many should be there for a first meeting.
FEWEST_DAYS = 3
FIRST_WEEK = timedelta(days=6)
# How far a better day is looked for.
SEARCH_DAYS = 60


def closed_share(calendars: Sequence[Calendar], day: date) -> bool:
    """Whether too many do not work on this day."""
    return _too_many([not calendar.is_open_day(day) for calendar in calendars])


def short_week(calendars: Sequence[Calendar], day: date) -> bool:
    """Whether too many hardly work in the week from this day on."""
    return _too_many([len(list(calendar.open_days(day, day + FIRST_WEEK))) < FEWEST_DAYS for calendar in calendars])


def first_good_day(calendars: Sequence[Calendar], after: date, quiet: Sequence[tuple[date, date]]) -> date | None:
    """The first day after this one that is neither; None when there is none within two months."""
    days = (after + timedelta(days=count) for count in range(1, SEARCH_DAYS + 1))
    for day in days:
        if any(first <= day <= last for first, last in quiet):
            continue
        if not closed_share(calendars, day) and not short_week(calendars, day):
            return day
    return None


def _too_many(away: Sequence[bool]) -> bool:
    return bool(away) and sum(away) / len(away) > MOST_AWAY
