"""What several lanes write down at the same moment, before and after they send, goes into one transaction.

Each message keeps its row, its state and its outcome. What they share is the way to the disk and the questions to the
database, which cost more than all the rest of a message (docs/benchmarks.md).
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.claims import Claimed, ToClaim, claim_all
from bot.crash_points import crash_here
from bot.settling import Settled, ToSettle, settle_all
from storage.database import Database
from storage.store import Store

# SQLite has one writer, and a transaction of the clock may hold it for 50 ms (design, section 6).
MESSAGES_A_TRANSACTION = 16


@dataclass(frozen=True, slots=True)
class Waiting:
    """What one lane wants to have written, and where it hears what became of it."""

    lane: str
    what: ToClaim | ToSettle
    outcome: asyncio.Future[Any]

    @property
    def is_given_up(self) -> bool:
        """Nobody would send it any more. What was sent has to be written down all the same."""
        return isinstance(self.what, ToClaim) and self.outcome.cancelled()


class Commits:
    """One for each process that sends. `shown_after`: how long a platform may need to show what it took."""

    def __init__(self, database: Database, shown_after: timedelta) -> None:
        self._database = database
        self._shown_after = shown_after
        self._waiting: list[Waiting] = []
        self._working: asyncio.Task[None] | None = None

    async def claim(self, lane: str, what: ToClaim) -> Claimed:
        claimed: Claimed = await self._written(lane, what)
        return claimed

    async def settle(self, lane: str, what: ToSettle) -> Settled:
        settled: Settled = await self._written(lane, what)
        return settled

    async def finish(self) -> None:
        """Waits for what is being written."""
        if self._working is not None:
            await asyncio.gather(self._working, return_exceptions=True)

    def _written(self, lane: str, what: ToClaim | ToSettle) -> asyncio.Future[Any]:
        waiting = Waiting(lane, what, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._work())
        return waiting.outcome

    async def _work(self) -> None:
        """Whatever comes while one transaction is under way goes into the next."""
        while some := self._next():
            await self._write(some)

    def _next(self) -> Sequence[Waiting]:
        """One of each lane: what becomes of a message may change what the next one to the same person may do."""
        some: dict[str, Waiting] = {}
        later: list[Waiting] = []
        for each in self._waiting:
            if each.lane in some or len(some) == MESSAGES_A_TRANSACTION:
                later.append(each)
            elif not each.is_given_up:
                some[each.lane] = each
        self._waiting = later
        return list(some.values())

    async def _write(self, some: Sequence[Waiting]) -> None:
        what = [each.what for each in some]
        try:
            outcomes = await self._database.write(lambda store: _write(store, what, self._shown_after), clock=True)
        except Exception as fault:
            if len(some) > 1:
                # Nothing of it was kept. Each by itself, since one message must not stop the others.
                for each in some:
                    await self._write([each])
            elif not some[0].outcome.done():
                some[0].outcome.set_exception(fault)
            return
        for each, outcome in zip(some, outcomes, strict=True):
            if not each.outcome.done():
                each.outcome.set_result(outcome)


def _write(store: Store, some: Sequence[ToClaim | ToSettle], shown_after: timedelta) -> Sequence[Claimed | Settled]:
    """The outcomes, in the same order. Settled first: it is what the claims look at."""
    settled = iter(settle_all(store, [each for each in some if isinstance(each, ToSettle)], shown_after))
    store.flush()
    claimed = iter(claim_all(store, [each for each in some if isinstance(each, ToClaim)]))
    store.flush()
    for each in some:
        crash_here("mark_before_commit" if isinstance(each, ToSettle) else "claim_before_commit")
    return [next(settled) if isinstance(each, ToSettle) else next(claimed) for each in some]
