"""What every chat platform offers the bot, and what the bot offers it. Ten members, no capability flags."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from aiohttp import web

from conversations.cards import Card
from conversations.contacts import Address, Group, Place
from conversations.events import Inbound
from conversations.files import File
from conversations.replies import AtOnce

Dispatch = Callable[[Inbound], Awaitable[Sequence[AtOnce]]]
"""Runs one turn. When it returns, the inbound is stored and its effect committed: acknowledge now, then perform the
answers. A repeat returns no answers. A fault of ours comes back as a kind answer to whoever asked for something, and is
raised when nobody did (Arrived, Left, OpenedHome): do not acknowledge then, so that the platform brings it again."""

Link = Callable[[], Awaitable[str]]
"""Makes a one-time link to a file, for the person it is handed to: a path on our own server, such as `/files/8Zk3...`.
Only whoever has it can fetch the file, so it goes into the message and nowhere else."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What the platform knows of a person. `member` is False for guests, strangers and bots: no rights by e-mail."""

    name: str
    email: str = ""
    login: str = ""
    timezone: str = ""
    locale: str = ""
    member: bool = False


@dataclass(frozen=True, slots=True)
class Delivered:
    """The platform took the message. `ref` edits it later; `route` is a better way to the person, to be kept."""

    ref: str
    route: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """Proven not sent. `retry_after`: seconds the platform asked us to wait. `for_good`: trying again is no use.

    `wrong_message`: this message is not acceptable; whom it was for can be reached as before.
    `method`: which of the platform's calls asked us to wait; empty when the platform counts them together.
    """

    reason: str
    for_good: bool = False
    retry_after: float | None = None
    wrong_message: bool = False
    method: str = ""


@dataclass(frozen=True, slots=True)
class Uncertain:
    """It may or may not have arrived: a timeout, a dropped connection, a 5xx."""

    reason: str


Sent = Delivered | Refused | Uncertain


@dataclass(frozen=True, slots=True)
class Found:
    """The message is in the chat, under `ref`. `times`: how often; more than once is our fault."""

    ref: str
    times: int = 1


@dataclass(frozen=True, slots=True)
class NotFound:
    """The platform shows the chat, and the message is not in it."""


@dataclass(frozen=True, slots=True)
class CannotLook:
    """Nobody can say. `for_good`: the platform, or the kind of chat, never shows what was sent.

    `retry_after` and `method` are those of Refused.
    """

    reason: str
    for_good: bool = False
    retry_after: float | None = None
    method: str = ""


LookedBack = Found | NotFound | CannotLook


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of `flipside doctor`."""

    name: str
    level: Literal["ok", "warning", "fault"]
    message: str
    fix: str = ""


class Platform(Protocol):
    """One chat platform."""

    name: str

    def routes(self) -> Iterable[web.RouteDef]:
        """HTTP routes to mount on the one server."""
        ...

    async def start(self, dispatch: Dispatch) -> None:
        """Opens connections and begins to call `dispatch`."""
        ...

    async def stop(self) -> None:
        """Closes connections and waits for answers under way."""
        ...

    async def send(self, to: Address | Group | Place, card: Card, delivery_id: str, update: str = "") -> Sent:
        """One attempt, no hidden retry. `update` is the `ref` of an earlier message to change into this card."""
        ...

    async def hand(self, to: Address, card: Card, file: File, link: Link, delivery_id: str) -> Sent:
        """A file, and the card that says what it is, in one attempt. A platform that takes no files shows a link.

        Where neither is possible the card arrives all the same, and says so.
        """
        ...

    async def look_back(self, to: Address | Group | Place, delivery_id: str, since: datetime) -> LookedBack:
        """Whether a message that was sent since then, as far as we know, arrived. Changes nothing."""
        ...

    async def quiet_until(self, to: Address) -> datetime | None:
        """Until when somebody does not want to be disturbed; None when they may be, or the platform cannot say."""
        ...

    async def profile(self, address: Address) -> Profile | None:
        """Who this is; None when the platform cannot say now."""
        ...

    async def find(self, email: str) -> Address | None:
        """The account with this work e-mail, if the platform can look it up."""
        ...
