"""One turn in one transaction: drops repeats, finds the person, runs the step, commits, and gives the answers back."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from adapters.platform import Platform, Profile
from bot.arrivals import DISABLED, Arrival, arrive
from bot.clock import Clock, stopwatch
from bot.counters import Counters
from bot.crash_points import crash_here
from bot.posting import Posted
from bot.routing import Routed, Router, UnknownStep
from bot.turns import Actor, House, Occasion, take_turn
from conversations.apologies import earlier_card, meant_for_somebody_else, our_fault
from conversations.cards import Card
from conversations.contacts import Address
from conversations.content import Content
from conversations.events import Arrived, Inbound, Left, OpenedHome
from conversations.flow import BadArguments, Flow
from conversations.replies import AtOnce, Say
from storage.database import Database
from storage.store import Store
from storage.subject import COLLISIONS, NotYours

log = logging.getLogger("flipside.turn")

# A person must not wait for a slow profile look-up: Slack wants its answer within 3 seconds.
PROFILE_SECONDS = 1.0
# After a look-up that told too little, this many seconds pass before the same account is looked up again.
PROFILE_PAUSE = 60.0
# Nobody looks at a screen for an answer to these: after a fault of ours the platform has to bring them once more.
UNASKED = Arrived | Left | OpenedHome
# Accounts that we remember to be known; more than this and the memory starts anew.
MOST_REMEMBERED = 100_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a committed turn leaves to do. `known`: the platform has told us all that we need of this person."""

    posted: Posted
    known: bool = True
    repeated: bool = False
    waiting: bool = False


class Dispatcher:
    """`await dispatcher(inbound)` is `adapters.platform.Dispatch`.

    `on_messages` and `on_consultations` are called after a commit that left some, so that nobody waits for a tick.
    """

    def __init__(
        self,
        database: Database,
        flows: Iterable[Flow],
        content: Content,
        platforms: Mapping[str, Platform],
        clock: Clock,
        *,
        suggests: bool = False,
    ) -> None:
        self.house = House(Router(flows), content, suggests)
        self.on_messages: Callable[[], None] = lambda: None
        self.on_consultations: Callable[[], None] = lambda: None
        self._database = database
        self._platforms = platforms
        self._clock = clock
        # The engine has one for all its parts.
        self.counters = Counters()
        self._known: set[tuple[str, str, str]] = set()
        self._asked: dict[tuple[str, str, str], datetime] = {}

    async def __call__(self, inbound: Inbound) -> Sequence[AtOnce]:
        crash_here("received")
        taken, routed = stopwatch(), self.house.router.route(inbound)
        answers: Sequence[AtOnce]
        lost: Exception | None = None
        try:
            outcome = await self._turn(inbound, routed)
            answers, said = outcome.posted.answers, "repeat" if outcome.repeated else "ok"
        except Exception as fault:
            shown, said = _apology(fault)
            answers, lost = [Say(shown)], fault if isinstance(inbound.event, UNASKED) else None
        took = taken()
        self.counters.turn(f"{inbound.address.platform}/{said.partition(' ')[0]}", took / 1000)
        log.info("%s platform=%s ms=%.1f %s", routed.action.name, inbound.address.platform, took, said)
        crash_here("before_ack")
        if lost is not None:
            raise lost
        return answers

    async def _turn(self, inbound: Inbound, routed: Routed) -> Outcome:
        profile = await self._profile(inbound.address)
        now = self._clock.now()

        def work(store: Store) -> Outcome:
            return self._work(store, inbound, routed, profile, now)

        try:
            outcome = await self._database.write(work)
            crash_here("committed")
        except COLLISIONS:
            # Nothing of it was kept, so the same turn once more is safe.
            outcome = await self._database.write(work)
        crash_here("effect_committed")
        self._remember(inbound.address, outcome.known)
        self.wake(outcome.posted, waiting=outcome.waiting)
        return outcome

    def _work(self, store: Store, inbound: Inbound, routed: Routed, profile: Profile | None, now: datetime) -> Outcome:
        if not store.inbox.is_new(inbound.address.platform, inbound.id, now.date()):
            return Outcome(Posted(), repeated=True)
        crash_here("before_commit")
        if isinstance(inbound.event, Left):
            return _left(store, inbound.address, inbound.event, now)
        arrival = arrive(store, inbound.address, profile, now)
        actor = Actor(arrival.person, arrival.coordinator)
        posted = take_turn(self.house, store, actor, Occasion(inbound.event, routed, _key(inbound)), now)
        crash_here("effect_before_commit")
        return _outcome(arrival, posted)

    def wake(self, posted: Posted, *, waiting: bool = False) -> None:
        """Tells those who pick up rows that there are some."""
        if posted.messages or posted.nudges or waiting:
            self.on_messages()
        if posted.consultations:
            self.on_consultations()

    async def _profile(self, address: Address) -> Profile | None:
        """Asked only while we do not know who this is, before any transaction, and for a second at most."""
        who, platform = _who(address), self._platforms.get(address.platform)
        asked, now = self._asked.get(who), self._clock.now()
        if platform is None or who in self._known or (asked and (now - asked).total_seconds() < PROFILE_PAUSE):
            return None
        if await self._database.read(lambda store: store.accounts.is_known(*who)):
            self._remember(address, known=True)
            return None
        self._asked[who] = now
        return await _look_up(platform, address)

    def _remember(self, address: Address, known: bool) -> None:
        if len(self._known) >= MOST_REMEMBERED or len(self._asked) >= MOST_REMEMBERED:
            self._known.clear()
            self._asked.clear()
        if known:
            self._known.add(_who(address))
            self._asked.pop(_who(address), None)
        else:
            self._known.discard(_who(address))


async def _look_up(platform: Platform, address: Address) -> Profile | None:
    try:
        return await asyncio.wait_for(platform.profile(address), PROFILE_SECONDS)
    except Exception as fault:
        # A provisional person is good enough for now; the next turn asks again.
        log.warning("profile platform=%s %s", address.platform, type(fault).__name__)
        return None


def _left(store: Store, address: Address, left: Left, now: datetime) -> Outcome:
    account = store.accounts.find(address.platform, address.tenant, address.user)
    if account is not None:
        store.accounts.close(account, DISABLED if left.disabled else "left", now)
        if left.disabled and all(each.closed_at for each in store.accounts.logins(account.person_id)):
            store.people.mark_gone([account.person_id], now)
        # Should they come back, it may be as a guest, who has no rights: the platform is asked anew.
        account.known = account.member = False
    return Outcome(Posted(), known=False)


def _outcome(arrival: Arrival, posted: Posted) -> Outcome:
    return Outcome(posted, known=arrival.known, waiting=arrival.waiting)


def _apology(fault: Exception) -> tuple[Card, str]:
    """A kind answer, and what the log says: the kind of fault, never its words, which may hold what somebody typed."""
    match fault:
        case NotYours():
            return meant_for_somebody_else(), "not_theirs"
        case UnknownStep() | BadArguments():
            return earlier_card(), "earlier_card"
        case _:
            return our_fault(), f"failed {type(fault).__name__}"


def _who(address: Address) -> tuple[str, str, str]:
    return address.platform, address.tenant, address.user


def _key(inbound: Inbound) -> str:
    return f"{inbound.address.platform}/{inbound.id}"
