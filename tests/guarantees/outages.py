"""What the bot stands on is gone for a while: a full disk, a locked database, a PostgreSQL that restarts, no Slack."""

import asyncio
import resource
import signal
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import aiohttp

from storage.database import Database
from storage.migrate import migrate
from tests.guarantees.introductions import MINUTE, MONDAY, morning
from tests.guarantees.office import Office, Outcome, slack_office
from tests.guarantees.process import Bot, bot
from tests.support.postgres import create_database, restarting_server
from tests.support.slack_server import Fault

MESSAGES = 2
FOLLOWS_WITHIN = 10.0
LOOKS_EVERY = 0.1


@dataclass(frozen=True, slots=True)
class Outage:
    """What became of the messages, and the seconds until /readyz said that it had begun and that it was over."""

    outcome: Outcome
    noticed: float
    over: float

    @property
    def is_survived(self) -> bool:
        return self.outcome.is_perfect and max(self.noticed, self.over) <= FOLLOWS_WITHIN


Break = Callable[[Office, Bot], AbstractAsyncContextManager[None]]


async def survived(url: str, breaks: Break, seconds: float) -> Outage:
    """The whole bot at work; something breaks for so long; what waited and what is written afterwards arrives once."""
    async with slack_office(url, whole=True) as office, bot(office.orders) as one:
        port = await one.at_work()
        office.post(MESSAGES)
        await office.until_settled()
        async with breaks(office, one):
            noticed = await _answers(port, 503)
            await _pass(seconds - noticed)
        over = await _answers(port, 200)
        office.post(MESSAGES)
        await office.until_settled()
        one.send(signal.SIGTERM)
        assert await one.ended() == 0
        return Outage(office.count(), noticed, over)


async def _pass(seconds: float) -> None:
    """Real seconds: what is tested is how the database's own waiting behaves."""
    loop = asyncio.get_running_loop()
    over = asyncio.Event()
    loop.call_later(max(seconds, 0), over.set)
    await over.wait()


async def _answers(port: int, status: int) -> float:
    """Seconds until /readyz answers so."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    async with asyncio.timeout(6 * FOLLOWS_WITHIN), aiohttp.ClientSession() as session:
        while True:
            async with session.get(f"http://127.0.0.1:{port}/readyz") as answer:
                if answer.status == status:
                    return loop.time() - begun
            await _pass(LOOKS_EVERY)


@asynccontextmanager
async def locked(office: Office, one: Bot) -> AsyncIterator[None]:
    """Another program holds SQLite's write lock."""
    other = sqlite3.connect(office.orders.database_url.removeprefix("sqlite:///"), isolation_level=None, timeout=20)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.close()


@asynccontextmanager
async def full(office: Office, one: Bot) -> AsyncIterator[None]:
    """The process may make no file longer than its write-ahead log is: each write fails, as on a full disk."""
    log = Path(f"{office.orders.database_url.removeprefix('sqlite:///')}-wal")
    _, hard = resource.prlimit(one.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(one.pid, resource.RLIMIT_FSIZE, (1, hard))
    assert log.exists()
    try:
        yield
    finally:
        resource.prlimit(one.pid, resource.RLIMIT_FSIZE, (hard, hard))


async def restarts_survived(pauses: Sequence[float]) -> tuple[Outcome, float]:
    """PostgreSQL stops at once and starts again after each of these seconds. Whatever was written before and after
    each of them arrives once; the longest time until /readyz said that it was there again.
    """
    with restarting_server() as (server, restart):
        url = create_database(server, "flipside_restarts")
        migrate(url)
        longest = 0.0
        async with slack_office(url, whole=True, lease=5.0) as office, bot(office.orders) as one:
            port = await one.at_work()
            for pause in pauses:
                office.post(MESSAGES)
                await _pass(pause)
                await asyncio.to_thread(restart)
                longest = max(longest, await _answers(port, 200))
            await office.until_settled(120)
            one.send(signal.SIGTERM)
            assert await one.ended() == 0
            return office.count(), longest


async def an_hour_without_slack(database: Database) -> Outcome:
    """Slack answers nobody for an hour, and takes up where it was; nobody does anything about it."""
    async with morning(database) as here:
        people = [here.hire(number, known=True) for number in range(MESSAGES)]
        methods = ("chat.postMessage", "conversations.history", "conversations.open", "dnd.info")
        for method in methods:
            here.slack.fail(method, *[Fault("status", status=503)] * 1_000)
        for person in people:
            here.post(f"for {person}", person_id=person)
        await here.travel.advance(MONDAY + timedelta(hours=1))
        assert not here.slack.messages
        for method in methods:
            here.slack.recovers(method)
        await here.travel.advance(MONDAY + timedelta(hours=2) + MINUTE)
        came = [message.text for message in here.slack.messages]
        waiting = len(here.states() - {"sent"})
        return Outcome(len(people), len(people) - len(set(came)), len(came) - len(set(came)), waiting)
