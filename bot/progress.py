"""Progress of long work, on standard error, so that standard output stays clean for pipes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

Report = Callable[[str, float], None]
"""Called with what is being done now, and how much is done (0 to 1)."""


@contextmanager
def progress_on_stderr(title: str) -> Iterator[Report]:
    """A bar that goes away when the work is done; nothing where nobody watches, as in a log."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(title, total=1.0)

        def report(words: str, done: float) -> None:
            bar.update(task, completed=min(max(done, 0.0), 1.0), description=words or title)

        yield report
