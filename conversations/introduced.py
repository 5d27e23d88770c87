"""Until the introduction nobody hears with whom they are going to meet: pairs as their own two people may see them."""

from collections.abc import Iterable
from datetime import datetime

from conversations.cadence import calendar_of
from conversations.flow import Turn
from storage.store import Store
from storage.subject import NotYours
from storage.tables import Pair, Person


def is_introduced(store: Store, pair: Pair, now: datetime) -> bool:
    """The day of an introduction is the mentor's, who may be in another part of the world. A pair that ended before
    that day is never introduced."""
    until = min(pair.ended_at or now, now)
    return pair.started_on <= calendar_of(store.people.get(pair.mentor_id)).today(until)


def introduced_pair(turn: Turn, pair: int) -> Pair:
    """Raises NotYours for somebody else's, and for one that is still to come: numbers are guessed."""
    found = turn.store.pairs.required(turn.person, pair)
    if not is_introduced(turn.store, found, turn.now):
        raise NotYours
    return found


def introduced(turn: Turn, pairs: Iterable[Pair]) -> list[Pair]:
    """Of these pairs, those whose two people know of each other."""
    return [pair for pair in pairs if is_introduced(turn.store, pair, turn.now)]


def introduced_partners(turn: Turn, pairs: Iterable[Pair]) -> list[Person]:
    """Of these pairs, the partners whose names this person knows."""
    return [turn.store.pairs.partner_of(turn.person, pair.id) for pair in introduced(turn, pairs)]
