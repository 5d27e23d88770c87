"""What the solver maximises: one whole number for each admissible pair, computed in slabs of mentors.

Most of the work on all pairs is done on a short key of two bytes: the points and, in its last bits, a hash of both
people that decides between equal ones. Only for the pairs of interest is the full worth worked out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from .candidates import Rules
from .kinds import Numbers
from .pool import Marked
from .rows import build_rows
from .score import Scale

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Found = TypeVar("Found")

TIE_BITS = 3
SLAB = 1 << 17  # pairs at once: what is computed over and over again stays in the cache of one core
KEEP = 120_000_000  # so many keys (240 MB) are kept for the next pass instead of computed again


@dataclass(frozen=True, slots=True)
class Table:
    """Every pair as a key above `floor`, or below it where a rule speaks against the pair.

    `places` is what each mentor has left beside the locked pairs; `fresh` the part of it (0 or 1) that would
    give a mentor their first mentee. A pair's worth is its points times `point`, its tie, and both bonuses.
    """

    places: Integers
    fresh: Integers
    mentor_bonus: Integers
    mentee_bonus: Integers
    point: int
    floor: int
    keys: Callable[[slice], Numbers]

    @property
    def mentors(self) -> int:
        return self.places.size

    @property
    def mentees(self) -> int:
        return self.mentee_bonus.size

    def each(self, look: Callable[[slice, Numbers], Found], mentors: Flags | None = None) -> list[Found]:
        """What `look` makes of the keys of every slab, which it must not change; slab by slab, in order.

        `mentors`: only slabs with one of these.
        """
        step = max(1, SLAB // max(1, self.mentees))
        parts = (slice(start, min(start + step, self.mentors)) for start in range(0, self.mentors, step))
        return [look(rows, self.keys(rows)) for rows in parts if mentors is None or mentors[rows].any()]

    def worth(self, mentor: Integers, mentee: Integers, keys: Numbers) -> Integers:
        """The full worth of single pairs from their keys."""
        whole = keys.astype(np.int64)
        points, ties = whole >> TIE_BITS, whole & ((1 << TIE_BITS) - 1)
        return points * self.point + ties + self.mentor_bonus[mentor] + self.mentee_bonus[mentee]


def build_table(scale: Scale, rules: Rules, locked: Iterable[tuple[int, int]] = ()) -> Table:
    """Fit and waiting time come first; a hash of both keys decides between totals that are equal.

    `locked` holds rows and columns of pairs that are settled: their places are taken before anything else.
    """
    pool = scale.pool
    fixed = np.array(sorted(locked), dtype=np.intp).reshape(-1, 2)
    taken = np.bincount(fixed[:, 0], minlength=len(pool.mentors)).astype(np.int64)
    places = (pool.mentors.places.astype(np.int64) - taken).clip(0)
    rows = build_rows(scale, rules, Marked(fixed[:, 0], fixed[:, 1]))
    # All ties of a matching together stay below one point.
    point = (min(int(places.sum()), len(pool.mentees)) + 1) << TIE_BITS
    low = 2 * rows.sizes.floor

    def keys(part: slice) -> Numbers:
        found = np.maximum(rows.slab(part), low)
        found <<= TIE_BITS
        found |= _ties(pool.mentors.ties[part], pool.mentees.ties).view(np.int16)
        return found

    table = Table(
        places,
        np.where(taken > 0, 0, np.minimum(places, 1)),
        pool.mentors.waited.astype(np.int64) * scale.weights.waiting * point,
        pool.mentees.waited.astype(np.int64) * scale.weights.waiting * point,
        point,
        rows.sizes.floor << TIE_BITS,
        keys,
    )
    return _kept(table) if table.mentors * table.mentees <= KEEP else table


def _kept(table: Table) -> Table:
    whole = np.empty((table.mentors, table.mentees), dtype=table.keys(slice(0, 0)).dtype)

    def keep(rows: slice, keys: Numbers) -> None:
        whole[rows] = keys

    table.each(keep)
    return replace(table, keys=lambda rows: whole[rows])


def _ties(mentors: npt.NDArray[np.uint64], mentees: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint16]:
    """The top bits of a multiplicative hash (Fibonacci hashing) of both hashes, in two bytes for speed."""
    mixed = mentors.astype(np.uint16)[:, None] ^ (mentees >> np.uint64(16)).astype(np.uint16)[None, :]
    mixed *= np.uint16(0x9E37)
    mixed >>= np.uint16(16 - TIE_BITS)
    return mixed
