"""Everybody with a pair, slice by slice and as plain columns: what the flows' plans read at every heartbeat."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Date, Integer, Select, Text, bindparam, cast, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from storage.pair_days import PairDays, pair_columns
from storage.subject import Subject
from storage.tables import Pair, Person, Program, Session

# With 200,000 people their rows would take 600 MB at once; a slice of these takes 3 MB and three statements.
PEOPLE_AT_ONCE = 2_000


class PairedPerson(NamedTuple):
    """Somebody as the calendar sees them; `quiet` is the text of `people.quiet_dates`."""

    id: int
    timezone: str
    country: str
    workdays: str
    work_start: str
    work_end: str
    paused_until: date | None
    quiet: str
    is_silent: bool
    is_gone: bool

    @property
    def quiet_dates(self) -> Sequence[Any]:
        return _dates(self.quiet)


class BookedDays(NamedTuple):
    """A booked session, as its reminders see it."""

    id: int
    revision: int
    planned_at: datetime
    booked_at: datetime
    booked_by: int | None
    confirmed_at: datetime | None


WithPairs = tuple[PairedPerson, Sequence[tuple[PairDays, Program]]]
"""Somebody and all their pairs, in no order."""


class Paired(Subject):
    """People and their pairs that have not ended, in programs that are not closed."""

    def in_slices(self, since: date = date.min, at_once: int = PEOPLE_AT_ONCE) -> Iterator[Sequence[WithPairs]]:
        """By person id; everybody comes once, with all their pairs. `since`: only pairs introduced from that day on."""
        programs, after = self._open_programs(), 0
        while programs:
            rows = self._columns(_people(), {"after": after, "since": since, "most": at_once})
            people = [PairedPerson._make(row) for row in rows]
            if people:
                yield self._with_pairs(people, programs, since)
            if len(people) < at_once:
                return
            after = people[-1].id

    def mentees_not_in_touch(
        self, first: date, last: date, at_once: int = PEOPLE_AT_ONCE
    ) -> Iterator[tuple[PairDays, Program, PairedPerson]]:
        """Active pairs introduced between two days, with their mentee, by pair id; not those where somebody said that
        the two are in touch, nor those that wait for a coordinator's decision."""
        programs, after, columns = self._open_programs(), 0, len(PairDays._fields)
        while programs:
            rows = self._columns(_not_in_touch(), {"after": after, "first": first, "last": last, "most": at_once})
            for row in rows:
                pair = PairDays._make(row[:columns])
                if pair.program_id in programs:
                    yield pair, programs[pair.program_id], PairedPerson._make(row[columns:])
            if len(rows) < at_once:
                return
            after = rows[-1][0]

    def booked_between(
        self, first: datetime, last: datetime, at_once: int = PEOPLE_AT_ONCE
    ) -> Iterator[Sequence[tuple[BookedDays, PairDays, Program]]]:
        """Booked sessions of active pairs that begin between two moments, both included, by id."""
        programs, after, columns = self._open_programs(), 0, len(BookedDays._fields)
        while programs:
            rows = self._columns(_booked(), {"after": after, "first": first, "last": last, "most": at_once})
            pairs = ((BookedDays._make(row[:columns]), PairDays._make(row[columns:])) for row in rows)
            yield [(one, pair, programs[pair.program_id]) for one, pair in pairs if pair.program_id in programs]
            if len(rows) < at_once:
                return
            after = rows[-1][0]

    def people(self, ids: Iterable[int]) -> dict[int, PairedPerson]:
        """These, by id; for a slice of them."""
        rows = self._columns(_these_people(), {"ids": sorted(set(ids))})
        return {row[0]: PairedPerson._make(row) for row in rows}

    def _with_pairs(
        self, people: Sequence[PairedPerson], programs: dict[int, Program], since: date
    ) -> Sequence[WithPairs]:
        found: defaultdict[int, list[tuple[PairDays, Program]]] = defaultdict(list)
        bounds = {"first": people[0].id, "last": people[-1].id, "since": since}
        for side in ("mentor_id", "mentee_id"):
            which = PairDays._fields.index(side)
            for row in self._columns(_pairs(side), bounds):
                pair = PairDays._make(row)
                if pair.program_id in programs:
                    found[row[which]].append((pair, programs[pair.program_id]))
        return [(person, found[person.id]) for person in people if person.id in found]

    def _open_programs(self) -> dict[int, Program]:
        """A program has thirty columns: read once each, not once for each of its pairs."""
        return {one.id: one for one in self._session.scalars(_open_programs())}


@lru_cache(maxsize=1_000)
def _dates(quiet: str) -> Sequence[Any]:
    return tuple(json.loads(quiet) or ())


# Built once, since building a statement costs more than running it. None of the conditions besides the ids is an
# equality: for one SQLite would take another index, and read every active pair for each slice.


def _calendar_columns() -> tuple[ColumnElement[Any] | InstrumentedAttribute[Any], ...]:
    hours = Person.workdays, Person.work_start, Person.work_end
    quiet = cast(Person.quiet_dates, Text)
    return (
        Person.id,
        Person.timezone,
        Person.country,
        *hours,
        Person.paused_until,
        quiet,
        Person.silent_since,
        Person.gone_since,
    )


def _recent() -> tuple[ColumnElement[bool], ...]:
    return Pair.status != "ended", Pair.started_on >= bindparam("since", type_=Date)


@cache
def _people() -> Select[*tuple[Any, ...]]:
    sides = (select(Pair.id).where(side == Person.id, *_recent()).exists() for side in (Pair.mentor_id, Pair.mentee_id))
    after = Person.id > bindparam("after", type_=Integer)
    return (
        select(*_calendar_columns())
        .where(after, or_(*sides))
        .order_by(Person.id)
        .limit(bindparam("most", type_=Integer))
    )


@cache
def _pairs(side: str) -> Select[*tuple[Any, ...]]:
    person = getattr(Pair, side)
    bounds = person >= bindparam("first", type_=Integer), person <= bindparam("last", type_=Integer)
    return select(*pair_columns()).where(*bounds, *_recent())


@cache
def _not_in_touch() -> Select[*tuple[Any, ...]]:
    return (
        select(*pair_columns(), *_calendar_columns())
        .join(Person, Person.id == Pair.mentee_id)
        .where(Pair.id > bindparam("after", type_=Integer))
        .where(Pair.status.not_in(("ended", "ending")), Pair.frozen_at.is_(None), Pair.in_touch_at.is_(None))
        .where(Pair.started_on >= bindparam("first", type_=Date), Pair.started_on <= bindparam("last", type_=Date))
        .order_by(Pair.id)
        .limit(bindparam("most", type_=Integer))
    )


@cache
def _booked() -> Select[*tuple[Any, ...]]:
    columns = (getattr(Session, name) for name in BookedDays._fields)
    return (
        select(*columns, *pair_columns())
        .join(Pair, Pair.id == Session.pair_id)
        .where(
            Session.id > bindparam("after", type_=Integer), Session.held_on.is_(None), Session.booked_at.is_not(None)
        )
        .where(Session.planned_at >= bindparam("first"), Session.planned_at <= bindparam("last"))
        .where(Pair.status.not_in(("ended", "ending")))
        .order_by(Session.id)
        .limit(bindparam("most", type_=Integer))
    )


@cache
def _these_people() -> Select[*tuple[Any, ...]]:
    return select(*_calendar_columns()).where(Person.id.in_(bindparam("ids", expanding=True)))


@cache
def _open_programs() -> Select[Program]:
    return select(Program).where(Program.status != "closed")
