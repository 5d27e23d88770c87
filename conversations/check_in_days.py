"""The rhythm of check-ins: nominal days, the day on which each is really asked, and which pairs it is about. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from conversations.cadence import PREFERRED_WEEKDAYS, Calendar

# With fewer working days left in its fortnight a check-in is skipped (guarantees, section 3).
FEWEST_WORKING_DAYS = 5
# The one reminder comes this many working days after the question.
REMIND_AFTER_WORKING_DAYS = 2
# In the last days the closing speaks; a check-in beside it would be one message too many.
NOT_IN_THE_LAST_DAYS = timedelta(days=10)
# Half-time is worth a question in a run of at least eight weeks, and while four of them are left.
SHORTEST_RUN, FEWEST_DAYS_LEFT = 56, 28
# How far a check-in may move to fall on a Tuesday, Wednesday or Thursday: the next one is at most six days away, and
# holidays may take a few more.
PREFERRED_WITHIN = timedelta(days=8)


@dataclass(frozen=True, slots=True)
class Meeting:
    """One pair as one of its two people sees the calendar: when it began, how often it meets, when it ends.

    `rests_until`: nobody is asked about it up to this day.
    """

    pair: int
    started_on: date
    cadence: int
    ends_on: date
    rests_until: date | None = None

    def is_asked_about(self, period: date) -> bool:
        resting = self.rests_until is not None and period <= self.rests_until
        return not resting and period <= self.ends_on - NOT_IN_THE_LAST_DAYS

    def is_half_time(self, period: date) -> bool:
        """From the check-in nearest the middle of the run on, in case that one falls away: day 84 of 182."""
        run, gone = (self.ends_on - self.started_on).days, (period - self.started_on).days
        return run >= SHORTEST_RUN and 2 * gone + self.cadence >= run and run - gone >= FEWEST_DAYS_LEFT

    def slot(self, day: date, slack: int = 0) -> int:
        """Which stretch between two check-ins a nominal day closes: 1 is the first; 0 is too soon after the start.

        `slack`: half the person's own rhythm, since two people of a pair may be asked on different days.
        """
        return ((day - self.started_on).days + slack) // self.cadence

    def window(self, slot: int) -> tuple[date, date]:
        """The days (after, up to) of a slot; the day of the introduction belongs to the first."""
        begin = self.started_on + timedelta(days=(slot - 1) * self.cadence)
        return begin - timedelta(days=1 if slot == 1 else 0), begin + timedelta(days=self.cadence)

    def slot_of_day(self, day: date) -> int:
        """The slot that holds a day on which the pair met."""
        return max(1, -(-(day - self.started_on).days // self.cadence))


@dataclass(frozen=True, slots=True)
class Rhythm:
    """One person's check-ins, for all their pairs: counted from the earliest introduction, as often as the most
    frequent pair meets."""

    meetings: tuple[Meeting, ...]

    @property
    def anchor(self) -> date:
        return min(meeting.started_on for meeting in self.meetings)

    @property
    def cadence(self) -> int:
        return min(meeting.cadence for meeting in self.meetings)

    @property
    def ends_on(self) -> date:
        return max(meeting.ends_on for meeting in self.meetings)

    def periods(self, first: date, last: date) -> Iterator[date]:
        """The nominal days from `first` to `last`, both included, that ask about at least one pair."""
        count = max(1, -(-(first - self.anchor).days // self.cadence))
        while (day := self.anchor + timedelta(days=count * self.cadence)) <= last and day < self.ends_on:
            if self.due(day):
                yield day
            count += 1

    def due(self, period: date) -> tuple[Meeting, ...]:
        """The pairs that a check-in is about: those whose own cadence has come round since the one before.

        A pair introduced less than half a rhythm ago waits for the next one.
        """
        before = period - timedelta(days=self.cadence)
        return tuple(
            meeting
            for meeting in self.meetings
            if meeting.is_asked_about(period) and self.slot(meeting, period) > max(0, self.slot(meeting, before))
        )

    def slot(self, meeting: Meeting, period: date) -> int:
        """The slot of a pair that this person's check-in closes."""
        return meeting.slot(period, self.cadence // 2)


def ask_day(period: date, cadence: int, calendar: Calendar, today: date | None = None) -> date | None:
    """The day on which the check-in of a period is asked, not before `today`; None when it is skipped.

    Tuesday to Thursday when one of them is open soon, else the next open day.
    """
    first = max(period, today) if today else period
    open_days = list(calendar.open_days(first, period + timedelta(days=cadence - 1)))
    in_time = [day for day in open_days if day <= _last_day(open_days, cadence, calendar)]
    preferred = [day for day in in_time if day - first < PREFERRED_WITHIN and day.isoweekday() in PREFERRED_WEEKDAYS]
    return next(iter(preferred or in_time), None)


def last_ask_day(period: date, cadence: int, calendar: Calendar) -> date:
    """After this day the question is stale: too few working days remain before the next one."""
    days = list(calendar.open_days(period, period + timedelta(days=cadence - 1)))
    return max(_last_day(days, cadence, calendar), period)


def _last_day(open_days: Sequence[date], cadence: int, calendar: Calendar) -> date:
    """The last of these days that leaves enough working days, itself included; `date.min` when none does."""
    needed = fewest_working_days(cadence, calendar)
    return open_days[-needed] if len(open_days) >= needed else date.min


def fewest_working_days(cadence: int, calendar: Calendar) -> int:
    """Five; half of what somebody works in that time, where that is less (two days a week, or a weekly rhythm)."""
    usual = cadence * len(calendar.weekdays) // 7
    return max(1, min(FEWEST_WORKING_DAYS, usual // 2))


def working_days_later(day: date, count: int, calendar: Calendar) -> date:
    """The `count`-th open day after a day."""
    for _ in range(count):
        day = calendar.next_open_day(day + timedelta(days=1))
    return day


def reminder_day(asked_on: date, period: date, cadence: int, calendar: Calendar) -> date | None:
    """The day of the one reminder; None when the next question is due by then."""
    day = working_days_later(asked_on, REMIND_AFTER_WORKING_DAYS, calendar)
    return day if day < period + timedelta(days=cadence) else None
