"""One message of a workspace at a time: where nobody can look back, so that a crash leaves one in doubt at the most.

Whether a message may go is what takes longest to find out, and is found out for several people at once. Then each is
marked as being sent by itself, in the transaction that writes down what became of the one before.
"""

import asyncio
import logging
from collections.abc import Awaitable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.attempts import Attempt, Attempts
from bot.claims import Changed, Claim, Claimed, Doubt, Locked, ToBegin, ToClaim, check_all
from bot.crash_points import crash_here
from bot.disturbing import is_put_off
from bot.outgoing import Lane, Outgoing
from bot.settling import Settled, ToSettle, arrival_of, arrived, knows_better, settle_all
from storage.database import AWAY
from storage.engines import Plain
from storage.leases import Lease
from storage.sending import Arrived, Beginning, move
from storage.store import Store

log = logging.getLogger("flipside.delivery")

LOOKED_AT_TOGETHER = 48
# A database that was away is asked once more after this many seconds, so often: then the message is taken for lost.
AGAIN_SECONDS = 1.0
TIMES = 60
# How long what was found out is good for: a pause, which changes no message, is missed for no longer.
GOOD_FOR = timedelta(milliseconds=200)


@dataclass(slots=True)
class Queue:
    """What is left of one lane."""

    lane: Lane

    @property
    def head(self) -> Outgoing:
        return self.lane[0]

    def go_on(self) -> None:
        self.lane = self.lane[1:]

    def stop(self) -> None:
        """Its next one does not go now, so none of it does."""
        self.lane = ()


class OneByOne:
    """What is ready in one workspace. `shown_after`: how long its platform may need to show what it took."""

    def __init__(self, attempts: Attempts, workspace: str, shown_after: timedelta) -> None:
        self._attempts = attempts
        self._workspace = workspace
        self._shown_after = shown_after
        self._tried = 0
        # As many as there was time for, and a few more.
        self._together = LOOKED_AT_TOGETHER
        # Posted, and what became of it is not written down yet.
        self._before: Attempt | None = None

    @property
    def _gives_way(self) -> bool:
        """Something came that may be more urgent than the rest."""
        return self._workspace in self._attempts.giving_way

    async def send(self, lanes: Sequence[Lane]) -> int:
        """Returns how many messages were tried."""
        queues = [Queue(lane) for lane in lanes]
        while queues:
            await self._some(queues[: self._together])
            if self._gives_way:
                # Not before something was sent: else two who look at once could keep each other from it.
                break
            queues = [each for each in queues if each.lane]
        if self._before is not None:
            await self._write_down(self._before.to_settle.claim.id)
        return self._tried

    async def _write_down(self, message_id: int) -> None:
        """Of what was posted when the database went away. Else nobody knew that it arrived, and it came twice."""
        self._attempts.under_way.add(message_id)
        try:
            for _ in range(TIMES):
                await asyncio.sleep(AGAIN_SECONDS)
                with suppress(*AWAY):
                    await self._pass_on(None)
                    return
        finally:
            self._attempts.under_way.discard(message_id)

    async def _some(self, queues: Sequence[Queue]) -> None:
        """The next of each, or as many of them as there is time for."""
        now = self._attempts.clock.now()
        try:
            turns = await asyncio.gather(*(self._has_its_turn(each, now) for each in queues))
            some = [queue for queue, has_its_turn in zip(queues, turns, strict=True) if has_its_turn]
            if some:
                await self._look_and_send(some, now)
        except Exception as fault:
            if len(queues) == 1:
                _give_up(queues[0], fault)
            # One message must not stop the others.
            for each in queues if len(queues) > 1 else ():
                if each.lane:
                    await self._some([each])

    async def _has_its_turn(self, queue: Queue, now: datetime) -> bool:
        crash_here("loop_top")
        attempts, head = self._attempts, queue.head
        try:
            if head.ready.id in attempts.under_way or await is_put_off(
                attempts.database, attempts.platforms, head, now
            ):
                queue.go_on()
                return False
        except Exception as fault:
            _give_up(queue, fault)
            return False
        if not attempts.has_room(head, now):
            queue.stop()
            return False
        return True

    async def _look_and_send(self, queues: Sequence[Queue], now: datetime) -> None:
        lease = await self._attempts.leases.hold(self._workspace, now)
        if lease is None:
            for each in queues:
                each.stop()
            return
        ids = {each.head.ready.id for each in queues}
        self._attempts.under_way |= ids
        try:
            looked_at = [*zip(queues, await self._look(queues, lease, now), strict=True)]
            await self._send([(queue, found) for queue, found in looked_at if isinstance(found, Claim)], now)
            instead: list[Awaitable[int]] = []
            for queue, found in looked_at:
                no_room = isinstance(found, Doubt) and not self._attempts.may_go(queue.head, now)
                if isinstance(found, Locked) or no_room:
                    queue.stop()
                elif not isinstance(found, Claim | Changed):
                    queue.go_on()
                    instead.append(self._attempts.instead(found, now))
            # At once, since a look may take its time and the rest of the workspace waits for it.
            self._tried += sum(await asyncio.gather(*instead))
        finally:
            self._attempts.under_way -= ids

    async def _look(self, queues: Sequence[Queue], lease: Lease, now: datetime) -> Sequence[Claimed]:
        some = [ToClaim(each.head.ready.id, None if each.head.only_look else lease, now) for each in queues]
        return await self._attempts.database.write(lambda store: check_all(store, some), clock=True)

    async def _send(self, claims: Sequence[tuple[Queue, Claim]], looked_at: datetime) -> None:
        """One after the other, while what was found out is good; what is left is looked at again."""
        sent = 0
        try:
            for place, (queue, claim) in enumerate(claims):
                now = self._attempts.clock.now()
                if place and (self._gives_way or abs(now - looked_at) > GOOD_FOR):
                    break
                if not self._attempts.may_go(queue.head, now):
                    queue.stop()
                elif await self._begin(queue.head, ToBegin(claim, now)):
                    queue.go_on()
                    self._before = await self._attempts.make(claim)
                    sent += 1
                else:
                    queue.stop()
                    self._attempts.look_again(self._workspace)
                    break
        finally:
            self._tried += sent
            self._together = min(LOOKED_AT_TOGETHER, 2 * max(sent, 1))
            # What was sent has to be written down, whatever is wrong with the one that was to follow.
            if self._before is not None:
                await self._pass_on(None)

    async def _begin(self, outgoing: Outgoing, to_begin: ToBegin) -> bool:
        begun = False
        try:
            begun = await self._pass_on(to_begin)
            crash_here("claimed")
        finally:
            if not begun:
                self._attempts.did_not_go(outgoing, to_begin.now)
        return begun

    async def _pass_on(self, following: ToBegin | None) -> bool:
        """Writes down what became of the one before, and that the following one is being sent; tells whether it is."""
        before = self._before
        if before is not None and (arrival_of(before.to_settle) is None or knows_better(before.to_settle)):
            await self._settle(before)
            before = None
        return await self._move(before, following) if before or following else False

    async def _move(self, before: Attempt | None, following: ToBegin | None) -> bool:
        arrival = arrival_of(before.to_settle) if before else None
        beginning = following.beginning() if following else None
        moved = await self._attempts.database.write_plainly(
            lambda transaction: _move(transaction, arrival, beginning), clock=True
        )
        if before is not None:
            self._note(before, arrived(before.to_settle.claim.id in moved))
        return following is not None and following.claim.id in moved

    async def _settle(self, before: Attempt) -> None:
        """It did not arrive, or something has to be remembered of how it did."""
        [settled] = await self._attempts.database.write(
            lambda store: _settled(store, before.to_settle, self._shown_after), clock=True
        )
        self._note(before, settled)

    def _note(self, before: Attempt, settled: Settled) -> None:
        self._before = None
        self._attempts.note(before, settled)


def _move(transaction: Plain, arrival: Arrived | None, beginning: Beginning | None) -> Collection[int]:
    if beginning is not None:
        crash_here("claim_in_tx")
    moved = move(transaction, [each for each in (arrival, beginning) if each is not None])
    if arrival is not None:
        crash_here("mark_before_commit")
    if beginning is not None:
        crash_here("claim_before_commit")
    return moved


def _settled(store: Store, before: ToSettle, shown_after: timedelta) -> Sequence[Settled]:
    settled = settle_all(store, [before], shown_after)
    store.flush()
    crash_here("mark_before_commit")
    return settled


def _give_up(queue: Queue, fault: Exception) -> None:
    """It is looked at again at the next heartbeat."""
    log.error("delivery failed %s", type(fault).__name__)
    queue.stop()
