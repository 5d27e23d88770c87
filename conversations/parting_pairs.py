"""How a pair ends, whatever the cause: at once for whoever ended it, on the fixed weekday for the other side."""

from collections.abc import Iterable
from datetime import datetime

from conversations.cadence import calendar_of
from conversations.check_in_asked import key, reminder_key
from conversations.check_ins_ahead import rhythm_for
from conversations.parting_days import is_late, note_day
from storage.store import Store
from storage.tables import Pair, Person, Program


def part(store: Store, pair: Pair, known_to: int | None, now: datetime) -> None:
    """`known_to`: who ended it and hears nothing more; None when both are to hear of it."""
    sides = store.people.by_ids((pair.mentor_id, pair.mentee_id))
    hearing = [person for person in sides.values() if person.id != known_to]
    today = max(calendar_of(person).today(now) for person in hearing)
    store.leaving.part(pair, known_to, note_day(today), now)
    # Whoever has not heard sees no message about it: what was booked is called off without a word.
    store.leaving.call_off([pair.id], now)
    keep_back_introduction(store, pair, now)
    if known_to is not None:
        store.outbox.drop_about([known_to], [pair.id], "left", now)


def keep_back_introduction(store: Store, pair: Pair, now: datetime) -> None:
    """One that still waits for somebody's working hours would introduce people to a pair that has ended."""
    store.outbox.drop(introduction_keys(pair), "pair ended", now)


def introduction_keys(pair: Pair) -> Iterable[str]:
    return [f"introduction/{pair.id}/{end}" for end in (pair.mentor_id, pair.mentee_id, "group")]


def drop_question(store: Store, person: Person, now: datetime) -> None:
    """A check-in that still waits to be sent would ask about nothing but the pair that they hear the end of now."""
    newest, rhythm = store.check_ins.latest_of(person.id), rhythm_for(store, person)
    if newest is None or (rhythm is not None and rhythm.due(newest.period)):
        return
    store.outbox.drop([key(person.id, newest.period), reminder_key(person.id, newest.period)], "pair ended", now)


def was_introduced(store: Store, pair: Pair, person: Person) -> bool:
    """Whether this side knows with whom they were to meet."""
    key = f"introduction/{pair.id}/{person.id}"
    arrived = store.outbox.states([key]).get(key, "sent") not in ("dropped", "failed", "waiting")
    return arrived and pair.ended_at is not None and pair.started_on <= pair.ended_at.date()


def give_first_place(store: Store, person: Person, program: Program, now: datetime) -> bool:
    """Whoever lost a partner comes first in the next matching; False where the program ends too soon for one."""
    enrollment = store.enrollments.of(person, program.id)
    if enrollment is None or is_late(program.ends_on, calendar_of(person).today(now)):
        return False
    enrollment.unmatched_rounds += 1
    if not any(pair.program_id == program.id for pair in store.pairs.active_of(person)):
        enrollment.status = "joined"
    return True
