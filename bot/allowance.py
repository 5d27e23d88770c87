"""May an unprompted message go to somebody now? Holds, silence, people who are gone, working hours, and the budget."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from conversations.budget import DAY, FORTNIGHT, NOTE, Rank, Side, rank, when, when_on, when_together
from conversations.cadence import calendar_of, next_open_for_all
from conversations.parting_days import FIXED_WEEKDAY
from storage.outbox import AS_COORDINATOR, BUDGET, HELD, OUT_OF_HOURS
from storage.sending import Unprompted
from storage.tables import OutboxMessage, Person

# Somebody who has not arrived is looked for once a day (when they write, what waits goes at once); so is an
# introduction of a program on hold.
LOOK_AGAIN = timedelta(days=1)
# What somebody asked for or did is no message of the program's own: an answer to a request for help, a date that the
# partner booked. A hold leaves people free to meet.
PASSES_A_HOLD = frozenset({"answer", "booked"})
# A message that is this much later than it was meant to be was held up by an outage of ours.
LATE = timedelta(days=1)
# Messages of the last fortnight count, and a day more for whoever travels between time zones.
LOOKS_BACK = FORTNIGHT + DAY


@dataclass(frozen=True, slots=True)
class Wait:
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Drop:
    reason: str


@dataclass(frozen=True, slots=True)
class Theirs:
    """A person, and the messages of LOOKS_BACK that they did not ask for."""

    person: Person
    messages: Sequence[Unprompted]


Verdict = Wait | Drop | None
"""None: it may go."""


def stopped(message: OutboxMessage, people: Iterable[Person], held: bool, now: datetime) -> Verdict:
    """Nothing reaches who is gone; nothing unasked comes from a program on hold, or to who was left in peace.

    A change of partner is never lost: it waits for the program to go on, and breaks a silence.
    """
    everybody = list(people)
    if any(person.gone_since for person in everybody):
        return Drop("gone")
    if message.prompted or message.kind.startswith(AS_COORDINATOR):
        return None
    never_lost = is_never_lost(message)
    if held and message.kind not in PASSES_A_HOLD:
        return Wait(now + LOOK_AGAIN, HELD) if never_lost else Drop(HELD)
    if not never_lost and any(_left_in_peace(person, message) for person in everybody):
        return Drop("silent")
    return None


def is_never_lost(message: OutboxMessage) -> bool:
    return rank(message.kind) is Rank.CHANGE_OF_PARTNER


def _left_in_peace(person: Person, message: OutboxMessage) -> bool:
    return person.silent_since is not None and not begins_silence(person, message)


def begins_silence(person: Person, message: OutboxMessage) -> bool:
    """The question before the silence is written at the same moment; it still goes."""
    return person.silent_since == message.created_at


def out_of_hours(message: OutboxMessage, people: Iterable[Person], now: datetime) -> Verdict:
    """Unasked, only in working hours; in a group, in those of everybody."""
    calendars = [calendar_of(person) for person in people]
    if message.prompted or all(calendar.is_open(now) for calendar in calendars):
        return None
    # A pause or quiet dates may last for months: the search for common hours begins when everybody is back.
    back = max(calendar.next_open(now) for calendar in calendars)
    opens = back if len(calendars) == 1 else next_open_for_all(calendars, back)
    return Wait(opens, OUT_OF_HOURS) if opens else Drop("no_shared_hours")


def counts(message: OutboxMessage) -> bool:
    """Whether the budget has a say in it."""
    return not message.prompted and rank(message.kind) is not None


def over_budget(message: OutboxMessage, of: Theirs, partners: Iterable[Theirs], now: datetime) -> Verdict:
    """`partners`: whoever is introduced to them by this message and waits for their own card."""
    own, person = rank(message.kind), of.person
    if message.prompted or own is None:
        return None
    around = _around(message, of.messages, now)
    side = _side(person, around, own, now)
    if message.kind == NOTE:
        # Which day of the week it is must not tell anything (decision 12).
        return _wait(when_on(side, FIXED_WEEKDAY, now), now)
    if own is Rank.CHANGE_OF_PARTNER:
        others = [_side(each.person, _around(message, each.messages, now), own, now) for each in partners]
        return _wait(when_together(side, others, now), now)
    if message.late and message.delivery == "nudge" and _catches_up_already(around, own, message, now):
        return Drop("catch_up")
    at = when(side, own, now)
    return _wait(at, now) if at else Drop(BUDGET)


def is_late(message: OutboxMessage | Unprompted, now: datetime) -> bool:
    """It was ready long ago, and nothing but our own absence kept it."""
    return message.late or (not message.reason and now - message.not_before > LATE)


def _wait(at: datetime, now: datetime) -> Verdict:
    return Wait(at, BUDGET) if at > now else None


def _around(message: OutboxMessage, rows: Iterable[Unprompted], now: datetime) -> Sequence[Unprompted]:
    """The person's other messages that count: gone out lately, or waiting."""
    others = [row for row in rows if rank(row.kind) is not None and not _is_part_of(row, message)]
    return [row for row in others if row.went_at or row.expires_at is None or row.expires_at > now]


def _is_part_of(row: Unprompted, message: OutboxMessage) -> bool:
    """The message itself, or somebody's card of the same introduction."""
    base = introduction_of(message)
    return row.id == message.id or bool(base and row.key.startswith(f"{base}/"))


def introduction_of(message: OutboxMessage) -> str:
    """What the keys of one introduction's cards begin with; empty for everything else."""
    return message.key.rpartition("/")[0] if message.kind == "introduction" else ""


def _side(person: Person, around: Iterable[Unprompted], own: Rank, now: datetime) -> Side:
    """The days on which something went out, and those that something better needs up to the next working day.

    A change of partner keeps its day however far away it is: two people have agreed on it.
    """
    calendar = calendar_of(person)
    today = calendar.today(now)
    tomorrow = calendar.next_open_day(today + DAY)
    days: list[date] = []
    for row in around:
        if row.went_at is not None:
            days.append(calendar.today(row.went_at))
            continue
        better, day = rank(row.kind) or own, max(today, calendar.today(row.not_before))
        if better < own and (day <= tomorrow or better is Rank.CHANGE_OF_PARTNER):
            days.append(day)
    return Side(calendar, days)


def _catches_up_already(around: Iterable[Unprompted], own: Rank, message: OutboxMessage, now: datetime) -> bool:
    """Something else that the outage held up reached them, or will, and ranks before this."""
    return any(
        row.late if row.went_at else is_late(row, now) and (rank(row.kind) or own, row.id) < (own, message.id)
        for row in around
    )
