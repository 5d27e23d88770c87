"""The roster and lists of people, read into the database: by the command line, or by a coordinator in the chat."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any

from bot.clock import Clock
from bot.consultations import ConsultationFault, Handler
from conversations.import_people import ImportReport, Written, confirm_known, doubts, import_rows
from conversations.people_file import PeopleFile, read_people_file
from storage.database import Database
from storage.migrate import migrate
from storage.store import Store
from storage.tables import Program

# A transaction of an import holds SQLite's writer for about 50 ms at most (design, section 6).
ROWS_A_TRANSACTION = 50


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
    """Answers "program import" in the chat: reads FLIPSIDE_ROSTER_FILE."""

    async def answer(database: Database, about: Mapping[str, Any]) -> ImportReport:
        if file is None:
            raise ConsultationFault("The server has no roster file yet: its operator sets FLIPSIDE_ROSTER_FILE.")
        try:
            data = await asyncio.to_thread(file.read_bytes)
        except OSError:
            raise ConsultationFault("The roster file that FLIPSIDE_ROSTER_FILE names cannot be read.") from None
        read = await asyncio.to_thread(read_people_file, data)
        return await asyncio.to_thread(_import, database, read, about.get("program") or None, False, clock.now())

    return answer


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
    warnings = (*file.warnings, *database.read_now(lambda store: doubts(store, file.rows)))
    return ImportReport(reduce(add, written, Written()), file.errors, warnings)


def _program(store: Store, program: int | None) -> Program | None:
    return store.programs.get(program) if program is not None else None


def _names(store: Store) -> Sequence[str]:
    return [program.name for program in store.programs.with_status("draft", "open", "running")]
