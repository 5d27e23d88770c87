"""When a program takes its leave of somebody: the notice two weeks ahead, and the last word. Pure."""

from datetime import date, timedelta

from conversations.cadence import Calendar
from conversations.check_in_days import Rhythm, ask_day

NOTICE = timedelta(days=14)
# With fewer days between them the notice falls away: the last word says it all.
APART = timedelta(days=4)
# As far back as the last open day is looked for; somebody away for longer hears when they are back.
LOOK_BACK = timedelta(days=14)


def wrap_day(ends_on: date, calendar: Calendar) -> date:
    """The last open day of the program; its last day where there is none, so that the word waits for their return."""
    days = list(calendar.open_days(ends_on - LOOK_BACK, ends_on))
    return days[-1] if days else ends_on


def notice_day(ends_on: date, calendar: Calendar, rhythm: Rhythm | None) -> date | None:
    """Two weeks ahead, or the next open day that has no check-in; None when that would be too near the end."""
    day = calendar.next_open_day(ends_on - NOTICE)
    if rhythm and day in _check_ins_about(day, rhythm, calendar):
        day = calendar.next_open_day(day + timedelta(days=1))
    return day if wrap_day(ends_on, calendar) - day >= APART else None


def _check_ins_about(day: date, rhythm: Rhythm, calendar: Calendar) -> set[date | None]:
    first = day - timedelta(days=rhythm.cadence)
    return {ask_day(period, rhythm.cadence, calendar) for period in rhythm.periods(first, day)}
