"""The right to send: one process for each workspace at a time keeps the pace in one place, and doubles nothing."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import stopwatch
from storage.database import Database
from storage.leases import Lease
from storage.store import Store

# Another process takes over within a minute (guarantees, D9): this, and the seconds until it looks.
LASTS = timedelta(seconds=45)
# A lease is prolonged when less than this share of it is left: enough for one attempt (30 s).
PROLONGED_BELOW = 0.75


@dataclass(frozen=True, slots=True)
class Held:
    """A lease, and the time since it was taken by a clock that never jumps."""

    lease: Lease
    milliseconds: Callable[[], float]


class Leases:
    """What this process holds."""

    def __init__(self, database: Database, owner: str, lasts: timedelta = LASTS) -> None:
        self.owner = owner
        self._database = database
        self._lasts = lasts
        self._held: dict[str, Held] = {}
        self._doubted: set[str] = set()
        self._asking: dict[str, asyncio.Task[Lease | None]] = {}

    async def hold(self, workspace: str, now: datetime) -> Lease | None:
        """The lease, taken or prolonged when that is needed; None while another process sends there."""
        if (held := self._fresh(workspace, now)) is not None:
            return held
        # Of many messages that want it at the same moment, one asks for all.
        asking = self._asking.get(workspace)
        if asking is None or asking.done():
            asking = self._asking[workspace] = asyncio.create_task(self._ask(workspace, now))
        return await asyncio.shield(asking)

    async def _ask(self, workspace: str, now: datetime) -> Lease | None:
        taken = stopwatch()
        lease = await self._database.write(lambda store: self.take(store, workspace, now), clock=True)
        self._note(workspace, lease, taken)
        return lease

    def take(self, store: Store, workspace: str, now: datetime) -> Lease | None:
        """The same in a unit of work that has begun; it is not remembered."""
        return store.leases.take(workspace, self.owner, now, now + self._lasts)

    def seconds_left(self, workspace: str) -> float:
        """How long an attempt may take, so that it is over before somebody else can begin one."""
        held = self._held.get(workspace)
        return self._lasts.total_seconds() - held.milliseconds() / 1000 if held else 0.0

    def doubt(self, workspace: str) -> None:
        """It may be somebody else's by now: it is asked for again before anything more begins."""
        self._doubted.add(workspace)

    async def give_back(self, now: datetime) -> None:
        if self._held:
            self._held.clear()
            await self._database.write(lambda store: store.leases.give_back(self.owner, now), clock=True)

    def _note(self, workspace: str, lease: Lease | None, taken: Callable[[], float]) -> None:
        self._doubted.discard(workspace)
        if lease is None:
            self._held.pop(workspace, None)
        else:
            self._held[workspace] = Held(lease, taken)

    def _fresh(self, workspace: str, now: datetime) -> Lease | None:
        """The lease, while enough of it is left."""
        held, enough = self._held.get(workspace), self._lasts * PROLONGED_BELOW
        if (
            held is None
            or workspace in self._doubted
            or held.lease.until - now < enough
            or self.seconds_left(workspace) < enough.total_seconds()
        ):
            return None
        return held.lease
