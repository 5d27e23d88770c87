"""On which day two people are introduced, and on which the mentee gets a hello to copy. Pure."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from conversations.cadence import PREFERRED_TIME, Calendar, next_open_for_all
from conversations.check_in_days import working_days_later

# Beyond this two people share no working hours at all; each then reads it in their own.
SEARCH_DAYS = 30


def introduction_moment(
    mentor: Calendar, mentee: Calendar, starts_on: date, taken: Collection[date], now: datetime
) -> datetime:
    """The first moment from the start of the program, about ten o'clock, that is open for both. UTC.

    `taken`: days on which one of them meets another partner, since nobody gets two unprompted messages a day.
    """
    first = max(starts_on, mentor.today(now))
    for day in (first + timedelta(days=count) for count in range(SEARCH_DAYS)):
        if day in taken:
            continue
        # At ten it may be too late: Chicago and Berlin share the hour from nine to ten only.
        for clock in (PREFERRED_TIME, mentor.start):
            moment = next_open_for_all([mentor, mentee], max(mentor.at(day, clock), now))
            if moment is not None and mentor.today(moment) == day:
                return moment
    return mentor.good_moment(first)


def hello_day(introduced_on: date, mentee: Calendar) -> date:
    """One working day later."""
    return working_days_later(introduced_on, 1, mentee)
