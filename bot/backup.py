"""`flipside backup`: the whole installation as one SQLite file, taken while the bot runs."""

from collections.abc import Mapping
from pathlib import Path

from bot.copying import file_of
from bot.progress import Report
from storage.backup import UnsoundFile, as_single_file, check, copy_snapshot, fresh_file, remove
from storage.copying import copy_everything
from storage.migrate import current, is_known, migrate, newest


class BackupFault(Exception):
    """No backup was made; its words say why, for an operator."""


def back_up(url: str, file: Path, progress: Report, *, force: bool = False) -> Mapping[str, int]:
    """Writes `file` whole or not at all, checks it, and returns the rows of each table in it.

    PostgreSQL is read in one transaction and gives the same kind of file, so that `restore` takes it on either
    database. Raises BackupFault, UnsoundFile, InUse, CopyFault, DatabaseUnreachable, OSError.
    """
    _refuse_overwriting(url, file, force)
    part = file.with_name(f"{file.name}.part")
    file.parent.mkdir(parents=True, exist_ok=True)
    source = file_of(url)
    try:
        if source is not None:
            progress("Copying the file", 0.1)
            rows = _from_file(source, part)
        else:
            rows = _from_server(url, part, progress)
        _refuse_overwriting(url, file, force)
        part.replace(file)
        return rows
    finally:
        remove(part)


def _refuse_overwriting(url: str, file: Path, force: bool) -> None:
    source = file_of(url)
    if source is not None and not source.exists():
        raise BackupFault(f"there is no database {source} yet")
    if source is not None and file.resolve() == source.resolve():
        raise BackupFault(f"{file} is the database itself")
    if file.exists() and not force:
        raise BackupFault(f"{file} is there already; --force overwrites it")


def _from_file(source: Path, part: Path) -> Mapping[str, int]:
    try:
        return copy_snapshot(source, part)
    except UnsoundFile as fault:
        raise BackupFault(f"{fault}. Check FLIPSIDE_DATABASE_URL; if it is right, restore an older backup") from None


def _from_server(url: str, part: Path, progress: Report) -> Mapping[str, int]:
    revision = current(url)
    if revision != newest():
        word = "older" if is_known(revision) else "newer"
        raise BackupFault(f"the database has the schema of an {word} Flipside: use that one, or run flipside migrate")
    fresh_file(part)
    migrate(f"sqlite:///{part}")
    copy_everything(url, f"sqlite:///{part}", progress)
    as_single_file(part)
    return check(part)
