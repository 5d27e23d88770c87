"""Enrollments: people in programs."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, exists, func, or_, select, update

from storage.subject import NotYours, Subject
from storage.tables import Account, Enrollment, Pair, Person, Program

# Whoever may still get something unasked about a program.
TAKING_PART = ("invited", "nominated", "joined", "matched")


@dataclass(frozen=True, slots=True)
class SignedUp:
    """What decides whether somebody can be paired, without all that they wrote."""

    person_id: int
    name: str
    role: str
    status: str
    agreed_at: datetime | None
    confirmed: bool
    capacity: int


class Enrollments(Subject):
    """Who takes part in what, and as what."""

    def add(self, enrollment: Enrollment) -> Enrollment:
        self._session.add(enrollment)
        self._session.flush()
        return enrollment

    def of(self, person: Person, program_id: int) -> Enrollment | None:
        return self._session.scalar(_of(), {"person": person.id, "program": program_id})

    def required(self, person: Person, program_id: int) -> Enrollment:
        """Raises NotYours when the person is not in the program."""
        found = self.of(person, program_id)
        if found is None:
            raise NotYours
        return found

    def with_person(self, enrollment_id: int) -> tuple[Enrollment, Person]:
        """For coordinators. Raises NotYours when there is no such enrollment."""
        found = self._session.get(Enrollment, enrollment_id)
        if found is None:
            raise NotYours
        return found, self._session.get_one(Person, found.person_id)

    def of_person(self, person: Person) -> Sequence[tuple[Enrollment, Program]]:
        """Newest program first, closed programs left out."""
        return self._once(
            person.id,
            lambda: [(one, program) for one, program in self._session.execute(_of_person(), {"person": person.id})],
            Enrollment,
            Program,
        )

    def signed_up(self, program_id: int) -> Sequence[SignedUp]:
        """Everybody of a program, in a tenth of the time that whole rows take."""
        row = Enrollment
        columns = (row.person_id, Person.name, row.role, row.status, row.agreed_at, row.confirmed, row.capacity)
        query = select(*columns).join(Person, Person.id == row.person_id).where(row.program_id == program_id)
        return [SignedUp(*found) for found in self._session.execute(query.order_by(row.id))]

    def in_program(
        self, program_id: int, *statuses: str, among: Collection[int] | None = None
    ) -> Sequence[tuple[Enrollment, Person]]:
        """`among`: only these people, by id."""
        query = (
            select(Enrollment, Person)
            .join(Person, Person.id == Enrollment.person_id)
            .where(Enrollment.program_id == program_id)
            .order_by(Enrollment.id)
        )
        query = query if among is None else query.where(Enrollment.person_id.in_(among))
        rows = self._session.execute(query.where(Enrollment.status.in_(statuses)) if statuses else query)
        return [(enrollment, person) for enrollment, person in rows]

    def is_confirmed(self, person: Person) -> bool:
        """Whether a coordinator, or the roster, vouched for this person's manager and level in any program."""
        return bool(self._columns(_confirmed(), {"person": person.id}))

    def would_again(self, person: Person) -> bool:
        """Whether this person said, at the end of a program, that they would take part again."""
        return bool(self._columns(_would_again(), {"person": person.id}))

    def confirm(self, person: Person) -> None:
        """In every program this person is in: what was checked once holds for all."""
        self._session.execute(
            update(Enrollment).where(Enrollment.person_id == person.id, ~Enrollment.confirmed).values(confirmed=True)
        )

    def unconfirmed(self, program_id: int) -> Sequence[tuple[Enrollment, Person]]:
        """People who signed up and wait for a coordinator to check their manager and level."""
        rows = self._session.execute(
            select(Enrollment, Person)
            .join(Person, Person.id == Enrollment.person_id)
            .where(Enrollment.program_id == program_id, Enrollment.status == "joined", ~Enrollment.confirmed)
            .order_by(Enrollment.id)
        )
        return [(enrollment, person) for enrollment, person in rows]

    def mark_matched(self, program_id: int, person_ids: Iterable[int]) -> None:
        """They have a partner, and a clean slate for the next matching."""
        self._session.execute(
            update(Enrollment)
            .where(Enrollment.program_id == program_id, Enrollment.person_id.in_(set(person_ids)))
            .values(status="matched", unmatched_rounds=0)
        )

    def counts(self, program_id: int) -> Mapping[tuple[str, str], int]:
        """How many people by (role, status). Whose pair ends and waits for its note stay "matched" until then, both
        of them: else the figures would tell which side has asked for somebody else.
        """
        ending = exists().where(
            Pair.program_id == program_id,
            Pair.status == "ending",
            or_(Pair.mentor_id == Enrollment.person_id, Pair.mentee_id == Enrollment.person_id),
        )
        shown = case((and_(Enrollment.status == "joined", ending), "matched"), else_=Enrollment.status).label("shown")
        rows = self._session.execute(
            select(Enrollment.role, shown, func.count())
            .where(Enrollment.program_id == program_id)
            .group_by(Enrollment.role, "shown")
        )
        return {(role, status): count for role, status, count in rows}

    def page(self, program_id: int, after: int, most: int, *statuses: str) -> Sequence[tuple[Enrollment, Person]]:
        """The next `most` enrollments whose id comes after `after`, for work in batches."""
        rows = self._session.execute(
            select(Enrollment, Person)
            .join(Person, Person.id == Enrollment.person_id)
            .where(Enrollment.program_id == program_id, Enrollment.id > after, Enrollment.status.in_(statuses))
            .order_by(Enrollment.id)
            .limit(most)
        )
        return [(enrollment, person) for enrollment, person in rows]

    def waiting(self, *statuses: str) -> Sequence[tuple[Enrollment, Person, Program]]:
        """Enrollments with these statuses in programs that take sign-ups."""
        rows = self._session.execute(
            select(Enrollment, Person, Program)
            .join(Person, Person.id == Enrollment.person_id)
            .join(Program, Program.id == Enrollment.program_id)
            .where(Enrollment.status.in_(statuses), Program.status.in_(("open", "running")))
            .order_by(Enrollment.id)
        )
        return [(enrollment, person, program) for enrollment, person, program in rows]

    def unreachable(self, program_id: int) -> Sequence[Person]:
        """People who take part or are invited, and whom no open account reaches."""
        reached = (
            select(Account.id).where(Account.person_id == Person.id, Account.closed_at.is_(None)).correlate(Person)
        )
        return self._session.scalars(
            select(Person)
            .join(Enrollment, Enrollment.person_id == Person.id)
            .where(
                Enrollment.program_id == program_id,
                Enrollment.status.in_(TAKING_PART),
                or_(~reached.exists(), Person.unreachable_since.is_not(None)),
            )
            .order_by(Person.name, Person.id)
        ).all()

    def spread_quiet_dates(self, program_id: int, person_id: int | None = None) -> None:
        """Gives the people of a program, or one of them, the quiet dates of all their programs that are not closed.

        A person's calendar knows them from then on. To be called when the dates, or who is in a program, change.
        """
        whom, only = {"program": program_id, "person": person_id}, person_id is not None
        spans: dict[int, set[tuple[str, str]]] = {}
        for each, dates in self._columns(_quiet_dates(only), whom):
            spans.setdefault(each, set()).update((first, last) for first, last in dates)
        for person in self._session.scalars(_people(only), whom):
            wanted = [[first, last] for first, last in sorted(spans.get(person.id, set()))]
            if wanted != person.quiet_dates:
                person.quiet_dates = wanted


@cache
def _of() -> Select[Enrollment]:
    mine = Enrollment.person_id == bindparam("person"), Enrollment.program_id == bindparam("program")
    return select(Enrollment).where(*mine)


@cache
def _of_person() -> Select[Enrollment, Program]:
    """Built once, since building a statement costs more than running it, and every receipt asks this."""
    return (
        select(Enrollment, Program)
        .join(Program, Program.id == Enrollment.program_id)
        .where(Enrollment.person_id == bindparam("person"), Program.status != "closed")
        .order_by(Program.id.desc())
    )


@cache
def _confirmed() -> Select[int]:
    agreed = Enrollment.confirmed, Enrollment.agreed_at.is_not(None)
    return select(Enrollment.id).where(Enrollment.person_id == bindparam("person"), *agreed).limit(1)


@cache
def _would_again() -> Select[int]:
    again = Enrollment.person_id == bindparam("person"), Enrollment.again_at.is_not(None)
    return select(Enrollment.id).where(*again).limit(1)


def _in_program(only: bool) -> Select[int]:
    """`only`: one person of it."""
    people = select(Enrollment.person_id).where(Enrollment.program_id == bindparam("program"))
    return people.where(Enrollment.person_id == bindparam("person")) if only else people


@cache
def _quiet_dates(only: bool) -> Select[*tuple[Any, ...]]:
    theirs = Enrollment.person_id.in_(_in_program(only)), Enrollment.status.in_(TAKING_PART)
    columns = select(Enrollment.person_id, Program.quiet_dates).join(Program, Program.id == Enrollment.program_id)
    return columns.where(*theirs, Program.status != "closed")


@cache
def _people(only: bool) -> Select[Person]:
    return select(Person).where(Person.id.in_(_in_program(only)))
