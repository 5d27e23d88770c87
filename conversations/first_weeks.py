"""What comes in the first weeks of a pair, before its check-ins: a hello to copy, and the goals."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from conversations.cadence import Calendar, calendar_of
from conversations.goals_days import ASKED_AFTER, askings
from conversations.introduction_days import hello_day
from storage.store import Store
from storage.tables import Pair, Person

# Closed days may move what is meant for day 7 so far.
NEAR = ASKED_AFTER + timedelta(days=21)


def hello_day_of(store: Store, person: Person, pairs: Iterable[Pair], now: datetime) -> date | None:
    """When a mentee gets a first line to copy, unless the two are in touch by then."""
    calendar = calendar_of(person)
    for pair in _recent(pairs, calendar.today(now)):
        day = hello_day(pair.started_on, calendar)
        if pair.mentee_id == person.id and _to_come(day, calendar, now) and not has_begun(store, pair, now):
            return day
    return None


def goals_day(store: Store, person: Person, pairs: Iterable[Pair], now: datetime) -> date | None:
    """When somebody is asked what they want from the pairs of a week, if there is one without an answer."""
    calendar = calendar_of(person)
    for asking in askings(_recent(pairs, calendar.today(now))):
        day = calendar.next_open_day(asking.day)
        if _to_come(day, calendar, now) and _asks(store, person, asking.pairs, day):
            return day
    return None


def _recent(pairs: Iterable[Pair], today: date) -> Sequence[Pair]:
    """Those in their first weeks, of which something may still come."""
    return [pair for pair in pairs if today - NEAR <= pair.started_on <= today]


def _asks(store: Store, person: Person, pairs: Iterable[Pair], day: date) -> bool:
    """Whether one of them, that does not rest that day, has no goals of this side."""
    awake = [pair.id for pair in pairs if not (pair.rests_until and pair.rests_until >= day)]
    kept = store.goals.of_pairs(awake) if awake else {}
    return any(person.id not in kept.get(pair, {}) for pair in awake)


def _to_come(day: date, calendar: Calendar, now: datetime) -> bool:
    return now < calendar.good_moment(day)


def has_begun(store: Store, pair: Pair, now: datetime) -> bool:
    """One of the two said so, or there is a date, or they have met."""
    return bool(pair.in_touch_at or store.sessions.ahead([pair.id], now) or store.sessions.held(pair.id))
