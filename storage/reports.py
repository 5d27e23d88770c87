"""Counts for coordinators: people, pairs and sessions of a program. Never who answered what, or when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select

from storage.subject import Subject
from storage.tables import Enrollment, Pair, Person, Program, Session

ASKED = ("invited", "nominated", "declined")


@dataclass(frozen=True, slots=True)
class Counts:
    """People and pairs of one program up to a day; `declined` said no to an invitation."""

    invited: int
    declined: int
    joined: int
    matched: int
    introduced: int
    met: int
    sessions: int
    ended: int


class Reports(Subject):
    """What a coordinator may count."""

    def counts(self, program_id: int, today: date) -> Counts:
        here = Enrollment.program_id == program_id
        asked = or_(Enrollment.status.in_(ASKED), Enrollment.invited_by.is_not(None))
        pairs = Pair.program_id == program_id
        introduced = and_(pairs, Pair.started_on <= min(today, self._end(program_id).date()))
        held = (
            select(Session.pair_id)
            .join(Pair, Pair.id == Session.pair_id)
            .where(introduced, Session.held_on.is_not(None))
        )
        return Counts(
            invited=self._count(select(Enrollment.id).where(here, asked)),
            declined=self._count(select(Enrollment.id).where(here, Enrollment.status == "declined")),
            joined=self._count(select(Enrollment.id).where(here, Enrollment.agreed_at.is_not(None))),
            matched=self._count(select(Pair.mentor_id).where(pairs).union(select(Pair.mentee_id).where(pairs))),
            introduced=self._count(select(Pair.id).where(introduced)),
            met=self._count(held.distinct()),
            sessions=self._count(held),
            ended=self._count(select(Pair.id).where(introduced, self._early(program_id))),
        )

    def pairs(self, program_id: int) -> Sequence[tuple[Pair, Person, Person]]:
        """Every pair with its mentor and its mentee, oldest first."""
        people = {
            person.id: person
            for person in self._session.scalars(
                select(Person)
                .join(Pair, or_(Pair.mentor_id == Person.id, Pair.mentee_id == Person.id))
                .where(Pair.program_id == program_id)
                .distinct()
            )
        }
        rows = self._session.scalars(select(Pair).where(Pair.program_id == program_id).order_by(Pair.id))
        return [(pair, people[pair.mentor_id], people[pair.mentee_id]) for pair in rows]

    def joined_since(self, program_id: int, moment: datetime) -> Sequence[Person]:
        return self._session.scalars(_joined_since(), {"program": program_id, "moment": moment}).all()

    def declined_since(self, program_id: int, moment: datetime) -> Sequence[Person]:
        return self._session.scalars(_declined_since(), {"program": program_id, "moment": moment}).all()

    def nominated_since(self, program_id: int, moment: datetime) -> int:
        return len(self._columns(_nominated_since(), {"program": program_id, "moment": moment}))

    def ended_since(self, program_id: int, moment: datetime) -> int:
        """How many pairs are over for both sides; not which, and not by whom. One that ends counts with its note, once:
        until then a coordinator who is its other side would read of it here."""
        return len(self._columns(_ended_since(), {"program": program_id, "moment": moment}))

    def _early(self, program_id: int) -> ColumnElement[bool]:
        """Over before the program was; also where the close came before the note of it: see `Pairs.end_all`."""
        without_note = and_(Pair.status == "ended", Pair.tell_on.is_not(None))
        return or_(Pair.ended_at < self._end(program_id), without_note)

    def _end(self, program_id: int) -> datetime:
        """All pairs end when their program is closed; what ended before did so early. Nobody is introduced later."""
        return self._session.get_one(Program, program_id).closed_at or datetime.max.replace(tzinfo=UTC)

    def _count(self, found: Any) -> int:
        count: int | None = self._session.execute(select(func.count()).select_from(found.subquery())).scalar()
        return count or 0


# Every digest asks these; built once, since building a statement costs more than running it.


@cache
def _joined_since() -> Select[Person]:
    return _people(Enrollment.joined_at > bindparam("moment"), Enrollment.status.in_(("joined", "matched")))


@cache
def _declined_since() -> Select[Person]:
    return _people(Enrollment.left_at > bindparam("moment"), Enrollment.status == "declined")


def _people(*conditions: ColumnElement[bool]) -> Select[Person]:
    return (
        select(Person)
        .join(Enrollment, Enrollment.person_id == Person.id)
        .where(Enrollment.program_id == bindparam("program"), *conditions)
        .order_by(Person.name, Person.id)
    )


@cache
def _nominated_since() -> Select[int]:
    new = Enrollment.status == "nominated", Enrollment.created_at > bindparam("moment")
    return select(Enrollment.id).where(Enrollment.program_id == bindparam("program"), *new)


@cache
def _ended_since() -> Select[int]:
    over = Pair.status == "ended", Pair.ended_at > bindparam("moment")
    return select(Pair.id).where(Pair.program_id == bindparam("program"), *over)
