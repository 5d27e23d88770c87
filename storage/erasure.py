"""Erasing a person: an empty row is left, so that pairs keep two ends and the numbers of a program stay true."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, delete, exists, or_, select, update

from storage.erased_messages import ErasedMessages, says
from storage.people import FORMER
from storage.pulses import LEAVES_TRACES
from storage.subject import Subject
from storage.tables import (
    Account,
    AuditEntry,
    CheckIn,
    CheckInAnswer,
    Consultation,
    Coordinator,
    Draft,
    Enrollment,
    FileLink,
    ForbiddenPair,
    HelpRequest,
    Nudge,
    OutboxMessage,
    Pair,
    PairGoal,
    PairTopic,
    Person,
    Program,
    Proposal,
    ProposedPair,
    PulseParticipation,
    Session,
    SkillRating,
    Table,
)
from storage.whole_words import holds_email

# Rows that are about one person alone go as a whole; answers before the check-ins that they belong to.
GO: tuple[type[Table], ...] = (
    Account,
    Draft,
    CheckInAnswer,
    CheckIn,
    PairGoal,
    PulseParticipation,
    SkillRating,
    HelpRequest,
    Nudge,
    OutboxMessage,
    Consultation,
    FileLink,
)
# Rows that others need keep these columns; every other one is emptied, also one that is added later.
KEPT: Mapping[type[Table], frozenset[str]] = {
    Person: frozenset({"id", "created_at"}),
    Enrollment: frozenset(
        {"id", "program_id", "person_id", "role", "status", "confirmed", "created_at", "joined_at", "left_at"}
    ),
    AuditEntry: frozenset({"id", "at", "person_id", "program_id", "what"}),
}


class Erasure(Subject):
    """Everything about a person, out of every table."""

    def erase(self, person: Person, heir: Person | None, now: datetime) -> None:
        """`heir`: who takes over the programs that they made. Their pairs must have been ended before."""
        pairs = self._pair_ids(person)
        self._session.flush()
        ErasedMessages(self._session).empty(person, pairs)
        for table in GO:
            mine: ColumnElement[bool] = table.__table__.c["person_id"] == person.id
            self._session.execute(delete(table).where(mine).execution_options(synchronize_session=False))
            self._passes("erased")
        self._empty_pairs(person, pairs)
        self._empty_programs(person, heir)
        self._empty_what_others_say(person)
        self._empty(Enrollment, Enrollment.person_id == person.id)
        self._empty(AuditEntry, AuditEntry.person_id == person.id)
        for name, value in _emptied(Person).items():
            setattr(person, name, value)
        person.name, person.gone_since = FORMER, now
        self._session.flush()
        # What was overwritten still stands in the log of the database: it is emptied after the commit.
        self._session.info[LEAVES_TRACES] = True

    def _pair_ids(self, person: Person) -> Sequence[int]:
        mine = or_(Pair.mentor_id == person.id, Pair.mentee_id == person.id)
        return self._session.scalars(select(Pair.id).where(mine)).all()

    def _empty_pairs(self, person: Person, pairs: Sequence[int]) -> None:
        """The pair itself stays, as two ids: nobody is paired twice, and its sessions still count."""
        self._run(update(Pair).where(Pair.id.in_(pairs)).values(reason="", topic="", kept_despite=[]))
        self._run(delete(PairTopic).where(PairTopic.pair_id.in_(pairs)))
        self._run(update(Session).where(Session.booked_by == person.id).values(booked_by=None))
        mine = or_(ProposedPair.mentor_id == person.id, ProposedPair.mentee_id == person.id)
        self._run(
            update(ProposedPair)
            .where(mine)
            .values(reason="", note="", parts=[], score=0, mentor_says="", mentee_says="")
        )
        # Nobody can be paired with them any more, so nobody needs to know with whom they must not be.
        theirs = or_(ForbiddenPair.mentor_id == person.id, ForbiddenPair.mentee_id == person.id)
        self._run(delete(ForbiddenPair).where(theirs))
        for proposal in self._session.scalars(select(Proposal)).all():
            left = [row for row in proposal.unmatched if row.get("person") != person.id]
            if len(left) < len(proposal.unmatched):
                proposal.unmatched = left

    def _empty_programs(self, person: Person, heir: Person | None) -> None:
        """Somebody else runs what they ran; as a sponsor or contact they are no longer named."""
        if heir is not None:
            self._run(update(Program).where(Program.created_by == person.id).values(created_by=heir.id))
        if not person.email:
            return
        self._run(delete(Coordinator).where(Coordinator.email == person.email))
        self._run(update(Program).where(Program.sponsor_email == person.email).values(sponsor_email=""))
        for program in self._session.scalars(select(Program)).all():
            if holds_email(program.contact_reach, person.email) or self._is_meant(person, program.contact_name):
                program.contact_name = program.contact_reach = ""

    def _is_meant(self, person: Person, name: str) -> bool:
        """By a name alone, only somebody who is the one person of that name."""
        others = exists().where(Person.name == name, Person.id != person.id)
        return name == person.name and not self._session.scalar(select(others))

    def _empty_what_others_say(self, person: Person) -> None:
        """Their e-mail in other people's rows: as a manager, and among those whom somebody would rather not meet."""
        if not person.email:
            return
        # Two people with the same manager are never paired: a name of no one keeps them together.
        stand_in = f"erased-{person.id}"
        self._run(update(Person).where(Person.manager_email == person.email).values(manager_email=stand_in))
        for enrollment in self._session.scalars(select(Enrollment).where(_holds(Enrollment.avoid, person.email))):
            enrollment.avoid = [email for email in enrollment.avoid if email != person.email]
        for draft in self._session.scalars(select(Draft).where(_holds(Draft.values, person.email))):
            if says(draft.values, person.email):
                self._session.delete(draft)

    def _empty(self, table: type[Table], condition: ColumnElement[bool]) -> None:
        for row in self._session.scalars(select(table).where(condition)).all():
            for name, value in _emptied(table).items():
                setattr(row, name, value)
        self._session.flush()
        self._passes("erased")

    def _run(self, statement: Any) -> None:
        self._session.execute(statement.execution_options(synchronize_session="fetch"))
        self._passes("erased")


def _holds(column: Any, word: str) -> ColumnElement[bool]:
    """Whether a JSON column holds this word, as it is written there."""
    found: ColumnElement[bool] = cast(column, Text).contains(json.dumps(word)[1:-1], autoescape=True)
    return found


def _emptied(table: type[Table]) -> Mapping[str, Any]:
    """What every column of a row becomes that is not kept: nothing, or what it is for somebody new."""
    columns: Iterable[Any] = table.__table__.columns
    return {column.key: _nothing(column) for column in columns if column.key not in KEPT[table]}


def _nothing(column: Any) -> Any:
    if column.nullable:
        return None
    default = column.default.arg if column.default is not None else ""
    return default(None) if callable(default) else default
