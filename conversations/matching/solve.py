"""Who is paired with whom: most pairs first, then most mentors with a mentee, then the best total."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .flow import Aim, Most, Pairs, best_pairs, most_pairs
from .kinds import Numbers
from .prices import Prices, prices
from .shortlist import best_of_each, in_a_row, joined, picked, short_list
from .worth import TIE_BITS, Flags, Found, Integers, Table

SHORT_LIST = 24
ADDED_EACH_ROUND = 16  # pairs a mentor and round that the proof found missing
# In points: what lacks less than NEAR is added with the first pair that gains, what lacks more than CLOSE is dropped.
# In trials at 10,000 + 10,000 this made two rounds of four, and the second one half as long.
NEAR, CLOSE = 3, 8
NEAR_KEPT = 64  # so many of a mentor are remembered; whoever has more is looked at again in each round
NOT_SURE = np.iinfo(np.int64).max
# Points of two bytes are compared with prices of two bytes: keys lie within 4,096 points, so sums stay in range.
SMALL_FLOOR, FARTHEST, ENDLESS = 16_000, 12_000, 32_000

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Solution:
    """Row and column of each pair; `proved` when every admissible pair was checked against the prices."""

    mentor: Integers
    mentee: Integers
    proved: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """What the proofs have learned of the pairs that the list lacks.

    `spare` are those that nearly gained. `sure` is the price of each mentor down to which no other one of theirs gains:
    a pair gains as its mentor's price falls, and prices only fall, since the next ones begin with the known ones. So
    whoever's price is not below that need not be looked at again.
    """

    spare: Pairs
    sure: Integers


def solve(table: Table, progress: Progress, size: int = SHORT_LIST) -> Solution:
    """Solves on a short list, checks it against all admissible pairs, and repeats with those it lacked."""
    progress("Comparing everybody with everybody", 0.0)
    pairs = _listed(table, size)
    if not len(pairs):
        nobody = np.zeros(0, dtype=np.int64)
        return Solution(nobody, nobody, proved=True)
    progress("Finding a partner for as many people as possible", 0.3)
    distinct, pairs = _most(table, pairs, table.fresh)
    count, pairs = _most(table, pairs, table.places)
    aim = Aim(table.places, table.fresh, table.mentees, distinct, count)
    known: Prices | None = None
    seen = Seen(in_a_row([]), np.full(table.mentors, NOT_SURE))
    while True:
        progress("Looking for the best pairs", 0.5)
        chosen = best_pairs(pairs, aim)
        progress("Checking that nothing better exists", 0.7)
        known = prices(pairs, chosen, aim, known)
        missing, seen = _missing(table, pairs, chosen, known, seen)
        if not len(missing):
            return Solution(pairs.mentor[chosen], pairs.mentee[chosen], proved=True)
        pairs = joined([_close(pairs, chosen, known, table.point), missing], table.mentees)


def _listed(table: Table, size: int) -> Pairs:
    if not table.mentors or not table.mentees:
        return in_a_row([])
    return short_list(table, size)


def _most(table: Table, pairs: Pairs, places: Integers) -> tuple[int, Pairs]:
    """The greatest number of pairs over all admissible ones (max-flow, min-cut), and the list that allows it."""
    while True:
        most = most_pairs(pairs, places, table.mentees)
        able = min(int(places[np.unique(pairs.mentor)].sum()), np.unique(pairs.mentee).size)
        if most.count == able:
            return most.count, pairs
        missing = _bridges(table, pairs, most)
        if not len(missing):
            return most.count, pairs
        pairs = joined([pairs, missing], table.mentees)


def _bridges(table: Table, pairs: Pairs, most: Most) -> Pairs:
    """Admissible pairs across the cut that the list lacks: only these could make the matching larger."""
    partner = _partners(pairs, most.chosen, table.mentees)

    def across(rows: slice, keys: Numbers) -> Pairs:
        wanted = (keys > table.floor) & most.mentors_reached[rows][:, None] & ~most.mentees_reached[None, :]
        new = picked(table, rows, keys, wanted)
        # Of the list's own pairs only chosen ones lie across the cut.
        return _best(new.only(partner[new.mentee] != new.mentor))

    return in_a_row(table.each(across))


def _missing(table: Table, pairs: Pairs, chosen: Flags, known: Prices, seen: Seen) -> tuple[Pairs, Seen]:
    """Admissible pairs that are worth more than their prices say, and then also those that nearly are; and what has
    been seen when these are added.
    """
    partner, sure, looked = _partners(pairs, chosen, table.mentees), seen.sure.copy(), np.zeros(table.mentors, np.bool_)

    def nearest(rows: slice, near: Pairs) -> Pairs:
        others = near.only(partner[near.mentee] != near.mentor)
        number = np.bincount(others.mentor - rows.start, minlength=rows.stop - rows.start)
        sure[rows] = np.where(number > NEAR_KEPT, NOT_SURE, known.mentor[rows] - NEAR * table.point)
        looked[rows] = True
        return others.only(best_of_each(others.mentor, _gain(others, known), NEAR_KEPT))

    new = _near(table, known, nearest, known.mentor < sure)
    spare = seen.spare.only(~looked[seen.spare.mentor] & (partner[seen.spare.mentee] != seen.spare.mentor))
    found = in_a_row([spare, *new])
    gain = _gain(found, known)
    if not (gain > 0).any():
        return in_a_row([]), seen
    best = best_of_each(found.mentor, gain, ADDED_EACH_ROUND)
    left = gain > -CLOSE * table.point
    left[best] = False
    return found.only(best), Seen(found.only(left), sure)


def _gain(pairs: Pairs, known: Prices) -> Integers:
    return pairs.worth + known.mentee[pairs.mentee] - known.mentor[pairs.mentor]


def _close(pairs: Pairs, chosen: Flags, known: Prices, point: int) -> Pairs:
    """Without the pairs that are far from any use: should one be needed after all, the next proof finds it."""
    return pairs.only(chosen | (_gain(pairs, known) > -CLOSE * point))


def _near(table: Table, known: Prices, look: Callable[[slice, Pairs], Found], mentors: Flags) -> list[Found]:
    """What `look` makes, part by part, of every admissible pair of these mentors that gains, or lacks but NEAR points
    or less: to the nearest whole one on the safe side.
    """
    # A pair gains when its points exceed what both prices ask for; the bonuses count as part of the prices.
    asked = (known.mentor - table.mentor_bonus) // table.point - 1 - NEAR
    offered = -(-(known.mentee + table.mentee_bonus) // table.point)
    centre = int(offered.min() + offered.max()) // 2
    asked, offered = asked - centre, offered - centre
    small = -table.floor <= SMALL_FLOOR and int(np.abs(offered).max()) <= FARTHEST
    if small:  # what lies outside is ruled out, or in, whatever the points are
        asked, offered = asked.clip(-ENDLESS, ENDLESS).astype(np.int16), offered.astype(np.int16)

    def near(rows: slice, keys: Numbers) -> Found:
        flags = ((keys >> TIE_BITS) + offered[None, :] >= asked[rows][:, None]) & (keys > table.floor)
        return look(rows, picked(table, rows, keys, flags))

    return table.each(near, mentors)


def _partners(pairs: Pairs, chosen: Flags, mentees: int) -> Integers:
    """Each mentee's mentor, -1 for nobody."""
    partner = np.full(mentees, -1, dtype=np.int64)
    partner[pairs.mentee[chosen]] = pairs.mentor[chosen]
    return partner


def _best(pairs: Pairs) -> Pairs:
    """The few that are worth most of each mentor."""
    return pairs.only(best_of_each(pairs.mentor, pairs.worth, ADDED_EACH_ROUND))
