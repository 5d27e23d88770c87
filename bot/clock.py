"""The one place that reads the time. Everything else takes `now` as an argument, an aware UTC datetime."""

import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class VirtualClock:
    """A clock that stands still until it is moved, for the demo, the simulation and the tests."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def move_to(self, moment: datetime) -> None:
        """Forward only: an earlier moment changes nothing."""
        self._now = max(self._now, moment.astimezone(UTC))


def stopwatch() -> Callable[[], float]:
    """Milliseconds since the call, by a clock that never jumps; for measuring, never for deciding when."""
    start = time.perf_counter()
    return lambda: (time.perf_counter() - start) * 1000


def process_seconds() -> float:
    """Seconds since this process began; where the system does not tell, since its Python did."""
    if sys.platform != "linux":
        return time.perf_counter() - LOADED
    # proc(5): field 22 is the start in clock ticks since boot; the name before it may hold blanks and brackets.
    with open("/proc/self/stat", encoding="ascii", errors="replace") as stat:
        began = int(stat.read().rpartition(")")[2].split()[19]) / os.sysconf("SC_CLK_TCK")
    return time.clock_gettime(time.CLOCK_BOOTTIME) - began


LOADED = time.perf_counter()
