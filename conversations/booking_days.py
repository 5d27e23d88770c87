"""When a session may be: a typed day and time as a moment, words for it, a first suggestion, and its reminder. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from conversations.cadence import PREFERRED_TIME, Calendar, next_open_for_all, say_day

# A full calendar is freer the day after tomorrow than tomorrow.
AT_LEAST_AHEAD = timedelta(days=2)
# A reminder that comes later than this is only in the way.
REMINDER_AT_LEAST_BEFORE = timedelta(hours=1)

Slot = tuple[datetime, int]
"""When a session begins, and its minutes."""


@dataclass(frozen=True, slots=True)
class Days:
    """The days on which a pair may book, both included, and the moment to begin with."""

    first: date
    last: date
    suggestion: datetime

    @property
    def open(self) -> bool:
        return self.first <= self.last


def moment_of(day: date, clock: time, calendar: Calendar) -> datetime | None:
    """A local day and time in UTC; None for a time that does not exist, because the clocks go forward over it."""
    moment = datetime.combine(day, clock, calendar.zone).astimezone(UTC)
    return moment if moment.astimezone(calendar.zone).replace(tzinfo=None) == datetime.combine(day, clock) else None


def suggestion(mine: Calendar, theirs: Calendar, first: date, now: datetime) -> datetime:
    """The first working hour that both share, about ten o'clock, some days from now. UTC."""
    day = max(first, mine.today(now + AT_LEAST_AHEAD))
    shared = next_open_for_all([mine, theirs], mine.at(day, PREFERRED_TIME))
    return shared or mine.good_moment(day)


def say_moment(moment: datetime, calendar: Calendar, now: datetime) -> str:
    """In the reader's own zone, which is named: "Tuesday, 12 May, 10:00 (Berlin time)"."""
    local = moment.astimezone(calendar.zone)
    return f"{local:%A}, {say_day(local.date(), calendar.today(now))}, {local:%H:%M} ({say_zone(calendar)})"


def say_booked_day(moment: datetime, calendar: Calendar, now: datetime) -> str:
    """Its day alone, in the reader's zone: "12 May"."""
    return say_day(moment.astimezone(calendar.zone).date(), calendar.today(now))


def say_zone(calendar: Calendar) -> str:
    """The city that the zone is called after: "Berlin time"."""
    name = calendar.zone.key.rpartition("/")[2].replace("_", " ")
    return name if name in ("UTC", "GMT") else f"{name} time"


def overlap(one: Slot, other: Slot) -> bool:
    """Whether two sessions touch the same minute."""
    (begins, minutes), (other_begins, other_minutes) = one, other
    ends, other_ends = begins + timedelta(minutes=minutes), other_begins + timedelta(minutes=other_minutes)
    return begins < other_ends and other_begins < ends


def reminder_moment(begins: datetime, booked_at: datetime, calendar: Calendar) -> datetime | None:
    """The morning of the working day before; when it was booked after that, the morning of the day itself. UTC.

    None when it was booked too late for either.
    """
    day = begins.astimezone(calendar.zone).date()
    before = list(calendar.open_days(day - timedelta(days=14), day - timedelta(days=1)))
    days = [*before[-1:], *calendar.open_days(day, day)]
    for moment in (calendar.good_moment(one) for one in days):
        if booked_at + REMINDER_AT_LEAST_BEFORE < moment <= begins - REMINDER_AT_LEAST_BEFORE:
            return moment
    return None
