"""What the conflict firewall reads of active pairs, and pairs that it has frozen."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select

from storage.outbox import Outbox
from storage.subject import Subject
from storage.tables import Pair, Person, Program, ProposedPair

# SQLite allows 32,766 parameters a statement.
IDS_A_STATEMENT = 1_000


class Facts(NamedTuple):
    """One person as the roster has them: all that a conflict can come from."""

    id: int
    email: str | None
    manager_email: str
    team: str
    level: int | None
    reviewers: Sequence[str]


class FrozenPairs(Subject):
    """Active pairs, their facts, and which of them wait for a coordinator."""

    def required(self, pair_id: int) -> Pair:
        """For coordinators. Raises NotYours when there is no such pair."""
        return self._known(Pair, pair_id)

    def active(self) -> Sequence[tuple[Pair, Program]]:
        """Every active pair of every program that is not closed, frozen or not."""
        programs = {one.id: one for one in self._session.scalars(select(Program).where(Program.status != "closed"))}
        pairs = select(Pair).where(Pair.program_id.in_(list(programs)), Pair.status == "active").order_by(Pair.id)
        return [(pair, programs[pair.program_id]) for pair in self._session.scalars(pairs)]

    def of_program(self, program_id: int) -> Sequence[Pair]:
        """Those that wait for a decision."""
        waiting = Pair.program_id == program_id, Pair.status == "active", Pair.frozen_at.is_not(None)
        return self._session.scalars(select(Pair).where(*waiting).order_by(Pair.id)).all()

    def facts(self, person_ids: Collection[int]) -> Mapping[int, Facts]:
        wanted, found = sorted(person_ids), dict[int, Facts]()
        for first in range(0, len(wanted), IDS_A_STATEMENT):
            some = wanted[first : first + IDS_A_STATEMENT]
            for number, *facts, reviewers in self._columns(_facts(), {"people": some}):
                found[number] = Facts._make((number, *facts, reviewers or ()))
        return found

    def managers_of(self, emails: Collection[str]) -> Mapping[str, str]:
        """Whom each of these reports to; whoever is not on the roster is not in it."""
        wanted, found = sorted(emails), dict[str, str]()
        for first in range(0, len(wanted), IDS_A_STATEMENT):
            some = wanted[first : first + IDS_A_STATEMENT]
            found.update(dict(self._columns(_managers(), {"emails": some})))
        return found

    def made_by_hand(self, pair: Pair) -> str | None:
        """The note with which a coordinator made this pair against a rule; None for every other pair."""
        return self._session.scalar(
            select(ProposedPair.note).where(
                ProposedPair.mentor_id == pair.mentor_id,
                ProposedPair.mentee_id == pair.mentee_id,
                ProposedPair.by_hand,
                ProposedPair.note != "",
            )
        )

    def freeze(self, pair: Pair, rule: str, now: datetime) -> None:
        """What waits for either of the two about this pair is not sent."""
        pair.frozen_at, pair.frozen_by_rule = now, rule
        self._session.flush()
        # Messages to the two, and the group chat that would introduce them; a coordinator's own cards stay.
        Outbox(self._session).drop_about((pair.mentor_id, pair.mentee_id), [pair.id], "frozen", now)

    def thaw(self, pair: Pair, today: date) -> None:
        """The pair goes on from today. What fell into the time in between is not made up for."""
        pair.frozen_at, pair.frozen_by_rule = None, ""
        yesterday = date.fromordinal(today.toordinal() - 1)
        pair.rests_until = max(pair.rests_until or yesterday, yesterday)


# Built once, since building a statement costs more than running it.


@cache
def _facts() -> Select[*tuple[Any, ...]]:
    columns = Person.id, Person.email, Person.manager_email, Person.team, Person.level, Person.reviewers
    return select(*columns).where(Person.id.in_(bindparam("people", expanding=True)))


@cache
def _managers() -> Select[*tuple[Any, ...]]:
    return select(Person.email, Person.manager_email).where(Person.email.in_(bindparam("emails", expanding=True)))
