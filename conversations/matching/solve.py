"""Who is paired with whom: most pairs first, then most mentors with a mentee, then the best total."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from .flow import Flags, Pairs, best_pairs, most_pairs
from .prices import prices
from .worth import FORBIDDEN, Integers, Table

# Trials: a short list of 16 to 32 a person and side leaves few pairs to add after the first proof.
SHORT_LIST = 32
ADDED_EACH_ROUND = 16  # pairs a mentor and round that the proof found missing

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Solution:
    """Row and column of each pair; `proved` when every admissible pair was checked against the prices."""

    mentor: Integers
    mentee: Integers
    proved: bool


def solve(table: Table, progress: Progress, short_list: int = SHORT_LIST) -> Solution:
    """Solves on a short list, checks it against all admissible pairs, and repeats with those it lacked."""
    progress("Comparing everybody with everybody", 0.0)
    pairs = _short_list(table, short_list)
    if not len(pairs):
        nobody = np.zeros(0, dtype=np.int64)
        return Solution(nobody, nobody, proved=True)
    progress("Finding a partner for as many people as possible", 0.3)
    distinct, pairs = _most(table, pairs, np.minimum(table.places, 1))
    count, pairs = _most(table, pairs, table.places)
    while True:
        progress("Looking for the best pairs", 0.5)
        chosen = best_pairs(pairs, table.places, table.mentees, distinct, count)
        progress("Checking that nothing better exists", 0.7)
        missing = _missing(table, pairs, chosen, distinct)
        if not len(missing):
            return Solution(pairs.mentor[chosen], pairs.mentee[chosen], proved=True)
        pairs = _join(pairs, missing, table.mentees)


def _short_list(table: Table, size: int) -> Pairs:
    """The best pairs of every mentor and of every mentee."""
    found = [Pairs(*(np.zeros(0, dtype=np.int64),) * 3)]
    best_worth = np.full((0, table.mentees), FORBIDDEN, dtype=np.int64)
    best_row = np.zeros((0, table.mentees), dtype=np.int64)
    for rows, slab in table.slabs():
        found.append(_best_of_rows(slab, rows.start, size))
        numbers = np.broadcast_to(np.arange(rows.start, rows.stop)[:, None], slab.shape)
        best_worth = np.concatenate([best_worth, slab])
        best_row = np.concatenate([best_row, numbers])
        if best_worth.shape[0] > size:
            best = np.argpartition(best_worth, -size, axis=0)[-size:]
            best_worth = np.take_along_axis(best_worth, best, axis=0)
            best_row = np.take_along_axis(best_row, best, axis=0)
    at, mentee = np.nonzero(best_worth > FORBIDDEN)
    of_mentees = Pairs(best_row[at, mentee], mentee, best_worth[at, mentee])
    joined = of_mentees
    for part in found:
        joined = _join(joined, part, table.mentees)
    return joined


def _best_of_rows(values: Integers, offset: int, size: int) -> Pairs:
    """The greatest values above FORBIDDEN of each row, at most `size` a row."""
    if values.shape[1] > size:
        column = np.argpartition(values, -size, axis=1)[:, -size:]
    else:
        column = np.broadcast_to(np.arange(values.shape[1]), values.shape)
    best = np.take_along_axis(values, column, axis=1)
    row, at = np.nonzero(best > FORBIDDEN)
    return Pairs(row + offset, column[row, at].astype(np.int64), best[row, at])


def _join(one: Pairs, other: Pairs, mentees: int) -> Pairs:
    mentor = np.concatenate([one.mentor, other.mentor])
    mentee = np.concatenate([one.mentee, other.mentee])
    worth = np.concatenate([one.worth, other.worth])
    _, first = np.unique(mentor * mentees + mentee, return_index=True)
    return Pairs(mentor[first], mentee[first], worth[first])


def _most(table: Table, pairs: Pairs, places: Integers) -> tuple[int, Pairs]:
    """The greatest number of pairs over all admissible ones (max-flow, min-cut), and the list that allows it."""
    while True:
        most = most_pairs(pairs, places, table.mentees)
        able = min(int(places[np.unique(pairs.mentor)].sum()), np.unique(pairs.mentee).size)
        if most.count == able:
            return most.count, pairs
        missing = _bridges(table, pairs, most.mentors_reached, most.mentees_reached)
        if not len(missing):
            return most.count, pairs
        pairs = _join(pairs, missing, table.mentees)


def _bridges(table: Table, pairs: Pairs, mentors_reached: Flags, mentees_reached: Flags) -> Pairs:
    """Admissible pairs across the cut that the list lacks: only these could make the matching larger."""
    found = Pairs(*(np.zeros(0, dtype=np.int64),) * 3)
    for rows, slab in _left_out(table, pairs):
        slab[~mentors_reached[rows]] = FORBIDDEN
        slab[:, mentees_reached] = FORBIDDEN
        found = _join(found, _best_of_rows(slab, rows.start, ADDED_EACH_ROUND), table.mentees)
    return found


def _missing(table: Table, pairs: Pairs, chosen: Flags, distinct: int) -> Pairs:
    """Admissible pairs outside the list that are worth more than their prices say."""
    mentor_price, mentee_price = prices(pairs, chosen, table.places, table.mentees, distinct)
    found = Pairs(*(np.zeros(0, dtype=np.int64),) * 3)
    for rows, slab in _left_out(table, pairs):
        gain = slab + mentee_price[None, :] - mentor_price[rows][:, None]
        gain[(slab == FORBIDDEN) | (gain <= 0)] = FORBIDDEN
        best = _best_of_rows(gain, rows.start, ADDED_EACH_ROUND)
        worth = slab[best.mentor - rows.start, best.mentee]
        found = _join(found, Pairs(best.mentor, best.mentee, worth), table.mentees)
    return found


def _left_out(table: Table, pairs: Pairs) -> Iterator[tuple[slice, Integers]]:
    """The table without the pairs of the list."""
    for rows, slab in table.slabs():
        rest = slab.copy()
        start, stop = np.searchsorted(pairs.mentor, [rows.start, rows.stop])
        rest[pairs.mentor[start:stop] - rows.start, pairs.mentee[start:stop]] = FORBIDDEN
        yield rows, rest
