"""Pulses: rounds, who was asked and whether they answered, and answers that belong to nobody."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from sqlalchemy import Integer, Select, bindparam, delete, insert, literal, or_, select, text, update
from sqlalchemy.sql.dml import ReturningUpdate

from storage.subject import Subject
from storage.tables import (
    AuditEntry,
    Enrollment,
    Pair,
    Person,
    Program,
    PulseAnswer,
    PulseParticipation,
    PulseResult,
    PulseRound,
)

# The number of each round in its program.
NUMBERS = {"early": 1, "late": 2, "closing": 3}
# How long a round takes answers.
OPEN_FOR = timedelta(days=14)
# 128 bits: nobody can guess or count them.
KEY_BYTES = 16
# Whoever opened the session reads this after the commit: what the log of the database still holds has to go.
LEAVES_TRACES = "leaves_traces"
# On PostgreSQL every row tells which transaction wrote it, and lies behind older ones. So with each submission all
# answers of the round are written anew, in a random order: they share one transaction, and their place says nothing.
MIX = text(
    "WITH taken AS (DELETE FROM pulse_answers WHERE round_id = :round RETURNING key, question, value) "
    "INSERT INTO pulse_answers (key, round_id, question, value) "
    "SELECT md5(key || random()::text), :round, question, value FROM taken ORDER BY random()"
)
# The audit says that a round was published, and of which name.
PUBLISHED = "pulse_published_"


@dataclass(frozen=True, slots=True)
class Figure:
    """What may be shown of one question. `mean` in tenths, None below five answers; `answers` is 0 then."""

    question: str
    mean: int | None
    answers: int


class Pulses(Subject):
    """Who answered and what was answered never meet: no column, no time and no order leads from one to the other."""

    # Rounds ------------------------------------------------------------------------------------------------------

    def round(self, program_id: int, name: str, opens_on: date, closes_on: date) -> PulseRound:
        """The round of this name, opened if it is new; the days of one that is there stay as they are."""
        values = {"program_id": program_id, "number": NUMBERS[name], "name": name, "status": "open"}
        values |= {"opens_on": opens_on, "closes_on": closes_on}
        self._insert_if_new(PulseRound, values)
        return self._session.scalars(_named(), {"program": program_id, "name": name}).one()

    def closing_round(self, program: Program, today: date) -> PulseRound:
        """The last round, opened by whoever asks for it first; it takes answers for 14 days after the program's end:
        its last day, or the day on which it was closed by hand."""
        last = today if program.status == "closed" else max(today, program.ends_on)
        return self.round(program.id, "closing", today, last + OPEN_FOR)

    def required(self, round_id: int) -> PulseRound:
        """Raises NotYours when there is no such round."""
        return self._known(PulseRound, round_id)

    def named(self, program_id: int, name: str) -> PulseRound | None:
        return self._session.scalar(_named(), {"program": program_id, "name": name})

    def open_rounds(self) -> Sequence[tuple[PulseRound, Program]]:
        """Rounds that take answers, with their programs, closed ones among them."""
        rows = self._session.execute(
            select(PulseRound, Program)
            .join(Program, Program.id == PulseRound.program_id)
            .where(PulseRound.status == "open")
            .order_by(PulseRound.id)
        )
        return [(one, program) for one, program in rows]

    # Who ---------------------------------------------------------------------------------------------------------

    def asked(self, program_id: int, name: str) -> frozenset[int]:
        """Ids of everybody who was asked in this round."""
        query = (
            select(PulseParticipation.person_id)
            .join(PulseRound, PulseRound.id == PulseParticipation.round_id)
            .where(PulseRound.program_id == program_id, PulseRound.name == name)
        )
        return frozenset(self._session.scalars(query))

    def was_paired(self, person: Person, program_id: int) -> bool:
        """Whether this person has, or had, a pair in the program."""
        return bool(self._columns(_pairs(), {"person": person.id, "program": program_id}))

    def ask(self, round_id: int, person: Person) -> bool:
        """Notes that this person is asked; False when they were already."""
        return self._insert_if_new(
            PulseParticipation, {"round_id": round_id, "person_id": person.id, "answered": False}
        )

    def participation(self, round_id: int, person: Person) -> bool | None:
        """Whether this person answered; None when they were not asked."""
        rows = self._columns(_participation(), {"round": round_id, "person": person.id})
        return rows[0][0] if rows else None

    # Answers -----------------------------------------------------------------------------------------------------

    def record(self, round_id: int, person: Person, answers: Mapping[str, int]) -> bool:
        """Keeps a person's answers, apart from the person and from each other; False when they had answered already.

        Separate rows in a random order under random keys (guarantees, R-A5 and R-A7): nobody finds them again.
        """
        if self._locked(round_id).status != "open":
            return False
        self.ask(round_id, person)
        first = self._session.scalar(_answer(), {"round": round_id, "person": person.id})
        if first is None:
            return False
        self._passes("part_written")
        rows = [
            {"key": secrets.token_hex(KEY_BYTES), "round_id": round_id, "question": question, "value": value}
            for question, value in answers.items()
        ]
        secrets.SystemRandom().shuffle(rows)
        self._session.execute(insert(PulseAnswer), rows)
        self._passes("answer_written")
        if self._session.get_bind().dialect.name == "postgresql":
            self._session.execute(MIX, {"round": round_id})
        self._session.info[LEAVES_TRACES] = True
        return True

    def answers(self, round_id: int) -> Mapping[str, Sequence[int]]:
        """All values of a round that is about to close, by question, sorted: their order says nothing."""
        self._locked(round_id)
        rows = self._session.execute(
            select(PulseAnswer.question, PulseAnswer.value)
            .where(PulseAnswer.round_id == round_id)
            .order_by(PulseAnswer.question, PulseAnswer.value)
        )
        found: dict[str, list[int]] = {}
        for question, value in rows:
            found.setdefault(question, []).append(value)
        return found

    def _locked(self, round_id: int) -> PulseRound:
        """The round as it is now; until the commit nobody else answers in it or closes it."""
        return self._session.scalars(_locked(), {"round": round_id}).one()

    def publish(self, closed: PulseRound, figures: Sequence[Figure], person: Person, now: datetime) -> None:
        """The one way out: results are written, the answers deleted and the audit told, in one transaction."""
        self._session.execute(delete(PulseAnswer).where(PulseAnswer.round_id == closed.id))
        self._session.add_all(
            PulseResult(round_id=closed.id, question=one.question, mean=one.mean, answers=one.answers)
            for one in figures
        )
        who = {"at": now, "person_id": person.id, "program_id": closed.program_id}
        self._session.add(AuditEntry(what=PUBLISHED + closed.name, detail={"round": closed.id}, **who))
        closed.status = "closed"
        self._session.info[LEAVES_TRACES] = True
        self._session.flush()
        self._passes("written")

    # Results -----------------------------------------------------------------------------------------------------

    def published(self, program_id: int) -> Sequence[tuple[PulseRound, Mapping[str, Figure]]]:
        """Closed rounds in order, each with its figures by question."""
        rows = self._session.execute(
            select(PulseRound, PulseResult)
            .join(PulseResult, PulseResult.round_id == PulseRound.id)
            .where(PulseRound.program_id == program_id, PulseRound.status == "closed")
            .order_by(PulseRound.number)
        )
        rounds: dict[int, tuple[PulseRound, dict[str, Figure]]] = {}
        for one, result in rows:
            _, figures = rounds.setdefault(one.id, (one, {}))
            figures[result.question] = Figure(result.question, result.mean, result.answers)
        return list(rounds.values())

    def programs_of(self, person: Person) -> Sequence[Program]:
        """The programs whose results this person may see, newest first: those they take, or took, part in."""
        return self._session.scalars(
            select(Program)
            .join(Enrollment, Enrollment.program_id == Program.id)
            .where(Enrollment.person_id == person.id, Enrollment.status.in_(("joined", "matched")))
            .order_by(Program.id.desc())
        ).all()

    def published_since(self, moment: datetime) -> Sequence[PulseRound]:
        """Rounds whose results came out after a moment, for the coordinators' digest."""
        return self._session.scalars(_published_since(), {"moment": moment}).all()

    def of_person(self, person: Person) -> Sequence[tuple[PulseRound, bool]]:
        """Every round in which this person was asked, and whether they answered: all there is about them."""
        rows = self._session.execute(_of_person(), {"person": person.id})
        return [(one, answered) for one, answered in rows]


# Built once, since building a statement costs more than running it.


@cache
def _named() -> Select[PulseRound]:
    return select(PulseRound).where(PulseRound.program_id == bindparam("program"), PulseRound.name == bindparam("name"))


@cache
def _locked() -> Select[PulseRound]:
    one = select(PulseRound).where(PulseRound.id == bindparam("round"))
    return one.with_for_update().execution_options(populate_existing=True)


@cache
def _pairs() -> Select[int]:
    person = bindparam("person", type_=Integer)
    either = or_(Pair.mentor_id == person, Pair.mentee_id == person)
    return select(Pair.id).where(Pair.program_id == bindparam("program"), either).limit(1)


@cache
def _published_since() -> Select[PulseRound]:
    published = AuditEntry.what == literal(PUBLISHED) + PulseRound.name
    return (
        select(PulseRound)
        .join(AuditEntry, (AuditEntry.program_id == PulseRound.program_id) & published)
        .where(AuditEntry.at > bindparam("moment"))
        .order_by(PulseRound.id)
    )


@cache
def _answer() -> ReturningUpdate[int]:
    mine = PulseParticipation.round_id == bindparam("round"), PulseParticipation.person_id == bindparam("person")
    first = update(PulseParticipation).where(*mine, ~PulseParticipation.answered).values(answered=True)
    return first.returning(PulseParticipation.person_id).execution_options(synchronize_session=False)


@cache
def _participation() -> Select[bool]:
    return select(PulseParticipation.answered).where(
        PulseParticipation.round_id == bindparam("round"), PulseParticipation.person_id == bindparam("person")
    )


@cache
def _of_person() -> Select[PulseRound, bool]:
    return (
        select(PulseRound, PulseParticipation.answered)
        .join(PulseParticipation, PulseParticipation.round_id == PulseRound.id)
        .where(PulseParticipation.person_id == bindparam("person"))
        .order_by(PulseRound.id)
    )
