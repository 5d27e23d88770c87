"""Slabs of scores worked out ahead, for matchings that are too large to keep every score."""

import threading

import numpy as np
import pytest

from conversations.matching.kinds import Numbers
from conversations.matching.worth import KEEP, SLABS_AHEAD, Table

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
    seen = [(rows.start, int(keys[0, 0])) for rows, keys in table(begun).slabs()]
    assert seen == [(at, at) for at in range(MENTORS)]
    assert begun == list(range(MENTORS))
    assert threading.active_count() == before


def test_who_stops_early_leaves_no_thread_and_no_work_behind() -> None:
    before, begun = threading.active_count(), list[int]()
    slabs = table(begun).slabs()
    next(slabs)
    slabs.close()
    assert threading.active_count() == before
    assert len(begun) <= SLABS_AHEAD + 1


def test_a_slab_that_fails_fails_the_matching_and_leaves_no_thread() -> None:
    before = threading.active_count()
    with pytest.raises(MemoryError):
        list(table([], fails_at=20).slabs())
    assert threading.active_count() == before
