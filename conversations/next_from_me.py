"""When the bot writes next, unasked: the last line of every message that asks for nothing more.

The one place that knows all that may come, so that no line promises a day before which something else arrives. What
keeps a message back (somebody's hours, the budget) may only make it later.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from conversations.cadence import calendar_of, say_day
from conversations.cards import Text, quiet
from conversations.next_days import Known, Next, days_ahead, known_of, pulses_ahead
from conversations.waiting_cards import promised_on
from storage.leaving import OUT
from storage.store import Store
from storage.tables import Pair, Person, Program

WAITS = ("joined", "matched")


def next_from_me(store: Store, person: Person, now: datetime) -> Text:
    """The line for one person."""
    if person.silent_since is not None:
        return quiet("Next from me: when you write. Until then I leave you in peace.")
    mine = [(one.status, program) for one, program in store.enrollments.of_person(person) if one.status not in OUT]
    waits = [program for status, program in mine if status in WAITS]
    rows = store.pairs.meeting_of(person)
    found = _welcome(person, now) if mine or rows else None
    if found is not None and is_on_hold([program for _, program in mine]):
        return quiet("Next from me: when you are back, and your program goes on.")
    if found is None:
        known = _known(store, person, now, rows)
        found = min((*_of_pairs(known), *_promised(waits, rows, person, now)), key=_day, default=None)
    if found is not None:
        return quiet(f"Next from me: {{day}}{found.words}", day=say_day(found.day, calendar_of(person).today(now)))
    if any(program.held_since for program in waits):
        return quiet("Next from me: when your program goes on.")
    if rows:
        return quiet("Nothing more is planned from me. Type **help** whenever you need me.")
    if waits:
        return quiet("Next from me: when there is a match for you.")
    return quiet("Next from me: when you write, or when somebody invites you.")


def is_on_hold(programs: Sequence[Program]) -> bool:
    """Whether all of these that are not over are on hold: then nothing comes unasked."""
    alive = [program for program in programs if program.status != "closed"]
    return bool(alive) and all(program.held_since for program in alive)


def _day(found: Next) -> int:
    return found.day.toordinal()


def _welcome(person: Person, now: datetime) -> Next | None:
    """Nothing comes before the end of a pause, and then a welcome."""
    calendar = calendar_of(person)
    if person.paused_until is None or now >= calendar.good_moment(person.paused_until):
        return None
    return Next(calendar.next_open_day(person.paused_until), ", when you are back.")


def _known(store: Store, person: Person, now: datetime, rows: Sequence[tuple[Pair, Program]]) -> Known | None:
    """A program on hold is silent until it goes on, and so is a pair that waits for a coordinator's decision."""
    kept = tuple((pair, program) for pair, program in rows if not (program.held_since or pair.frozen_at))
    return known_of(store, person, now, kept) if kept else None


def _of_pairs(known: Known | None) -> Iterator[Next]:
    if known is None:
        return
    found = list(days_ahead(known))
    yield from found
    yield from pulses_ahead(known, min((one.day for one in found), default=None))


def _promised(
    waits: Sequence[Program], rows: Sequence[tuple[Pair, Program]], person: Person, now: datetime
) -> Iterator[Next]:
    """The day that a receipt named, for programs in which there is nobody for them yet."""
    matched = {program.id for _, program in rows}
    for program in waits:
        waiting = program.status == "open" and program.held_since is None and program.id not in matched
        if waiting and (day := promised_on(program)) >= calendar_of(person).today(now):
            yield Next(day, ", with news of your match.")
