"""The pairs worth looking at first: for each mentor and for each mentee the best few."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from .flow import Pairs
from .kinds import Numbers
from .worth import Flags, Integers, Table

# How high a mentee's best pairs are is estimated from a quarter of the mentors, within these bounds; their order is a
# hash's, so any will do, and a quarter is enough to copy.
LEAST_SAMPLE, SAMPLE = 64, 2048
SAMPLED_AT_ONCE = 64
# Where nobody filled in a topic all pairs are alike, and with them all 5,000 + 5,000 people took 540 MB.
MOST_EQUAL = 4


def short_list(table: Table, size: int) -> Pairs:
    """The best `size` pairs of every mentor and about as many of every mentee."""
    least = _least_of_mentees(table, size)

    def best(rows: slice, keys: Numbers) -> Pairs:
        at_least = np.maximum(_least_of_rows(keys, size), table.floor + 1)
        wanted = (keys >= at_least[:, None]) | (keys >= least[None, :])
        most = MOST_EQUAL * size * keys.shape[0]
        if np.count_nonzero(wanted) > most:
            wanted = _thinned(wanted, (keys > at_least[:, None]) | (keys > least[None, :]), most)
        return picked(table, rows, keys, wanted)

    return in_a_row(table.each(best))


def _thinned(wanted: Flags, better: Flags, most: int) -> Flags:
    """Of very many pairs that are equally good only some, evenly spread: should others be needed, the proof says so."""
    equal = np.flatnonzero(wanted & ~better)
    better.ravel()[equal[:: max(1, -(-equal.size // most))]] = True
    return better


def _least_of_rows(keys: Numbers, size: int) -> Numbers:
    """The key of the last pair on each mentor's list."""
    width = keys.shape[1]
    if width <= size:
        return np.full(keys.shape[0], np.iinfo(keys.dtype).min, dtype=keys.dtype)
    return np.partition(keys, width - size, axis=1)[:, width - size]


def _least_of_mentees(table: Table, size: int) -> Numbers:
    wanted = min(table.mentors, max(LEAST_SAMPLE, table.mentors // 4), SAMPLE)
    rows = np.unique(np.linspace(0, table.mentors - 1, wanted).astype(np.intp))
    sample = np.concatenate([table.keys(slice(row, row + 1)) for row in rows.tolist()])
    # At least two, since the best of a few says little.
    rank = size if rows.size == table.mentors else max(2, round(size * rows.size / table.mentors))
    parts = [
        _least_of_rows(np.ascontiguousarray(sample[:, start : start + SAMPLED_AT_ONCE].T), rank)
        for start in range(0, table.mentees, SAMPLED_AT_ONCE)
    ]
    least: Numbers = np.maximum(np.concatenate(parts), table.floor + 1)
    return least


def picked(table: Table, rows: slice, keys: Numbers, wanted: npt.NDArray[np.bool_]) -> Pairs:
    """The wanted pairs of a slab with their worth."""
    flat = np.flatnonzero(wanted)
    mentor, mentee = np.divmod(flat, keys.shape[1])
    mentor += rows.start
    return Pairs(mentor, mentee, table.worth(mentor, mentee, keys.ravel()[flat]))


def in_a_row(lists: Sequence[Pairs]) -> Pairs:
    """All pairs of several lists, one list after the other."""
    several = lists or [Pairs(*(np.zeros(0, dtype=np.int64),) * 3)]
    return Pairs(
        np.concatenate([pairs.mentor for pairs in several]),
        np.concatenate([pairs.mentee for pairs in several]),
        np.concatenate([pairs.worth for pairs in several]),
    )


def joined(lists: Sequence[Pairs], mentees: int) -> Pairs:
    """All pairs of several lists, each once, in order."""
    pairs = in_a_row(lists)
    _, first = np.unique(pairs.mentor * mentees + pairs.mentee, return_index=True)
    return pairs.only(first)


def best_of_each(numbers: Integers, values: Integers, size: int) -> npt.NDArray[np.intp]:
    """Positions of the `size` greatest values of each number."""
    order = np.lexsort((-values, numbers))
    ordered = numbers[order]
    starts = np.searchsorted(ordered, ordered)
    return np.sort(order[np.arange(order.size) - starts < size])
