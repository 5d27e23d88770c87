"""The outbox measured on both databases, beside the peer procrastinate, and what a second process adds."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.table import Table

from bot.benchmark.inbound import Turns, turns_a_second
from bot.benchmark.job_peer import Peer, PeerSpeed, peer_is_installed
from bot.benchmark.match import INSTALL_PEER
from bot.benchmark.outbox_speed import ROUNDS, OutboxSpeed, Speed, outbox_speed, question
from bot.benchmark.postgres import postgres
from bot.lanes import LANES_AT_ONCE
from conversations.packing import pack_card

FACTS = 10_000
SECONDS_OF_TURNS = 4.0
# What we promise (issue D).
SQLITE_A_SECOND, POSTGRES_A_SECOND, SECONDS_FOR_FACTS = 200, 300, 3.0
TIMES_WITH_A_SECOND, TIMES_THE_PEER = 1.5, 1.5

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """`postgres` and `turns` are None where there is no PostgreSQL, `peer` where it is not installed either."""

    sqlite: OutboxSpeed
    postgres: OutboxSpeed | None
    turns: Turns | None
    peer: PeerSpeed | None

    @property
    def is_sound(self) -> bool:
        """Each message was sent once."""
        outboxes = [each for each in (self.sqlite, self.postgres) if each is not None]
        speeds = [speed for each in outboxes for speed in (each.one_by_one, each.together)]
        return all((speed.repeated, speed.unsent) == (0, 0) for speed in speeds)

    def table(self) -> Table:
        shown = Table(title="Claim, send to a local sink over a socket, settle")
        for heading in ("", "SQLite", "PostgreSQL", "Limit"):
            shown.add_column(heading, justify="left" if not heading else "right")
        on_sqlite, on_postgres = _figures(self.sqlite), _figures(self.postgres)
        for name, one, other, limit in zip(_names(self.sqlite), on_sqlite, on_postgres, LIMITS, strict=True):
            shown.add_row(name, one, other, limit)
        if self.turns is not None:
            shown.add_row("Inbound turns/s, one process", "", f"{self.turns.alone:.0f}", "")
            times = f"{self.turns.together / self.turns.alone:.2f}"
            shown.add_row("Inbound turns/s, two processes", "", f"{self.turns.together:.0f}", "")
            shown.add_row("  times those of one", "", times, f"at least {TIMES_WITH_A_SECOND}")
        if self.peer is not None and self.postgres is not None:
            for ours, at_once in ((self.postgres.one_by_one, 1), (self.postgres.together, self.peer.best)):
                theirs = self.peer.per_second[at_once]
                best = " (its best)" if at_once == self.peer.best else ""
                shown.add_row(f"procrastinate's jobs/s, {at_once} at once{best}", "", f"{theirs:.0f}", "")
                how = "one at a time" if at_once == 1 else f"{LANES_AT_ONCE} at once"
                times = f"{ours.per_second / theirs:.2f}"
                limit = f"at least {TIMES_THE_PEER}" if at_once == self.peer.best else ""
                shown.add_row(f"  our messages/s {how}, times those", "", times, limit)
        shown.caption = self._caption()
        return shown

    def _caption(self) -> str:
        # What the server itself computes is no part of it.
        words = "CPU is that of this process, in which the sink is too."
        if self.postgres is None:
            words += " No PostgreSQL: give --database the address of an empty database."
        elif self.peer is None:
            words += f" procrastinate is not installed. To see it beside ours: {INSTALL_PEER}"
        return words


LIMITS = (
    *("", f"at least {SQLITE_A_SECOND} / {POSTGRES_A_SECOND}", "0", "0", ""),
    *("", "", "0", "0", ""),
    f"{SECONDS_FOR_FACTS:g} for {FACTS:,}",
)


def _names(speed: OutboxSpeed) -> Sequence[str]:
    figures = "  messages/s", "  sent twice", "  not sent", "  CPU a message, ms"
    one_by_one = "One at a time: a crash leaves one in doubt", *figures
    together = f"{LANES_AT_ONCE} people at once: what is in doubt is looked up", *figures
    return *one_by_one, *together, f"Seconds for {speed.facts:,} facts with messages"


def _figures(speed: OutboxSpeed | None) -> Sequence[str]:
    if speed is None:
        return [""] * len(LIMITS)
    return *_of(speed.one_by_one), *_of(speed.together), f"{speed.facts_seconds:.2f}"


def _of(speed: Speed) -> Sequence[str]:
    counts = f"{speed.messages:,}", f"{speed.per_second:.0f}", str(speed.repeated), str(speed.unsent)
    return *counts, f"{speed.cpu_milliseconds:.2f}"


def deliveries(
    messages: int, url: str | None, progress: Progress, facts: int = FACTS, seconds: float = SECONDS_OF_TURNS
) -> DeliveryReport:
    """`url`: an empty PostgreSQL database. Raises NotEmpty when it is not."""
    with postgres(url) as server, tempfile.TemporaryDirectory(prefix="flipside-bench-") as folder:
        progress("Sending from SQLite", 0.1)
        sqlite = outbox_speed(f"sqlite:///{folder}/bench.db", messages, facts)
        if server is None:
            return DeliveryReport(sqlite, None, None, None)
        peer = Peer(server, pack_card(question())) if peer_is_installed() else None
        progress("Sending from PostgreSQL, and procrastinate" if peer else "Sending from PostgreSQL", 0.4)

        def beside() -> None:
            if peer is not None:
                peer.round(max(messages // ROUNDS, 1))

        on_postgres = outbox_speed(server, messages, facts, between=beside)
        progress("One process answers over HTTP, then two", 0.8)
        return DeliveryReport(sqlite, on_postgres, turns_a_second(server, seconds), peer.speed() if peer else None)
