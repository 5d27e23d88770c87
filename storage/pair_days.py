"""A pair as the calendar sees it: its days, whether it goes on, and what they say about how it is."""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

from storage.tables import Pair, Program

# Three weeks without a meeting or a date: the pair is called quiet (guarantees, section 3).
QUIET_AFTER = timedelta(days=21)
# A pair that means to meet less often has its own rhythm and this much.
GRACE = timedelta(days=7)


class PairDays(NamedTuple):
    """The columns of a pair that the calendar needs."""

    id: int
    program_id: int
    mentor_id: int
    mentee_id: int
    status: str
    cadence_days: int | None
    started_on: date
    rests_until: date | None
    tell_on: date | None
    known_to: int | None
    is_frozen: bool


def pair_columns() -> tuple[ColumnElement[Any] | InstrumentedAttribute[Any], ...]:
    """The columns of `PairDays`, in order."""
    return (*(getattr(Pair, name) for name in PairDays._fields[:-1]), Pair.frozen_at.is_not(None))


def goes_on(pair: Pair | PairDays, person_id: int) -> bool:
    """Whether a pair goes on for one of its two people: one that ends does, until they hear of it."""
    return pair.status == "active" or (pair.status == "ending" and pair.known_to != person_id)


def quiet_after(cadence_days: int) -> timedelta:
    """How long nothing may happen between two people before the pair is called quiet."""
    return max(QUIET_AFTER, timedelta(days=cadence_days) + GRACE)


def excused_between(program: Program, after: date, until: date) -> timedelta:
    """How much of the days after one, up to another, does not count as silence: the program's quiet dates, since nobody
    was asked then. While it is on hold none counts: when it goes on, the count begins anew."""
    if program.held_since is not None:
        return until - after
    days = timedelta()
    for span in program.quiet_dates or ():
        first, last = (date.fromisoformat(day) for day in span)
        first, last = max(first, after + timedelta(days=1)), min(last, until)
        days += max(timedelta(), last - first + timedelta(days=1))
    return days


Known = tuple[date | None, date | None, date | None]
"""Of one pair the last day held, the last on which a date was told, and the last on which either was."""


def state_of(pair: PairDays, program: Program, known: Known, now: datetime, booked: bool) -> str:
    """Its state, as `Pairs.states` tells it, while it goes on. `booked`: a session is still to come."""
    today = now.date()
    if pair.is_frozen:
        return "frozen"
    held, date_set_on, told = known
    if pair.started_on > today:
        return "waiting"
    if pair.rests_until is not None and pair.rests_until >= today:
        return "paused"
    if booked:
        return "date_set"
    last = max(day for day in (pair.started_on, pair.rests_until, held, told, program.resumed_on) if day)
    if today - last > quiet_after(pair.cadence_days or program.cadence_days) + excused_between(program, last, today):
        return "quiet"
    if date_set_on and (held is None or date_set_on > held):
        return "date_set"
    return "met" if held else "introduced"
