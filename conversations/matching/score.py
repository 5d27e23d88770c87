"""How well an admissible pair fits, in whole points that can be told one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from .candidates import Candidate, Weights
from .pool import Index, Lookup, Numbers, Pool
from .words import terms

Floats = npt.NDArray[np.float32]
Spread = dict[str, int]  # term -> points


@dataclass(frozen=True, slots=True)
class Topics:
    """Terms of mentors and mentees as matrices, so that all pairs are compared by one multiplication."""

    mentors: Floats
    mentees: Floats

    def tile(self, rows: Index, columns: Index) -> Numbers:
        """Whole numbers below 2^24 stay exact in single precision, whatever the order of summing."""
        product: Numbers = (self.mentors[rows] @ self.mentees[columns].T).astype(np.int32)
        return product


@dataclass(frozen=True, slots=True)
class Scale:
    """The pool together with its topics and weights."""

    pool: Pool
    weights: Weights
    wants: Topics
    gives_back: Topics
    goals: Topics
    interests: Topics
    hours: Lookup

    def parts(self, rows: Index, columns: Index) -> Iterator[tuple[str, Numbers]]:
        """Each part of the score by name, shape (mentors of rows, mentees of columns)."""
        weights, pool = self.weights, self.pool
        yield "wants", self.wants.tile(rows, columns)
        yield "gives back", self.gives_back.tile(rows, columns)
        goals = self.goals.tile(rows, columns) * weights.goal
        yield "goals", np.minimum(goals, weights.most_goals)
        interests = self.interests.tile(rows, columns) * weights.interest
        yield "interests", np.minimum(interests, weights.most_interests)
        yield "shared hours", self.hours.tile(rows, columns)
        department = _differ(pool.mentors.department[rows], pool.mentees.department[columns])
        yield "other department", department * weights.other_department
        if weights.other_location:
            location = _differ(pool.mentors.location[rows], pool.mentees.location[columns])
            yield "other location", location * weights.other_location

    def fit(self, rows: Index, columns: Index) -> Numbers:
        """The points of each pair."""
        shape = (self.pool.mentors.level[rows].size, self.pool.mentees.level[columns].size)
        total = np.zeros(shape, dtype=np.int32)
        for _, part in self.parts(rows, columns):
            total += part
        return total


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
        _topics(pool, offered, wanted(weights.wants)),
        _topics(pool, wanted(weights.gives_back), offered),
        _topics(pool, goals, goals),
        _topics(pool, interests, interests),
        _hour_points(pool.minutes, weights),
    )


def _hour_points(minutes: Lookup, weights: Weights) -> Lookup:
    points = np.minimum(minutes.table // 60, weights.most_shared_hours).astype(np.int32)
    return replace(minutes, table=points * weights.shared_hour)


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


def _topics(pool: Pool, mentor: Callable[[Candidate], Spread], mentee: Callable[[Candidate], Spread]) -> Topics:
    rows = [mentor(person) for person in pool.mentors.people]
    columns = [mentee(person) for person in pool.mentees.people]
    # Only a term that both sides use can score: of thousands of own words few remain.
    common = sorted(_used(rows) & _used(columns))
    number = {term: at for at, term in enumerate(common)}
    return Topics(_matrix(rows, number), _matrix(columns, number))


def _used(spreads: Iterable[Spread]) -> set[str]:
    return {term for spread in spreads for term in spread}


def _matrix(spreads: Sequence[Spread], number: Mapping[str, int]) -> Floats:
    matrix = np.zeros((len(spreads), len(number)), dtype=np.float32)
    for at, spread in enumerate(spreads):
        for term, points in spread.items():
            if term in number:
                matrix[at, number[term]] = points
    return matrix


def _differ(mentor: Numbers, mentee: Numbers) -> Numbers:
    """1 where both are known and differ."""
    known = (mentor >= 0)[:, None] & (mentee >= 0)[None, :]
    differ: Numbers = ((mentor[:, None] != mentee[None, :]) & known).astype(np.int32)
    return differ
