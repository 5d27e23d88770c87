"""A people file, written down: people on the roster, and invitations into a program. Nothing is ever deleted."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from conversations.joining import roster_vouches
from conversations.matching.people_doubts import reporting_warnings
from conversations.people_cells import Fault, PersonRow
from conversations.people_file import read_people_file
from storage.store import Store
from storage.tables import Enrollment, Person, Program

# Cells that are taken over even when they are empty: the roster is the truth about these.
TRUTHS = ("department", "team", "location")


@dataclass(frozen=True, slots=True)
class Written:
    """How many people were new, changed and the same, and how many got an invitation."""

    added: int = 0
    changed: int = 0
    same: int = 0
    invited: int = 0

    def __add__(self, other: "Written") -> "Written":
        return Written(
            self.added + other.added,
            self.changed + other.changed,
            self.same + other.same,
            self.invited + other.invited,
        )


def doubts(store: Store, rows: Sequence[PersonRow]) -> tuple[Fault, ...]:
    """Managers nobody knows, and circles: pairs stay out of reporting lines only as far as these are known."""
    known = frozenset(email for _, email, _ in store.people.reporting_lines() if email)
    return tuple(reporting_warnings(rows, known))


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did. With `errors` and without `skip_bad` nothing was written."""

    written: Written = Written()
    errors: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()
    done: bool = True


def import_file(
    store: Store, data: bytes | str, program: Program | None, now: datetime, *, skip_bad: bool = False
) -> ImportReport:
    """Reads and writes a whole file at once; everything or, if a row is faulty, nothing."""
    file = read_people_file(data)
    if file.errors and not (skip_bad and file.rows):
        return ImportReport(errors=file.errors, warnings=file.warnings, done=False)
    written = import_rows(store, file.rows, file.columns, program, now)
    confirm_known(store)
    return ImportReport(written, file.errors, (*file.warnings, *doubts(store, file.rows)))


def import_rows(
    store: Store, rows: Sequence[PersonRow], columns: Collection[str], program: Program | None, now: datetime
) -> Written:
    """Adds and updates people; those with a role are invited into the program. `columns`: the known ones of the header.

    For a long file, call it with a few hundred rows a transaction.
    """
    known = store.people.by_emails(row.email for row in rows)
    total = Written()
    for row in rows:
        person = known.get(row.email)
        total += _write_person(store, row, columns, person, now)
        if program is not None and row.role is not None:
            total += _invite(store, row, program, person or store.people.by_email(row.email), now)
    return total


def confirm_known(store: Store) -> int:
    """After an import: who waited for a coordinator's check and is on the roster now needs none."""
    waiting = {
        person.id: person for enrollment, person, _ in store.enrollments.waiting("joined") if not enrollment.confirmed
    }
    vouched = [person for person in waiting.values() if roster_vouches(store, person)]
    for person in vouched:
        store.enrollments.confirm(person)
    return len(vouched)


def _write_person(
    store: Store, row: PersonRow, columns: Collection[str], person: Person | None, now: datetime
) -> Written:
    values = values_of(row, columns)
    if person is None:
        store.people.add(Person(email=row.email, created_at=now, **values))
        return Written(added=1)
    different = {key: value for key, value in values.items() if getattr(person, key) != value}
    for key, value in different.items():
        setattr(person, key, value)
    return Written(changed=1) if different else Written(same=1)


def values_of(row: PersonRow, columns: Collection[str]) -> Mapping[str, object]:
    """Columns of `people` that this row says something about; whoever is on the roster is not gone."""
    values: dict[str, object] = {"name": row.name, "source": "roster", "gone_since": None}
    values |= {key: getattr(row, key) for key in TRUTHS if key in columns}
    if "manager_email" in columns:
        values["manager_email"] = row.manager_email or ""
    if "level" in columns:
        values["level"] = row.level
    if "reviewers" in columns:
        values["reviewers"] = list(row.reviewers)
    values |= {key: getattr(row, key) for key in ("guest", "away_until") if key in columns}
    # A platform may know these where the file does not.
    values |= {key: value for key in ("country", "timezone") if (value := getattr(row, key))}
    if row.languages:
        values["languages"] = list(row.languages)
    if row.hours:
        values["work_start"], values["work_end"] = (f"{clock:%H:%M}" for clock in row.hours)
    return values


def _invite(store: Store, row: PersonRow, program: Program, person: Person | None, now: datetime) -> Written:
    """Who answered already, whatever the answer, is left alone."""
    if person is None or row.role is None:
        return Written()
    enrollment = store.enrollments.of(person, program.id)
    if enrollment is not None and enrollment.status != "invited":
        return Written()
    invited = enrollment or store.enrollments.add(
        Enrollment(
            program_id=program.id,
            person_id=person.id,
            role=row.role,
            invited_by=program.created_by,
            created_at=now,
        )
    )
    invited.role = row.role
    invited.capacity = max(1, row.capacity or 1)
    invited.offers, invited.wants = list(row.offers), list(row.wants)
    invited.interests, invited.avoid = list(row.interests), list(row.avoid)
    invited.goals = "; ".join(row.goals)
    invited.working_style = list(row.working_style)
    return Written(invited=1) if enrollment is None else Written()
