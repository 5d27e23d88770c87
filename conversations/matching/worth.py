"""What the solver maximises: one whole number for each admissible pair, computed in slabs of mentors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .candidates import Rules
from .rules import allowed
from .score import Scale

Integers = npt.NDArray[np.int64]

FORBIDDEN = -1
TIE_BITS = 3
SLAB = 1_000_000  # pairs at once: 8 MB of worth, some 30 MB with everything around it
KEEP = 4_000_000  # up to 2,000 by 2,000 the whole table is kept (32 MB) instead of computed again


@dataclass(frozen=True, slots=True)
class Table:
    """The worth of every pair, FORBIDDEN where a rule speaks against it; `places` is each mentor's capacity."""

    places: Integers
    mentees: int
    slab: Callable[[slice], Integers]

    @property
    def mentors(self) -> int:
        return self.places.size

    def slabs(self) -> Iterator[tuple[slice, Integers]]:
        """All pairs, slab by slab; whoever changes a slab copies it first."""
        step = max(1, SLAB // max(1, self.mentees))
        for start in range(0, self.mentors, step):
            rows = slice(start, min(start + step, self.mentors))
            yield rows, self.slab(rows)


def build_table(scale: Scale, rules: Rules) -> Table:
    """Fit and waiting time come first; a hash of both keys decides between totals that are equal."""
    pool = scale.pool
    places = pool.mentors.places.astype(np.int64)
    pairs_at_most = min(int(places.clip(0).sum()), len(pool.mentees))
    # All ties of a matching together stay below one point.
    point = (pairs_at_most + 1) << TIE_BITS
    waiting_mentor = pool.mentors.waited.astype(np.int64) * scale.weights.waiting
    waiting_mentee = pool.mentees.waited.astype(np.int64) * scale.weights.waiting

    def slab(rows: slice) -> Integers:
        everybody = slice(None)
        worth = scale.fit(rows, everybody).astype(np.int64)
        worth += waiting_mentor[rows][:, None]
        worth += waiting_mentee[None, :]
        worth *= point
        worth += _ties(pool.mentors.ties[rows], pool.mentees.ties)
        worth[~allowed(pool, rules, rows, everybody)] = FORBIDDEN
        return worth

    if len(pool.mentors) * len(pool.mentees) <= KEEP:
        whole = slab(slice(None))
        return Table(places, len(pool.mentees), lambda rows: whole[rows])
    return Table(places, len(pool.mentees), slab)


def _ties(mentors: npt.NDArray[np.uint64], mentees: npt.NDArray[np.uint64]) -> Integers:
    """The top bits of a multiplicative hash (Fibonacci hashing) of both hashes."""
    mixed = mentors[:, None] ^ (mentees[None, :] >> np.uint64(1))
    mixed *= np.uint64(0x9E3779B97F4A7C15)
    mixed >>= np.uint64(64 - TIE_BITS)
    return mixed.view(np.int64)
