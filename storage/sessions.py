"""Sessions: the meetings of a pair, booked and held."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache

from sqlalchemy import Select, bindparam, delete, or_, select

from storage.subject import NotYours, Subject
from storage.tables import Pair, Person, Program, Session

Window = tuple[date, date]
"""The days (after, up to) between two check-ins of a pair."""


class Sessions(Subject):
    """Meetings planned and held. Either side's word counts, and the two of them telling of one meeting count once."""

    # Held --------------------------------------------------------------------------------------------------------

    def record_held(self, pair_id: int, on: date, window: Window, now: datetime) -> Session:
        """A meeting on a known day: the one of that day, or the one of its fortnight whose day was not known.

        A booked one of that day, or one of that fortnight that nobody told of yet, is this one.
        """
        found = self._on(pair_id, on) or self._booked_on(pair_id, on)
        if found is None:
            inexact = (one for one in self._within(pair_id, window) if not one.exact)
            found = next(inexact, None) or self._untold(pair_id, window, now)
        if found is None:
            return self._add(Session(pair_id=pair_id, held_on=on, recorded_at=now))
        found.held_on, found.exact = on, True
        return found

    def record_met(self, pair_id: int, on: date, window: Window, now: datetime) -> Session:
        """ "We met" in a check-in: the meeting already recorded in that fortnight, else the one that was booked in it,
        else one on about this day."""
        known = self._within(pair_id, window) or [one for one in (self._on(pair_id, on),) if one]
        if known:
            return known[0]
        if booked := self._untold(pair_id, window, now):
            # Not exact: the word came from a check-in, so a check-in can take it back.
            booked.held_on, booked.exact = booked.planned_on, False
            return booked
        return self._add(Session(pair_id=pair_id, held_on=on, exact=False, recorded_at=now))

    def forget_met(self, pair_id: int, window: Window) -> None:
        """Takes back what only a check-in said about a fortnight. What was booked stays booked."""
        said = [one for one in self._within(pair_id, window) if not one.exact]
        for one in said:
            if one.planned_on is not None:
                one.held_on, one.exact = None, True
        gone = [one.id for one in said if one.planned_on is None]
        self._session.execute(delete(Session).where(Session.id.in_(gone)))

    def held(self, pair_id: int) -> Sequence[Session]:
        return self.held_in([pair_id])

    def held_in(self, pair_ids: Sequence[int]) -> Sequence[Session]:
        """Held sessions of all these pairs, oldest first."""
        return self._session.scalars(_held(), {"pairs": list(pair_ids)}).all()

    # Booked ------------------------------------------------------------------------------------------------------

    def required(self, person: Person, session_id: int) -> Session:
        """The session, if it is of one of this person's pairs; raises NotYours otherwise."""
        found = self._session.get(Session, session_id)
        pair = self._session.get(Pair, found.pair_id) if found else None
        if found is None or pair is None or person.id not in (pair.mentor_id, pair.mentee_id):
            raise NotYours
        return found

    def book(self, pair_id: int, begins: tuple[date, datetime], by: int, now: datetime) -> Session:
        """`begins`: its day, as the mentor's calendar has it, and its moment. A session that was called off begins anew
        under its old number, so that calendars which still hold it follow."""
        idle = Session.planned_at.is_(None), Session.held_on.is_(None), Session.booked_at.is_not(None)
        query = select(Session).where(Session.pair_id == pair_id, *idle).order_by(Session.id).limit(1)
        found = self._session.scalar(query)
        if found is None:
            found = self._add(Session(pair_id=pair_id, recorded_at=now, revision=0))
        else:
            found.revision += 1
        self._begins(found, begins, by, now)
        return found

    def move(self, session: Session, begins: tuple[date, datetime], by: int, now: datetime) -> None:
        """To another moment; whoever moves it knows the new one, the other side has not confirmed it."""
        session.revision += 1
        self._begins(session, begins, by, now)

    def call_off(self, session: Session, now: datetime) -> None:
        session.planned_on = session.planned_at = session.confirmed_at = None
        session.booked_at = now
        session.revision += 1
        self._session.flush()

    def ahead(self, pair_ids: Iterable[int], now: datetime) -> Sequence[Session]:
        """Booked sessions of these pairs that are still to come, the next one first."""
        pairs = tuple(sorted(pair_ids))
        return self._once(
            ("ahead", pairs, now),
            lambda: self._session.scalars(_ahead(), {"pairs": pairs, "now": now}).all(),
            Session,
        )

    def untold(self, pair_ids: Iterable[int], now: datetime) -> Sequence[Session]:
        """Booked sessions of these pairs whose time has passed and of which nobody has said that they took place."""
        return self._session.scalars(_untold(), {"pairs": sorted(pair_ids), "now": now}).all()

    def booked_of(
        self, person_ids: Iterable[int], first: datetime, last: datetime
    ) -> Sequence[tuple[Session, Pair, Program]]:
        """Booked sessions of these people, in any program, that begin between two moments."""
        people = sorted(person_ids)
        theirs = or_(Pair.mentor_id.in_(people), Pair.mentee_id.in_(people))
        rows = self._session.execute(_booked_between().where(theirs), {"first": first, "last": last})
        return [(session, pair, program) for session, pair, program in rows]

    def _begins(self, session: Session, begins: tuple[date, datetime], by: int, now: datetime) -> None:
        session.planned_on, session.planned_at = begins
        session.booked_by, session.booked_at, session.confirmed_at = by, now, None
        self._session.flush()

    def _booked_on(self, pair_id: int, day: date) -> Session | None:
        query = select(Session).where(Session.pair_id == pair_id, Session.planned_on == day, Session.held_on.is_(None))
        return self._session.scalars(query.order_by(Session.planned_at)).first()

    def _untold(self, pair_id: int, window: Window, now: datetime) -> Session | None:
        """Whose time has passed: a session that is still to come was not what they tell of."""
        after, upto = window
        days = ((one, one.planned_on) for one in self.untold([pair_id], now))
        return next((one for one, day in days if day and after < day <= upto), None)

    def _on(self, pair_id: int, day: date) -> Session | None:
        return self._session.scalar(_on(), {"pair": pair_id, "day": day})

    def _within(self, pair_id: int, window: Window) -> Sequence[Session]:
        after, upto = window
        return self._session.scalars(_within(), {"pair": pair_id, "after": after, "upto": upto}).all()

    def _add(self, session: Session) -> Session:
        self._session.add(session)
        self._session.flush()
        return session


# Built once, since building a statement costs more than running it.


@cache
def _on() -> Select[Session]:
    return select(Session).where(Session.pair_id == bindparam("pair"), Session.held_on == bindparam("day"))


@cache
def _within() -> Select[Session]:
    days = Session.held_on > bindparam("after"), Session.held_on <= bindparam("upto")
    return select(Session).where(Session.pair_id == bindparam("pair"), *days).order_by(Session.held_on)


@cache
def _held() -> Select[Session]:
    theirs = Session.pair_id.in_(bindparam("pairs", expanding=True))
    return select(Session).where(theirs, Session.held_on.is_not(None)).order_by(Session.held_on)


@cache
def _ahead() -> Select[Session]:
    return _of_pairs().where(Session.planned_at > bindparam("now"))


@cache
def _untold() -> Select[Session]:
    return _of_pairs().where(Session.planned_at <= bindparam("now"))


def _of_pairs() -> Select[Session]:
    theirs = Session.pair_id.in_(bindparam("pairs", expanding=True))
    return select(Session).where(theirs, Session.held_on.is_(None)).order_by(Session.planned_at, Session.id)


@cache
def _booked_between() -> Select[Session, Pair, Program]:
    return (
        select(Session, Pair, Program)
        .join(Pair, Pair.id == Session.pair_id)
        .join(Program, Program.id == Pair.program_id)
        .where(
            Session.planned_at >= bindparam("first"),
            Session.planned_at <= bindparam("last"),
            Session.held_on.is_(None),
            Pair.status == "active",
            Program.status != "closed",
        )
        .order_by(Session.planned_at, Session.id)
    )
