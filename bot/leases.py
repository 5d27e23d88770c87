"""The right to send: one process for each workspace at a time keeps the pace in one place, and doubles nothing."""

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

    async def hold(self, workspace: str, now: datetime) -> Lease | None:
        """The lease, taken or prolonged when that is needed; None while another process sends there."""
        held = self._held.get(workspace)
        if held is not None and self._is_fresh(held, now):
            return held.lease
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

    async def give_back(self, now: datetime) -> None:
        if self._held:
            self._held.clear()
            await self._database.write(lambda store: store.leases.give_back(self.owner, now), clock=True)

    def _note(self, workspace: str, lease: Lease | None, taken: Callable[[], float]) -> None:
        if lease is None:
            self._held.pop(workspace, None)
        else:
            self._held[workspace] = Held(lease, taken)

    def _is_fresh(self, held: Held, now: datetime) -> bool:
        enough = self._lasts * PROLONGED_BELOW
        return held.lease.until - now >= enough and self.seconds_left(held.lease.workspace) >= enough.total_seconds()
