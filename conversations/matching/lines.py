"""Everybody who is above somebody, walked line by line: a few managers each, instead of a look at every pair."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .pool import Marked, Pool
from .reporting import NOBODY

LONGEST_LINE = 64  # managers; beyond it, every pair is compared instead of every line walked


def reporting_lines(pool: Pool) -> Marked | None:
    """Each mentor and mentee of whom one is above the other; None if a line is so long that it is not walked."""
    rows = {number: at for at, number in enumerate(pool.mentors.number.tolist())}
    columns = {number: at for at, number in enumerate(pool.mentees.number.tolist())}
    found: list[tuple[int, int]] = []
    for start, at in rows.items():
        line = _line(pool.manager, start)
        if line is None:
            return None
        found += [(at, columns[above]) for above in line if above in columns]
    for start, at in columns.items():
        line = _line(pool.manager, start)
        if line is None:
            return None
        found += [(rows[above], at) for above in line if above in rows]
    pairs = np.array(found, dtype=np.intp).reshape(-1, 2)
    return Marked(pairs[:, 0], pairs[:, 1])


def _line(manager: Sequence[int], start: int) -> list[int] | None:
    """Everybody above; in a circle all of its members."""
    line: list[int] = []
    at = manager[start]
    while at != NOBODY and at not in line:
        if len(line) == LONGEST_LINE:
            return None
        line.append(at)
        at = manager[at]
    return line
