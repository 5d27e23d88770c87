"""Quiet pairs: since when nothing has happened between two people, as far as the bot knows."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import Row, ScalarSelect, Select, bindparam, func, select

from storage.pair_days import PairDays, excused_between, pair_columns, quiet_after
from storage.pairs import SIGNS
from storage.subject import Subject
from storage.tables import CheckInAnswer, Pair, Program, Session

P = TypeVar("P", Pair, PairDays)

PAIRS_AT_ONCE = 5_000


class QuietPair(NamedTuple, Generic[P]):
    """A pair and the day since which there was neither a session nor a date.

    `cadence`: how often it means to meet, in days; `excused`: how many of the days since then do not count.
    """

    pair: P
    since: date
    cadence: int
    excused: timedelta = timedelta()

    @property
    def quiet_after(self) -> timedelta:
        """Longer by the program's quiet dates, and never reached on hold."""
        return quiet_after(self.cadence) + self.excused


class Silence(NamedTuple):
    """The same of a pair by its id, for the plan, which looks at every pair."""

    pair: int
    since: date
    quiet_after: timedelta


class QuietPairs(Subject):
    """Which pairs could do with a word. It tells of pairs, never of who answered what."""

    def required(self, pair_id: int) -> Pair:
        """For coordinators. Raises NotYours when there is no such pair: actions can be made up."""
        return self._known(Pair, pair_id)

    def in_running(self, today: date) -> Iterator[tuple[Silence, Program]]:
        """Active pairs of running programs that are not on hold, quiet or not, in order."""
        running = Program.status.in_(("open", "running")), Program.held_since.is_(None)
        programs = {one.id: one for one in self._session.scalars(select(Program).where(*running))}
        # Beside the session's rows, a few at a time: 100,000 pairs would take 300 MB.
        options = {"yield_per": PAIRS_AT_ONCE}
        if not programs:
            return
        rows = self._session.connection().execute(_silences(), execution_options=options)
        columns = len(PairDays._fields)
        for row in (each for some in rows.partitions() for each in some):
            pair = PairDays._make(row[:columns])
            if program := programs.get(pair.program_id):
                one = _quiet_pair(pair, program, row[columns:], today)
                yield Silence(pair.id, one.since, one.quiet_after), program

    def of_program(self, program_id: int, today: date) -> Sequence[QuietPair[Pair]]:
        """Those that are called quiet today, the longest silence first."""
        rows = self._session.execute(_life().where(Pair.program_id == program_id, Pair.status == "active")).all()
        quiet = [one for one in _quiet(rows, today) if today - one.since > one.quiet_after]
        return sorted(quiet, key=lambda one: (one.since, one.pair.id))

    def of_pairs(self, pair_ids: Sequence[int], today: date) -> Mapping[int, QuietPair[Pair]]:
        """By pair id, for those of these that are not over, quiet or not: one that ends looks as ever to whoever has
        not heard of it."""
        found: dict[int, QuietPair[Pair]] = {}
        for number, *life in self._columns(_life_of(), {"pairs": list(pair_ids)}):
            # Whoever asks has, as a rule, read the pair and its program already.
            pair = self._session.get_one(Pair, number)
            found[number] = _quiet_pair(pair, self._session.get_one(Program, pair.program_id), life, today)
        return found


LifeRow = Row[Pair, Program, date | None, date | None, datetime | None]
Life = Sequence[Any]
"""The last session, the last date, and the last word that there was or is one."""


def _quiet(rows: Sequence[LifeRow], today: date) -> list[QuietPair[Pair]]:
    return [_quiet_pair(row[0], row[1], row[2:], today) for row in rows]


def _quiet_pair(pair: P, program: Program, life: Life, today: date) -> QuietPair[P]:
    since = _since(pair, program, life, today)
    excused = excused_between(program, since, today)
    return QuietPair(pair, since, pair.cadence_days or program.cadence_days, excused)


def _since(pair: Pair | PairDays, program: Program, life: Life, today: date) -> date:
    """The introduction, the last session, a date that is still ahead, or the word that there was or is one. A rest
    counts as its last day, and so does a hold of the whole program."""
    held, planned, dated = life
    ahead = planned if planned and planned >= today else None
    days = (pair.started_on, pair.rests_until, held, ahead, dated.date() if dated else None, program.resumed_on)
    return max(day for day in days if day)


def _told() -> tuple[ScalarSelect[Any], ScalarSelect[Any], ScalarSelect[Any]]:
    held = select(func.max(Session.held_on)).where(Session.pair_id == Pair.id).scalar_subquery()
    planned = select(func.max(Session.planned_on)).where(Session.pair_id == Pair.id).scalar_subquery()
    dated = (
        select(func.max(CheckInAnswer.answered_at))
        .where(CheckInAnswer.pair_id == Pair.id, CheckInAnswer.state.in_(SIGNS))
        .scalar_subquery()
    )
    return held, planned, dated


@cache
def _silences() -> Select[*tuple[Any, ...]]:
    # Not an equality: for one SQLite would take the index on it and sort the pairs afterwards.
    active = Pair.status.not_in(("ended", "ending")), Pair.frozen_at.is_(None)
    return select(*pair_columns(), *_told()).where(*active).order_by(Pair.id)


@cache
def _life() -> Select[Pair, Program, date | None, date | None, datetime | None]:
    query = select(Pair, Program, *_told()).join(Program, Program.id == Pair.program_id)
    return query.where(Pair.status != "ended", Pair.frozen_at.is_(None)).order_by(Pair.id)


@cache
def _life_of() -> Select[*tuple[Any, ...]]:
    alive = Pair.status != "ended", Pair.frozen_at.is_(None)
    these = Pair.id.in_(bindparam("pairs", expanding=True))
    return select(Pair.id, *_told()).where(these, *alive).order_by(Pair.id)
