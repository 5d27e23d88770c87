"""SQLite files as a whole: a copy of one snapshot while others write, a check, and putting one in another's place."""

import errno
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

from storage.engines import make_private
from storage.migrate import is_known
from storage.tables import Table

# Beside a database in write-ahead mode; a file without them is complete by itself.
BESIDE = ("-wal", "-shm", "-journal")


class UnsoundFile(Exception):
    """The file is no database of ours, or is damaged; its words say which, for an operator."""


class InUse(Exception):
    """Another process has the database open."""


def copy_snapshot(source: Path, target: Path) -> Mapping[str, int]:
    """Writes `target`, one complete file that only its owner may read, and returns the rows of each table in it.

    Everything is of one moment: in a single step the copy holds one read transaction, beside which others write on.
    Raises UnsoundFile when the source, or what was copied, does not pass SQLite's own checks, and InUse and OSError.
    """
    fresh_file(target)
    try:
        with closing(_open(source, "rw")) as there, closing(_open(target, "rw")) as here:
            there.execute("PRAGMA busy_timeout=10000")
            there.backup(here)
    except sqlite3.Error as fault:
        raise _in_our_words(fault, source, target) from None
    as_single_file(target)
    rows = check(target)
    _to_disk(target)
    return rows


def _in_our_words(fault: sqlite3.Error, source: Path, target: Path) -> Exception:
    match getattr(fault, "sqlite_errorcode", 0) & 0xFF:
        case sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CORRUPT:
            return UnsoundFile(f"{source} cannot be read as a database ({fault})")
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return InUse(str(source))
        case _:
            return OSError(errno.EIO, f"the copy could not be written ({fault})", str(target))


def fresh_file(path: Path) -> None:
    """An empty file that nobody else may read, in place of what an interrupted attempt left there."""
    remove(path)
    make_private(path)


def remove(path: Path) -> None:
    """The file, if it is there, and what lies beside it."""
    for each in (path, *beside(path)):
        each.unlink(missing_ok=True)


def check(path: Path) -> Mapping[str, int]:
    """The rows of each of our tables in a sound file. Raises UnsoundFile."""
    try:
        with closing(_open(path, "ro")) as connection:
            _check(connection, path)
            names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            tables = [name for name in Table.metadata.tables if name in names]
            return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}
    except sqlite3.Error as fault:
        raise UnsoundFile(f"{path} cannot be read as a database ({fault})") from None


def _check(connection: sqlite3.Connection, path: Path) -> None:
    [(found,), *_] = connection.execute("PRAGMA integrity_check(1)").fetchall()
    if found != "ok":
        raise UnsoundFile(f"{path} is damaged: SQLite's integrity check does not pass")
    broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    if broken is not None:
        raise UnsoundFile(f"{path} is damaged: rows of the table {broken[0]} point at rows that are not there")


def revision(path: Path) -> str:
    """The schema of a file; empty when it is none of ours. Raises UnsoundFile."""
    try:
        with closing(_open(path, "ro")) as connection:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error:
        raise UnsoundFile(f"{path} is no Flipside database") from None
    return str(row[0]) if row else ""


def is_newer(path: Path) -> bool:
    """Whether a newer Flipside made the file."""
    found = revision(path)
    return bool(found) and not is_known(found)


def as_single_file(path: Path) -> None:
    """Folds in what lies beside it. Raises InUse while anybody else has the database open, and UnsoundFile."""
    try:
        with closing(_open(path, "rw")) as connection:
            connection.execute("PRAGMA busy_timeout=1000")
            # Leaving write-ahead mode needs the database to itself: every open connection holds a shared lock.
            connection.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.Error as fault:
        if "locked" in str(fault):
            raise InUse(str(path)) from None
        raise UnsoundFile(f"{path} cannot be read as a database ({fault})") from None


def put_in_place(new: Path, path: Path, aside: Path | None, passed: Callable[[str], None]) -> None:
    """`new` becomes `path`; what was there is kept as `aside`. At every moment one of the two is there, complete.

    `passed` is told how far it is: after `aside`, and after the change.
    """
    if aside is not None:
        _keep(path, aside)
        # A log of the old file must never be played into the new one.
        for ending in BESIDE:
            left = Path(f"{path}{ending}")
            if left.exists():
                left.rename(f"{aside}{ending}")
    passed("aside")
    _to_disk(new)
    new.replace(path)
    _to_disk(path.parent)
    passed("replaced")


def _keep(path: Path, aside: Path) -> None:
    try:
        os.link(path, aside)
    except OSError:
        # A file system without links: one copy, then.
        aside.write_bytes(path.read_bytes())
        aside.chmod(0o600)


def beside(path: Path) -> Iterator[Path]:
    return (Path(f"{path}{ending}") for ending in BESIDE)


def _open(path: Path, mode: str) -> sqlite3.Connection:
    # As an address, so that a file that is not there is not made.
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None)


def _to_disk(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
