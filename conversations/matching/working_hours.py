"""Working hours that two people share, each in their own zone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import numpy.typing as npt

from .candidates import Hours

DAY = 24 * 60
WEEK = 7
# Local days start at most 26 h apart and begin at any time of the day, so the same window
# of the other may lie up to three days before or after.
NEIGHBOUR_DAYS = range(-3, 4)

Minutes = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Window:
    """Working hours in minutes from 00:00 UTC of the date; `workdays` has bit 0 for Monday."""

    start: int
    end: int
    workdays: int


NEVER = Window(0, 0, 0)


@cache  # zoneinfo itself keeps only 8 zones alive
def zone(name: str) -> ZoneInfo | None:
    """The IANA zone of that name, or None where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


@cache
def window(hours: Hours, timezone: str, on: date) -> Window:
    """The hours of that date as a stretch of UTC; NEVER in an unknown zone."""
    where = zone(timezone)
    if where is None:
        return NEVER
    midnight = datetime(on.year, on.month, on.day, tzinfo=UTC)
    until = on if hours.end > hours.start else on + timedelta(days=1)
    start = datetime.combine(on, hours.start, tzinfo=where)
    end = datetime.combine(until, hours.end, tzinfo=where)
    workdays = sum(1 << day for day in hours.workdays)
    return Window(_minutes(start - midnight), _minutes(end - midnight), workdays)


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds()) // 60


def shared_minutes(one: Sequence[Window], other: Sequence[Window]) -> Minutes:
    """The longest stretch that each window of `one` shares with each of `other` on a day both work."""
    start, end, days = _columns(one)
    start_other, end_other, days_other = _columns(other)
    longest = np.zeros((len(one), len(other)), dtype=np.int32)
    for shift in NEIGHBOUR_DAYS:
        move = shift * DAY
        stretch = np.minimum(end[:, None], end_other[None, :] + move)
        stretch -= np.maximum(start[:, None], start_other[None, :] + move)
        moved = np.array([_turn_week(int(bits), shift) for bits in days_other], dtype=np.int32)
        stretch[(days[:, None] & moved[None, :]) == 0] = 0
        np.maximum(longest, stretch, out=longest)
    return longest


def _columns(windows: Sequence[Window]) -> tuple[Minutes, Minutes, Minutes]:
    table = np.array([(w.start, w.end, w.workdays) for w in windows], dtype=np.int32).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 2]


def _turn_week(workdays: int, shift: int) -> int:
    """The days d on which somebody works on day d + shift."""
    return sum(1 << day for day in range(WEEK) if workdays >> ((day + shift) % WEEK) & 1)
