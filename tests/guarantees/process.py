"""A bot in a process of its own, that really dies when a test wants it to.

Processes are forked from a server that has imported everything already: one is at work after a tenth of a second.
"""

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from secrets import token_hex
from typing import Any

from aiohttp import web
from sqlalchemy.orm import configure_mappers

from adapters.platform import Dispatch, LookedBack, NotFound, Platform, Sent, Uncertain
from adapters.slack import Slack
from adapters.teams import Teams
from bot import crash_points
from bot.app import build
from bot.clock import SystemClock
from bot.delivery import Patience
from bot.engine import Engine
from bot.pace import LIMITS, Limit, Pace
from bot.settings import Settings
from bot.web import serve
from conversations.cards import Button, Card, buttons, card, text
from conversations.contacts import Address, Group, Place
from conversations.events import Inbound
from conversations.flow import Flow, Turn
from conversations.forms import Form, Line
from conversations.replies import Ask, AtOnce, Notice, Reply, Say, Tell
from storage.database import Database
from tests.support.tiny_flows import CONTENT, FLOWS, words

# The server forks what is ready: the tables' mappers too.
configure_mappers()

DIES_WITHIN = 40.0
# What the server has imported: it is told once, by whoever comes first.
READY = [f"tests.guarantees.{name}" for name in ("process", "migrations", "half_done")]
# How often the process looks for work; the real heartbeat ticks every three seconds.
BEAT = 0.03
WRITE = Flow("write")
WRITTEN = "Written down"
FAST = {name: Limit(100_000, limit.seconds, apart=0) for name, limit in LIMITS.items()}


@WRITE.step("down")
def write_down(turn: Turn) -> list[Reply]:
    """Whatever somebody does, its effect is one message."""
    return [Tell(turn.person.id, words(WRITTEN), Notice(kind="written", prompted=True))]


@WRITE.step("form")
def write_in_form(turn: Turn) -> list[Reply]:
    return [Ask(Form("A form", WRITE.to("down"), (Line(key="name", label="Name", required=False),)))]


@WRITE.step("button")
def show_button(turn: Turn) -> list[Reply]:
    return [Say(card("", text("Press it"), buttons(Button("Write", WRITE.to("down")))))]


WRITE.command("write", "down", "For a test")
WRITE.command("button", "button", "For a test")
WRITE.command("form", "form", "For a test")


@dataclass(frozen=True, slots=True)
class Orders:
    """How one process works. `slack` and `teams`: the arguments of the adapters."""

    database_url: str
    slack: dict[str, Any] | None = None
    teams: dict[str, Any] | None = None
    crash: str | None = None
    shown_after: float = 0.1
    lease: float = 45.0
    fast: bool = True
    # How far ahead of the machine's its clock is, in seconds.
    ahead: float = 0.0
    # The whole bot, with its heart, its door and all its stories.
    whole: bool = False
    # Which Slack adapter: the one that we ship, or one with a rule taken out.
    kind: str = "sound"


def work(orders: Orders, ready: Connection) -> None:
    """What the process does until SIGTERM, or until it dies."""
    logging.basicConfig(level=logging.CRITICAL)
    crash_points.arm(orders.crash)
    asyncio.run(_whole(orders, ready) if orders.whole else _work(orders, ready))


async def _work(orders: Orders, ready: Connection) -> None:
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    database = Database(orders.database_url)
    engine = Engine(
        database,
        _platforms(orders),
        flows=(*FLOWS, WRITE),
        content=CONTENT,
        clock=Ahead(orders.ahead),
        pace=Pace(FAST if orders.fast else LIMITS),
        patience=Patience(timedelta(seconds=orders.shown_after), timedelta(seconds=orders.lease)),
    )
    await engine.start()
    server = await serve(_routes(engine), _always, "127.0.0.1", 0)
    ready.send(server.port)
    while not stopped.is_set():
        await engine.nudges.run_due(engine.clock.now())
        await engine.delivery.begin_due()
        await engine.delivery.recover()
        try:
            await asyncio.wait_for(stopped.wait(), BEAT)
        except TimeoutError:
            continue
    await server.stop_accepting()
    await engine.stop()
    await server.close()
    database.close()


async def _whole(orders: Orders, ready: Connection) -> None:
    """As `flipside run` does it."""
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    settings = Settings.model_validate({"database_url": orders.database_url})
    patience = Patience(timedelta(seconds=orders.shown_after), timedelta(seconds=orders.lease))
    app = build(settings, chosen=_platforms(orders), port=0, patience=patience)
    server = await app.start()
    ready.send(server.port)
    await stopped.wait()
    await app.stop(server)
    app.close()


class Ahead(SystemClock):
    """The machine's clock, put forward."""

    def __init__(self, seconds: float) -> None:
        self._ahead = timedelta(seconds=seconds)

    def now(self) -> datetime:
        return super().now() + self._ahead


def _routes(engine: Engine) -> Iterable[web.RouteDef]:
    return chain.from_iterable(platform.routes() for platform in engine.platforms.values())


async def _always() -> bool:
    return True


class BlindSlack(Slack):
    """Finds nothing when it looks back: what the guarantees forbid, to see that the checks notice."""

    async def look_back(self, to: Address | Group | Place, delivery_id: str, since: datetime) -> LookedBack:
        return NotFound()


class EagerSlack(Slack):
    """Tries again by itself when it does not know, as Slack's own client does."""

    async def send(self, to: Address | Group | Place, card: Card, delivery_id: str, update: str = "") -> Sent:
        sent = await super().send(to, card, delivery_id, update)
        return await super().send(to, card, delivery_id, update) if isinstance(sent, Uncertain) else sent


class ForgetfulSlack(Slack):
    """Takes each repeat for something new."""

    async def start(self, dispatch: Dispatch) -> None:
        async def as_new(inbound: Inbound) -> Sequence[AtOnce]:
            return await dispatch(replace(inbound, id=token_hex(8)))

        await super().start(as_new)


SLACKS: dict[str, type[Slack]] = {
    "sound": Slack,
    "blind": BlindSlack,
    "eager": EagerSlack,
    "forgetful": ForgetfulSlack,
}


def _platforms(orders: Orders) -> list[Platform]:
    found: list[Platform] = []
    if orders.slack is not None:
        found.append(SLACKS[orders.kind](clock=Ahead(orders.ahead).now, **orders.slack))
    if orders.teams is not None:
        found.append(Teams(**orders.teams))
    return found


class Bot:
    """One process."""

    def __init__(self, orders: Orders) -> None:
        context = get_context("forkserver")
        context.set_forkserver_preload(READY)
        self._ready, theirs = context.Pipe(duplex=False)
        self._process: ForkServerProcess = context.Process(target=work, args=(orders, theirs), daemon=True)
        self._process.start()
        theirs.close()

    async def at_work(self) -> int:
        """Waits until it has started and takes signals; the port on which it listens."""
        await self._readable(self._ready.fileno(), DIES_WITHIN)
        return int(self._ready.recv())

    def send(self, number: signal.Signals) -> None:
        """A signal, unless it is dead already."""
        if self._process.pid is not None and self._process.is_alive():
            os.kill(self._process.pid, number)

    async def ended(self, seconds: float = DIES_WITHIN) -> int:
        """Waits for the end; the exit code, which is minus the signal that killed it."""
        await self._readable(self._process.sentinel, seconds)
        await asyncio.to_thread(self._process.join)
        return int(self._process.exitcode or 0)

    async def _readable(self, descriptor: int, seconds: float) -> None:
        there, loop = asyncio.Event(), asyncio.get_running_loop()
        loop.add_reader(descriptor, there.set)
        try:
            await asyncio.wait_for(there.wait(), seconds)
        finally:
            loop.remove_reader(descriptor)

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    def clear_away(self) -> None:
        self._ready.close()
        if self._process.is_alive():
            self._process.kill()
        self._process.join()
        self._process.close()


@asynccontextmanager
async def bot(orders: Orders, **changes: Any) -> AsyncIterator[Bot]:
    """A process at work; whatever happens, it is gone afterwards."""
    running = Bot(replace(orders, **changes))
    try:
        yield running
    finally:
        await asyncio.to_thread(running.clear_away)


def exit_of(work: Callable[..., None], *given: object) -> int:
    """Runs a function in a process of its own; the exit code, which is minus the signal that killed it."""
    context = get_context("forkserver")
    context.set_forkserver_preload(READY)
    process = context.Process(target=work, args=given, daemon=True)
    process.start()
    process.join(2 * DIES_WITHIN)
    if process.is_alive():
        process.kill()
        process.join()
        raise TimeoutError(f"{work.__name__} never ended")
    code = int(process.exitcode or 0)
    process.close()
    return code


async def killed(orders: Orders, crash: str) -> bool:
    """A process works until it reaches the crash point. False when it never does."""
    async with bot(orders, crash=crash) as one:
        try:
            return await one.ended() == -signal.SIGKILL
        except TimeoutError:
            return False
