"""`flipside copy`: an installation moves from one database to another, while nobody works on either."""

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from pathlib import Path

from bot.progress import Report
from storage.backup import InUse, UnsoundFile, as_single_file
from storage.copying import CopyFault, copy_everything, others_connected
from storage.database import Database
from storage.engines import make_private
from storage.migrate import DatabaseUnreachable, migrate

SQLITE = "sqlite:///"


class NoDatabase(Exception):
    """Nothing is at this address yet, so that there is nothing to do something with."""


# A server needs a moment to notice that somebody hung up.
LOOKS, SECONDS_BETWEEN_LOOKS = 20, 0.1


def copy(source: str, target: str, progress: Report) -> Mapping[str, int]:
    """Every row of `source` into the empty `target`; `source` stays as it is. Returns the rows of each table.

    Raises CopyFault, InUse, UnsoundFile, NewerSchema and DatabaseUnreachable; then the target holds no row.
    """
    if _same(source, target):
        raise CopyFault("source and target are the same database")
    if (file := file_of(source)) is not None and not file.exists():
        raise CopyFault(f"there is no file {file}")
    progress("Looking at both databases", 0.0)
    with only_us(source), ExitStack() as while_we_work:
        migrate(source)
        try:
            while_we_work.enter_context(only_us(target))
            if (file := file_of(target)) is not None:
                make_private(file)
            migrate(target)
        except DatabaseUnreachable as fault:
            raise CopyFault(f"the target does not let us in ({fault}). Check the address behind --to") from None
        return copy_everything(source, target, progress)


@contextmanager
def only_us(url: str, *, damaged: bool = False) -> Iterator[None]:
    """Nobody else works on a SQLite file meanwhile; of a server it says that nobody did when it began. Raises InUse
    when somebody does, and UnsoundFile unless `damaged` is fine.
    """
    file = file_of(url)
    if file is None:
        _refuse_shared(url)
        yield
        return
    database = Database(url)
    try:
        # Every `flipside run` is seen by its lock; any other connection shows in the file.
        if not database.is_alone():
            raise InUse(str(file))
        with suppress(UnsoundFile) if damaged else nullcontext():
            if file.exists():
                as_single_file(file)
        yield
    finally:
        database.close()


def file_of(url: str) -> Path | None:
    """The file of a SQLite database; None when it is on a server."""
    return Path(url.removeprefix(SQLITE)) if url.startswith(SQLITE) else None


def refuse_missing(url: str) -> None:
    """Else a command in the wrong folder would make an empty database, and say that all is done. Raises NoDatabase."""
    if (file := file_of(url)) is not None and not file.exists():
        raise NoDatabase(
            f"there is no database {file} here. Run this in the folder where the bot runs, with its settings, or check "
            "FLIPSIDE_DATABASE_URL."
        )


def _same(one: str, other: str) -> bool:
    files = file_of(one), file_of(other)
    if files[0] is not None and files[1] is not None:
        return files[0].resolve() == files[1].resolve()
    return one == other


def _refuse_shared(url: str) -> None:
    for look in range(LOOKS):
        if look:
            time.sleep(SECONDS_BETWEEN_LOOKS)
        if not others_connected(url):
            return
    raise InUse("the PostgreSQL database")
