"""All pairs of a mentor at once: the points of each, and whether a rule speaks against it, in a few passes.

It says the same as `rules` and `score` do pair by pair, but what many people have in common (a place in the company,
working hours, languages) is worked out once and only added up for each pair: some 5 ns a pair instead of 50.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .candidates import Rule, Rules
from .kinds import LARGE, SMALL, Numbers, Positions, Sizes, Wide, tables, wide
from .lines import reporting_lines
from .pool import Marked, Pool
from .rules import CHECKS
from .score import Scale, Spread, Topics

COMMON = 20  # a term of one mentee in 20 is added as a whole row, a rarer one mentee by mentee


@dataclass(frozen=True, slots=True)
class Terms:
    """For each mentor the terms, and for each term the mentees who use it: as a row of points, or one by one."""

    topics: Topics
    rows: Mapping[str, Numbers]
    few: Mapping[str, tuple[Positions, Numbers]]

    def add_to(self, points: Numbers, mentor: int) -> None:
        spread = self.topics.mentors[mentor]
        if not spread:
            return
        if self.topics.most is None or sum(spread.values()) * self.topics.each <= self.topics.most:
            self._add(points, spread)
            return
        capped = np.zeros_like(points)
        self._add(capped, spread)
        points += np.minimum(capped, self.topics.most)

    def _add(self, points: Numbers, spread: Spread) -> None:
        for term, worth in spread.items():
            row = self.rows.get(term)
            if row is None:
                places, each = self.few[term]
                points[places] += each * worth if worth != 1 else each
            else:
                points += row * worth if worth != 1 else row


@dataclass(frozen=True, slots=True)
class Rows:
    """Everything that the passes need; `slab` is one pass over some mentors and all mentees."""

    scale: Scale
    sizes: Sizes
    tables: Sequence[Wide]
    terms: Sequence[Terms]
    endless_lines: bool
    together: Sequence[tuple[npt.NDArray[Any], Mapping[int, Positions]]]
    ruled_out: Mapping[int, Positions]
    standing: Mapping[int, Positions]

    def slab(self, rows: slice) -> Numbers:
        """The points of each pair, below `floor` where it is ruled out; a poor one has lost its penalty."""
        mentees, weights = len(self.scale.pool.mentees), self.scale.weights
        points = np.zeros((rows.stop - rows.start, mentees), dtype=self.sizes.dtype)
        for table in self.tables:
            table.add_to(points, rows)
        for at, mentor in enumerate(range(rows.start, rows.stop)):
            for terms in self.terms:
                terms.add_to(points[at], mentor)
        if weights.poor_penalty:
            poor = (points < weights.poor_below).view(np.int8)
            points -= np.multiply(poor, weights.poor_penalty, dtype=self.sizes.dtype)
        for at, mentor in enumerate(range(rows.start, rows.stop)):
            self._single(points[at], mentor)
        if self.endless_lines:
            points[_one_above_the_other(self.scale.pool, rows)] = self.sizes.blocked
        return points

    def _single(self, points: Numbers, mentor: int) -> None:
        if mentor in self.standing:
            points[self.standing[mentor]] += self.scale.weights.standing
        for codes, members in self.together:
            for code in codes[mentor].tolist():
                if code in members:
                    points[members[code]] = self.sizes.blocked
        if mentor in self.ruled_out:
            points[self.ruled_out[mentor]] = self.sizes.blocked


def build_rows(scale: Scale, rules: Rules, locked: Marked) -> Rows:
    """`locked` pairs are settled: the mentee, and a mentor without a place left, are out of the question."""
    pool = scale.pool
    sizes = SMALL if most_points(scale) < -SMALL.floor else LARGE
    together = [(pool.mentors.number[:, None], _members(pool.mentees.number[:, None]))]
    if not rules.same_team_allowed:
        together.append((pool.mentors.team[:, None], _members(pool.mentees.team[:, None])))
    if rules.shared_manager_levels:
        together.append((pool.mentors.above, _members(pool.mentees.above)))
    out = [pool.past, pool.avoided, pool.reviewers, pool.forbidden]
    lines = None if rules.reporting_line_allowed else reporting_lines(pool)
    if lines is not None:
        out.append(lines)
    return Rows(
        scale,
        sizes,
        [wide(table, sizes, len(pool.mentees)) for table in tables(scale, rules, sizes, locked)],
        [_terms(topics, sizes, len(pool.mentees)) for topics in scale.topics.values()],
        not rules.reporting_line_allowed and lines is None,
        together,
        _marked(out),
        _marked((pool.standing,)),
    )


def most_points(scale: Scale) -> int:
    """More than any pair can have or lose."""
    weights = scale.weights
    topics = sum(_most_of(each) for each in scale.topics.values())
    tables = int(np.abs(scale.hours.table).max(initial=0)) + int(np.abs(scale.style.table).max(initial=0))
    places = abs(weights.other_department) + abs(weights.other_location)
    bounds = abs(weights.standing) + abs(weights.poor_penalty) + abs(weights.poor_below)
    return topics + tables + places + bounds + 1


def _most_of(topics: Topics) -> int:
    """The weights of a want are shared among its terms, and the other side names each term once."""
    both = (topics.mentors, topics.mentees)
    sums = [max((sum(map(abs, spread.values())) for spread in side), default=0) for side in both]
    each = [max((max(map(abs, spread.values()), default=0) for spread in side), default=0) for side in both]
    most = abs(topics.each) * min(sums[0] * each[1], sums[1] * each[0])
    # Each single row must fit as well, before it is cut to the most that counts.
    return most if topics.most is None else max(most, abs(topics.most))


def _terms(topics: Topics, sizes: Sizes, mentees: int) -> Terms:
    users: dict[str, list[tuple[int, int]]] = {}
    for at, spread in enumerate(topics.mentees):
        for term, points in spread.items():
            users.setdefault(term, []).append((at, points * topics.each))
    rows: dict[str, Numbers] = {}
    few: dict[str, tuple[Positions, Numbers]] = {}
    for term, pairs in users.items():
        places = np.array([at for at, _ in pairs], dtype=np.intp)
        each = np.array([worth for _, worth in pairs], dtype=sizes.dtype)
        if places.size * COMMON < mentees:
            few[term] = places, each
        else:
            rows[term] = np.zeros(mentees, dtype=sizes.dtype)
            rows[term][places] = each
    return Terms(topics, rows, few)


def _members(codes: npt.NDArray[Any]) -> dict[int, Positions]:
    """Who has which code, from one or more codes a person."""
    person = np.repeat(np.arange(codes.shape[0]), codes.shape[1])
    return _grouped(codes.reshape(-1), person)


def _marked(several: Sequence[Marked]) -> dict[int, Positions]:
    return _grouped(np.concatenate([m.mentor for m in several]), np.concatenate([m.mentee for m in several]))


def _grouped(codes: npt.NDArray[Any], values: Positions) -> dict[int, Positions]:
    order = np.argsort(codes, kind="stable")
    distinct, starts = np.unique(codes[order], return_index=True)
    return dict(zip(distinct.tolist(), np.split(values[order], starts[1:]), strict=False))


def _one_above_the_other(pool: Pool, rows: slice) -> npt.NDArray[np.bool_]:
    above = CHECKS[Rule.REPORTING_LINE](pool, Rules(), rows, slice(None))
    return np.zeros(0, dtype=np.bool_) if above is None else above
