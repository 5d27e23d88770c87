"""The outbox sender: finds what may go, sends it at the platform's pace, and settles each message on its own."""

import asyncio
import logging
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex

from adapters.platform import Platform, Refused, Sent, Uncertain
from bot.claims import Claim, Nowhere, claim
from bot.clock import Clock, stopwatch
from bot.files import MAKING_SECONDS, Files, NoLink, Request
from bot.finding import find_account
from bot.pace import Pace
from bot.settling import NotNeeded, settle, settle_uncertain
from bot.targets import Target, by_person, choose, platform_of
from conversations.cards import Card
from conversations.contacts import Address
from conversations.packing import unpack_card
from storage.database import Database
from storage.outbox import Ready
from storage.store import Store

log = logging.getLogger("flipside.delivery")

READY_AT_ONCE = 200
LANES_AT_ONCE = 8
# Longer than any adapter waits for its platform: after this we do not know.
SEND_SECONDS = 30.0
# A sender that has not settled after this has died or lost its database (guarantees D9: taken over within 60 s).
LEASE = timedelta(seconds=SEND_SECONDS + MAKING_SECONDS + 10)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message that is ready, and where it will go if nothing changes before it is claimed."""

    ready: Ready
    to: Target | None


class Delivery:
    """One for each process. `wake` is set when a turn has written messages."""

    def __init__(
        self,
        database: Database,
        platforms: Mapping[str, Platform],
        clock: Clock,
        files: Files,
        pace: Pace | None = None,
    ) -> None:
        self.wake = asyncio.Event()
        self.paced_until: datetime | None = None
        self._database = database
        self._platforms = platforms
        self._clock = clock
        self._files = files
        self._pace = pace or Pace()
        self._owner = token_hex(8)
        self._one_at_a_time = asyncio.Lock()
        self._under_way: set[int] = set()

    async def deliver_due(self) -> int:
        """Sends what may go now, until nothing moves any more. Returns how many messages were tried."""
        total = 0
        async with self._one_at_a_time:
            self.wake.clear()
            while moved := await self._round():
                total += moved
        return total

    async def recover(self, *, everything: bool = False) -> int:
        """Messages that a dead process left half-way. `everything`: we are alone, so all of them are."""
        now = self._clock.now()
        before = now + timedelta(days=1) if everything else now - LEASE

        def work(store: Store) -> int:
            interrupted = [each for each in store.outbox.interrupted(before) if each.id not in self._under_way]
            for message in interrupted:
                log.warning(
                    "delivery kind=%s interrupted: %s", message.kind, settle_uncertain(store, message, now).word
                )
            return len(interrupted)

        return await self._database.write(work, clock=True)

    async def _round(self) -> int:
        """One look at the outbox: people at the same time, but one message at a time for each."""
        now = self._clock.now()
        self.paced_until = None
        lanes: dict[str, list[Outgoing]] = {}
        for outgoing in await self._database.read(lambda store: _outgoing(store, now)):
            lanes.setdefault(outgoing.ready.lane, []).append(outgoing)
        gate = asyncio.Semaphore(LANES_AT_ONCE)
        return sum(await asyncio.gather(*(self._lane(lane, gate) for lane in lanes.values())))

    async def _lane(self, lane: Sequence[Outgoing], gate: asyncio.Semaphore) -> int:
        moved = 0
        async with gate:
            for outgoing in lane:
                if not self._may_go(outgoing.to):
                    break
                try:
                    moved += await self._one(outgoing.ready.id)
                except Exception as fault:
                    # One message must not stop the others; it is looked at again at the next heartbeat.
                    log.error("delivery failed %s", type(fault).__name__)
                    break
        return moved

    def _may_go(self, to: Target | None) -> bool:
        """Asks the pace, and takes the place in it."""
        if to is None:
            return True
        now = self._clock.now()
        when = self._pace.when(to, now)
        if when > now:
            self.paced_until = min(when, self.paced_until or when)
            return False
        self._pace.sent(to, now)
        return True

    async def _one(self, message_id: int) -> int:
        """Tells whether something moved: a message was tried, or somebody was found."""
        self._under_way.add(message_id)
        try:
            return await self._claim_and_send(message_id)
        finally:
            self._under_way.discard(message_id)

    async def _claim_and_send(self, message_id: int) -> int:
        now = self._clock.now()
        claimed = await self._database.write(lambda store: claim(store, message_id, self._owner, now), clock=True)
        match claimed:
            case None:
                return 0
            case Nowhere():
                return await find_account(self._database, self._platforms.values(), claimed, now)
            case Claim():
                await self._send(claimed)
                return 1

    async def _send(self, claimed: Claim) -> None:
        taken = stopwatch()
        sent = await self._attempt(claimed)
        now = self._clock.now()
        if isinstance(sent, Refused) and sent.retry_after is not None:
            self._pace.hold(claimed.to, now + timedelta(seconds=sent.retry_after))
        settled = await self._database.write(lambda store: settle(store, claimed, sent, self._owner, now), clock=True)
        platform = platform_of(claimed.to)
        log.info("delivery kind=%s platform=%s ms=%.1f %s", claimed.kind, platform, taken(), settled.word)

    async def _attempt(self, claimed: Claim) -> Sent | NotNeeded:
        platform = self._platforms.get(platform_of(claimed.to))
        if platform is None:
            return Refused("platform_off", retry_after=3600)
        try:
            card = unpack_card(claimed.card)
        except (ValueError, KeyError, TypeError):
            return Refused("unreadable_card", for_good=True, wrong_message=True)
        if claimed.file is not None:
            return await self._hand(platform, claimed, card, claimed.file)
        return await _tried(platform.send(claimed.to, card, claimed.delivery_id, claimed.update))

    async def _hand(self, platform: Platform, claimed: Claim, card: Card, request: Request) -> Sent | NotNeeded:
        """The file is made now, so that it is up to date; until the platform has it, nothing can be uncertain."""
        if claimed.person is None or not isinstance(claimed.to, Address):
            return Refused("file_for_nobody", for_good=True, wrong_message=True)
        try:
            file = await self._files.make(request, claimed.person)
        except TimeoutError:
            return Refused("file_too_slow")
        except Exception as fault:
            return Refused(f"no_file_{type(fault).__name__}", for_good=True, wrong_message=True)
        if file is None:
            return NotNeeded("no_file")
        link = self._files.link(request, claimed.person)
        return await _tried(platform.hand(claimed.to, card, file, link, claimed.delivery_id))


async def _tried(sending: Awaitable[Sent]) -> Sent:
    try:
        return await asyncio.wait_for(sending, SEND_SECONDS)
    except NoLink:
        return Refused("no_link")
    except Exception as fault:
        # An adapter names what happened; whatever escapes it leaves us not knowing.
        return Uncertain(type(fault).__name__)


def _outgoing(store: Store, now: datetime) -> list[Outgoing]:
    ready = store.outbox.ready(now, READY_AT_ONCE)
    people = {row.person_id for row in ready if row.person_id is not None}
    people.update(int(each) for row in ready for each in row.group_ids or ())
    accounts = by_person(store.accounts.of_people(people)) if people else {}
    return [Outgoing(row, choose(row.person_id, row.group_ids, row.place, accounts)) for row in ready]
