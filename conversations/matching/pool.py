"""All candidates as arrays, one row a mentor and one column a mentee; the order of the input leaves no trace."""

from __future__ import annotations

# Where hashlib takes it from. hashlib would load OpenSSL as well: 3.4 MB of the 64 that 1,000 + 1,000 people need.
from _blake2 import blake2b
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from .candidates import Candidate, Rules
from .reporting import NOBODY, ReportingTree, reporting_tree
from .working_hours import Window, shared_minutes, window, zone

Numbers = npt.NDArray[np.int32]
Index = slice | npt.NDArray[np.intp]

UNKNOWN_LEVEL = -1_000_000_000  # far from both ends of 32 bits, so that a gap may be taken from it
Code = TypeVar("Code", bound=Hashable)

STYLE_ANSWERS = 5
MOST_APART = STYLE_ANSWERS * 4  # each answer is 1 to 5
NO_STYLE = -1

NOTHING_MENTOR, NOTHING_MENTEE = -1, -2  # an empty team is like no other, not even another empty one


@dataclass(frozen=True, slots=True)
class Side:
    """One side's facts, an array entry a person."""

    people: tuple[Candidate, ...]
    ties: npt.NDArray[np.uint64]
    level: Numbers
    team: Numbers
    department: Numbers
    location: Numbers
    zone_known: npt.NDArray[np.bool_]
    in_pilot: npt.NDArray[np.bool_]
    guest: npt.NDArray[np.bool_]
    away: npt.NDArray[np.bool_]
    places: Numbers
    waited: Numbers
    above: Numbers  # (people, levels): managers up the line
    number: Numbers
    first: Numbers
    last: Numbers

    def __len__(self) -> int:
        return len(self.people)


@dataclass(frozen=True, slots=True)
class Lookup:
    """What depends on two codes only: computed once for each pair of codes, looked up for each pair of people."""

    mentor: npt.NDArray[np.intp]
    mentee: npt.NDArray[np.intp]
    table: npt.NDArray[Any]

    def tile(self, rows: Index, columns: Index) -> npt.NDArray[Any]:
        return self.table[self.mentor[rows]].take(self.mentee[columns], axis=1)

    def between(self, rows: npt.NDArray[np.intp], columns: npt.NDArray[np.intp]) -> npt.NDArray[np.int64]:
        """For single pairs, one row and one column each."""
        return self.table[self.mentor[rows], self.mentee[columns]].astype(np.int64)


@dataclass(frozen=True, slots=True)
class Marked:
    """Few single pairs, such as the past ones."""

    mentor: npt.NDArray[np.intp]
    mentee: npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Pool:
    """Everything that rules and scores look at."""

    mentors: Side
    mentees: Side
    manager: Sequence[int]  # by number, NOBODY at the top
    minutes: Lookup
    enough_hours: Lookup
    language: Lookup
    department_allowed: Lookup
    style: Lookup  # how far two working styles lie apart, 0 to MOST_APART; NO_STYLE where one of them is not known
    past: Marked
    avoided: Marked
    reviewers: Marked
    forbidden: Marked
    standing: Marked


def build_pool(
    candidates: Iterable[Candidate],
    managers: Mapping[str, str],
    past_pairs: Collection[tuple[str, str]],
    rules: Rules,
    on: date,
    *,
    forbidden: Collection[tuple[str, str]] = (),
    standing: Collection[tuple[str, str]] = (),
) -> Pool:
    """Sorts by a hash of the key, so that neither input order nor alphabet favours anybody."""
    everybody = sorted(candidates, key=lambda person: (_hash(person.key), person.role))
    mentors = tuple(person for person in everybody if person.role == "mentor")
    mentees = tuple(person for person in everybody if person.role == "mentee")
    lines = {person.key: person.manager for person in everybody if person.manager} | dict(managers)
    tree = reporting_tree(lines, [person.key for person in everybody])
    codes: dict[str, int] = {}
    minutes = _lookup(mentors, mentees, lambda p: window(p.hours, p.timezone, on), _minutes_table)
    return Pool(
        mentors=_side(mentors, tree, codes, rules, NOTHING_MENTOR),
        mentees=_side(mentees, tree, codes, rules, NOTHING_MENTEE),
        manager=tree.manager,
        minutes=minutes,
        enough_hours=replace(minutes, table=minutes.table >= rules.min_shared_hours * 60),
        language=_lookup(mentors, mentees, lambda p: _languages(p, rules), _common),
        department_allowed=_lookup(
            mentors, mentees, lambda p: same(p.department), lambda a, b: _departments(a, b, rules)
        ),
        style=_lookup(mentors, mentees, lambda p: p.working_style, _apart),
        past=_marked(mentors, mentees, {*past_pairs, *((b, a) for a, b in past_pairs)}),
        avoided=_marked(mentors, mentees, _avoided(everybody)),
        reviewers=_marked(mentors, mentees, {(p.key, other) for p in mentors for other in p.reviewers}),
        forbidden=_marked(mentors, mentees, set(forbidden)),
        standing=_marked(mentors, mentees, set(standing)),
    )


def same(name: str) -> str:
    """How a team, department or place is compared: without regard to capitals and spaces."""
    return " ".join(name.casefold().split())


def _hash(key: str) -> int:
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big")


def _side(
    people: tuple[Candidate, ...], tree: ReportingTree, codes: dict[str, int], rules: Rules, nothing: int
) -> Side:
    def code(name: str) -> int:
        return codes.setdefault(same(name), len(codes)) if same(name) else nothing

    pilot = {same(name) for name in rules.departments}
    numbers = [tree.number[person.key] for person in people]
    above = [tree.managers_above(person.key, rules.shared_manager_levels) for person in people]
    above_codes = np.array(above, dtype=np.int32).reshape(len(people), rules.shared_manager_levels)
    above_codes[above_codes == NOBODY] = nothing
    return Side(
        people=people,
        ties=np.array([_hash(person.key) for person in people], dtype=np.uint64),
        level=_numbers(UNKNOWN_LEVEL if person.level is None else person.level for person in people),
        team=_numbers(code("team " + person.team if person.team.strip() else "") for person in people),
        department=_numbers(code(person.department) for person in people),
        location=_numbers(code(person.location) for person in people),
        zone_known=np.array([zone(person.timezone) is not None for person in people], dtype=np.bool_),
        in_pilot=np.array([not pilot or same(p.department) in pilot for p in people], dtype=np.bool_),
        guest=np.array([person.guest for person in people], dtype=np.bool_),
        away=np.array([person.away for person in people], dtype=np.bool_),
        places=_numbers(person.capacity for person in people),
        waited=_numbers(person.unmatched_before for person in people),
        above=above_codes,
        number=_numbers(numbers),
        first=_numbers(tree.first[number] for number in numbers),
        last=_numbers(tree.last[number] for number in numbers),
    )


def _numbers(values: Iterable[int]) -> Numbers:
    return np.fromiter(values, dtype=np.int32)


def _lookup(
    mentors: Sequence[Candidate],
    mentees: Sequence[Candidate],
    code: Callable[[Candidate], Code],
    table: Callable[[Sequence[Code], Sequence[Code]], npt.NDArray[Any]],
) -> Lookup:
    rows: dict[Code, int] = {}
    columns: dict[Code, int] = {}
    mentor = np.array([rows.setdefault(code(person), len(rows)) for person in mentors], dtype=np.intp)
    mentee = np.array([columns.setdefault(code(person), len(columns)) for person in mentees], dtype=np.intp)
    return Lookup(mentor, mentee, table(list(rows), list(columns)))


def _minutes_table(mentors: Sequence[Window], mentees: Sequence[Window]) -> npt.NDArray[Any]:
    return shared_minutes(mentors, mentees).astype(np.int16)


def _languages(person: Candidate, rules: Rules) -> frozenset[str]:
    """ "en-GB" and "en" are the same language to talk in."""
    spoken = frozenset(language.strip().casefold().split("-")[0] for language in person.languages)
    return frozenset(filter(None, spoken)) or frozenset({rules.default_language})


def _common(mentors: Sequence[frozenset[str]], mentees: Sequence[frozenset[str]]) -> npt.NDArray[Any]:
    rows = [[not one.isdisjoint(other) for other in mentees] for one in mentors]
    return np.array(rows, dtype=np.bool_).reshape(len(mentors), len(mentees))


def _departments(mentors: Sequence[str], mentees: Sequence[str], rules: Rules) -> npt.NDArray[Any]:
    excluded = {(same(mentor), same(mentee)) for mentor, mentee in rules.excluded_department_pairs}
    wanted = {(same(mentor), same(mentee)) for mentor, mentee in rules.allowed_department_pairs}
    rows = [[(a, b) not in excluded and (not wanted or (a, b) in wanted) for b in mentees] for a in mentors]
    return np.array(rows, dtype=np.bool_).reshape(len(mentors), len(mentees))


def _apart(mentors: Sequence[tuple[int, ...]], mentees: Sequence[tuple[int, ...]]) -> npt.NDArray[Any]:
    """The sum of the differences of the five answers; whoever gave fewer has no style that could be compared."""
    table = np.full((len(mentors), len(mentees)), NO_STYLE, dtype=np.int16)
    known = [at for at, style in enumerate(mentees) if len(style) == STYLE_ANSWERS]
    others = np.array([mentees[at] for at in known], dtype=np.int16).reshape(-1, STYLE_ANSWERS)
    for at, style in enumerate(mentors):
        if len(style) == STYLE_ANSWERS:
            table[at, known] = np.abs(others - np.array(style, dtype=np.int16)).sum(axis=1)
    return table


def _avoided(people: Iterable[Candidate]) -> set[tuple[str, str]]:
    wishes = {(person.key, other) for person in people for other in person.avoid}
    return wishes | {(other, key) for key, other in wishes}


def _marked(mentors: Sequence[Candidate], mentees: Sequence[Candidate], pairs: set[tuple[str, str]]) -> Marked:
    row = {person.key: at for at, person in enumerate(mentors)}
    column = {person.key: at for at, person in enumerate(mentees)}
    known = [(row[a], column[b]) for a, b in pairs if a in row and b in column]
    marks = np.array(sorted(known), dtype=np.intp).reshape(-1, 2)
    return Marked(marks[:, 0], marks[:, 1])
