"""When a pair's other side hears of it: on one weekday for everybody, so that the day tells nothing. Pure."""

from datetime import date, timedelta

# Thursday, as an ISO weekday: one of the days that get read (guarantees, section 3), and after it a day to talk.
FIXED_WEEKDAY = 4
# With less of the program left, a new pair would hardly meet.
ENOUGH_FOR_A_NEW_PAIR = timedelta(weeks=4)


def note_day(today: date) -> date:
    """The next fixed weekday that is at least a working day ahead: decided on a Thursday, it is a week away."""
    tomorrow = today + timedelta(days=1)
    return tomorrow + timedelta(days=(FIXED_WEEKDAY - tomorrow.isoweekday()) % 7)


def is_late(ends_on: date, today: date) -> bool:
    """Whether a program ends too soon for a new pair."""
    return ends_on - today < ENOUGH_FOR_A_NEW_PAIR
