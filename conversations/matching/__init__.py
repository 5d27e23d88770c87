"""Who with whom: pure functions from candidates to a proposal that a coordinator can defend."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from types import MappingProxyType

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
from .explain import explained_pairs, explained_unmatched
from .pool import build_pool
from .score import build_scale
from .solve import Progress, solve
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
    progress: Progress | None = None,
) -> Proposal:
    """The best admissible matching: most pairs, then most mentors with a mentee, then most points.

    `managers` maps everybody on the roster, candidate or not, to their manager. `past_pairs` are pairs of keys
    in either order. Working hours are compared on the date `on`. `themes` maps theme ids to titles.
    The result does not depend on the order of the candidates. Raises ValueError when somebody is named twice
    in one role.
    """
    tell = progress or _silent
    everybody = tuple(candidates)
    _refuse_doubles(everybody)
    pool = build_pool(everybody, managers, past_pairs, rules, on)
    scale = build_scale(pool, weights, themes)
    solution = solve(build_table(scale, rules), tell)
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


def _silent(_words: str, _share: float) -> None:
    return None


def _refuse_doubles(candidates: Iterable[Candidate]) -> None:
    seen: set[tuple[str, Role]] = set()
    for person in candidates:
        if (person.key, person.role) in seen:
            raise ValueError(f"the same person is twice a {person.role}")
        seen.add((person.key, person.role))
