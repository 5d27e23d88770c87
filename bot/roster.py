"""The roster and lists of people, read into the database: by the command line, or by a coordinator in the chat."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import reduce
from hashlib import sha256
from operator import add
from pathlib import Path
from typing import Any

from bot.clock import Clock
from bot.consultations import ConsultationFault, Handler
from conversations.actions import Action
from conversations.import_people import ImportReport, Written, confirm_known, doubts, import_rows
from conversations.people_file import PeopleFile, read_people_file
from conversations.roster_changes import Changes, RosterReport, compare
from storage.database import Database
from storage.migrate import migrate
from storage.nudges import Slot
from storage.store import Store
from storage.tables import Program, RosterRead

# A transaction of an import holds SQLite's writer for about 50 ms at most (design, section 6).
ROWS_A_TRANSACTION = 50
# UTC. HR exports run in the evening, and nobody works with the bot then.
NIGHTLY_AT = time(2)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an operator reads after an import."""

    report: ImportReport
    program: str | None = None
    refused: str = ""

    @property
    def done(self) -> bool:
        return self.report.done

    def lines(self) -> Sequence[str]:
        """Faults first, then the figures."""
        report = self.report
        if self.refused:
            return [f"Error: {self.refused}"]
        said = [f"Warning: {fault}." for fault in report.warnings]
        said += [f"{'Left out' if report.done else 'Error'}: {fault}." for fault in report.errors]
        if not report.done:
            return [*said, f"Nothing was imported: {len(report.errors)} to mend first."]
        written = report.written
        if report.errors:
            lines = len({fault.line for fault in report.errors})
            said.append(f"Left out: {lines} {'line' if lines == 1 else 'lines'} in all; import them again when mended.")
        said.append(f"People: {written.added} new, {written.changed} changed, {written.same} as before.")
        if self.program is not None:
            said.append(f"Invited into {self.program}: {written.invited}.")
        return said


def import_people(database_url: str, data: bytes | str, program: str | None, skip_bad: bool, now: datetime) -> Imported:
    """Brings the database up to date first. Everything is imported or, if a row is faulty, nothing."""
    migrate(database_url)
    database = Database(database_url)
    try:
        into = None
        if program is not None:
            into = database.read_now(lambda store: store.programs.named(program))
            if into is None or into.status == "closed":
                names = ", ".join(database.read_now(_names))
                fix = f"There are: {names}." if names else "Create it first: /mentor program create."
                return Imported(ImportReport(done=False), refused=f"No program is called {program}. {fix}")
        report = _import(database, read_people_file(data), into.id if into else None, skip_bad, now)
        return Imported(report, into.name if into else None)
    finally:
        database.close()


def roster_handler(file: Path | None, clock: Clock) -> Handler:
    """Reads FLIPSIDE_ROSTER_FILE: for "program import" in the chat, and every night.

    `about`: `program`, the one to invite into, or 0; `nightly`, 1 when nobody asked; `read`, the reading that waited
    for a coordinator's yes.
    """

    async def answer(database: Database, about: Mapping[str, Any]) -> RosterReport | None:
        if file is None:
            raise ConsultationFault("The server has no roster file yet: its operator sets FLIPSIDE_ROSTER_FILE.")
        data = await asyncio.to_thread(_read_whole, file)
        return await asyncio.to_thread(_take_over, database, data, about, clock.now())

    return answer


def _read_whole(file: Path) -> bytes:
    """The file, unless somebody is writing it this very moment."""
    try:
        before = file.stat()
        data = file.read_bytes()
        after = file.stat()
    except OSError:
        raise ConsultationFault("The roster file that FLIPSIDE_ROSTER_FILE names cannot be read.") from None
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(data) != after.st_size:
        raise ConsultationFault("The roster file was being written while I read it. Nothing was changed.")
    return data


def _take_over(database: Database, data: bytes, about: Mapping[str, Any], now: datetime) -> RosterReport | None:
    """None for the file of last night. Nothing is written while a row is faulty, or too many people are gone."""
    digest, file = sha256(data).hexdigest(), read_people_file(data)
    latest = database.read_now(lambda store: store.roster_reads.latest())
    if about.get("nightly") and latest is not None and latest.digest == digest:
        return None
    if file.errors:
        report = ImportReport(errors=file.errors, warnings=file.warnings, done=False)
        read = _note(database, RosterRead(at=now, status="refused", digest=digest))
        return RosterReport(report, read=read)
    changes = database.read_now(lambda store: compare(store, file.rows, file.columns))
    waited = _waiting(database, about)
    if changes.is_doubtful and (waited is None or waited.digest != digest):
        read = _note(database, _counted(changes, now, "waiting", digest))
        return RosterReport(ImportReport(done=False), changes, read, waits=read, newer=waited is not None)
    report = _import(database, file, about.get("program") or None, False, now)
    for first in range(0, len(changes.gone), ROWS_A_TRANSACTION):
        some = changes.gone[first : first + ROWS_A_TRANSACTION]
        database.write_now(lambda store, some=some: store.people.mark_gone(some, now))  # type: ignore[misc]
    return RosterReport(report, changes, _note(database, _counted(changes, now, "done", digest)))


def _waiting(database: Database, about: Mapping[str, Any]) -> RosterRead | None:
    """The reading that a coordinator said yes to."""
    read = about.get("read")
    return database.read_now(lambda store: store.roster_reads.required(int(read))) if read else None


def _counted(changes: Changes, now: datetime, status: str, digest: str) -> RosterRead:
    counts = {"added": len(changes.added), "changed": len(changes.changed), "gone": len(changes.gone)}
    return RosterRead(at=now, status=status, digest=digest, **counts)


def _note(database: Database, read: RosterRead) -> int:
    return database.write_now(lambda store: store.roster_reads.add(read).id)


def plan_tonight(store: Store, now: datetime) -> None:
    """One reading a night, whoever plans it and however often. A nudge has a person, so a coordinator stands for it."""
    # Somebody who never wrote to the bot has no rights yet: their step would be refused without a word.
    coordinators = store.coordinators.able()
    tonight = datetime.combine(now.date(), NIGHTLY_AT, UTC)
    tonight += timedelta(days=1) if now >= tonight else timedelta()
    if coordinators:
        slot = Slot(coordinators[0].id, tonight, Action("roster", "nightly").pack())
        store.nudges.put(f"roster/{tonight.date()}", "roster", slot)


def check_conflicts(store: Store, now: datetime) -> None:
    """Whoever reads the file in: the bot looks at once whether a pair has come into a conflict."""
    coordinators = store.coordinators.able()
    if coordinators:
        slot = Slot(coordinators[0].id, now, Action("frozen", "check").pack())
        store.nudges.put(f"firewall/import/{now:%Y-%m-%dT%H:%M:%S}", "frozen", slot)


def _import(database: Database, file: PeopleFile, program: int | None, skip_bad: bool, now: datetime) -> ImportReport:
    if file.errors and not (skip_bad and file.rows):
        return ImportReport(errors=file.errors, warnings=file.warnings, done=False)
    written: list[Written] = []
    for first in range(0, len(file.rows), ROWS_A_TRANSACTION):
        rows = file.rows[first : first + ROWS_A_TRANSACTION]

        def some(store: Store, rows: Any = rows) -> Written:
            return import_rows(store, rows, file.columns, _program(store, program), now)

        written.append(database.write_now(some))
    database.write_now(confirm_known)
    database.write_now(lambda store: check_conflicts(store, now))
    warnings = (*file.warnings, *database.read_now(lambda store: doubts(store, file.rows)))
    return ImportReport(reduce(add, written, Written()), file.errors, warnings)


def _program(store: Store, program: int | None) -> Program | None:
    return store.programs.get(program) if program is not None else None


def _names(store: Store) -> Sequence[str]:
    return [program.name for program in store.programs.with_status("draft", "open", "running")]
