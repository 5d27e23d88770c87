"""The outbox sender: finds what may go, sends it at the platform's pace, and settles each message on its own."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex

from adapters.platform import Platform, Refused, Sent, Uncertain
from bot.claims import Claim, Claimed, Doubt, Nowhere, Stale, ToClaim
from bot.clock import Clock, stopwatch
from bot.commits import Commits
from bot.counters import ASKED_TO_WAIT, ATTEMPTS, EXPIRED, REFUSED, SENT, Counters
from bot.crash_points import crash_during, crash_here
from bot.disturbing import is_put_off
from bot.files import MAKING_SECONDS, Files, NoLink, Request
from bot.finding import find_account
from bot.leases import LASTS, Leases
from bot.looking_back import LookingBack
from bot.pace import Pace, Way
from bot.recovery import Sender, recover
from bot.settling import NotNeeded, ToSettle
from bot.targets import Target, by_person, choose, platform_of, workspace_of
from conversations.cards import Card
from conversations.contacts import Address, Group
from conversations.packing import unpack_card
from storage.database import Database
from storage.leases import Lease
from storage.sending import Ready
from storage.store import Store

log = logging.getLogger("flipside.delivery")

READY_AT_ONCE = 200
# What lanes write at the same moment shares a transaction: with eight a message took 1.4 times the CPU.
LANES_AT_ONCE = 16
# Longer than any adapter waits for its platform: after this we do not know.
SEND_SECONDS = 30.0
# A message of ours that is not settled after this was forgotten, as when the database was away.
FORGOTTEN = timedelta(seconds=SEND_SECONDS + MAKING_SECONDS + 10)
# Of the ten seconds that a stop may take.
LAST_SECONDS = 4.0


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the platform may need to show what it took, and how long a silent process keeps its lease."""

    shown_after: timedelta = timedelta(seconds=10)
    lease: timedelta = LASTS


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message that is ready, and where it will go if nothing changes before it is claimed."""

    ready: Ready
    to: Target | None
    # The outbox is on hold: whether it arrived is looked up, but nothing is sent.
    only_look: bool = False

    @property
    def workspace(self) -> str:
        return workspace_of(self.to) if self.to else ""

    @property
    def way(self) -> Way:
        if self.ready.is_edit:
            return "edit"
        if self.ready.has_file:
            return "file"
        return "group" if isinstance(self.to, Group) else "message"


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
        self.wake = asyncio.Event()
        self.paced_until: datetime | None = None
        self.counters = counters or Counters()
        self._database = database
        self._platforms = platforms
        self._clock = clock
        self._files = files
        self._pace = pace or Pace()
        self._patience = patience or Patience()
        self._leases = Leases(database, token_hex(8), self._patience.lease)
        self._commits = Commits(database, self._patience.shown_after)
        self._looking_back = LookingBack(database, platforms, clock, self.counters)
        self._under_way: set[int] = set()
        self._one_by_one: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._drains: dict[str, asyncio.Task[int]] = {}
        self._stopping = False

    def start(self) -> None:
        """Sending is allowed; it is from the beginning, and again after a stop."""
        self._stopping = False

    async def deliver_due(self) -> int:
        """Sends what may go now, until nothing moves any more. Returns how many messages were tried."""
        total, again = 0, True
        while again:
            # One that began before may not have seen what is ready now.
            older = [drain for drain in self._drains.values() if not drain.done()]
            total += sum(await asyncio.gather(*await self.begin_due()))
            again = self.wake.is_set() or bool(older)
        return total

    async def begin_due(self) -> Sequence[asyncio.Task[int]]:
        """Begins to send what may go now. A workspace that is slow, or asked us to wait, holds no other one up."""
        self.wake.clear()
        now = self._clock.now()
        ready: dict[str, list[Outgoing]] = {}
        for outgoing in await self._database.read(lambda store: _outgoing(store, now)):
            ready.setdefault(outgoing.workspace, []).append(outgoing)
        for workspace, some in ready.items():
            running = self._drains.get(workspace)
            if running is None or running.done():
                self._drains[workspace] = asyncio.create_task(self._drain(workspace, some))
            else:
                # It began before and knows nothing of what came meanwhile.
                running.add_done_callback(lambda _: self.wake.set())
        return [self._drains[workspace] for workspace in ready]

    async def recover(self, *, everything: bool = False) -> int:
        """Messages that a dead process left half-way. `everything`: we are alone, so all of them are."""
        now = self._clock.now()
        await self._looking_back.late_looks(now)
        sender = Sender(self._leases, self._under_way, FORGOTTEN, self._patience.shown_after, alone=everything)
        return await recover(self._database, sender, now)

    async def stop(self) -> None:
        """Begins nothing more, waits for what is under way, and lets another process send at once."""
        self._stopping = True
        running = [drain for drain in self._drains.values() if not drain.done()]
        if running:
            await asyncio.wait(running, timeout=LAST_SECONDS)
        for drain in running:
            drain.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await self._commits.finish()
        await self._leases.give_back(self._clock.now())

    async def _drain(self, workspace: str, ready: Sequence[Outgoing]) -> int:
        """What was ready in one workspace: people at the same time, but one message at a time for each."""
        lanes: dict[str, list[Outgoing]] = {}
        for outgoing in ready:
            lanes.setdefault(outgoing.ready.lane, []).append(outgoing)
        for lane in lanes.values():
            # Lanes with something urgent go first; within one, messages keep their order.
            lane.sort(key=lambda outgoing: outgoing.ready.id)
        gate = asyncio.Semaphore(LANES_AT_ONCE)
        moved = sum(await asyncio.gather(*(self._lane(lane, gate) for lane in lanes.values())))
        if moved and len(ready) >= READY_AT_ONCE:
            # There may be more than we looked at.
            self.wake.set()
        return moved

    async def _lane(self, lane: Sequence[Outgoing], gate: asyncio.Semaphore) -> int:
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
        to, now = outgoing.to, self._clock.now()
        if to is None:
            return await self._one(outgoing, None, now)
        if not outgoing.only_look and await is_put_off(self._database, self._platforms, outgoing.ready, to, now):
            return 0
        lease = await self._leases.hold(outgoing.workspace, now)
        if lease is None or not self._may_go(to, outgoing.way, now):
            return None
        if await self._looking_back.can_look(to, now):
            return await self._one(outgoing, lease, now)
        # Where nobody can look back, a crash leaves one message at the most of which we do not know whether it came.
        async with self._one_by_one[outgoing.workspace]:
            return await self._one(outgoing, lease, now)

    def _may_go(self, to: Target, way: Way, now: datetime) -> bool:
        """Asks the pace, and takes the place in it."""
        if self._stopping:
            return False
        when = self._pace.when(to, now, way)
        if when > now:
            # Kept from one round to the next: a moving clock may ask while a round is under way.
            known = self.paced_until
            self.paced_until = min(when, known) if known is not None and known > now else when
            return False
        self._pace.sent(to, now, way)
        return True

    async def _one(self, outgoing: Outgoing, lease: Lease | None, now: datetime) -> int:
        """Tells whether something moved: a message was tried, a doubt settled, or somebody was found."""
        message_id = outgoing.ready.id
        if message_id in self._under_way:
            return 0
        self._under_way.add(message_id)
        claimed: Claimed = None
        try:
            allowed = None if outgoing.only_look else lease
            claimed = await self._commits.claim(outgoing.ready.lane, ToClaim(message_id, allowed, now))
            crash_here("claimed")
            return await self._carry_out(claimed, outgoing.ready.lane, now)
        finally:
            self._under_way.discard(message_id)
            if outgoing.to is not None and not isinstance(claimed, Claim):
                self._pace.not_sent(outgoing.to, now, outgoing.way)

    async def _carry_out(self, claimed: Claimed, lane: str, now: datetime) -> int:
        match claimed:
            case None:
                return 0
            case Stale(kind):
                self.counters.add(EXPIRED)
                log.info("delivery kind=%s expired", kind)
                return 0
            case Nowhere():
                found = await find_account(self._database, self._platforms.values(), claimed, now)
                if found:
                    self.wake.set()
                return found
            case Doubt():
                await self._looking_back.settle(claimed)
                self.wake.set()
                return 1
            case Claim():
                await self._send(claimed, lane)
                return 1

    async def _send(self, claimed: Claim, lane: str) -> None:
        taken = stopwatch()
        sent = await self._attempt(claimed)
        crash_here("posted")
        now = self._clock.now()
        if isinstance(sent, Refused) and sent.retry_after is not None:
            self._pace.hold(claimed.to, now + timedelta(seconds=sent.retry_after), sent.method)
            self.counters.add(ASKED_TO_WAIT, of=platform_of(claimed.to))
        settled = await self._commits.settle(lane, ToSettle(claimed, sent, now))
        crash_here("marked")
        platform = platform_of(claimed.to)
        if settled.word != "sent":
            # It may go another way now.
            self.wake.set()
        self.counters.add(SENT if settled.word == "sent" else REFUSED)
        self.counters.add(ATTEMPTS, of=f"{platform}/{settled.word.partition(' ')[0]}")
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
        return await self._tried(claimed, lambda: platform.send(claimed.to, card, claimed.delivery_id, claimed.update))

    async def _hand(self, platform: Platform, claimed: Claim, card: Card, request: Request) -> Sent | NotNeeded:
        """The file is made now, so that it is up to date; until the platform has it, nothing can be uncertain."""
        to = claimed.to
        if claimed.person is None or not isinstance(to, Address):
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
        return await self._tried(claimed, lambda: platform.hand(to, card, file, link, claimed.delivery_id))

    async def _tried(self, claimed: Claim, send: Callable[[], Awaitable[Sent]]) -> Sent:
        """One attempt, over before our lease is: after that another process may send."""
        seconds = min(SEND_SECONDS, self._leases.seconds_left(claimed.lease.workspace))
        if seconds <= 0:
            return Refused("lease_ended")
        try:
            async with asyncio.timeout(seconds):
                return await crash_during("in_flight", send())
        except NoLink:
            return Refused("no_link")
        except Exception as fault:
            # An adapter names what happened; whatever escapes it leaves us not knowing.
            return Uncertain(type(fault).__name__)


def _outgoing(store: Store, now: datetime) -> list[Outgoing]:
    ready = store.sending.ready(now, READY_AT_ONCE)
    # Mostly nothing is ready, and then nobody needs to know.
    held = bool(ready) and store.installation.is_held()
    if held:
        ready = store.sending.ready(now, READY_AT_ONCE, only_doubts=True)
    people = {row.person_id for row in ready if row.person_id is not None}
    people.update(int(each) for row in ready for each in row.group_ids or ())
    accounts = by_person(store.accounts.of_people(people)) if people else {}
    return [Outgoing(row, choose(row.person_id, row.group_ids, row.place, accounts), held) for row in ready]
