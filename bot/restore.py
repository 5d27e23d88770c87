"""`flipside restore` and `flipside resume`: an older state comes back, and nothing is sent until somebody says so."""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.copying import file_of, only_us, refuse_missing
from bot.crash_points import crash_here
from bot.endings import end
from bot.progress import Report
from storage.backup import UnsoundFile, as_single_file, check, copy_snapshot, is_newer, put_in_place, remove
from storage.copying import copy_everything
from storage.database import Database
from storage.migrate import NewerSchema, migrate
from storage.outbox import UNCERTAIN
from storage.store import Store
from storage.tables import OutboxMessage

DROPPED = "dropped_by_operator"


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back, and where the database that was there is kept now."""

    rows: Mapping[str, int]
    aside: Path | None


def restore(url: str, file: Path, now: datetime, progress: Report) -> Restored:
    """The state of a backup takes the place of the database's, with the outbox on hold.

    Whatever happens on the way, the database is the old one or the new one with its hold, whole. Raises UnsoundFile,
    InUse, NewerSchema, CopyFault; then nothing has changed.
    """
    progress("Checking the backup", 0.1)
    check(file)
    if is_newer(file):
        raise NewerSchema(f"{file} was made by a newer Flipside: install that one to restore it.")
    database = file_of(url)
    is_first = database is not None and not database.exists()
    # The file that is there may be damaged; that is what backups are for.
    with only_us(url, damaged=True):
        # A server has no file to put in place: what comes back is copied into a database that holds nothing yet.
        beside_database = database or file.absolute()
        new = beside_database.with_name(f"{beside_database.name}.restoring")
        try:
            rows = _prepare(file, new, now, progress)
            if database is None:
                migrate(url)
                copy_everything(f"sqlite:///{new}", url, progress)
                return Restored(rows, None)
            return Restored(rows, _replace(new, database, None if is_first else now))
        finally:
            remove(new)
            if is_first and database is not None and database.exists() and not database.stat().st_size:
                # Made by our own look whether anybody works on it.
                remove(database)


def _prepare(file: Path, new: Path, now: datetime, progress: Report) -> Mapping[str, int]:
    """A copy of the backup with today's schema, on hold."""
    progress("Copying the backup", 0.3)
    rows = copy_snapshot(file, new)
    crash_here("copied")
    migrate(f"sqlite:///{new}")
    hold(f"sqlite:///{new}", now, restored=True)
    as_single_file(new)
    crash_here("held")
    return rows


def _replace(new: Path, database: Path, now: datetime | None) -> Path | None:
    """`now`: for the name of what was there before, if there was anything."""
    aside = database.with_name(f"{database.name}.before-{now:%Y%m%d-%H%M%S}") if now is not None else None
    if aside is not None:
        # A bot that began meanwhile would go on with the file that is put aside.
        with suppress(UnsoundFile):
            as_single_file(database)
    put_in_place(new, database, aside, lambda _: crash_here("restored"))
    return aside


def hold(url: str, now: datetime, *, restored: bool = False) -> None:
    """Nothing is sent until `resume`. `restored`: what is written anew meanwhile may have been sent before. Raises
    NoDatabase.
    """
    refuse_missing(url)
    migrate(url)
    database = Database(url)
    try:
        database.write_now(lambda store: _hold(store, now, restored=restored))
    finally:
        database.close()


def _hold(store: Store, now: datetime, *, restored: bool) -> None:
    store.installation.hold(now)
    if restored:
        store.installation.restored(now)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Messages of one kind that would go out. `doubtful`: how many may have arrived, and are looked for first."""

    kind: str
    many: int
    doubtful: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class Resumed:
    """What waited when sending was allowed again, and how many were dropped before. `behind`: it was not allowed,
    since the clock has still to write down what fell due between the backup and its return.
    """

    was_held: bool
    waiting: Sequence[Waiting]
    dropped: int = 0
    behind: bool = False


def resume(
    url: str,
    now: datetime,
    older_than: timedelta | None = None,
    *,
    look_only: bool = False,
    anyway: bool = False,
) -> Resumed:
    """Lifts the hold. `older_than`: what was written longer ago than this is dropped. `look_only`: changes no message,
    and the hold stays. `anyway`: also when the clock is behind. Raises NoDatabase.
    """
    refuse_missing(url)
    migrate(url)
    database = Database(url)
    try:
        if look_only:
            return database.read_now(lambda store: _look(store, now))
        return database.write_now(lambda store: _resume(store, now, older_than, anyway))
    finally:
        database.close()


def _look(store: Store, now: datetime) -> Resumed:
    return Resumed(store.installation.is_held(), _waiting(store.outbox.waiting(now)), behind=_is_behind(store))


def _is_behind(store: Store) -> bool:
    """What the clock writes only after `resume` is sent at once, though it may have been sent before the restore."""
    if not store.installation.is_restored():
        return False
    planned_at = store.installation.planned_at()
    first_due = store.nudges.next_moment(datetime.min.replace(tzinfo=UTC))
    # The backup may hold facts for which nothing had been planned yet, such as a list that had just been imported.
    return planned_at is None or (first_due is not None and first_due <= planned_at)


def _resume(store: Store, now: datetime, older_than: timedelta | None, anyway: bool) -> Resumed:
    if not anyway and _is_behind(store):
        return _look(store, now)
    store.installation.doubt_what_is_new()
    messages = store.outbox.waiting(now)
    stale = [each for each in messages if older_than is not None and each.created_at < now - older_than]
    for message in stale:
        end(store, message, "dropped", DROPPED, now)
    left = _waiting([each for each in messages if each.state == "waiting"])
    was_held = store.installation.is_held()
    store.installation.resume()
    crash_here("resumed")
    return Resumed(was_held, left, len(stale))


def _waiting(messages: Sequence[OutboxMessage]) -> Sequence[Waiting]:
    many = Counter(message.kind for message in messages)
    doubtful = Counter(message.kind for message in messages if message.reason == UNCERTAIN)
    oldest = {kind: min(each.created_at for each in messages if each.kind == kind) for kind in many}
    return [Waiting(kind, many[kind], doubtful[kind], oldest[kind]) for kind in sorted(many)]
