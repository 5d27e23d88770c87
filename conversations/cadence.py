"""When: working hours and days, public holidays, and the moments that follow from them. Pure; `now` is an argument."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays

# What is said at ten on a Tuesday to Thursday gets read (guarantees, section 3).
PREFERRED_TIME = time(10)
PREFERRED_WEEKDAYS = (2, 3, 4)
# After this many days without an open one something is wrong with the calendar; a year of holidays does not exist.
FURTHEST = 60


class Worker(Protocol):
    """What the calendar needs to know of somebody; a row of `people` fits."""

    @property
    def timezone(self) -> str: ...
    @property
    def country(self) -> str: ...
    @property
    def workdays(self) -> str: ...
    @property
    def work_start(self) -> str: ...
    @property
    def work_end(self) -> str: ...
    @property
    def paused_until(self) -> date | None: ...
    @property
    def quiet_dates(self) -> Sequence[Any]: ...


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """When one person may be written to unasked: local hours [start, end) on ISO weekdays, no public holidays.

    `quiet`: first and last days of quiet dates. `back_on`: the day on which a pause ends. Two are the same only if they
    are one: `calendar_of` makes one for all who share it, and what is worked out for it is found again by that.
    """

    zone: ZoneInfo
    country: str = ""
    weekdays: frozenset[int] = frozenset({1, 2, 3, 4, 5})
    start: time = time(9)
    end: time = time(17)
    quiet: tuple[tuple[date, date], ...] = ()
    back_on: date | None = None

    def is_open_day(self, day: date) -> bool:
        if day.isoweekday() not in self.weekdays or (self.back_on is not None and day < self.back_on):
            return False
        return not any(first <= day <= last for first, last in self.quiet) and not is_holiday(self.country, day)

    def is_open(self, moment: datetime) -> bool:
        local = moment.astimezone(self.zone)
        return self.start <= local.time() < self.end and self.is_open_day(local.date())

    def next_open(self, moment: datetime) -> datetime:
        """`moment` itself when it is open, else the next opening. UTC."""
        if self.is_open(moment):
            return moment
        local = moment.astimezone(self.zone)
        first = local.date() if local.time() < self.start else local.date() + timedelta(days=1)
        return self.at(self.next_open_day(first), self.start)

    def next_open_day(self, day: date) -> date:
        """`day` itself when it is open, else the next open day."""
        # A pause may be longer than any search.
        first = max(day, self.back_on) if self.back_on else day
        return _next_open_day(self, first)

    def open_days(self, first: date, last: date) -> Iterator[date]:
        """Open days from `first` to `last`, both included."""
        yield from _open_days(self, first, last)

    def at(self, day: date, clock: time) -> datetime:
        """A local time of a day, in UTC. A time that DST skips becomes the first one after the gap."""
        return _moment(self.zone, day, clock)

    def good_moment(self, day: date) -> datetime:
        """The usual moment for a message meant for `day`: ten o'clock, or the opening when they start later. UTC."""
        return _good_moment(self, day)

    def today(self, now: datetime) -> date:
        return now.astimezone(self.zone).date()


# Most people of a company share a few calendars and the days they are asked about: worked out once for all of them, a
# planning of 100,000 pairs spends a few seconds here, and minutes without.


@lru_cache(maxsize=10_000)
def _open_days(calendar: Calendar, first: date, last: date) -> tuple[date, ...]:
    days = (date.fromordinal(ordinal) for ordinal in range(first.toordinal(), last.toordinal() + 1))
    return tuple(day for day in days if calendar.is_open_day(day))


@lru_cache(maxsize=10_000)
def _next_open_day(calendar: Calendar, first: date) -> date:
    days = (first + timedelta(days=count) for count in range(FURTHEST + 1))
    return next((day for day in days if calendar.is_open_day(day)), first)


@lru_cache(maxsize=10_000)
def _moment(where: ZoneInfo, day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, where).astimezone(UTC)


@lru_cache(maxsize=10_000)
def _good_moment(calendar: Calendar, day: date) -> datetime:
    clock = PREFERRED_TIME if calendar.start <= PREFERRED_TIME < calendar.end else calendar.start
    return calendar.at(calendar.next_open_day(day), clock)


def calendar_of(worker: Worker) -> Calendar:
    """A person's calendar; UTC and the usual hours where nothing better is known."""
    dates = worker.quiet_dates
    quiet = tuple((first, last) for first, last in dates) if dates else ()
    where, hours = (worker.timezone, worker.country), (worker.work_start, worker.work_end)
    return _calendar(where, worker.workdays, hours, quiet, worker.paused_until)


@lru_cache(maxsize=20_000)
def _calendar(
    where: tuple[str, str],
    workdays: str,
    hours: tuple[str, str],
    quiet: tuple[tuple[str, str], ...],
    back_on: date | None,
) -> Calendar:
    weekdays = frozenset(int(day) for day in workdays if day in "1234567") or frozenset({1, 2, 3, 4, 5})
    opens, closes = (time.fromisoformat(clock) for clock in hours)
    # The person may narrow the house's hours, never widen them.
    opens, closes = max(opens, time(9)), min(closes, time(17))
    if opens >= closes:
        opens, closes = time(9), time(17)
    timezone, country = where
    spans = tuple((date.fromisoformat(first), date.fromisoformat(last)) for first, last in quiet)
    return Calendar(zone(timezone), country.upper(), weekdays, opens, closes, spans, back_on)


# ZoneInfo's own strong cache holds 8 zones: 30 us a look-up with 12 in use, under 1 us with ours.
@lru_cache(maxsize=1_000)
def zone(name: str) -> ZoneInfo:
    """The IANA zone, or UTC when there is none by that name."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def is_holiday(country: str, day: date) -> bool:
    """A public holiday of a country (ISO 3166 alpha-2); an unknown country has none."""
    return day in _holidays(country, day.year)


@lru_cache(maxsize=2_000)
def _holidays(country: str, year: int) -> frozenset[date]:
    try:
        return frozenset(holidays.country_holidays(country, years=year)) if country else frozenset()
    except NotImplementedError:
        return frozenset()


def next_open_for_all(calendars: list[Calendar], moment: datetime) -> datetime | None:
    """The first moment within two weeks that is open for everybody; None where their hours never overlap."""
    candidate = moment
    while candidate - moment < timedelta(days=14):
        opened = max(calendar.next_open(candidate) for calendar in calendars)
        if all(calendar.is_open(opened) for calendar in calendars):
            return opened
        candidate = opened + timedelta(minutes=30) if opened == candidate else opened
    return None


def say_day(day: date, today: date) -> str:
    """A day as a person says it: "28 May", with the year when it is not this one."""
    return f"{day.day} {day:%B}" if day.year == today.year else f"{day.day} {day:%B %Y}"
