"""The hard rules: each says with a yes/no array which pairs it rules out, so that it can be named later."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from .candidates import Rule, Rules
from .pool import UNKNOWN_LEVEL, Index, Marked, Numbers, Pool

Mask = npt.NDArray[np.bool_]
Check = Callable[[Pool, Rules, Index, Index], Mask | None]


def allowed(pool: Pool, rules: Rules, rows: Index, columns: Index) -> Mask:
    """True where no rule speaks against the pair; shape (mentors of rows, mentees of columns)."""
    free = np.ones((pool.mentors.level[rows].size, pool.mentees.level[columns].size), dtype=np.bool_)
    for check in CHECKS.values():
        blocked = check(pool, rules, rows, columns)
        if blocked is not None:
            free &= ~blocked
    return free


def blocked_by(pool: Pool, rules: Rules, rows: Index, columns: Index) -> dict[Rule, Mask]:
    """For each rule in force the pairs that it rules out, a pair under every rule that it breaks."""
    shape = (pool.mentors.level[rows].size, pool.mentees.level[columns].size)
    found = {rule: check(pool, rules, rows, columns) for rule, check in CHECKS.items()}
    return {rule: np.broadcast_to(mask, shape) for rule, mask in found.items() if mask is not None}


def _capacity(pool: Pool, rules: Rules, rows: Index, columns: Index) -> Mask | None:
    return _either(pool.mentors.places[rows] < 1, pool.mentees.places[columns] < 1)


def _level_unknown(pool: Pool, rules: Rules, rows: Index, columns: Index) -> Mask | None:
    """Without both levels nobody can tell who is the junior."""
    mentor, mentee = pool.mentors.level[rows], pool.mentees.level[columns]
    return _either(mentor == UNKNOWN_LEVEL, mentee == UNKNOWN_LEVEL)


def _zone_unknown(pool: Pool, rules: Rules, rows: Index, columns: Index) -> Mask | None:
    if rules.min_shared_hours <= 0:
        return None
    return _either(~pool.mentors.zone_known[rows], ~pool.mentees.zone_known[columns])


def _department(pool: Pool, rules: Rules, rows: Index, columns: Index) -> Mask | None:
    if not rules.departments:
        return None
    return _either(~pool.mentors.in_pilot[rows], ~pool.mentees.in_pilot[columns])


def _guest(pool: Pool, rules: Rules, rows: Index, columns: Index) -> Mask | None:
    if rules.guests_allowed:
        return None
    return _either(pool.mentors.guest[rows], pool.mentees.guest[columns])


def _away(pool: Pool, rules: Rules, rows: Index, columns: Index) -> Mask | None:
    return _either(pool.mentors.away[rows], pool.mentees.away[columns])


def _same_person(pool: Pool, rules: Rules, rows: Index, columns: Index) -> Mask | None:
    return _equal(pool.mentors.number[rows], pool.mentees.number[columns])


def _level(pool: Pool, rules: Rules, rows: Index, columns: Index) -> Mask | None:
    too_close: Mask = pool.mentors.level[rows][:, None] > (pool.mentees.level[columns] - rules.min_level_gap)
    return _unless(too_close, _level_unknown(pool, rules, rows, columns))


def _reporting_line(pool: Pool, rules: Rules, rows: Index, columns: Index) -> Mask | None:
    if rules.reporting_line_allowed:
        return None
    first, last = pool.mentors.first[rows][:, None], pool.mentors.last[rows][:, None]
    first_other, last_other = pool.mentees.first[columns][None, :], pool.mentees.last[columns][None, :]
    mentee_above: Mask = (first >= first_other) & (first < last_other)
    mentor_above: Mask = (first_other >= first) & (first_other < last)
    return mentee_above | mentor_above


def _shared_manager(pool: Pool, rules: Rules, rows: Index, columns: Index) -> Mask | None:
    shared: Mask | None = None
    for up in range(rules.shared_manager_levels):
        for up_other in range(rules.shared_manager_levels):
            equal = _equal(pool.mentors.above[rows][:, up], pool.mentees.above[columns][:, up_other])
            shared = equal if shared is None else shared | equal
    return shared


def _reviewer(pool: Pool, rules: Rules, rows: Index, columns: Index) -> Mask | None:
    return _marks(pool, pool.reviewers, rows, columns)


def _team(pool: Pool, rules: Rules, rows: Index, columns: Index) -> Mask | None:
    if rules.same_team_allowed:
        return None
    return _equal(pool.mentors.team[rows], pool.mentees.team[columns])


def _language(pool: Pool, rules: Rules, rows: Index, columns: Index) -> Mask | None:
    return ~pool.language.tile(rows, columns) if rules.shared_language else None


def _hours(pool: Pool, rules: Rules, rows: Index, columns: Index) -> Mask | None:
    if rules.min_shared_hours <= 0:
        return None
    too_few: Mask = ~pool.enough_hours.tile(rows, columns)
    return _unless(too_few, _zone_unknown(pool, rules, rows, columns))


def _department_pair(pool: Pool, rules: Rules, rows: Index, columns: Index) -> Mask | None:
    if not rules.excluded_department_pairs and not rules.allowed_department_pairs:
        return None
    return ~pool.department_allowed.tile(rows, columns)


def _past_pair(pool: Pool, rules: Rules, rows: Index, columns: Index) -> Mask | None:
    return _marks(pool, pool.past, rows, columns)


def _avoid(pool: Pool, rules: Rules, rows: Index, columns: Index) -> Mask | None:
    return _marks(pool, pool.avoided, rows, columns)


def _forbidden(pool: Pool, rules: Rules, rows: Index, columns: Index) -> Mask | None:
    return _marks(pool, pool.forbidden, rows, columns)


CHECKS: dict[Rule, Check] = {
    Rule.CAPACITY: _capacity,
    Rule.LEVEL_UNKNOWN: _level_unknown,
    Rule.ZONE_UNKNOWN: _zone_unknown,
    Rule.DEPARTMENT: _department,
    Rule.GUEST: _guest,
    Rule.AWAY: _away,
    Rule.SAME_PERSON: _same_person,
    Rule.LEVEL: _level,
    Rule.REPORTING_LINE: _reporting_line,
    Rule.SHARED_MANAGER: _shared_manager,
    Rule.REVIEWER: _reviewer,
    Rule.TEAM: _team,
    Rule.LANGUAGE: _language,
    Rule.HOURS: _hours,
    Rule.DEPARTMENT_PAIR: _department_pair,
    Rule.PAST_PAIR: _past_pair,
    Rule.AVOID: _avoid,
    Rule.FORBIDDEN: _forbidden,
}


def _either(mentor: Mask, mentee: Mask) -> Mask | None:
    """None when nobody of the tile is concerned, which is nearly always: it saves a pass over all pairs."""
    if not mentor.any() and not mentee.any():
        return None
    return mentor[:, None] | mentee[None, :]


def _unless(mask: Mask, unknown: Mask | None) -> Mask:
    """Whoever cannot be compared is told that, and not also the outcome of a comparison with nothing."""
    return mask if unknown is None else mask & ~unknown


def _equal(mentor: Numbers, mentee: Numbers) -> Mask:
    equal: Mask = mentor[:, None] == mentee[None, :]
    return equal


def _marks(pool: Pool, marked: Marked, rows: Index, columns: Index) -> Mask | None:
    if not marked.mentor.size:
        return None
    row_at = _positions(len(pool.mentors), rows)[marked.mentor]
    column_at = _positions(len(pool.mentees), columns)[marked.mentee]
    here = (row_at >= 0) & (column_at >= 0)
    mask = np.zeros((pool.mentors.level[rows].size, pool.mentees.level[columns].size), dtype=np.bool_)
    mask[row_at[here], column_at[here]] = True
    return mask


def _positions(size: int, chosen: Index) -> npt.NDArray[np.intp]:
    """Where each person stands in the tile, -1 outside it; nobody may be chosen twice."""
    position = np.full(size, -1, dtype=np.intp)
    picked = np.arange(size)[chosen]
    position[picked] = np.arange(picked.size)
    return position
