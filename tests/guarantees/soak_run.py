"""What `make soak` does: every check with the long numbers, one row each. Exit code 1 when a promise broke."""

import argparse
import logging
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from multiprocessing import get_context
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.clock import stopwatch
from tests.guarantees.soak_checks import BESIDE, CHECKS, LONG, QUICK, Check, Databases, Found, Numbers
from tests.support.postgres import create_database, postgres_server


@dataclass(frozen=True, slots=True)
class Row:
    """One check. `fault`: what stopped it, so that it found nothing."""

    name: str
    found: Found | None
    seconds: float
    fault: str = ""

    @property
    def is_kept(self) -> bool:
        return self.found is not None and self.found.beyond == 0

    def cells(self) -> Sequence[str]:
        if self.found is None:
            return self.name, "", "", "", "", f"{self.seconds:.0f}", self.fault
        each = self.found.runs, self.found.lost, self.found.repeated, self.found.outside
        return self.name, *(f"{number:,}" for number in each), f"{self.seconds:.0f}", "yes" if self.is_kept else "NO"


def taken(name: str, check: Check, numbers: Numbers, databases: Databases) -> Row:
    """Runs one check; whatever it stumbles over is its row."""
    elapsed = stopwatch()
    try:
        found = check(numbers, databases)
    except (Exception, ExceptionGroup) as fault:
        return Row(name, None, elapsed() / 1000, f"{type(fault).__name__}: {fault}"[:200])
    return Row(name, found, elapsed() / 1000)


def beside(name: str, folder: str, numbers: Numbers) -> Row:
    """A check in a process of its own."""
    logging.basicConfig(level=logging.CRITICAL)
    return taken(name, BESIDE[name], numbers, Databases(Path(folder), no_server))


def no_server() -> str:
    raise LookupError("this check has no PostgreSQL")


def soak(numbers: Numbers, wanted: Callable[[str], bool], tell: Callable[[Row], None]) -> list[Row]:
    """The checks whose names are wanted, in order."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="flipside-soak-") as folder, ExitStack() as stack:
        apart = _begin(stack, folder, numbers, [name for name in BESIDE if wanted(name)])
        databases = Databases(Path(folder), stack.enter_context(_server_when_needed()))
        for name, check in CHECKS.items():
            if wanted(name):
                rows.append(taken(name, check, numbers, databases))
                tell(rows[-1])
        for future in apart.values():
            rows.append(future.result())
            tell(rows[-1])
    return rows


def _begin(stack: ExitStack, folder: str, numbers: Numbers, names: Sequence[str]) -> Mapping[str, "Future[Row]"]:
    if not names:
        return {}
    pool = stack.enter_context(ProcessPoolExecutor(1, get_context("spawn")))
    return {name: pool.submit(beside, name, folder, numbers) for name in names}


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
    for heading in ("Check", "Runs", "Lost", "Repeated", "Outside hours", "Seconds", "Kept"):
        shown.add_column(heading, justify="left" if heading in ("Check", "Kept") else "right")
    for row in rows:
        shown.add_row(*row.cells())
    return shown


def main(words: Sequence[str], console: Console) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.guarantees.soak", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of everything")
    parser.add_argument("--only", nargs="*", default=[], metavar="ID", help="such as D6 O4")
    asked = parser.parse_args(words)
    ids = {each.upper() for each in asked.only}

    def wanted(name: str) -> bool:
        return not ids or bool(ids & set(name.replace(",", " ").split()))

    def tell(row: Row) -> None:
        console.print(f"{row.name}: {row.seconds:.0f} s, {'kept' if row.is_kept else row.fault or 'NOT KEPT'}")

    # What dies is logged hundreds of times, and is what we want.
    logging.basicConfig(level=logging.CRITICAL)
    rows = soak(QUICK if asked.quick else LONG, wanted, tell)
    if not rows:
        parser.error("no check has one of these ids")
    console.print(table(rows))
    return 0 if all(row.is_kept for row in rows) else 1
