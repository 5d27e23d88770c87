"""What comes next from the bot in the first weeks of a pair: a hello to copy, the goals, and then the check-ins."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from conversations.cadence import Calendar, calendar_of, say_day
from conversations.cards import Text, quiet
from conversations.check_ins_ahead import ahead, next_check_in
from conversations.goals_days import ASKED_AFTER, askings
from conversations.introduction_days import hello_day
from storage.store import Store
from storage.tables import Pair, Person

# Closed days may move what is meant for day 7 so far.
NEAR = ASKED_AFTER + timedelta(days=21)


def next_from_me(store: Store, person: Person, now: datetime) -> Text:
    """The end of a message that asks for nothing more."""
    calendar = calendar_of(person)
    today = calendar.today(now)
    meeting = store.pairs.meeting_of(person) if person.silent_since is None else ()
    pairs = [
        pair
        for pair, program in meeting
        if pair.status == "active" and not program.held_since and today - NEAR <= pair.started_on <= today
    ]
    check_in = next_check_in(store, person, now) if pairs else None
    if (day := _hello(store, person, pairs, now)) and (check_in is None or day < check_in):
        return quiet(
            "Next from me: {day}, a first line to copy, unless you are in touch by then.", day=say_day(day, today)
        )
    if (day := _goals(store, person, pairs, now)) and (check_in is None or day < check_in):
        return quiet("Next from me: {day}, what you would like from this.", day=say_day(day, today))
    return ahead(store, person, now)


def _hello(store: Store, person: Person, pairs: Sequence[Pair], now: datetime) -> date | None:
    calendar = calendar_of(person)
    for pair in pairs:
        day = hello_day(pair.started_on, calendar)
        if pair.mentee_id == person.id and _to_come(day, calendar, now) and not has_begun(store, pair, now):
            return day
    return None


def _goals(store: Store, person: Person, pairs: Sequence[Pair], now: datetime) -> date | None:
    calendar = calendar_of(person)
    for asking in askings(pairs):
        day = calendar.next_open_day(asking.day)
        if _to_come(day, calendar, now):
            kept = store.goals.of_pairs(pair.id for pair in asking.pairs)
            if any(person.id not in kept.get(pair.id, {}) for pair in asking.pairs):
                return day
    return None


def _to_come(day: date, calendar: Calendar, now: datetime) -> bool:
    return now < calendar.good_moment(day)


def has_begun(store: Store, pair: Pair, now: datetime) -> bool:
    """One of the two said so, or there is a date, or they have met."""
    return bool(pair.in_touch_at or store.sessions.ahead([pair.id], now) or store.sessions.held(pair.id))
