"""Many people at the same time, one message to each: where the platform shows what it has when we ask."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime

from bot.attempts import Attempts
from bot.claims import Changed, Claim, Claimed, Doubt, Locked, ToClaim
from bot.commits import Commits
from bot.crash_points import crash_here
from bot.disturbing import is_put_off
from bot.outgoing import Lane, Outgoing
from storage.leases import Lease

log = logging.getLogger("flipside.delivery")

# What lanes write at the same moment shares a transaction: with eight a message took 1.4 times the CPU.
LANES_AT_ONCE = 16


class Lanes:
    """One for each process."""

    def __init__(self, attempts: Attempts, commits: Commits) -> None:
        self._attempts = attempts
        self._commits = commits

    async def send(self, lanes: Sequence[Lane]) -> int:
        """Returns how many messages were tried."""
        gate = asyncio.Semaphore(LANES_AT_ONCE)
        return sum(await asyncio.gather(*(self._lane(lane, gate) for lane in lanes)))

    async def _lane(self, lane: Lane, gate: asyncio.Semaphore) -> int:
        moved = 0
        async with gate:
            for outgoing in lane:
                crash_here("loop_top")
                try:
                    tried = await self._in_turn(outgoing)
                except Exception as fault:
                    # One message must not stop the others; it is looked at again at the next heartbeat.
                    log.error("delivery failed %s", type(fault).__name__)
                    break
                if tried is None:
                    break
                moved += tried
        return moved

    async def _in_turn(self, outgoing: Outgoing) -> int | None:
        """None when nothing may go this way now."""
        attempts, now = self._attempts, self._attempts.clock.now()
        if outgoing.to is None:
            return await self._one(outgoing, None, now)
        if await is_put_off(attempts.database, attempts.platforms, outgoing, now):
            return 0
        lease = await attempts.leases.hold(outgoing.workspace, now)
        if lease is None or not attempts.may_go(outgoing, now):
            return None
        return await self._one(outgoing, lease, now)

    async def _one(self, outgoing: Outgoing, lease: Lease | None, now: datetime) -> int | None:
        """Tells whether something moved: a message was tried, a doubt settled, or somebody was found. None: nothing
        may go this way now.
        """
        message_id, lane = outgoing.ready.id, outgoing.ready.lane
        if message_id in self._attempts.under_way:
            return 0
        self._attempts.under_way.add(message_id)
        claimed: Claimed = None
        try:
            allowed = None if outgoing.only_look else lease
            claimed = await self._commits.claim(lane, ToClaim(message_id, allowed, now))
            crash_here("claimed")
            if isinstance(claimed, Changed):
                self._attempts.look_again(outgoing.workspace)
                return None
            if isinstance(claimed, Locked):
                return None
            if not isinstance(claimed, Claim):
                return await self._attempts.instead(claimed, now)
            attempt = await self._attempts.make(claimed)
            self._attempts.note(attempt, await self._commits.settle(lane, attempt.to_settle))
            return 1
        finally:
            self._attempts.under_way.discard(message_id)
            if not isinstance(claimed, Claim | Doubt):
                self._attempts.did_not_go(outgoing, now)
