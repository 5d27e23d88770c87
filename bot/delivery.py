"""The outbox sender: finds what may go, and has it sent at the platform's pace, each message settled on its own."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex

from adapters.platform import Platform
from bot.attempts import SEND_SECONDS, Attempts
from bot.clock import Clock
from bot.commits import Commits
from bot.counters import Counters
from bot.files import MAKING_SECONDS, Files
from bot.lanes import Lanes
from bot.leases import LASTS, Leases
from bot.looking_back import LookingBack
from bot.one_by_one import OneByOne
from bot.outgoing import READY_AT_ONCE, Lane, Outgoing, in_lanes, what_is_ready
from bot.pace import Pace
from bot.recovery import Sender, recover
from bot.wake import Wake
from storage.database import Database

# A message of ours that is not settled after this was forgotten, as when the database was away.
FORGOTTEN = timedelta(seconds=SEND_SECONDS + MAKING_SECONDS + 10)
# Of the ten seconds that a stop may take.
LAST_SECONDS = 4.0


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the platform may need to show what it took, and how long a silent process keeps its lease."""

    shown_after: timedelta = timedelta(seconds=10)
    lease: timedelta = LASTS


class Delivery:
    """One for each process. `wake` is set when a turn has written messages."""

    def __init__(
        self,
        database: Database,
        platforms: Mapping[str, Platform],
        clock: Clock,
        files: Files,
        *,
        pace: Pace | None = None,
        patience: Patience | None = None,
        counters: Counters | None = None,
    ) -> None:
        self.counters = counters or Counters()
        patience = patience or Patience()
        leases = Leases(database, token_hex(8), patience.lease)
        pace = pace or Pace()
        looking_back = LookingBack(database, platforms, clock, pace, self.counters)
        self._attempts = Attempts(database, platforms, clock, files, pace, leases, looking_back, self.counters)
        self._commits = Commits(database, patience.shown_after)
        self._shown_after = patience.shown_after
        self._drains: dict[str, asyncio.Task[int]] = {}
        # One look at a time at what is ready.
        self._looking = asyncio.Lock()

    @property
    def wake(self) -> Wake:
        return self._attempts.wake

    @property
    def paced_until(self) -> datetime | None:
        """The first moment at which the pace lets more go; None: nothing had to wait for it."""
        return self._attempts.paced_until

    def start(self) -> None:
        """Sending is allowed; it is from the beginning, and again after a stop."""
        self._attempts.stopping = False

    async def deliver_due(self) -> int:
        """Sends what may go now, until nothing moves any more. Returns how many messages were tried."""
        total, again = 0, True
        while again:
            woken = self.wake.times
            total += sum(await asyncio.gather(*await self.begin_due()))
            # Somebody else may have begun one meanwhile, with what another had left.
            if others := [drain for drain in self._drains.values() if not drain.done()]:
                await asyncio.wait(others)
            # The heartbeat clears the event before it looks, and is not there yet: what it was set for goes now.
            again = self.wake.times != woken or bool(others) or self._looking.locked()
        return total

    async def begin_due(self) -> Sequence[asyncio.Task[int]]:
        """Begins to send what may go now. A workspace that is slow, or asked us to wait, holds no other one up."""
        async with self._looking:
            return await self._begin()

    async def _begin(self) -> Sequence[asyncio.Task[int]]:
        self.wake.clear()
        now = self._attempts.clock.now()
        ready: dict[str, list[Outgoing]] = {}
        for outgoing in await self._attempts.database.read(lambda store: what_is_ready(store, now)):
            ready.setdefault(outgoing.workspace, []).append(outgoing)
        for workspace, some in ready.items():
            running = self._drains.get(workspace)
            if running is None or running.done():
                self._drains[workspace] = asyncio.create_task(self._drain(workspace, some))
            else:
                # It began before and knows nothing of what came meanwhile.
                self._attempts.giving_way.add(workspace)
                running.add_done_callback(lambda _: self.wake.set())
        return [self._drains[workspace] for workspace in ready]

    async def recover(self, *, everything: bool = False) -> int:
        """Messages that a dead process left half-way. `everything`: we are alone, so all of them are."""
        now = self._attempts.clock.now()
        attempts = self._attempts
        await attempts.looking_back.late_looks(now)
        sender = Sender(attempts.leases, attempts.under_way, FORGOTTEN, self._shown_after, alone=everything)
        return await recover(attempts.database, sender, now)

    async def stop(self) -> None:
        """Begins nothing more, waits for what is under way, and lets another process send at once."""
        self._attempts.stopping = True
        running = [drain for drain in self._drains.values() if not drain.done()]
        if running:
            await asyncio.wait(running, timeout=LAST_SECONDS)
        for drain in running:
            drain.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await self._commits.finish()
        await self._attempts.leases.give_back(self._attempts.clock.now())

    async def _drain(self, workspace: str, ready: Sequence[Outgoing]) -> int:
        """What was ready in one workspace: many people at once where we can look back, else one message at a time."""
        self._attempts.giving_way.discard(workspace)
        woken = self.wake.times
        together: list[Lane] = []
        one_by_one: list[Lane] = []
        for lane in in_lanes(ready):
            (together if await self._can_look(lane[0]) else one_by_one).append(lane)
        moved = sum(
            await asyncio.gather(
                Lanes(self._attempts, self._commits).send(together),
                OneByOne(self._attempts, workspace, self._shown_after).send(one_by_one),
            )
        )
        if moved and (len(ready) >= READY_AT_ONCE or self.wake.times != woken):
            # There may be more than we looked at; what came meanwhile for somebody else's turn waited behind it.
            self._attempts.wake.set()
        return moved

    async def _can_look(self, outgoing: Outgoing) -> bool:
        """Somebody without an account is looked for; nothing is sent to them yet."""
        to, attempts = outgoing.to, self._attempts
        return to is None or await attempts.looking_back.can_look(to, attempts.clock.now())
