"""The calendar measured: check-in turns a second, and one planning of the heartbeat over very many pairs."""

import asyncio
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.connection import Connection

from rich.table import Table

from bot.benchmark.company import MONDAY, hire, pair_up
from bot.benchmark.servers import running
from bot.clock import SystemClock, stopwatch
from bot.dispatcher import Dispatcher
from bot.memory import keep_what_is_there, peak_mb
from bot.nudges import Nudges
from conversations.content import load
from conversations.flows import FLOWS
from storage.database import Database
from storage.migrate import migrate

# The turns of this many people's check-ins; their moments spread over the hours of two working days.
PAIRS_ASKED = 500
HOURS = 60
# What we promise (issue D).
TURNS_A_SECOND, PLANNING_SECONDS, PLANNING_MB = 150, 30.0, 300.0
PLANNED_PAIRS = 100_000

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class TurnsTaken:
    """All turns that the clock ran in those hours, and how many of them asked somebody how it goes."""

    turns: int
    check_ins: int
    seconds: float
    cpu_seconds: float


@dataclass(frozen=True, slots=True)
class Planning:
    """One planning: nudges that it wrote, moved or cancelled. `peak_mb`: the most its process ever held, up to then."""

    changes: int
    seconds: float
    cpu_seconds: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class NudgesReport:
    """`plannings`: the first, which finds an empty calendar, and the next, which finds it true."""

    taken: TurnsTaken
    pairs: int
    plannings: Sequence[Planning]

    def tables(self) -> list[Table]:
        return [self._turns(), self._plannings()]

    def _turns(self) -> Table:
        shown = _table("Turns that the clock runs, SQLite", "", "Measured", "Limit")
        shown.add_row("Turns", str(self.taken.turns), "")
        shown.add_row("  of them check-ins asked", str(self.taken.check_ins), "")
        shown.add_row("Turns/s", f"{self.taken.turns / self.taken.seconds:.0f}", f"at least {TURNS_A_SECOND}")
        shown.add_row("CPU a turn, ms", f"{self.taken.cpu_seconds * 1000 / max(self.taken.turns, 1):.2f}", "")
        return shown

    def _plannings(self) -> Table:
        title = f"One planning over {self.pairs:,} active pairs, SQLite, own process"
        shown = _table(title, "", "Nudges changed", "Seconds", "CPU seconds", "Peak MB")
        for name, one in zip(("The first", "The next, nothing new"), self.plannings, strict=True):
            measured = f"{one.seconds:.1f}", f"{one.cpu_seconds:.1f}", f"{one.peak_mb:.0f}"
            shown.add_row(name, f"{one.changes:,}", *measured)
        shown.add_row(f"Limit at {PLANNED_PAIRS:,} pairs", "", f"{PLANNING_SECONDS:.0f}", "", f"{PLANNING_MB:.0f}")
        return shown


def _table(title: str, *headings: str) -> Table:
    shown = Table(title=title)
    for heading in headings:
        shown.add_column(heading, justify="left" if not heading else "right")
    return shown


def nudges(pairs: int, progress: Progress, *, asked: int = PAIRS_ASKED) -> NudgesReport:
    """`pairs` are planned for; of `asked` more, in a database of their own, everybody is asked how it goes."""
    with tempfile.TemporaryDirectory(prefix="flipside-bench-") as folder:
        progress(f"Asking {2 * asked:,} people", 0.05)
        taken = asyncio.run(_ask(_company(f"sqlite:///{folder}/asked.db", asked)))
        progress(f"Filling a database with {pairs:,} pairs", 0.3)
        url = f"sqlite:///{folder}/planned.db"
        _company(url, pairs).close()
        progress(f"Planning for {pairs:,} pairs", 0.6)
        with running(plan, url) as process:
            plannings = [process.ask("first"), process.ask("next")]
    return NudgesReport(taken, pairs, plannings)


def _company(url: str, pairs: int) -> Database:
    migrate(url)
    database = Database(url)
    hire(database, 2 * pairs, everywhere=True)
    pair_up(database, pairs)
    return database


async def _ask(database: Database) -> TurnsTaken:
    """Hour after hour what is due; the planning before is not in the time."""
    calendar = _calendar(database)
    await calendar.plan_nudges(MONDAY)
    turns, elapsed, cpu = 0, stopwatch(), time.process_time()
    for hour in range(HOURS):
        turns += await calendar.run_due(MONDAY + timedelta(hours=hour))
    seconds, cpu_seconds = elapsed() / 1000, time.process_time() - cpu
    labels = await database.read(lambda store: store.outbox.labels())
    await asyncio.to_thread(database.close)
    return TurnsTaken(turns, sum(each.kind == "check_in" for each in labels.values()), seconds, cpu_seconds)


def _calendar(database: Database) -> Nudges:
    return Nudges(database, Dispatcher(database, FLOWS, load(), {}, SystemClock()))


def plan(pipe: Connection, url: str) -> None:
    """In a process of its own: one planning for each question."""
    database = Database(url)
    calendar = _calendar(database)
    # As `flipside run` does.
    keep_what_is_there()
    # No server listens here: there is no port to tell.
    pipe.send(0)
    for _ in ("first", "next"):
        pipe.recv()
        elapsed, cpu = stopwatch(), time.process_time()
        changes = asyncio.run(calendar.plan_nudges(MONDAY))
        pipe.send(Planning(changes, elapsed() / 1000, time.process_time() - cpu, peak_mb()))
    database.close()
