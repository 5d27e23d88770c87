"""People: what the roster and their platforms say of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.util import identity_key

from storage.subject import Subject
from storage.tables import Account, Coordinator, Enrollment, Person, Table

# What somebody is called until their platform tells their name, and where it was when they have been erased.
UNNAMED, FORMER = "New colleague", "A former colleague"


class People(Subject):
    """Employees, and which of them are coordinators."""

    def get(self, person_id: int) -> Person:
        return self._session.get_one(Person, person_id)

    def add(self, person: Person) -> Person:
        self._session.add(person)
        self._session.flush()
        return person

    def by_email(self, email: str) -> Person | None:
        return self._session.scalar(select(Person).where(Person.email == _small_letters(email)))

    def by_emails(self, emails: Iterable[str]) -> Mapping[str, Person]:
        """Those who are known, by e-mail in small letters."""
        wanted = {_small_letters(email) for email in emails}
        rows = self._session.scalars(select(Person).where(Person.email.in_(wanted))) if wanted else ()
        return {person.email: person for person in rows if person.email}

    def by_ids(self, ids: Iterable[int]) -> Mapping[int, Person]:
        """Those whom this unit of work has met already are not asked for again."""
        there = ((each, self._session.identity_map.get(identity_key(Person, each))) for each in set(ids))
        found = dict(there)
        unknown = sorted(each for each, person in found.items() if person is None)
        if unknown:
            found.update((person.id, person) for person in self._session.scalars(_by_ids(), {"ids": unknown}))
        return {each: person for each, person in found.items() if person is not None}

    def everybody(self) -> Sequence[Person]:
        return self._session.scalars(select(Person).order_by(Person.id)).all()

    def reporting_lines(self) -> Sequence[tuple[int, str | None, str]]:
        """(person id, e-mail, manager's e-mail) of everybody."""
        rows = self._session.execute(select(Person.id, Person.email, Person.manager_email).order_by(Person.id))
        return [(person_id, email, manager) for person_id, email, manager in rows]

    def has_reports(self, person: Person) -> bool:
        """Whether anybody names this person as their manager."""
        if not person.email:
            return False
        return (
            self._session.scalar(select(select(Person.id).where(Person.manager_email == person.email).exists()))
            or False
        )

    def departments(self) -> Sequence[str]:
        """Every department that somebody is in, by name."""
        return self._session.scalars(
            select(Person.department).where(Person.department != "").distinct().order_by(Person.department)
        ).all()

    def is_coordinator(self, person: Person) -> bool:
        """By verified e-mail only: one of the person's accounts belongs to a full member."""
        return self.with_rights(person.id)[1]

    def coordinators(self) -> Sequence[Person]:
        """Those who are known already."""
        return self._session.scalars(
            select(Person)
            .join(Coordinator, Coordinator.email == Person.email)
            .where(Person.gone_since.is_(None))
            .order_by(Person.id)
        ).all()

    def appoint(self, emails: Iterable[str]) -> None:
        """Makes these e-mails coordinators; who is one already stays one."""
        known = set(self._session.scalars(select(Coordinator.email)))
        wanted = {_small_letters(email) for email in emails} - known
        self._session.add_all(Coordinator(email=email) for email in sorted(wanted))

    def mark_gone(self, person_ids: Iterable[int], now: datetime) -> None:
        """From now on nothing is sent to them; those who are gone already stay as they are."""
        gone = update(Person).where(Person.id.in_(sorted(person_ids)), Person.gone_since.is_(None))
        self._session.execute(gone.values(gone_since=now).execution_options(synchronize_session=False))

    def wrote(self, person: Person, now: datetime) -> None:
        """Whoever was left in peace after ignored rounds writes again: what they ignored before does not count."""
        if person.silent_since is not None:
            person.silent_since, person.back_since = None, now

    def with_rights(self, person_id: int) -> tuple[Person, bool]:
        """The person, and whether they are a coordinator."""
        return self.all_with_rights([person_id])[person_id]

    def all_with_rights(self, person_ids: Iterable[int]) -> Mapping[int, tuple[Person, bool]]:
        """The same of several, by person id."""
        rows = self._session.execute(_with_rights(), {"ids": sorted(set(person_ids))})
        return {person.id: (person, bool(coordinator)) for person, coordinator in rows}

    def with_accounts(self, person_ids: Collection[int]) -> Mapping[int, tuple[Person, Sequence[Account]]]:
        """Each of these people, and their open accounts, the last used first. Held until the end of this unit."""
        found: dict[int, tuple[Person, list[Account]]] = {}
        if person_ids:
            for person, account in self._session.execute(_with_accounts(), {"ids": person_ids}):
                _, theirs = found.setdefault(person.id, (person, []))
                theirs.extend([account] if account is not None else [])
        return found

    def merge(self, provisional: Person, known: Person) -> None:
        """All that a provisional person has becomes the known one's; what both have stays the known one's.

        The provisional person stays behind as an empty row, without any account, and takes part in nothing.
        """
        for table, column in _REFERENCES:
            for row in self._session.scalars(select(table).where(column == provisional.id)).all():
                self._hand_over(row, column.key, known.id)
        left = update(Enrollment).where(Enrollment.person_id == provisional.id).values(status="left")
        self._session.execute(left)
        self._session.flush()

    def _hand_over(self, row: Table, column: str, person_id: int) -> None:
        try:
            with self._session.begin_nested():
                setattr(row, column, person_id)
                self._session.flush()
        except IntegrityError:
            # The known person has one of these already (a draft, an enrollment): theirs counts.
            self._session.expire(row)


def _small_letters(email: str) -> str:
    """Bytes lower A to Z alone: text would turn the Kelvin sign into k, and somebody into their colleague."""
    return email.strip().encode("utf-8", "replace").lower().decode()


# Every column that names a person, with its table.
_REFERENCES = tuple(
    (mapper.class_, mapper.class_.__table__.c[column.key])
    for mapper in Table.registry.mappers
    for column in mapper.local_table.columns
    if any(key.column.table.name == Person.__tablename__ for key in column.foreign_keys)
)


# Every turn of the clock and every message needs these; built once.


@cache
def _by_ids() -> Select[Person]:
    return select(Person).where(Person.id.in_(bindparam("ids", expanding=True)))


@cache
def _with_rights() -> Select[Person, bool]:
    listed = exists().where(Coordinator.email == Person.email)
    member = exists().where(Account.person_id == Person.id, Account.member)
    return select(Person, listed & member & Person.gone_since.is_(None)).where(
        Person.id.in_(bindparam("ids", expanding=True))
    )


@cache
def _with_accounts() -> Select[Person, Account]:
    ids: BindParameter[Any] = bindparam("ids", expanding=True)
    # The ids once more for the accounts: without statistics PostgreSQL read all of them else (6 ms of 10,000).
    theirs = (Account.person_id == Person.id) & Account.person_id.in_(ids) & Account.closed_at.is_(None)
    return (
        select(Person, Account)
        .outerjoin(Account, theirs)
        .where(Person.id.in_(ids))
        # Everybody takes several people in the same order, so that nobody waits for each other.
        .order_by(Person.id, Account.last_used_at.desc(), Account.id)
        # Two processes must not find room for two messages to one person at the same time.
        .with_for_update(key_share=True, of=Person)
    )
