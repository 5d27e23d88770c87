"""Turns that come in, taken by one process or several on one database: each as fast as it can."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from multiprocessing.connection import Connection
from statistics import mean

from bot.benchmark.company import user
from bot.benchmark.servers import Server, running
from bot.benchmark.sink import NAME, TENANT
from bot.clock import SystemClock, stopwatch
from bot.dispatcher import Dispatcher
from bot.memory import keep_what_is_there
from conversations.contacts import Address
from conversations.content import load
from conversations.events import Commanded, Inbound
from conversations.flows import FLOWS
from storage.database import Database

TURNS_AT_ONCE = 8
PEOPLE = 200
ROUNDS = 8


@dataclass(frozen=True, slots=True)
class Turns:
    """Inbound turns a second of one process, and of two together: the mean of several rounds."""

    alone: float
    together: float


def turns_a_second(url: str, seconds: float) -> Turns:
    """The people with the ids up to PEOPLE are on the database. `seconds`: of each of the two, in all."""
    return asyncio.run(_turns_a_second(url, seconds))


async def _turns_a_second(url: str, seconds: float) -> Turns:
    with running(take_turns, url, "one") as one, running(take_turns, url, "other") as other:
        each = seconds / ROUNDS
        await _together((one, other), each)
        # In turns, since a machine that is shared is faster in one second than in the next.
        rounds = [(await _together((one,), each), await _together((one, other), each)) for _ in range(ROUNDS)]
    return Turns(mean(alone for alone, _ in rounds), mean(together for _, together in rounds))


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

    # As `flipside run` does.
    keep_what_is_there()
    # No server listens here: there is no port to tell.
    pipe.send(0)
    with suppress(EOFError):
        while True:
            pipe.send(asyncio.run(together(float(pipe.recv()))))
    database.close()
