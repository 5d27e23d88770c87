"""Pairs as the platform showed them: when they were introduced, until when they went on, and how long it was silent."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from bot.simulation.chronicle import Chronicle, Pause
from bot.simulation.daylight import Workplace
from bot.simulation.seen import Seen

Spell = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Couple:
    """`introduced_on`: the mentor's day of it. `ends_at`: when one of the two or the coordinator ended the pair, else
    the close of the program."""

    pair: int
    people: tuple[str, str]
    introduced_on: date
    introduced_at: datetime
    ends_at: datetime


def couples(
    seen: Iterable[Seen], mentors: Iterable[str], chronicle: Chronicle, closed_at: datetime
) -> Sequence[Couple]:
    """Those of whom both sides have seen their own introduction."""
    shown: dict[int, dict[str, Seen]] = defaultdict(dict)
    for each in seen:
        if each.label.kind == "introduction" and each.label.pair_id is not None and not each.sighting.in_group:
            shown[each.label.pair_id].setdefault(each.sighting.person, each)
    known = set(mentors)
    return [
        _couple(pair, cards, known, min(chronicle.ended.get(pair, closed_at), closed_at))
        for pair, cards in sorted(shown.items())
        if len(cards) == 2
    ]


def _couple(pair: int, cards: Mapping[str, Seen], mentors: Iterable[str], ends_at: datetime) -> Couple:
    mentor = next(card for person, card in cards.items() if person in mentors)
    first, second = sorted(cards)
    last = max(card.sighting.at for card in cards.values())
    return Couple(pair, (first, second), mentor.day, last, ends_at)


def longest_silence(
    found: Sequence[Couple], seen: Iterable[Seen], works: Mapping[str, Workplace], chronicle: Chronicle
) -> timedelta:
    """The longest gap between two messages to either of the two people of an active pair.

    Active: introduced, not ended, not resting for the pause of one of them, and not both in the silence that they
    chose by ignoring two rounds and the question after them. Such times are cut out of a pair's life.
    """
    moments: dict[str, list[datetime]] = defaultdict(list)
    for each in seen:
        moments[each.sighting.person].append(each.sighting.at)
    longest = timedelta()
    for couple in found:
        heard = sorted(at for person in couple.people for at in moments[person])
        for begin, end in _active(couple, works, chronicle):
            stops = [begin, *(at for at in heard if begin < at < end), end]
            longest = max(longest, *(after - before for before, after in pairwise(stops)))
    return longest


def _active(couple: Couple, works: Mapping[str, Workplace], chronicle: Chronicle) -> list[Spell]:
    spells: list[Spell] = [(couple.introduced_at, couple.ends_at)]
    away = [rest_of(pause, works) for pause in chronicle.pauses if pause.person in couple.people]
    for one in [*away, *_both_silent(couple, chronicle)]:
        spells = [part for spell in spells for part in _without(spell, one)]
    return [(begin, end) for begin, end in spells if begin < end]


def rest_of(pause: Pause, works: Mapping[str, Workplace]) -> Spell:
    return pause.began_at, works[pause.person].at(pause.back_on, time(0))


def _both_silent(couple: Couple, chronicle: Chronicle) -> list[Spell]:
    first, second = (chronicle.silent_spells(person, couple.ends_at) for person in couple.people)
    return [
        (max(one[0], other[0]), min(one[1], other[1]))
        for one in first
        for other in second
        if max(one[0], other[0]) < min(one[1], other[1])
    ]


def _without(spell: Spell, cut: Spell) -> list[Spell]:
    (begin, end), (cut_begin, cut_end) = spell, cut
    if cut_end <= begin or end <= cut_begin:
        return [spell]
    return [(begin, min(cut_begin, end)), (max(cut_end, begin), end)]
