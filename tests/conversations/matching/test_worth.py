"""Slabs of scores worked out ahead, for matchings that are too large to keep every score."""

import threading

import numpy as np
import pytest

from conversations.matching.kinds import Numbers
from conversations.matching.worth import KEEP, Table

MENTORS, MENTEES = 40, KEEP // 40 + 1  # one pair too many a mentor


def table(begun: list[int], fails_at: int = MENTORS) -> Table:
    def keys(rows: slice) -> Numbers:
        begun.append(rows.start)
        if rows.start == fails_at:
            raise MemoryError
        return np.full((1, 1), rows.start, dtype=np.int16)

    none, mentees = np.zeros(MENTORS, dtype=np.int64), np.broadcast_to(np.int64(0), MENTEES)
    return Table(none, none, none, mentees, 1, 0, keys)


def test_every_slab_comes_once_and_in_order() -> None:
    before, begun = threading.active_count(), list[int]()
    seen = table(begun).each(lambda rows, keys: (rows.start, int(keys[0, 0])))
    assert seen == [(at, at) for at in range(MENTORS)]
    assert sorted(begun) == list(range(MENTORS))
    assert threading.active_count() == before


def test_a_slab_that_fails_fails_the_matching_and_leaves_no_thread() -> None:
    before = threading.active_count()
    with pytest.raises(MemoryError):
        table([], fails_at=20).each(lambda rows, keys: rows.start)
    assert threading.active_count() == before
