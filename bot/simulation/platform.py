"""A chat platform without a network: it knows its people, shows them what is sent, and writes down what it showed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from itertools import count
from typing import Protocol

from aiohttp import web

from adapters.platform import CannotLook, Delivered, Dispatch, Link, LookedBack, Profile, Sent
from bot.clock import Clock
from bot.simulation.chronicle import Chronicle
from conversations.actions import Action
from conversations.cards import Card
from conversations.contacts import Address, Group, Place
from conversations.events import Event, Inbound
from conversations.files import File
from conversations.packing import pack_card
from conversations.replies import AtOnce

NAME, TENANT = "simulated", "larkspur"
# The second screen of sign-up.
JOINED_BY = "sign_up.second"


@dataclass(frozen=True, slots=True)
class Sighting:
    """One message as one person saw it. `delivery_id` is empty for an answer to what they did themselves."""

    at: datetime
    person: str
    delivery_id: str
    look: bytes
    in_group: bool = False


class Resident(Protocol):
    """Somebody with an account."""

    def profile(self) -> Profile: ...

    def receives(self, ref: str, card: Card) -> None:
        """A message from the bot, in a chat of their own or a group chat."""
        ...

    def sees_edited(self, ref: str, card: Card) -> None:
        """An earlier message now looks like this."""
        ...

    def reads_in_channel(self, card: Card) -> None: ...


class SimulatedPlatform:
    """`residents` by user id, which is their work e-mail. `sightings` and `posts` are what was shown, in order;
    `chronicle`: what people did."""

    name = NAME

    def __init__(self, clock: Clock) -> None:
        self.residents: dict[str, Resident] = {}
        self.sightings: list[Sighting] = []
        self.posts = 0
        self.files = 0
        self.chronicle = Chronicle()
        self._clock = clock
        self._dispatch: Dispatch | None = None
        self._numbers = count(1)

    def routes(self) -> Iterable[web.RouteDef]:
        return ()

    async def start(self, dispatch: Dispatch) -> None:
        self._dispatch = dispatch

    async def stop(self) -> None:
        self._dispatch = None

    async def send(self, to: Address | Group | Place, card: Card, delivery_id: str, update: str = "") -> Sent:
        if update:
            self._edit(to, card, update)
            return Delivered(update)
        ref = f"m{next(self._numbers)}"
        match to:
            case Address():
                self._show(to.user, card, delivery_id, ref)
            case Group(members):
                for member in members:
                    self._show(member.user, card, delivery_id, ref, in_group=True)
            case Place():
                self.posts += 1
                for resident in self.residents.values():
                    resident.reads_in_channel(card)
        return Delivered(ref)

    async def hand(self, to: Address, card: Card, file: File, link: Link, delivery_id: str) -> Sent:
        self.files += 1
        return await self.send(to, card, delivery_id)

    async def look_back(self, to: Address | Group | Place, delivery_id: str, since: datetime) -> LookedBack:
        return CannotLook("never_uncertain", for_good=True)

    async def quiet_until(self, to: Address) -> datetime | None:
        return None

    async def profile(self, address: Address) -> Profile | None:
        resident = self.residents.get(address.user)
        return resident.profile() if resident else None

    async def find(self, email: str) -> Address | None:
        return _address(email) if email in self.residents else None

    async def happens(self, user: str, event: Event, action: Action | None) -> Sequence[AtOnce]:
        """Somebody did something; gives the answers to it."""
        if self._dispatch is None:
            raise RuntimeError("the platform has not been started")
        self.chronicle.acts[user].append(self._clock.now())
        if action is not None and action.name == JOINED_BY:
            self.chronicle.joined.setdefault(user, self._clock.now())
        return await self._dispatch(Inbound(f"in{next(self._numbers)}", _address(user), event, action))

    def answered(self, user: str, card: Card) -> None:
        """An answer appears in somebody's chat."""
        self.sightings.append(Sighting(self._clock.now(), user, "", _look(card)))

    def _show(self, user: str, card: Card, delivery_id: str, ref: str, *, in_group: bool = False) -> None:
        self.sightings.append(Sighting(self._clock.now(), user, delivery_id, _look(card), in_group))
        self.residents[user].receives(ref, card)

    def _edit(self, to: Address | Group | Place, card: Card, ref: str) -> None:
        if isinstance(to, Address):
            self.residents[to.user].sees_edited(ref, card)


def place() -> Place:
    """The channel in which programs are announced."""
    return Place(NAME, TENANT, "all-hands")


def _address(user: str) -> Address:
    return Address(NAME, TENANT, user)


def _look(card: Card) -> bytes:
    """The same for two messages exactly when they look the same, buttons included."""
    return blake2b(pack_card(card).encode(), digest_size=12).digest()
