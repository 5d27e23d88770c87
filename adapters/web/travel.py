"""The clock that a visitor may move: where it stands, where it goes, and how far it is."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from adapters.web.changes import Changes, Json

log = logging.getLogger("flipside.web")

STEPS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "fortnight": timedelta(days=14)}

# "To the next message" gives up here, so that a quiet month does not become a quiet year.
FARTHEST = timedelta(days=35)

# How often a moving clock is shown: often enough to look alive, rare enough to cost nothing.
SECONDS_BETWEEN_GLANCES = 0.15


@dataclass(frozen=True, slots=True)
class Clock:
    """The virtual clock. `advance` runs the real scheduler at every due moment up to the target."""

    now: Callable[[], datetime]
    advance: Callable[[datetime], Awaitable[None]]
    next_moment: Callable[[], Awaitable[datetime | None]]


class Travel:
    """Moves the clock, one journey at a time, and tells the page how it goes."""

    def __init__(self, clock: Clock, changes: Changes, sent_since: Callable[[int], tuple[int, int]]) -> None:
        self._clock = clock
        self._changes = changes
        self._sent_since = sent_since
        self._journey: asyncio.Task[None] | None = None
        self._show({"moving": False})

    @property
    def moving(self) -> bool:
        return self._journey is not None and not self._journey.done()

    def begin(self, step: str) -> bool:
        """Sets off and returns at once. False when the clock is moving already, or for an unknown step."""
        if self.moving or (step != "next" and step not in STEPS):
            return False
        self._journey = asyncio.create_task(self._go(step))
        return True

    async def stop(self) -> None:
        if self._journey is None:
            return
        self._journey.cancel()
        await asyncio.gather(self._journey, return_exceptions=True)

    async def _go(self, step: str) -> None:
        version, start = self._changes.version, self._clock.now()
        self._show({"moving": True, "start": start.isoformat(), "target": start.isoformat()})
        try:
            moved = await self._to_a_message(version) if step == "next" else await self._by(STEPS[step])
            note = _summary(*self._sent_since(version)) if moved else "Nothing is planned yet. Start a program first."
            self._show({"moving": False, "note": note})
        except Exception as fault:
            # The scheduler has logged what went wrong; the visitor needs to know that the clock stands still.
            log.error("the clock stopped early: %s", type(fault).__name__)
            self._show({"moving": False, "note": "The clock stopped early. The log says why."})

    async def _by(self, step: timedelta) -> bool:
        start = self._clock.now()
        await self._travel(start, start + step)
        return True

    async def _to_a_message(self, version: int) -> bool:
        """Many moments are only looked at: nothing is said in them. False when nothing at all is planned."""
        last = self._clock.now() + FARTHEST
        while (target := await self._clock.next_moment()) is not None:
            start = self._clock.now()
            await self._travel(start, max(start, target))
            if self._sent_since(version)[0] or target >= last:
                return True
        return False

    async def _travel(self, start: datetime, target: datetime) -> None:
        moving = asyncio.ensure_future(self._clock.advance(target))
        try:
            while not moving.done():
                self._show({"moving": True, "start": start.isoformat(), "target": target.isoformat()})
                await asyncio.wait({moving}, timeout=SECONDS_BETWEEN_GLANCES)
            await moving
        finally:
            moving.cancel()

    def _show(self, state: dict[str, Json]) -> None:
        now = self._clock.now().astimezone(UTC).isoformat()
        self._changes.record("clock", {"is": "clock", "start": "", "target": "", "note": "", "now": now, **state})


def _summary(messages: int, people: int) -> str:
    if messages == 0:
        return "Nobody had to hear anything."
    number = "1 message" if messages == 1 else f"{messages} messages"
    return (
        f"{number} went out to {'1 person' if people == 1 else f'{people} people'}."
        if people
        else f"{number} went out."
    )
