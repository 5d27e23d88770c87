"""The bot of the contract tests, and what a stage offers them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol

from aiohttp import web

from adapters.platform import Platform
from conversations.contacts import Address, Group, Place
from conversations.events import Inbound
from conversations.forms import Typed
from conversations.replies import AtOnce

Script = Callable[[Inbound], Sequence[AtOnce]]
Target = Address | Group | Place


@dataclass
class ScriptedBot:
    """Keeps what came in and answers by the script; a repeat is answered with nothing, as the dispatcher does.

    While `hold` is set and not released, nothing is answered; `entered` tells that something came in.
    """

    script: Script = lambda inbound: ()
    received: list[Inbound] = field(default_factory=list)
    hold: asyncio.Event | None = None
    entered: asyncio.Event = field(default_factory=asyncio.Event)

    async def dispatch(self, inbound: Inbound) -> Sequence[AtOnce]:
        repeated = any(known.id == inbound.id for known in self.received)
        self.received.append(inbound)
        self.entered.set()
        if self.hold is not None:
            await self.hold.wait()
        return () if repeated else self.script(inbound)

    def answers(self, *answers: AtOnce) -> None:
        """Everything is answered like this from now on."""
        self.script = lambda inbound: answers

    @property
    def last(self) -> Inbound:
        return self.received[-1]


class Seen(Protocol):
    """A message on a screen."""

    @property
    def text(self) -> str: ...
    @property
    def buttons(self) -> Sequence[str]: ...


class Someone(Protocol):
    """A person at the client of a platform."""

    async def command(self, words: str, channel: str = "") -> object: ...
    async def say(self, text: str) -> object: ...
    async def open_home(self) -> object: ...
    async def press(self, label: str) -> object: ...
    async def submit(self, values: Mapping[str, Typed], button: str = "") -> object: ...
    async def sees(self, words: str) -> Seen: ...
    @property
    def messages(self) -> Sequence[Seen]: ...


@dataclass(frozen=True)
class ShownForm:
    """The form on a screen: all its words, what is filled in, and what is wrong, by field key."""

    title: str
    text: str
    values: Mapping[str, Typed]
    errors: Mapping[str, str]


class Stage(Protocol):
    """Ana Ruiz and Ben Okafor of Larkspur, a channel that both are in, and a bot that does as it is told."""

    @property
    def platform(self) -> Platform: ...
    @property
    def bot(self) -> ScriptedBot: ...
    @property
    def ana(self) -> Someone: ...
    @property
    def ben(self) -> Someone: ...
    @property
    def channel(self) -> str:
        """The channel, as `command` takes it."""
        ...

    def address(self, person: Someone) -> Address: ...
    def nobody(self) -> Address:
        """Somebody whom the platform does not know."""
        ...

    def nowhere(self) -> Place:
        """A channel that is not there."""
        ...

    def screen(self, person: Someone) -> list[str]:
        """All words of everything that this person sees: own chat, channel, groups, home."""
        ...

    def form(self, person: Someone) -> ShownForm | None: ...
    def links(self, person: Someone) -> set[str]:
        """Every address that a click on this person's screen would open, and every mention that would ring."""
        ...

    def files(self, person: Someone) -> Mapping[str, bytes]:
        """What is attached to the messages that this person sees, by name; nothing where links stand for files."""
        ...

    async def press_in_channel(self, person: Someone, label: str) -> None: ...
    async def until(self, holds: Callable[[], bool], what: str) -> None: ...
    async def again(self) -> None:
        """The platform delivers once more what it delivered last."""
        ...

    async def strange(self, person: Someone) -> list[int]:
        """Delivers payloads that are well formed but not ours; the statuses of the answers."""
        ...


@asynccontextmanager
async def served(platform: Platform, bot: ScriptedBot) -> AsyncIterator[str]:
    """The platform's routes on a loopback port, and the platform started; the address of the port."""
    app = web.Application()
    app.add_routes(platform.routes())
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await platform.start(bot.dispatch)
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await platform.stop()
        await runner.cleanup()
