"""Pairs: one mentor and one mentee in a program."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache, partial
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, case, func, or_, select, update

from storage.pair_days import PairDays, goes_on, pair_columns, state_of
from storage.subject import NotYours, Subject
from storage.tables import CheckInAnswer, Pair, Person, Program, Session

# Answers that say a pair is alive, on the day they are given: of a session of last week one may hear only today.
SIGNS = ("met", "date_set")


class Pairs(Subject):
    """Who is paired with whom, now and before."""

    def add(self, pair: Pair) -> Pair:
        self._session.add(pair)
        self._session.flush()
        self._passes("written")
        return pair

    def add_all(self, pairs: Sequence[Pair]) -> None:
        """In one statement; each has its id afterwards."""
        self._session.add_all(pairs)
        self._session.flush()
        for _ in pairs:
            self._passes("written")

    def get(self, pair_id: int) -> Pair:
        return self._session.get_one(Pair, pair_id)

    def required(self, person: Person, pair_id: int) -> Pair:
        """The pair, if it is this person's; raises NotYours otherwise (cards get forwarded)."""
        if not self._is_there(Pair, pair_id):
            # A turn about one pair asks, as a rule, for its program, for the partner and for the other pairs too.
            self.meeting_of(person)
        pair = self._session.get(Pair, pair_id)
        if pair is None or person.id not in (pair.mentor_id, pair.mentee_id):
            raise NotYours
        return pair

    def partner_of(self, person: Person, pair_id: int) -> Person:
        """The other side of this person's pair; raises NotYours otherwise."""
        pair = self.required(person, pair_id)
        return self._session.get_one(Person, pair.mentee_id if pair.mentor_id == person.id else pair.mentor_id)

    def read_ahead(self, person_ids: Iterable[int]) -> None:
        """Reads these people's pairs and partners at once, so that nobody's turn has to ask for them one by one."""
        for person_id, rows in self._meeting(person_ids).items():
            self._once(("meeting of", person_id), partial(list, rows), Pair, Program)

    def active_of(self, person: Person) -> Sequence[Pair]:
        """As this person knows it: a pair that ends goes on for them until they hear of it."""
        return self._session.scalars(_active_of(), {"person": person.id}).all()

    def all_of(self, person: Person, program_id: int) -> Sequence[Pair]:
        """Every pair that this person has or had in a program."""
        return self._session.scalars(_all_of(), {"person": person.id, "program": program_id}).all()

    def meeting_of(self, person: Person) -> Sequence[tuple[Pair, Program]]:
        """This person's active pairs in programs that are not closed, as they know it."""
        return self._once(
            ("meeting of", person.id),
            lambda: self._meeting([person.id])[person.id],
            Pair,
            Program,
        )

    def _meeting(self, person_ids: Iterable[int]) -> dict[int, list[tuple[Pair, Program]]]:
        """By person id. Of two partners who are both among them, their pair comes twice."""
        found: dict[int, dict[int, tuple[Pair, Program]]] = {person_id: {} for person_id in person_ids}
        for pair, program, _ in self._session.execute(_meeting_of(), {"people": sorted(found)}):
            for person_id in found.keys() & {pair.mentor_id, pair.mentee_id}:
                if goes_on(pair, person_id):
                    found[person_id][pair.id] = pair, program
        return {person_id: list(theirs.values()) for person_id, theirs in found.items()}

    def in_program(self, program_id: int) -> Sequence[Pair]:
        return self._session.scalars(select(Pair).where(Pair.program_id == program_id).order_by(Pair.id)).all()

    def active(self) -> Sequence[Pair]:
        return self._session.scalars(select(Pair).where(Pair.status == "active").order_by(Pair.id)).all()

    def active_count(self, program_id: int) -> Mapping[int, int]:
        """How many pairs each person of a program has, as they know it; nobody with none is in it."""
        counts: Counter[int] = Counter()
        for pair in self._days(program_id):
            counts.update(side for side in (pair.mentor_id, pair.mentee_id) if goes_on(pair, side))
        return counts

    def ever(self, since: datetime | None = None) -> Sequence[tuple[int, int]]:
        """(mentor id, mentee id) of every pair there ever was, in any program; `since`: not those that ended before."""
        query = select(Pair.mentor_id, Pair.mentee_id)
        if since is not None:
            query = query.where(or_(Pair.ended_at.is_(None), Pair.ended_at >= since))
        return [(mentor, mentee) for mentor, mentee in self._session.execute(query)]

    def settling(self, program_id: int) -> frozenset[int]:
        """Ids of both sides of every pair of a program that ends and waits for its note."""
        sides = select(Pair.mentor_id, Pair.mentee_id).where(Pair.program_id == program_id, Pair.status == "ending")
        return frozenset(side for row in self._session.execute(sides) for side in row)

    def ever_of(self, person: Person) -> Sequence[Pair]:
        """This person's pairs in all programs, also those that are over and those whose introduction is to come."""
        mine = or_(Pair.mentor_id == person.id, Pair.mentee_id == person.id)
        return self._session.scalars(select(Pair).where(mine).order_by(Pair.id)).all()

    def introduction_days(self, person_ids: Sequence[int], first: date) -> Mapping[int, set[date]]:
        """From `first` on, the days on which these people are introduced to somebody."""
        days: dict[int, set[date]] = {person_id: set() for person_id in person_ids}
        ours = or_(Pair.mentor_id.in_(days), Pair.mentee_id.in_(days))
        for pair in self._session.scalars(select(Pair).where(ours, Pair.started_on >= first)):
            for person_id in {pair.mentor_id, pair.mentee_id} & days.keys():
                days[person_id].add(pair.started_on)
        return days

    def end_all(self, program_id: int, now: datetime) -> int:
        """Ends every pair of a program; says how many there were. They are kept: nobody is paired twice.

        Of one that was ending it stays known who had left it already, so that they are not pointed back to it, and the
        day of the note that nobody needs any more: so the report sees that it was over before. Not by `ended_at`, which
        the other side may read.
        """
        who_left = case((Pair.status == "ending", Pair.known_to), else_=None)
        note_on = case((Pair.status == "ending", Pair.tell_on), else_=None)
        ended = self._session.scalars(
            update(Pair)
            .where(Pair.program_id == program_id, Pair.status.in_(("active", "ending")))
            .values(status="ended", ended_at=now, tell_on=note_on, known_to=who_left)
            .returning(Pair.id)
        )
        return len(ended.all())

    def states(self, program_id: int, now: datetime, reader: int | None = None) -> Mapping[int, str]:
        """Each pair's state by pair id: waiting (for its introduction), introduced, date_set, met, quiet, paused,
        frozen (a coordinator decides) or ended.

        For coordinators: it tells of the pair only, never who answered. Quiet: nothing for 21 days, or longer by the
        pair's own rhythm. A pair that ends goes on for `reader`, if it is theirs and they have not heard of it.
        """
        held, told = self._last_held(program_id), self._last_told(program_id)
        booked = self._booked_ahead(program_id, now)
        program, nothing = self._session.get_one(Program, program_id), (None, None)
        return {
            pair.id: state_of(pair, program, (held.get(pair.id), *told.get(pair.id, nothing)), now, pair.id in booked)
            if pair.status == "active" or _still_goes_on(pair, reader)
            else "ended"
            for pair in self._days(program_id)
        }

    def _days(self, program_id: int) -> Sequence[PairDays]:
        return self._once(
            ("days", program_id),
            lambda: [PairDays._make(row) for row in self._columns(_days(), {"program": program_id})],
            Pair,
        )

    def _last_held(self, program_id: int) -> Mapping[int, date]:
        return self._once(
            ("held", program_id),
            lambda: dict(self._columns(_last_held(), {"program": program_id})),
            Session,
            Pair,
        )

    def _booked_ahead(self, program_id: int, now: datetime) -> set[int]:
        """The pairs with a booked session that is still to come."""
        return {row[0] for row in self._columns(_booked_ahead(), {"program": program_id, "now": now})}

    def _last_told(self, program_id: int) -> Mapping[int, tuple[date | None, date]]:
        """Of each pair the day on which either side last told of a date, and last gave any sign."""

        def read() -> Mapping[int, tuple[date | None, date]]:
            rows = self._columns(_last_told(), {"program": program_id})
            return {pair_id: (dated.date() if dated else None, at.date()) for pair_id, dated, at in rows}

        return self._once(("told", program_id), read, CheckInAnswer, Pair)


def _still_goes_on(pair: PairDays, reader: int | None) -> bool:
    return reader in (pair.mentor_id, pair.mentee_id) and reader is not None and goes_on(pair, reader)


def _of_person() -> ColumnElement[bool]:
    person = bindparam("person", type_=Integer)
    return or_(Pair.mentor_id == person, Pair.mentee_id == person)


def _goes_on_for_person() -> ColumnElement[bool]:
    unaware = or_(Pair.known_to.is_(None), Pair.known_to != bindparam("person", type_=Integer))
    return or_(Pair.status == "active", and_(Pair.status == "ending", unaware))


# Built once, since building a statement costs more than running it.


@cache
def _meeting_of() -> Select[Pair, Program, Person]:
    """With the partner, who is in nearly every answer."""
    people = bindparam("people", type_=Integer, expanding=True)
    mentors, mentees = Pair.mentor_id.in_(people), Pair.mentee_id.in_(people)
    partner = or_(and_(mentors, Person.id == Pair.mentee_id), and_(mentees, Person.id == Pair.mentor_id))
    return (
        select(Pair, Program, Person)
        .join(Program, Program.id == Pair.program_id)
        .join(Person, partner)
        .where(Program.status != "closed", or_(mentors, mentees), Pair.status != "ended")
        .order_by(Pair.id)
    )


@cache
def _active_of() -> Select[Pair]:
    return select(Pair).where(_of_person(), _goes_on_for_person()).order_by(Pair.id)


@cache
def _all_of() -> Select[Pair]:
    return select(Pair).where(_of_person(), Pair.program_id == bindparam("program")).order_by(Pair.id)


@cache
def _days() -> Select[*tuple[Any, ...]]:
    return select(*pair_columns()).where(Pair.program_id == bindparam("program")).order_by(Pair.id)


@cache
def _last_held() -> Select[int, date | None]:
    return (
        select(Session.pair_id, func.max(Session.held_on))
        .join(Pair, Pair.id == Session.pair_id)
        .where(Pair.program_id == bindparam("program"), Session.held_on.is_not(None))
        .group_by(Session.pair_id)
    )


@cache
def _booked_ahead() -> Select[int]:
    return (
        select(Session.pair_id)
        .join(Pair, Pair.id == Session.pair_id)
        .where(
            Pair.program_id == bindparam("program"), Session.held_on.is_(None), Session.planned_at > bindparam("now")
        )
    )


@cache
def _last_told() -> Select[*tuple[Any, ...]]:
    at = func.max(CheckInAnswer.answered_at)
    dated = func.max(case((CheckInAnswer.state == "date_set", CheckInAnswer.answered_at)))
    return (
        select(CheckInAnswer.pair_id, dated, at)
        .join(Pair, Pair.id == CheckInAnswer.pair_id)
        .where(Pair.program_id == bindparam("program"), CheckInAnswer.state.in_(SIGNS))
        .group_by(CheckInAnswer.pair_id)
    )
