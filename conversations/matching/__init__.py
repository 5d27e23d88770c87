"""Who with whom: pure functions from candidates to a proposal that a coordinator can defend."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType

import numpy as np

from .candidates import (
    PRESETS,
    Candidate,
    Hours,
    Proposal,
    ProposedPair,
    Role,
    Rule,
    Rules,
    Unmatched,
    Weights,
)
from .explain import explained_pairs
from .pool import Pool, build_pool
from .score import build_scale
from .solve import Progress, Solution, solve
from .unmatched import explained_unmatched
from .worth import build_table

__all__ = [
    "PRESETS",
    "Candidate",
    "Hours",
    "Progress",
    "Proposal",
    "ProposedPair",
    "Role",
    "Rule",
    "Rules",
    "Unmatched",
    "Weights",
    "propose",
]

NO_THEMES: Mapping[str, str] = MappingProxyType({})


def propose(
    candidates: Iterable[Candidate],
    managers: Mapping[str, str],
    past_pairs: Collection[tuple[str, str]],
    *,
    rules: Rules,
    weights: Weights,
    on: date,
    themes: Mapping[str, str] = NO_THEMES,
    locked: Collection[tuple[str, str]] = (),
    forbidden: Collection[tuple[str, str]] = (),
    standing: Collection[tuple[str, str]] = (),
    progress: Progress | None = None,
) -> Proposal:
    """The best admissible matching: most pairs, then most mentors with a mentee, then most points in total.

    From the points that decide, `poor_penalty` is taken for each poor pair, and waiting and standing add to them; the
    score of a pair and the total are the plain points without these. `locked` pairs are in the result whatever the
    rules say, and use their places; `forbidden` ones never are; `standing` ones are kept rather than not. These
    three name the mentor first.

    `managers` maps everybody on the roster, candidate or not, to their manager. `past_pairs` are pairs of keys
    in either order. Working hours are compared on the date `on`. `themes` maps theme ids to titles.
    The result does not depend on the order of the candidates. Raises ValueError when somebody is named twice
    in one role, or a mentee is locked to two mentors.
    """
    tell = progress or _silent
    everybody = tuple(candidates)
    _refuse_doubles(everybody)
    pool = build_pool(everybody, managers, past_pairs, rules, on, forbidden=forbidden, standing=standing)
    scale = build_scale(pool, weights, themes)
    settled = _settled(pool, locked)
    solution = _together(solve(build_table(scale, rules, settled), tell), settled)
    tell("Writing down the reasons", 0.9)
    pairs = sorted(explained_pairs(scale, solution, themes), key=lambda p: (-p.score, p.mentor, p.mentee))
    unmatched = sorted(explained_unmatched(scale, rules, solution), key=lambda p: (p.role, p.key))
    tell("Done", 1.0)
    return Proposal(
        pairs=tuple(pairs),
        unmatched=tuple(unmatched),
        total=sum(pair.score for pair in pairs),
        proved=solution.proved,
        mentors=len(pool.mentors),
        mentees=len(pool.mentees),
    )


def _settled(pool: Pool, locked: Iterable[tuple[str, str]]) -> list[tuple[int, int]]:
    """The locked pairs as rows and columns; a pair whose people no longer both take part is none."""
    rows = {person.key: at for at, person in enumerate(pool.mentors.people)}
    columns = {person.key: at for at, person in enumerate(pool.mentees.people)}
    settled = sorted({(rows[one], columns[other]) for one, other in locked if one in rows and other in columns})
    if len({column for _, column in settled}) < len(settled):
        raise ValueError("a mentee is locked to two mentors")
    return settled


def _together(solution: Solution, settled: Sequence[tuple[int, int]]) -> Solution:
    fixed = np.array(settled, dtype=np.int64).reshape(-1, 2)
    mentor, mentee = np.append(solution.mentor, fixed[:, 0]), np.append(solution.mentee, fixed[:, 1])
    return Solution(mentor, mentee, solution.proved)


def _silent(_words: str, _share: float) -> None:
    return None


def _refuse_doubles(candidates: Iterable[Candidate]) -> None:
    seen: set[tuple[str, Role]] = set()
    for person in candidates:
        if (person.key, person.role) in seen:
            raise ValueError(f"the same person is twice a {person.role}")
        seen.add((person.key, person.role))
