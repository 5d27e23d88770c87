"""A platform without a network: it keeps what it was sent, and refuses, loses or delays it when a test says so."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count

from aiohttp import web

from adapters.platform import (
    CannotLook,
    Delivered,
    Dispatch,
    Found,
    Link,
    LookedBack,
    NotFound,
    Profile,
    Sent,
    Uncertain,
)
from conversations.actions import Action
from conversations.cards import Button, Buttons, Card, plain_text
from conversations.contacts import Address, Group, Place
from conversations.events import Arrived, Commanded, Event, Inbound, OpenedHome, Pressed, Said, Submitted
from conversations.files import File
from conversations.forms import Typed
from conversations.replies import AtOnce


@dataclass(frozen=True, slots=True)
class Seen:
    """One message on somebody's screen, as the platform has it. `ref` edits it."""

    to: Address | Group | Place
    card: Card
    delivery_id: str
    ref: str
    at: datetime | None = None
    file: File | None = None

    @property
    def text(self) -> str:
        return plain_text(self.card)

    @property
    def buttons(self) -> tuple[str, ...]:
        """Labels, in order."""
        rows = [block.buttons for block in self.card.blocks if isinstance(block, Buttons)]
        return tuple(button.label for row in rows for button in row)

    def action(self, label: str) -> Action:
        """What the button with this label runs."""
        for block in self.card.blocks:
            for button in block.buttons if isinstance(block, Buttons) else ():
                if isinstance(button, Button) and button.label == label:
                    return button.action
        raise AssertionError(f"no button {label!r} in: {self.text}")


@dataclass(slots=True)
class FakePlatform:
    """Register people in `profiles` (by user id); script failures in `outcomes`, used up one a send.

    `log` holds every accepted message in order, edits included; `attempts` counts every call of `send`.
    """

    name: str = "fake"
    tenant: str = "larkspur"
    clock: Callable[[], datetime] | None = None
    profiles: dict[str, Profile] = field(default_factory=dict)
    outcomes: deque[Sent] = field(default_factory=deque)
    # Asked before every send; what it returns, if anything, is the outcome. For failures by recipient.
    judge: Callable[[Address | Group | Place, Card], Sent | None] = lambda to, card: None
    # Awaited inside every send and profile look-up: for delays and for crashes in flight.
    meanwhile: Callable[[], Awaitable[None]] | None = None
    # Whether it shows what was sent, as Slack does in direct messages.
    shows_history: bool = False
    # What every look answers instead, while it is set; and how many there were.
    blind: CannotLook | None = None
    looks: int = 0
    # So many messages are taken, and the answers get lost.
    forgets: int = 0
    log: list[Seen] = field(default_factory=list)
    attempts: int = 0
    # Who does not want to be disturbed, and until when.
    quiet: dict[str, datetime] = field(default_factory=dict)
    dispatch: Dispatch | None = None
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def routes(self) -> Iterable[web.RouteDef]:
        return ()

    async def start(self, dispatch: Dispatch) -> None:
        self.dispatch = dispatch

    async def stop(self) -> None:
        self.dispatch = None

    async def send(self, to: Address | Group | Place, card: Card, delivery_id: str, update: str = "") -> Sent:
        self.attempts += 1
        if self.meanwhile is not None:
            await self.meanwhile()
        outcome = self.outcomes.popleft() if self.outcomes else self.judge(to, card)
        if outcome is not None and not isinstance(outcome, Delivered):
            return outcome
        ref = update or f"m{next(self._numbers)}"
        self.log.append(Seen(to, card, delivery_id, ref, self.clock() if self.clock else None))
        if self.forgets:
            self.forgets -= 1
            return Uncertain("timeout")
        return outcome or Delivered(ref)

    async def hand(self, to: Address, card: Card, file: File, link: Link, delivery_id: str) -> Sent:
        sent = await self.send(to, card, delivery_id)
        if isinstance(sent, Delivered):
            self.log[-1] = replace(self.log[-1], file=file)
        return sent

    async def look_back(self, to: Address | Group | Place, delivery_id: str, since: datetime) -> LookedBack:
        self.looks += 1
        if self.blind is not None:
            return self.blind
        if not self.shows_history:
            return CannotLook("no_history", for_good=True)
        found = [seen.ref for seen in self.log if seen.delivery_id == delivery_id]
        return Found(found[0], len(found)) if found else NotFound()

    async def quiet_until(self, to: Address) -> datetime | None:
        return self.quiet.get(to.user)

    async def profile(self, address: Address) -> Profile | None:
        if self.meanwhile is not None:
            await self.meanwhile()
        return self.profiles.get(address.user)

    async def find(self, email: str) -> Address | None:
        for user, profile in self.profiles.items():
            if profile.email == email:
                return self.address(user)
        return None

    # What tests do and look at ----------------------------------------------------------------------------------

    def employ(self, user: str, name: str = "", *, email: str = "", timezone: str = "", member: bool = True) -> str:
        """Registers somebody; returns the user id."""
        email = email or f"{user}@larkspur.example"
        self.profiles[user] = Profile(name or user.title(), email, email, timezone, member=member)
        return user

    def address(self, user: str) -> Address:
        return Address(self.name, self.tenant, user, f"D{user}" if self.shows_history else "")

    def place(self, channel: str = "general", *, private: bool = False) -> Place:
        return Place(self.name, self.tenant, channel, private)

    def messages_to(self, user: str) -> list[Seen]:
        """The person's own chat with the bot as it looks now: edits have replaced what they edit."""
        return self._shown(lambda to: isinstance(to, Address) and to.user == user)

    def messages_in(self, channel: str) -> list[Seen]:
        return self._shown(lambda to: isinstance(to, Place) and to.channel == channel)

    def messages_among(self, *users: str) -> list[Seen]:
        """The group chat of exactly these people."""
        wanted = set(users)
        return self._shown(lambda to: isinstance(to, Group) and {each.user for each in to.members} == wanted)

    def _shown(self, here: Callable[[Address | Group | Place], bool]) -> list[Seen]:
        shown = {seen.ref: seen for seen in self.log if here(seen.to)}
        return list(shown.values())

    async def happen(
        self, user: str, event: Event, action: Action | None = None, inbound_id: str = ""
    ) -> Sequence[AtOnce]:
        """Something comes in from this person; the answers are what the adapter would perform."""
        assert self.dispatch is not None, "start the platform first"
        ident = inbound_id or f"in{next(self._numbers)}"
        return await asyncio.wait_for(self.dispatch(Inbound(ident, self.address(user), event, action)), 20)

    async def say(self, user: str, words: str) -> Sequence[AtOnce]:
        return await self.happen(user, Said(words))

    async def command(self, user: str, words: str, place: Place | None = None) -> Sequence[AtOnce]:
        return await self.happen(user, Commanded(words, place))

    async def press(self, user: str, action: Action) -> Sequence[AtOnce]:
        return await self.happen(user, Pressed(), action)

    async def submit(self, user: str, action: Action, **values: Typed) -> Sequence[AtOnce]:
        return await self.happen(user, Submitted(values), action)

    async def arrive(self, user: str) -> Sequence[AtOnce]:
        return await self.happen(user, Arrived())

    async def open_home(self, user: str) -> Sequence[AtOnce]:
        return await self.happen(user, OpenedHome())
