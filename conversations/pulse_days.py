"""On which days a program's pulses open, and on which of them each person is asked. Pure."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from conversations.cadence import PREFERRED_WEEKDAYS, Calendar
from conversations.check_in_days import Rhythm, ask_day, working_days_later
from storage.pulses import OPEN_FOR
from storage.tables import Program

# Days after the program's start (guarantees, section 3: the budget of one person).
EARLY, LATE = timedelta(days=35), timedelta(days=119)
# Closer to the end than this the closing round says it all.
CLEAR_OF_THE_END = timedelta(days=28)
# Whoever was introduced later than this before a round has too little to tell, and waits for the next one.
TOGETHER_FOR = timedelta(days=21)
# The one reminder comes this many working days after the question.
REMIND_AFTER_WORKING_DAYS = 5
# How far the question may move to keep clear of a check-in, or to fall on a Tuesday to Thursday.
MAY_MOVE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Days:
    """One round of a program: the first and the last day on which it takes answers."""

    name: str
    opens_on: date
    closes_on: date


def rounds(starts_on: date, ends_on: date) -> Iterator[Days]:
    """The rounds in the middle of a program; the closing one is opened by its wrap-up."""
    for name, after in (("early", EARLY), ("late", LATE)):
        opens_on = starts_on + after
        if opens_on + CLEAR_OF_THE_END <= ends_on:
            yield Days(name, opens_on, opens_on + OPEN_FOR)


def takes_place(program: Program, days: Days) -> bool:
    """Nothing is asked on hold, and what fell into a hold is not made up for."""
    return program.held_since is None and not (program.resumed_on and program.resumed_on >= days.opens_on)


def pulse_day(days: Days, rhythm: Rhythm | None, calendar: Calendar, today: date) -> date | None:
    """The day on which somebody is asked, not before `today`; None when the round holds no open day any more.

    A working day lies between it and their check-ins, and it is a Tuesday to Thursday, as far as a week allows both.
    """
    first = max(days.opens_on, today)
    open_days = list(calendar.open_days(first, days.closes_on))
    near = [day for day in open_days if day <= first + MAY_MOVE]
    busy = _near_check_ins(rhythm, calendar, first, first + MAY_MOVE) if rhythm else ()
    clear = [day for day in near if day not in busy]
    preferred = [day for day in clear if day.isoweekday() in PREFERRED_WEEKDAYS]
    return next(iter(preferred or clear or open_days), None)


def _near_check_ins(rhythm: Rhythm, calendar: Calendar, first: date, last: date) -> Collection[date]:
    """The days of check-ins, and the open days right before and after each."""
    busy: set[date] = set()
    # One may have been moved by as much as its whole fortnight.
    for period in rhythm.periods(first - timedelta(days=rhythm.cadence), last + timedelta(days=7)):
        asked = ask_day(period, rhythm.cadence, calendar)
        if asked:
            before = max(calendar.open_days(asked - timedelta(days=7), asked - timedelta(days=1)), default=asked)
            busy |= {before, asked, working_days_later(asked, 1, calendar)}
    return busy


def reminder_day(asked_on: date, closes_on: date, rhythm: Rhythm | None, calendar: Calendar) -> date | None:
    """The day of the one reminder, clear of check-ins as well; None when the round is over by then."""
    first = working_days_later(asked_on, REMIND_AFTER_WORKING_DAYS, calendar)
    busy = _near_check_ins(rhythm, calendar, first, closes_on) if rhythm else ()
    return next((day for day in calendar.open_days(first, closes_on) if day not in busy), None)
