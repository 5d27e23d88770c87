"""What every way of sending shares: whether a message may go now, the attempt itself, and what is counted of it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from adapters.platform import Platform, Refused, Sent, Uncertain
from bot.claims import Claim, Doubt, Nowhere, Stale
from bot.clock import Clock, stopwatch
from bot.counters import ASKED_TO_WAIT, ATTEMPTS, EXPIRED, REFUSED, SENT, Counters
from bot.crash_points import crash_during, crash_here
from bot.files import Files, NoLink, Request
from bot.finding import find_account
from bot.leases import Leases
from bot.looking_back import LookingBack
from bot.outgoing import Outgoing
from bot.pace import Pace
from bot.settling import NotNeeded, Settled, ToSettle
from bot.targets import platform_of
from bot.wake import Wake
from conversations.cards import Card
from conversations.contacts import Address
from conversations.packing import unpack_card
from storage.database import AWAY, Database

log = logging.getLogger("flipside.delivery")

# Longer than any adapter waits for its platform: after this we do not know.
SEND_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """A message that was tried, how that went, and since when."""

    to_settle: ToSettle
    milliseconds: Callable[[], float]


@dataclass
class Attempts:
    """One for each process. `wake` is set when something may go that could not before.

    `under_way`: ids of the messages in hand. `paced_until`: the first moment at which the pace lets more go.
    `giving_way`: workspaces in which something is ready that their senders do not know of yet.
    """

    database: Database
    platforms: Mapping[str, Platform]
    clock: Clock
    files: Files
    pace: Pace
    leases: Leases
    looking_back: LookingBack
    counters: Counters
    wake: Wake = field(default_factory=Wake)
    under_way: set[int] = field(default_factory=set)
    giving_way: set[str] = field(default_factory=set)
    paced_until: datetime | None = None
    stopping: bool = False

    def may_go(self, outgoing: Outgoing, now: datetime) -> bool:
        """Asks the pace, and takes the place in it."""
        if outgoing.to is None or not self.has_room(outgoing, now):
            return False
        self.pace.sent(outgoing.to, now, outgoing.way)
        return True

    def has_room(self, outgoing: Outgoing, now: datetime) -> bool:
        """The same without taking the place."""
        if self.stopping or outgoing.to is None:
            return False
        when = self.pace.when(outgoing.to, now, outgoing.way)
        if when > now:
            # Kept from one round to the next: a moving clock may ask while a round is under way.
            known = self.paced_until
            self.paced_until = min(when, known) if known is not None and known > now else when
        return when <= now

    def did_not_go(self, outgoing: Outgoing, now: datetime) -> None:
        """Gives the place of that moment back."""
        if outgoing.to is not None:
            self.pace.not_sent(outgoing.to, now, outgoing.way)

    def look_again(self, workspace: str) -> None:
        """Something is not as we thought: the lease is asked for, and what is ready looked at, once more."""
        self.leases.doubt(workspace)
        self.wake.set()

    async def instead(self, claimed: Doubt | Nowhere | Stale | None, now: datetime) -> int:
        """What is done about a message that does not go now. Tells whether something moved."""
        match claimed:
            case None:
                return 0
            case Stale(kind):
                self.counters.add(EXPIRED)
                log.info("delivery kind=%s expired", kind)
                return 0
            case Nowhere():
                found = await find_account(self.database, self.platforms.values(), claimed, now)
                if found:
                    self.wake.set()
                return found
            case Doubt():
                await self.looking_back.settle(claimed)
                self.wake.set()
                return 1

    async def make(self, claim: Claim) -> Attempt:
        """One attempt, never two."""
        taken = stopwatch()
        sent = await self._attempt(claim)
        crash_here("posted")
        now = self.clock.now()
        if isinstance(sent, Refused) and sent.retry_after is not None:
            self.pace.hold(claim.to, now + timedelta(seconds=sent.retry_after), sent.method)
            self.counters.add(ASKED_TO_WAIT, of=platform_of(claim.to))
        return Attempt(ToSettle(claim, sent, now), taken)

    def note(self, attempt: Attempt, settled: Settled) -> None:
        """Its outcome is written down."""
        crash_here("marked")
        claim = attempt.to_settle.claim
        platform = platform_of(claim.to)
        if settled.word != "sent" or claim.attempts > 1:
            # It may go another way now; or what waited behind it may.
            self.wake.set()
        self.counters.add(SENT if settled.word == "sent" else REFUSED)
        self.counters.add(ATTEMPTS, of=f"{platform}/{settled.word.partition(' ')[0]}")
        log.info("delivery kind=%s platform=%s ms=%.1f %s", claim.kind, platform, attempt.milliseconds(), settled.word)

    async def _attempt(self, claim: Claim) -> Sent | NotNeeded:
        platform = self.platforms.get(platform_of(claim.to))
        if platform is None:
            return Refused("platform_off", retry_after=3600)
        try:
            card = unpack_card(claim.card)
        except (ValueError, KeyError, TypeError):
            return Refused("unreadable_card", for_good=True, wrong_message=True)
        if claim.file is not None:
            return await self._hand(platform, claim, card, claim.file)
        return await self._tried(claim, lambda: platform.send(claim.to, card, claim.delivery_id, claim.update))

    async def _hand(self, platform: Platform, claim: Claim, card: Card, request: Request) -> Sent | NotNeeded:
        """The file is made now, so that it is up to date; until the platform has it, nothing can be uncertain."""
        to = claim.to
        if claim.person is None or not isinstance(to, Address):
            return Refused("file_for_nobody", for_good=True, wrong_message=True)
        try:
            file = await self.files.make(request, claim.person)
        except TimeoutError:
            return Refused("file_too_slow")
        except AWAY:
            return Refused("database_away")
        except Exception as fault:
            return Refused(f"no_file_{type(fault).__name__}", for_good=True, wrong_message=True)
        if file is None:
            return NotNeeded("no_file")
        link = self.files.link(request, claim.person)
        return await self._tried(claim, lambda: platform.hand(to, card, file, link, claim.delivery_id))

    async def _tried(self, claim: Claim, send: Callable[[], Awaitable[Sent]]) -> Sent:
        """One attempt, over before our lease is: after that another process may send."""
        seconds = min(SEND_SECONDS, self.leases.seconds_left(claim.lease.workspace))
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
