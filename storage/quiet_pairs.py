"""Quiet pairs: since when nothing has happened between two people, as far as the bot knows."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import NamedTuple

from sqlalchemy import Row, Select, bindparam, func, select

from storage.pairs import SIGNS, quiet_after, quiet_dates_between
from storage.subject import NotYours, Subject
from storage.tables import CheckInAnswer, Pair, Program, Session


class QuietPair(NamedTuple):
    """A pair and the day since which there was neither a session nor a date.

    `cadence`: how often it means to meet, in days; `excused`: how many of the days since then were quiet dates.
    """

    pair: Pair
    since: date
    cadence: int
    excused: timedelta = timedelta()

    @property
    def quiet_after(self) -> timedelta:
        """Longer by the program's quiet dates."""
        return quiet_after(self.cadence) + self.excused


class QuietPairs(Subject):
    """Which pairs could do with a word. It tells of pairs, never of who answered what."""

    def required(self, pair_id: int) -> Pair:
        """For coordinators. Raises NotYours when there is no such pair: actions can be made up."""
        found = self._session.get(Pair, pair_id)
        if found is None:
            raise NotYours
        return found

    def in_running(self, today: date) -> Sequence[tuple[QuietPair, Program]]:
        """Active pairs of running programs that are not on hold, quiet or not."""
        running = Program.status.in_(("open", "running")), Program.held_since.is_(None)
        rows = self._session.execute(_life().where(*running, Pair.status == "active")).all()
        return list(zip(_quiet(rows, today), (row[1] for row in rows), strict=True))

    def of_program(self, program_id: int, today: date) -> Sequence[QuietPair]:
        """Those that are called quiet today, the longest silence first."""
        rows = self._session.execute(_life().where(Pair.program_id == program_id, Pair.status == "active")).all()
        quiet = [one for one in _quiet(rows, today) if today - one.since > one.quiet_after]
        return sorted(quiet, key=lambda one: (one.since, one.pair.id))

    def of_pairs(self, pair_ids: Sequence[int], today: date) -> Mapping[int, QuietPair]:
        """By pair id, for those of these that are not over, quiet or not: one that ends looks as ever to whoever has
        not heard of it."""
        rows = self._session.execute(_life_of(), {"pairs": list(pair_ids)}).all()
        return {one.pair.id: one for one in _quiet(rows, today)}


LifeRow = Row[Pair, Program, date | None, date | None, datetime | None]


def _quiet(rows: Sequence[LifeRow], today: date) -> list[QuietPair]:
    return [_quiet_pair(row, today) for row in rows]


def _quiet_pair(row: LifeRow, today: date) -> QuietPair:
    pair, program, since = row[0], row[1], _since(row, today)
    excused = quiet_dates_between(program, since, today)
    return QuietPair(pair, since, pair.cadence_days or program.cadence_days, excused)


def _since(row: LifeRow, today: date) -> date:
    """The introduction, the last session, a date that is still ahead, or the word that there was or is one. A rest
    counts as its last day, and so does a hold of the whole program."""
    pair, program, held, planned, dated = row
    ahead = planned if planned and planned >= today else None
    days = (pair.started_on, pair.rests_until, held, ahead, dated.date() if dated else None, program.resumed_on)
    return max(day for day in days if day)


@cache
def _life() -> Select[Pair, Program, date | None, date | None, datetime | None]:
    held = select(func.max(Session.held_on)).where(Session.pair_id == Pair.id).scalar_subquery()
    planned = select(func.max(Session.planned_on)).where(Session.pair_id == Pair.id).scalar_subquery()
    dated = (
        select(func.max(CheckInAnswer.answered_at))
        .where(CheckInAnswer.pair_id == Pair.id, CheckInAnswer.state.in_(SIGNS))
        .scalar_subquery()
    )
    query = select(Pair, Program, held, planned, dated).join(Program, Program.id == Pair.program_id)
    return query.where(Pair.status != "ended", Pair.frozen_at.is_(None)).order_by(Pair.id)


@cache
def _life_of() -> Select[Pair, Program, date | None, date | None, datetime | None]:
    return _life().where(Pair.id.in_(bindparam("pairs", expanding=True)))
