"""Whether the bot can keep what people do: what `/readyz` says."""

import asyncio
import logging

from bot.clock import Clock, stopwatch
from storage.database import Database

log = logging.getLogger("flipside.app")

SECONDS = 2.0
# Anybody may ask as often as they like: one look a second is enough for all of them.
MILLISECONDS_KNOWN = 1_000.0


class Readiness:
    """Writes a row, since a database that is locked or whose disk is full still answers what is read."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._look: asyncio.Task[bool] | None = None
        self._age = stopwatch()

    async def __call__(self) -> bool:
        if self._look is None or (self._look.done() and self._age() > MILLISECONDS_KNOWN):
            self._look, self._age = asyncio.create_task(self._ask()), stopwatch()
        return await asyncio.shield(self._look)

    async def _ask(self) -> bool:
        now = self._clock.now()
        try:
            await asyncio.wait_for(self._database.write(lambda store: store.installation.note_ready(now)), SECONDS)
        except Exception as fault:
            log.warning("not ready: %s", type(fault).__name__)
            return False
        return True
