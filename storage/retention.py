"""Letting go: what is kept no longer than the privacy page says (guarantees, section 5). Any number of times a day."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Null, Select, String, and_, cast, delete, exists, func, null, or_, select, update

from storage.subject import Subject
from storage.tables import (
    AuditEntry,
    CheckInAnswer,
    Draft,
    Enrollment,
    HelpRequest,
    OutboxMessage,
    Pair,
    PairGoal,
    PairTopic,
    Person,
    Program,
    PulseParticipation,
    PulseRound,
    Session,
    SkillRating,
    Table,
)

OWN_WORDS = timedelta(days=90)
PROFILE = timedelta(days=30)
PARTICIPATION = timedelta(days=30)
BODIES = timedelta(days=7)
AUDIT = timedelta(days=365)
PAST_PAIRS = timedelta(days=730)
# A form that nobody finished for so long is begun anew.
DRAFTS = timedelta(days=30)
# Rows of messages never go: to look through 300,000 at once held the one writer of SQLite for a quarter of a second.
MESSAGES_AT_ONCE = 2000

# What somebody signed up with, as it is when nothing is known.
SIGNED_UP_WITH: dict[str, Any] = {
    "offers": [],
    "wants": [],
    "own_words": "",
    "interests": [],
    "goals": "",
    "want_back": "",
    "avoid": [],
}
# What somebody who is on no roster told about themselves.
DECLARED: dict[str, Any] = {"department": "", "team": "", "manager_email": "", "level": None, "location": ""}


class Retention(Subject):
    """Deletes by age. What is left of a pair after its words are gone: ids, so that nobody is paired twice."""

    def let_go(self, now: datetime) -> int:
        """Everything whose time has come, but the texts of messages; says how many rows changed or went."""
        done = [
            self._change(CheckInAnswer, _old_pair(CheckInAnswer.pair_id, now), {"learned": "", "change": ""}),
            self._delete(PairGoal, _old_pair(PairGoal.pair_id, now)),
            self._change(HelpRequest, HelpRequest.created_at < now - OWN_WORDS, {"words": ""}),
            self._change(Enrollment, Enrollment.program_id.in_(_over(now - PROFILE)), SIGNED_UP_WITH),
            self._change(Person, _declared_and_done(now - PROFILE), DECLARED),
            self._delete(SkillRating, SkillRating.program_id.in_(_over(now - PROFILE))),
            self._delete(PulseParticipation, PulseParticipation.round_id.in_(_old_rounds(now))),
            self._delete(Draft, Draft.updated_at < now - DRAFTS),
            self._delete(AuditEntry, AuditEntry.at < now - AUDIT),
            *self._past_pairs(now),
        ]
        return sum(done)

    def messages(self) -> Iterable[range]:
        """All ids of messages in slices, each short enough for one transaction."""
        last = self._session.scalar(select(func.max(OutboxMessage.id))) or 0
        return (range(first, first + MESSAGES_AT_ONCE) for first in range(1, last + 1, MESSAGES_AT_ONCE))

    def let_go_of_texts(self, now: datetime, ids: range) -> int:
        """Of messages settled long enough ago; says of how many."""
        these = and_(OutboxMessage.id.between(ids.start, ids.stop - 1), _settled_before(now - BODIES))
        return self._change(OutboxMessage, these, {"card": None, "file": null()})

    def _past_pairs(self, now: datetime) -> Sequence[int]:
        # Asked for in each statement: a list of them would one day be longer than a statement may be.
        past = select(Pair.id).where(Pair.ended_at < now - PAST_PAIRS)
        rows: tuple[type[Any], ...] = (CheckInAnswer, PairGoal, PairTopic, Session)
        gone = [self._delete(each, each.pair_id.in_(past)) for each in rows]
        self._change(HelpRequest, HelpRequest.pair_id.in_(past), {"pair_id": None})
        return (*gone, self._delete(Pair, Pair.id.in_(past)))

    def _change(self, table: type[Table], condition: ColumnElement[bool], values: dict[str, Any]) -> int:
        """Rows that are so already are left alone: an hourly sweep writes nothing where there is nothing to do."""
        differs = or_(*(_is_not(getattr(table, name), value) for name, value in values.items()))
        changed = update(table).where(condition, differs).values(**values)
        return self._run(changed)

    def _delete(self, table: type[Table], condition: ColumnElement[bool]) -> int:
        return self._run(delete(table).where(condition))

    def _run(self, statement: Any) -> int:
        result = self._session.execute(statement.execution_options(synchronize_session=False))
        return int(getattr(result, "rowcount", 0))


def _is_not(column: Any, value: object) -> ColumnElement[bool]:
    if value is None or isinstance(value, Null):
        return column.is_not(None)  # type: ignore[no-any-return]
    if value == []:
        # PostgreSQL has no comparison for its JSON type; its text is the same on both databases.
        return cast(column, String) != "[]"
    return column != value  # type: ignore[no-any-return]


def _old_pair(column: Any, now: datetime) -> ColumnElement[bool]:
    return column.in_(select(Pair.id).where(Pair.ended_at < now - OWN_WORDS))  # type: ignore[no-any-return]


def _over(before: datetime) -> Select[int]:
    return select(Program.id).where(Program.status == "closed", Program.closed_at < before)


def _old_rounds(now: datetime) -> Select[int]:
    return select(PulseRound.id).where(
        PulseRound.status == "closed", PulseRound.closes_on < (now - PARTICIPATION).date()
    )


def _settled_before(moment: datetime) -> ColumnElement[bool]:
    # Asked for the states that are settled, SQLite would go by their index, through all messages for each slice.
    return and_(OutboxMessage.state.not_in(("waiting", "sending")), OutboxMessage.settled_at < moment)


def _declared_and_done(before: datetime) -> ColumnElement[bool]:
    """On no roster, and in no program that is not long over; who is in none at all was never asked."""
    mine = Enrollment.person_id == Person.id
    took_part = exists().where(mine)
    goes_on = exists().where(mine, Enrollment.program_id.not_in(_over(before)))
    return and_(Person.source != "roster", took_part, ~goes_on)
