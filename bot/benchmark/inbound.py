"""Turns that come in, taken by one process or several on one database: each as fast as it can."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from multiprocessing.connection import Connection

from bot.benchmark.company import user
from bot.benchmark.servers import Server, running
from bot.benchmark.sink import NAME, TENANT
from bot.clock import SystemClock, stopwatch
from bot.dispatcher import Dispatcher
from conversations.contacts import Address
from conversations.content import load
from conversations.events import Commanded, Inbound
from conversations.flows import FLOWS
from storage.database import Database

TURNS_AT_ONCE = 8
PEOPLE = 200


@dataclass(frozen=True, slots=True)
class Turns:
    """Inbound turns a second of one process, and of two together."""

    alone: float
    together: float


def turns_a_second(url: str, seconds: float) -> Turns:
    """The people with the ids up to PEOPLE are on the database."""
    return asyncio.run(_turns_a_second(url, seconds))


async def _turns_a_second(url: str, seconds: float) -> Turns:
    with running(take_turns, url, "one") as one, running(take_turns, url, "other") as other:
        await _together((one, other), seconds / 4)
        return Turns(await _together((one,), seconds), await _together((one, other), seconds))


async def _together(processes: Sequence[Server], seconds: float) -> float:
    took = await asyncio.gather(*(asyncio.to_thread(each.ask, str(seconds)) for each in processes))
    return float(sum(took))


def take_turns(pipe: Connection, url: str, name: str) -> None:
    """In a process of its own: for each number of seconds that it is sent, the turns a second that it managed."""
    database = Database(url)
    dispatcher, numbers = Dispatcher(database, FLOWS, load(), {}, SystemClock()), count(1)

    async def one_after_the_other(until: float) -> int:
        elapsed, taken = stopwatch(), 0
        while elapsed() < until:
            number = next(numbers)
            address = Address(NAME, TENANT, user(1 + number % PEOPLE))
            await dispatcher(Inbound(f"{name} {number}", address, Commanded("help")))
            taken += 1
        return taken

    async def together(seconds: float) -> float:
        elapsed = stopwatch()
        taken = await asyncio.gather(*(one_after_the_other(seconds * 1000) for _ in range(TURNS_AT_ONCE)))
        return sum(taken) / (elapsed() / 1000)

    # No server listens here: there is no port to tell.
    pipe.send(0)
    with suppress(EOFError):
        while True:
            pipe.send(asyncio.run(together(float(pipe.recv()))))
    database.close()
