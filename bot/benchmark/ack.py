"""How long Slack waits for an acknowledgement, and what it costs: this bot against a bare Bolt app, in one run."""

import asyncio
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from secrets import token_hex

from rich.table import Table

from bot.benchmark.commands import PEOPLE, Commands, Latencies
from bot.benchmark.servers import Server, running, serve_bare, serve_flipside
from bot.benchmark.slack_stand_in import SlackStandIn
from bot.clock import SystemClock

# Interpreters and caches warm up: these requests are not counted.
WARM_UP = 2 * PEOPLE
CONNECTIONS = (1, 16)
ROUNDS = 10
# What we promise on two cores (issue A): times the bare app's CPU, milliseconds, milliseconds.
MOST_CPU, MOST_P50_ALONE, MOST_P99_TOGETHER = 8.0, 6.0, 100.0

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Measured:
    """One server: CPU milliseconds a request, and the latencies at one connection and at sixteen."""

    cpu_ms: float
    alone: Latencies
    together: Latencies


@dataclass(frozen=True, slots=True)
class AckReport:
    """Both servers, and one turn of the bot by itself: all in CPU milliseconds a request."""

    requests: int
    bare: Measured
    bot: Measured
    turn_ms: float
    inbox_row_ms: float

    @property
    def ratio(self) -> float:
        return self.bot.cpu_ms / self.bare.cpu_ms

    def table(self) -> Table:
        shown = Table(title=f"Signed /mentor help, {self.requests} requests at each number of connections")
        for heading in ("", "Bare Bolt", "Flipside", "Limit"):
            shown.add_column(heading, justify="left" if not heading else "right")
        for row in (*self._rows(), *self._where()):
            shown.add_row(*row)
        return shown

    def _rows(self) -> Sequence[Sequence[str]]:
        both = self.bare, self.bot
        return (
            ("CPU a request, ms", f"{self.bare.cpu_ms:.2f}", f"{self.bot.cpu_ms:.2f}", ""),
            ("CPU, times the bare app's", "1", f"{self.ratio:.1f}", f"{MOST_CPU:.0f}"),
            ("p50 at 1 connection, ms", *(each.alone.words(0.5) for each in both), f"{MOST_P50_ALONE:.0f}"),
            ("p99 at 1 connection, ms", *(each.alone.words(0.99) for each in both), ""),
            ("p50 at 16 connections, ms", *(each.together.words(0.5) for each in both), ""),
            ("p99 at 16 connections, ms", *(each.together.words(0.99) for each in both), f"{MOST_P99_TOGETHER:.0f}"),
        )

    def _where(self) -> Sequence[Sequence[str]]:
        """Where the CPU time goes. What the bare app does is HTTP, the signature and Bolt."""
        around = self.bot.cpu_ms - self.turn_ms
        return (
            ("CPU: HTTP, Bolt, card to JSON, ms", "", f"{around:.2f}", ""),
            ("CPU: a turn, ms", "", f"{self.turn_ms:.2f}", ""),
            ("  of it an inbox row's commit, ms", "", f"{self.inbox_row_ms:.2f}", ""),
        )


def acknowledgements(requests: int, progress: Progress) -> AckReport:
    """`requests` at each number of connections, to each of the two servers."""
    return asyncio.run(_acknowledgements(requests, progress))


async def _acknowledgements(requests: int, progress: Progress) -> AckReport:
    secret, slack = token_hex(16), SlackStandIn()
    await slack.start()
    commands = Commands(secret, SystemClock(), slack.url)
    try:
        with (
            tempfile.TemporaryDirectory(prefix="flipside-bench-") as folder,
            running(serve_bare, secret) as bare,
            running(serve_flipside, secret, f"sqlite:///{folder}/bench.db", slack.url) as bot,
        ):
            one, other = await _in_turns((bare, bot), commands, requests, progress)
            progress("Looking where the time goes", 0.9)
            turns = await asyncio.to_thread(bot.ask, "turns")
    finally:
        await slack.stop()
    return AckReport(requests, one, other, turns["turn"], turns["inbox row"])


async def _in_turns(
    servers: Sequence[Server], commands: Commands, requests: int, progress: Progress
) -> Sequence[Measured]:
    """Each in turn for a while, since a machine that is shared is faster in one second than in the next."""
    for server in servers:
        await commands.post(server.url, WARM_UP, 1)
    taken = [{each: list[float]() for each in CONNECTIONS} for _ in servers]
    cpu = [0.0 for _ in servers]
    for number in range(ROUNDS):
        progress("Asking a bare Bolt app and Flipside in turns", 0.05 + 0.85 * number / ROUNDS)
        for at, server in enumerate(servers):
            before = server.cpu_ms()
            for connections in CONNECTIONS:
                found = await commands.post(server.url, max(1, requests // ROUNDS), connections)
                taken[at][connections].extend(found.milliseconds)
            cpu[at] += server.cpu_ms() - before
    return [_measured(of, cpu_ms) for of, cpu_ms in zip(taken, cpu, strict=True)]


def _measured(taken: Mapping[int, Sequence[float]], cpu_ms: float) -> Measured:
    alone, together = (Latencies(sorted(taken[each])) for each in CONNECTIONS)
    return Measured(cpu_ms / sum(map(len, taken.values())), alone, together)
