"""What `make soak` does: every check with the long numbers, one row each. Exit code 1 when a promise broke."""

import argparse
import logging
import resource
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import count
from multiprocessing import forkserver, get_context
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from bot.clock import stopwatch
from tests.guarantees.soak_checks import CHECKS, LONG, QUICK, Check, Databases, Found, Numbers
from tests.support.postgres import create_database, postgres_server

# Checks at the same time. Two cores carry three, since some of them wait for minutes.
LANES = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One check. `fault`: what stopped it, so that it found nothing. `cpu`: seconds of it and all that it started,
    PostgreSQL left out.
    """

    name: str
    found: Found | None
    seconds: float
    fault: str = ""
    cpu: float = 0.0

    @property
    def is_kept(self) -> bool:
        return self.found is not None and self.found.beyond == 0

    def cells(self) -> Sequence[str]:
        took = f"{self.seconds:.0f}", f"{self.cpu:.0f}"
        if self.found is None:
            return self.name, "", "", "", "", *took, self.fault
        each = self.found.runs, self.found.lost, self.found.repeated, self.found.outside
        return self.name, *(f"{number:,}" for number in each), *took, "yes" if self.is_kept else "NO"


def taken(name: str, check: Check, numbers: Numbers, databases: Databases) -> Row:
    """Runs one check; whatever it stumbles over is its row."""
    elapsed = stopwatch()
    try:
        found = check(numbers, databases)
    except (Exception, ExceptionGroup) as fault:
        return Row(name, None, elapsed() / 1000, f"{type(fault).__name__}: {fault}"[:200])
    return Row(name, found, elapsed() / 1000)


def alone(name: str, folder: str, numbers: Numbers) -> Row:
    """A check in a process of its own."""
    # What dies is logged hundreds of times, and is what we want.
    logging.basicConfig(level=logging.CRITICAL)
    with tempfile.TemporaryDirectory(dir=folder) as own, _server_when_needed() as another_postgres:
        row = taken(name, CHECKS[name], numbers, Databases(Path(own), another_postgres))
    # Only what has ended and was waited for is counted.
    forkserver._forkserver._stop()  # type: ignore[attr-defined]
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return replace(row, cpu=sum(each.ru_utime + each.ru_stime for each in used))


def no_server() -> str:
    raise LookupError("this check has no PostgreSQL")


def soak(numbers: Numbers, names: Sequence[str], tell: Callable[[Row], None]) -> list[Row]:
    """These checks, a few at a time; the rows in their order."""
    # A fresh process for each check, so that its CPU seconds are its own.
    spawn = get_context("spawn")
    with (
        tempfile.TemporaryDirectory(prefix="flipside-soak-") as folder,
        ProcessPoolExecutor(LANES, spawn, max_tasks_per_child=1) as pool,
    ):
        begun: Mapping[Future[Row], str] = {pool.submit(alone, name, folder, numbers): name for name in names}
        for future in as_completed(begun):
            tell(future.result())
    return sorted((future.result() for future in begun), key=lambda row: row.name)


@contextmanager
def _server_when_needed() -> Iterator[Callable[[], str]]:
    """Starting PostgreSQL takes seconds, and most checks need none."""
    with ExitStack() as stack:
        servers: list[str] = []
        numbers = count(1)

        def another() -> str:
            if not servers:
                servers.append(stack.enter_context(postgres_server()))
            return create_database(servers[0], f"flipside_soak_{next(numbers)}")

        yield another


def table(rows: Sequence[Row]) -> Table:
    shown = Table(title="Soak")
    for heading in ("Check", "Runs", "Lost", "Repeated", "Outside hours", "Seconds", "CPU s", "Kept"):
        is_name = heading == "Check"
        shown.add_column(heading, justify="left" if is_name or heading == "Kept" else "right", no_wrap=is_name)
    for row in rows:
        shown.add_row(*row.cells())
    return shown


@contextmanager
def _progress(console: Console, total: int) -> Iterator[Callable[[Row], None]]:
    """A bar of the checks that are done, and a line for each."""
    columns = TextColumn("Soak"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=total)

        def tell(row: Row) -> None:
            bar.console.print(f"{row.name}: {row.seconds:.0f} s, {'kept' if row.is_kept else row.fault or 'NOT KEPT'}")
            bar.advance(task)

        yield tell


def main(words: Sequence[str], console: Console) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.guarantees.soak", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of everything")
    parser.add_argument("--only", nargs="*", default=[], metavar="ID", help="such as D6 O4")
    asked = parser.parse_args(words)
    ids = {each.upper() for each in asked.only}
    names = [name for name in CHECKS if not ids or ids & set(name.replace(",", " ").split())]
    if not names:
        parser.error("no check has one of these ids")
    elapsed = stopwatch()
    with _progress(console, len(names)) as tell:
        rows = soak(QUICK if asked.quick else LONG, names, tell)
    console.print(table(rows))
    console.print(f"{elapsed() / 60_000:.1f} minutes, {sum(row.cpu for row in rows) / 60:.1f} CPU minutes")
    return 0 if all(row.is_kept for row in rows) else 1
