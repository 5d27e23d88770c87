"""Slabs of scores: each is looked at once, and only where somebody asks for it."""

import numpy as np
import pytest

from conversations.matching.kinds import Numbers
from conversations.matching.worth import SLAB, Table

MENTORS, MENTEES = 40, SLAB // 2  # two mentors a slab


@pytest.fixture
def scored() -> list[slice]:
    """What was worked out, in order."""
    return []


@pytest.fixture
def table(scored: list[slice]) -> Table:
    def keys(rows: slice) -> Numbers:
        scored.append(rows)
        return np.full((rows.stop - rows.start, 1), rows.start, dtype=np.int16)

    none, mentees = np.zeros(MENTORS, dtype=np.int64), np.broadcast_to(np.int64(0), MENTEES)
    return Table(none, none, none, mentees, 1, 0, keys)


def first_of(rows: slice, keys: Numbers) -> tuple[int, int]:
    return rows.start, int(keys[0, 0])


def test_every_slab_comes_once_and_in_order(table: Table, scored: list[slice]) -> None:
    assert table.each(first_of) == [(at, at) for at in range(0, MENTORS, 2)]
    assert len(scored) == MENTORS // 2


def test_only_slabs_with_one_of_the_mentors_are_worked_out(table: Table, scored: list[slice]) -> None:
    wanted = np.zeros(MENTORS, dtype=np.bool_)
    wanted[[3, 10, 11]] = True
    assert table.each(first_of, wanted) == [(2, 2), (10, 10)]
    assert scored == [slice(2, 4), slice(10, 12)]
