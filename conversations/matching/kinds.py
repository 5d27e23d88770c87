"""What the rules and the score say of two kinds of people, worked out once for all people of these kinds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .candidates import Rule, Rules
from .pool import Lookup, Marked, Side
from .rules import CHECKS
from .score import Scale, differ

Numbers = npt.NDArray[Any]  # of the size that the points need
Positions = npt.NDArray[np.intp]

KEPT_WIDE = 32_000_000  # entries of a table that is kept with a column for each mentee (64 MB)

# What these say depends on the kinds of the two people only.
KIND_RULES = (
    *(Rule.CAPACITY, Rule.LEVEL_UNKNOWN, Rule.ZONE_UNKNOWN, Rule.DEPARTMENT, Rule.GUEST, Rule.AWAY, Rule.LEVEL),
    Rule.DEPARTMENT_PAIR,
)


@dataclass(frozen=True, slots=True)
class Sizes:
    """The integers to count in: points between `floor` and -`floor` are real, whatever is ruled out lies below."""

    dtype: type[np.signedinteger[Any]]
    blocked: int  # three of them still fit
    floor: int


# A pair has some 100 points, so two bytes do unless somebody sets weights in the thousands.
SMALL = Sizes(np.int16, -8_000, -2_000)
LARGE = Sizes(np.int32, -500_000_000, -50_000_000)


@dataclass(frozen=True, slots=True)
class Wide:
    """A lookup table with a column for each mentee, as far as memory allows."""

    codes: npt.NDArray[np.intp]
    lookup: Lookup
    whole: Numbers | None

    def add_to(self, points: Numbers, rows: slice) -> None:
        if self.whole is not None:
            points += self.whole[self.codes[rows]]
        else:
            points += self.lookup.tile(rows, slice(None))


def tables(scale: Scale, rules: Rules, sizes: Sizes, locked: Marked) -> list[Lookup]:
    pool = scale.pool
    hours = scale.hours.table.astype(sizes.dtype)
    if rules.min_shared_hours > 0:
        hours[~pool.enough_hours.table] = sizes.blocked
    found = [_kinds(scale, rules, sizes, locked), Lookup(pool.minutes.mentor, pool.minutes.mentee, hours)]
    if rules.shared_language and not pool.language.table.all():
        apart = np.where(pool.language.table, 0, sizes.blocked).astype(sizes.dtype)
        found.append(Lookup(pool.language.mentor, pool.language.mentee, apart))
    if scale.weights.working_style:
        found.append(Lookup(scale.style.mentor, scale.style.mentee, scale.style.table.astype(sizes.dtype)))
    return found


def _kinds(scale: Scale, rules: Rules, sizes: Sizes, locked: Marked) -> Lookup:
    """People of one level, department and so on share what the rules and the score say of them."""
    pool = scale.pool
    full = np.bincount(locked.mentor, minlength=len(pool.mentors)) >= pool.mentors.places
    taken = np.bincount(locked.mentee, minlength=len(pool.mentees)) > 0
    mentor, rows = _kind(pool.mentors, full)
    mentee, columns = _kind(pool.mentees, taken)
    department = differ(pool.mentors.department[rows][:, None], pool.mentees.department[columns][None, :])
    location = differ(pool.mentors.location[rows][:, None], pool.mentees.location[columns][None, :])
    table = np.multiply(department, scale.weights.other_department, dtype=sizes.dtype)
    table += np.multiply(location, scale.weights.other_location, dtype=sizes.dtype)
    for rule in KIND_RULES:
        blocked = CHECKS[rule](pool, rules, rows, columns)
        if blocked is not None:
            table[blocked] = sizes.blocked
    table[full[rows]] = sizes.blocked
    table[:, taken[columns]] = sizes.blocked
    return Lookup(mentor, mentee, table)


def _kind(side: Side, settled: npt.NDArray[np.bool_]) -> tuple[Positions, Positions]:
    """The number of each person's kind, and one person of each."""
    flags = (side.zone_known, side.in_pilot, side.guest, side.away, side.places < 1, settled)
    facts = np.column_stack([side.level, side.department, side.location, *flags])
    _, one, kind = np.unique(facts, axis=0, return_index=True, return_inverse=True)
    return kind.reshape(-1), one


def wide(lookup: Lookup, sizes: Sizes, mentees: int) -> Wide:
    fits = lookup.table.shape[0] * mentees * np.dtype(sizes.dtype).itemsize <= 2 * KEPT_WIDE
    return Wide(lookup.mentor, lookup, lookup.table.take(lookup.mentee, axis=1) if fits else None)
