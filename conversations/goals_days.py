"""When each side is asked what they want from their pairs: a week after the introduction, once for neighbours. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, TypeVar

from storage.pair_days import PairDays
from storage.tables import Pair

P = TypeVar("P", Pair, PairDays)

# Day 0 is the introduction (guarantees, section 3: "goals and first date, if missing, 7").
ASKED_AFTER = timedelta(days=7)
# A pair introduced at least so long before is asked about on the same card as its neighbour.
KNOWN_FOR = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Asking(Generic[P]):
    """One card: the nominal day, and the pairs it is about, the earliest first."""

    day: date
    pairs: tuple[P, ...]


def askings(pairs: Sequence[P]) -> Sequence[Asking[P]]:
    """All cards for one person's pairs, so that each pair is on exactly one."""
    cards: list[Asking[P]] = []
    waiting = sorted(pairs, key=lambda pair: (pair.started_on, pair.id))
    while waiting:
        day = waiting[0].started_on + ASKED_AFTER
        together = [pair for pair in waiting if pair.started_on + KNOWN_FOR <= day]
        cards.append(Asking(day, tuple(together)))
        waiting = waiting[len(together) :]
    return cards


def asking_of(pairs: Sequence[P], pair: int) -> Asking[P] | None:
    """The card that a pair is on."""
    return next((one for one in askings(pairs) if pair in {each.id for each in one.pairs}), None)
