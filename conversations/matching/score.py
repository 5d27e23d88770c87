"""How well an admissible pair fits, in whole points that can be told one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from .candidates import Candidate, Weights
from .pool import MOST_APART, NO_STYLE, Lookup, Numbers, Pool
from .words import terms

Spread = dict[str, int]  # term -> points
Paired = npt.NDArray[np.intp]  # one entry a pair
Points = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Topics:
    """Who names which term and for how many points; only terms that both sides use, since no other can score."""

    mentors: Sequence[Spread]
    mentees: Sequence[Spread]
    each: int = 1  # points are multiplied by it
    most: int | None = None  # a pair gets no more than that

    def between(self, rows: Paired, columns: Paired) -> Points:
        """The points of single pairs."""
        pairs = zip(rows.tolist(), columns.tolist(), strict=True)
        return np.array([self._points(row, column) for row, column in pairs], dtype=np.int64)

    def _points(self, row: int, column: int) -> int:
        other = self.mentees[column]
        points = self.each * sum(worth * other[term] for term, worth in self.mentors[row].items() if term in other)
        return points if self.most is None else min(points, self.most)


@dataclass(frozen=True, slots=True)
class Scale:
    """The pool together with its topics and weights."""

    pool: Pool
    weights: Weights
    topics: Mapping[str, Topics]
    hours: Lookup
    style: Lookup

    def between(self, rows: Paired, columns: Paired) -> dict[str, Points]:
        """Each part of the score by name, for single pairs; their sum is the pair's score."""
        weights, mentors, mentees = self.weights, self.pool.mentors, self.pool.mentees
        parts = {name: topics.between(rows, columns) for name, topics in self.topics.items()}
        parts["shared hours"] = self.hours.between(rows, columns)
        department = differ(mentors.department[rows], mentees.department[columns])
        parts["other department"] = department * weights.other_department
        if weights.other_location:
            location = differ(mentors.location[rows], mentees.location[columns])
            parts["other location"] = location * weights.other_location
        if weights.working_style:
            parts["working style"] = self.style.between(rows, columns)
        return parts


def build_scale(pool: Pool, weights: Weights, themes: Mapping[str, str]) -> Scale:
    """`themes` maps theme ids to titles: an id meets the same id in full, and own words by its title's words."""

    def offered(person: Candidate) -> Spread:
        return {term: 1 for entry in person.offers for term in offer_terms(entry, themes)}

    def wanted(points: Sequence[int]) -> Callable[[Candidate], Spread]:
        return lambda person: want_points(person.wants, points, themes)

    def goals(person: Candidate) -> Spread:
        return {term: 1 for entry in person.goals for term in terms(entry)}

    def interests(person: Candidate) -> Spread:
        return {term: 1 for entry in person.interests for term in terms(entry)}

    return Scale(
        pool,
        weights,
        {
            "wants": _topics(pool, offered, wanted(weights.wants)),
            "gives back": _topics(pool, wanted(weights.gives_back), offered),
            "goals": _topics(pool, goals, goals, weights.goal, weights.most_goals),
            "interests": _topics(pool, interests, interests, weights.interest, weights.most_interests),
        },
        _hour_points(pool.minutes, weights),
        _style_points(pool.style, weights),
    )


def _hour_points(minutes: Lookup, weights: Weights) -> Lookup:
    points = np.minimum(minutes.table // 60, weights.most_shared_hours).astype(np.int32)
    return replace(minutes, table=points * weights.shared_hour)


def _style_points(style: Lookup, weights: Weights) -> Lookup:
    """Full points for styles as far apart as can be, or for equal ones; a share of them in between."""
    fitting = MOST_APART - style.table if weights.style_alike else style.table
    points = fitting.astype(np.int32) * weights.working_style // MOST_APART
    return replace(style, table=np.where(style.table == NO_STYLE, 0, points))


def offer_terms(entry: str, themes: Mapping[str, str]) -> tuple[str, ...]:
    """The stems of own words or of a theme's title; a theme also has a mark that no word can have."""
    if entry in themes:
        return (f"theme {entry}", *terms(themes[entry]))
    return terms(entry)


def want_points(entries: Sequence[str], points: Sequence[int], themes: Mapping[str, str]) -> Spread:
    """Spreads the points of each ranked want over its terms without a remainder."""
    spread: Spread = {}
    for rank, entry in enumerate(dict.fromkeys(entries)):
        worth = points[min(rank, len(points) - 1)]
        if entry in themes:
            by_title = worth // 2
            _share(spread, (f"theme {entry}",), worth - by_title)
            _share(spread, terms(themes[entry]), by_title)
        else:
            _share(spread, terms(entry), worth)
    return spread


def _share(spread: Spread, found: Sequence[str], worth: int) -> None:
    for at, term in enumerate(found):
        each, rest = divmod(worth, len(found))
        spread[term] = spread.get(term, 0) + each + (at < rest)


def _topics(
    pool: Pool,
    mentor: Callable[[Candidate], Spread],
    mentee: Callable[[Candidate], Spread],
    each: int = 1,
    most: int | None = None,
) -> Topics:
    rows = [mentor(person) for person in pool.mentors.people]
    columns = [mentee(person) for person in pool.mentees.people]
    # Of thousands of own words few remain.
    common = _used(rows) & _used(columns)
    return Topics(_reduced(rows, common), _reduced(columns, common), each, most)


def _used(spreads: Iterable[Spread]) -> set[str]:
    return {term for spread in spreads for term in spread}


def _reduced(spreads: Iterable[Spread], common: Set[str]) -> list[Spread]:
    return [{term: points for term, points in spread.items() if term in common} for spread in spreads]


def differ(mentor: Numbers, mentee: Numbers) -> npt.NDArray[np.bool_]:
    """Whether both are known and differ."""
    different: npt.NDArray[np.bool_] = (mentor >= 0) & (mentee >= 0) & (mentor != mentee)
    return different
