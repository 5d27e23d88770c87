"""What comes in, answered by one `flipside run` or two on one database: each as fast as it can."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from secrets import token_hex
from statistics import mean
from urllib.parse import urlsplit

from bot.benchmark.commands import PEOPLE, Commands, NotAcknowledged
from bot.benchmark.postgres import apart
from bot.benchmark.servers import Server, running, serve_flipside
from bot.benchmark.slack_stand_in import SlackStandIn
from bot.clock import SystemClock, stopwatch

CONNECTIONS = 8
ROUNDS = 8
# Signed before the time runs, so that it is the bot's time; more than one that answers would take.
MOST_A_SECOND = 2_000


@dataclass(frozen=True, slots=True)
class Turns:
    """Inbound turns a second of one process, and of two together: the mean of several rounds."""

    alone: float
    together: float


def turns_a_second(url: str, seconds: float) -> Turns:
    """On PostgreSQL, beside what is in this database. `seconds`: of each of the two, in all."""
    return asyncio.run(_turns_a_second(apart(url, "inbound"), seconds))


async def _turns_a_second(url: str, seconds: float) -> Turns:
    secret, slack = token_hex(16), SlackStandIn()
    await slack.start()
    commands = Commands(secret, SystemClock(), slack.url)
    with ExitStack() as processes:
        try:
            # In a thread, since each asks Slack who it is before it is there.
            starts = [running(serve_flipside, secret, url, slack.url) for _ in range(2)]
            one, other = [await asyncio.to_thread(processes.enter_context, start) for start in starts]
            for each in (one, other):
                await commands.post(each.url, PEOPLE, 1)
            # In turns, since a machine that is shared is faster in one second than in the next.
            both, long = (one, other), seconds / ROUNDS
            rounds = [
                (await _answered(both[:1], commands, long), await _answered(both, commands, long))
                for _ in range(ROUNDS)
            ]
        finally:
            await slack.stop()
    return Turns(mean(alone for alone, _ in rounds), mean(together for _, together in rounds))


async def _answered(servers: Sequence[Server], commands: Commands, seconds: float) -> float:
    """Turns a second of all of them."""
    most = round(MOST_A_SECOND * seconds * len(servers))
    todo = iter(list(islice(_posts(commands), most)))
    elapsed = stopwatch()
    counts = await asyncio.gather(
        *(_one_after_the_other(each, todo, seconds) for each in servers for _ in range(CONNECTIONS))
    )
    return sum(counts) / (elapsed() / 1000)


async def _one_after_the_other(server: Server, todo: Iterator[bytes], seconds: float) -> int:
    """Over one connection that stays open. An HTTP client costs more than it may here, where all share two cores."""
    address = urlsplit(server.url)
    reading, writing = await asyncio.open_connection(address.hostname, address.port)
    elapsed, taken = stopwatch(), 0
    for post in todo:
        writing.write(post)
        head = (await reading.readuntil(b"\r\n\r\n")).lower()
        if not head.startswith(b"http/1.1 200 "):
            raise NotAcknowledged(f"{server.url} answered {head[9:12].decode()}")
        await reading.readexactly(_length(head))
        taken += 1
        if elapsed() >= seconds * 1000:
            break
    writing.close()
    return taken


def _length(head: bytes) -> int:
    """Of the body, as its header says."""
    return int(head.partition(b"content-length:")[2].partition(b"\r")[0])


def _posts(commands: Commands) -> Iterator[bytes]:
    for headers, body in commands.signed():
        lines = {"Host": "127.0.0.1", "Content-Length": str(len(body)), **headers}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        yield f"POST /slack/events HTTP/1.1\r\n{head}\r\n".encode() + body
