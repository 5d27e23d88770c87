"""What people have in mind to do, and when."""

import heapq
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from itertools import count

Deed = Callable[[], Awaitable[None]]
# People act on the full five minutes: what happens at one moment is lived through at once.
GRAIN = timedelta(minutes=5)


class Agenda:
    """Deeds in the order of their moments; at one moment by person, so that every run is the same."""

    def __init__(self) -> None:
        self._deeds: list[tuple[datetime, str, int, Deed]] = []
        self._numbers = count()

    def add(self, at: datetime, who: str, deed: Deed) -> None:
        heapq.heappush(self._deeds, (_on_the_grain(at), who, next(self._numbers), deed))

    @property
    def next_at(self) -> datetime | None:
        return self._deeds[0][0] if self._deeds else None

    def due(self, now: datetime) -> list[Deed]:
        """What is to be done by now; it is taken off."""
        deeds = []
        while self._deeds and self._deeds[0][0] <= now:
            deeds.append(heapq.heappop(self._deeds)[3])
        return deeds


def _on_the_grain(moment: datetime) -> datetime:
    over = timedelta(minutes=moment.minute % 5, seconds=moment.second, microseconds=moment.microsecond)
    return moment + GRAIN - over if over else moment
