"""Whether somebody is at work: worked out anew, so that the calendar of the conversations is not its own judge."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

OPENS, CLOSES = time(9), time(17)


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where and when somebody works: Monday to Friday, local hours [opens, closes), no public holidays."""

    timezone: str
    country: str
    opens: time = OPENS
    closes: time = CLOSES
    # First and last of the days on which the program sends nothing.
    quiet: tuple[date, date] | None = None

    def is_working_day(self, day: date) -> bool:
        quiet = self.quiet is not None and self.quiet[0] <= day <= self.quiet[1]
        return day.isoweekday() <= 5 and not quiet and not _is_holiday(self.country, day)

    def is_at_work(self, moment: datetime) -> bool:
        local = moment.astimezone(_zone(self.timezone))
        return self.opens <= local.time() < self.closes and self.is_working_day(local.date())

    def local_day(self, moment: datetime) -> date:
        return moment.astimezone(_zone(self.timezone)).date()

    def at(self, day: date, clock: time) -> datetime:
        """A local time of a day, in UTC."""
        return datetime.combine(day, clock, _zone(self.timezone)).astimezone(UTC)

    def working_days(self, first: date, days: int) -> Iterator[date]:
        """The working days among `days` days from `first` on."""
        for count in range(days):
            day = first + timedelta(days=count)
            if self.is_working_day(day):
                yield day

    def when_at_work(self, moment: datetime, minutes_late: int) -> datetime:
        """`moment` itself if they are at work then, else so many minutes into their next working day."""
        if self.is_at_work(moment):
            return moment
        local = moment.astimezone(_zone(self.timezone))
        first = local.date() if local.time() < self.opens else local.date() + timedelta(days=1)
        return self.at(next(self.working_days(first, 40)), self.opens) + timedelta(minutes=minutes_late)


@lru_cache(maxsize=100)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@lru_cache(maxsize=20_000)
def _is_holiday(country: str, day: date) -> bool:
    return day in _calendar(country)


@lru_cache(maxsize=100)
def _calendar(country: str) -> holidays.HolidayBase:
    return holidays.country_holidays(country)
