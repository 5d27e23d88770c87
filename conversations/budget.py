"""How often somebody is written to unasked: once a working day, three times in any fortnight. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum

from conversations.cadence import Calendar
from storage.outbox import AS_COORDINATOR

# Guarantees, section 3: over all programs and platforms.
MOST_A_FORTNIGHT = 3
FORTNIGHT = timedelta(days=14)
# Two people who are introduced wait for a common day no longer than this.
TOGETHER_WITHIN = 14
DAY = timedelta(days=1)
# The kind of the message that says that a pair is over.
NOTE = "rotation"

# What follows from something that the person or their partner did, or goes to somebody as a coordinator.
FREE = frozenset(
    {
        "answer",
        "announcement",
        "booked",
        "file",
        "session_reminder",
        "shared_line",
        "update",
    }
)


class Rank(IntEnum):
    """What stays when there is no room for everything: the lower number."""

    CHANGE_OF_PARTNER = 1
    CHECK_IN = 2
    PULSE = 3
    OTHER = 4
    REMINDER = 5


RANKS = {
    "introduction": Rank.CHANGE_OF_PARTNER,
    NOTE: Rank.CHANGE_OF_PARTNER,
    # A question with a last day for the answer.
    "asking": Rank.CHANGE_OF_PARTNER,
    "check_in": Rank.CHECK_IN,
    "pulse": Rank.PULSE,
}


def rank(kind: str) -> Rank | None:
    """The rank of a kind of unprompted message; None for one that does not count."""
    if kind in FREE or kind.startswith(AS_COORDINATOR):
        return None
    return Rank.REMINDER if kind.endswith("_reminder") else RANKS.get(kind, Rank.OTHER)


@dataclass(frozen=True, slots=True)
class Side:
    """One person: their calendar, and the local days on which a message that counts was sent, or is due."""

    calendar: Calendar
    days: Collection[date]

    def has_room(self, day: date) -> bool:
        """Whether one more on this day keeps every stretch of 14 days within the budget."""
        if day in self.days:
            return False
        taken = [*self.days, day]
        ends = [end for end in taken if day <= end < day + FORTNIGHT]
        return all(sum(end - FORTNIGHT < each <= end for each in taken) <= MOST_A_FORTNIGHT for end in ends)

    def next_day(self, now: datetime) -> date:
        """The day of the next working hours; today while they last."""
        return self.calendar.today(self.calendar.next_open(now))

    def first_day(self, first: date) -> date:
        """The first open day from `first` on with room."""
        day = self.calendar.next_open_day(first)
        while not self.has_room(day):
            day = self.calendar.next_open_day(day + DAY)
        return day


def when(side: Side, of_rank: Rank, now: datetime) -> datetime | None:
    """When a message may go: `now`, or the usual moment of the next day with room. None: never, for a reminder."""
    today = side.next_day(now)
    if side.has_room(today):
        return side.calendar.next_open(now)
    return None if of_rank is Rank.REMINDER else side.calendar.good_moment(side.first_day(today))


def when_on(side: Side, weekday: int, now: datetime) -> datetime:
    """`now`, or the usual moment of the next of these weekdays (Monday is 1) that is open and has room.

    Whoever never works on that weekday gets it on the next day with room.
    """
    today = side.next_day(now)
    if side.has_room(today):
        return side.calendar.next_open(now)
    if weekday not in side.calendar.weekdays:
        return side.calendar.good_moment(side.first_day(today))
    day = today + timedelta(days=(weekday - today.isoweekday()) % 7)
    while not (side.calendar.is_open_day(day) and side.has_room(day)):
        day += timedelta(weeks=1)
    return side.calendar.good_moment(day)


def when_together(side: Side, others: Sequence[Side], now: datetime) -> datetime:
    """The same for one of several who are to hear of each other on one day, if there is one within two weeks."""
    everybody = (side, *others)
    if all(each.has_room(each.next_day(now)) for each in everybody):
        return side.calendar.next_open(now)
    own, first = side.next_day(now), max(each.next_day(now) for each in everybody)
    for day in (own + timedelta(days=count) for count in range(TOGETHER_WITHIN)):
        if day >= first and all(each.calendar.is_open_day(day) and each.has_room(day) for each in everybody):
            return side.calendar.good_moment(day)
    return when(side, Rank.CHANGE_OF_PARTNER, now) or side.calendar.next_open(now)
