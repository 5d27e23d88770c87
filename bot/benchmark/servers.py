"""The two servers, each in a process of its own, which tells its port and how much CPU time it has used."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import count
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from aiohttp import web

from adapters.slack.bare import bare_app
from bot.app import App, build
from bot.benchmark.commands import COMMAND
from bot.benchmark.slack_stand_in import TEAM
from bot.memory import keep_what_is_there
from bot.settings import Settings
from conversations.contacts import Address
from conversations.events import Commanded, Inbound

STARTS_WITHIN, STOPS_WITHIN = 60.0, 15.0
TURNS_MEASURED = 400
Ask = Callable[[str], Any]
Answer = Callable[[str], Awaitable[Any]]


class Server:
    """A server that runs. `cpu_ms` is of all its threads since it began."""

    def __init__(self, port: int, ask: Ask) -> None:
        self.url = f"http://127.0.0.1:{port}/slack/events"
        self.ask = ask

    def cpu_ms(self) -> float:
        return float(self.ask("cpu"))


@contextmanager
def running(target: Callable[..., None], *args: str) -> Iterator[Server]:
    """`target` in a process of its own, until the block is left."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=target, args=(theirs, *args), daemon=True)
    process.start()
    theirs.close()

    def ask(question: str) -> Any:
        ours.send(question)
        return _answer(ours)

    try:
        yield Server(int(_answer(ours)), ask)
    finally:
        ours.close()
        process.join(STOPS_WITHIN)
        if process.is_alive():
            process.kill()
            process.join()


def _answer(pipe: Connection) -> Any:
    if not pipe.poll(STARTS_WITHIN):
        raise TimeoutError("a server did not answer")
    return pipe.recv()


# In the processes --------------------------------------------------------------------------------------------------


def serve_bare(pipe: Connection, secret: str) -> None:
    """Bolt as it comes."""
    asyncio.run(_serve_bare(pipe, secret))


async def _serve_bare(pipe: Connection, secret: str) -> None:
    runner = web.AppRunner(bare_app(secret, COMMAND), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await _until_let_go(pipe, runner.addresses[0][1], _cpu)
    await runner.cleanup()


def serve_flipside(pipe: Connection, secret: str, database_url: str, api_url: str) -> None:
    """The whole bot as `flipside run` starts it, with its heartbeat, and its log lines thrown away."""
    logging.basicConfig(level=logging.INFO, handlers=[logging.NullHandler()])
    settings = Settings.model_validate(
        {
            "database_url": database_url,
            "slack_bot_token": "xoxb-bench",
            "slack_signing_secret": secret,
            "slack_api_url": api_url,
        }
    )
    app = build(settings, port=0)
    try:
        asyncio.run(_serve_flipside(pipe, app))
    finally:
        app.close()


async def _serve_flipside(pipe: Connection, app: App) -> None:
    server = await app.start()
    keep_what_is_there()

    async def answer(question: str) -> Any:
        return await _cpu(question) if question == "cpu" else await _turns(app)

    await _until_let_go(pipe, server.port, answer)
    await app.stop(server)


async def _until_let_go(pipe: Connection, port: int, answer: Answer) -> None:
    """Answers questions until the other end closes."""
    pipe.send(port)
    while True:
        try:
            question = await asyncio.to_thread(pipe.recv)
        except EOFError:
            return
        pipe.send(await answer(question))


async def _cpu(_question: str) -> float:
    return time.process_time() * 1000


async def _turns(app: App) -> dict[str, float]:
    """CPU milliseconds of one turn without HTTP and Bolt, and of the least that could be written for it."""
    numbers = count(1)
    dispatch, database = app.engine.dispatcher, app.engine.database
    address, day = Address("slack", TEAM, "U0001"), date(2026, 1, 1)

    async def turn() -> None:
        await dispatch(Inbound(f"turn {next(numbers)}", address, Commanded("help")))

    async def inbox_row() -> None:
        number = next(numbers)
        await database.write(lambda store: store.inbox.is_new("slack", f"row {number}", day))

    return {"turn": await _cpu_of(turn), "inbox row": await _cpu_of(inbox_row)}


async def _cpu_of(work: Callable[[], Awaitable[None]]) -> float:
    await work()
    before = time.process_time()
    for _ in range(TURNS_MEASURED):
        await work()
    return (time.process_time() - before) * 1000 / TURNS_MEASURED
