"""One matching as a value: everything that goes into it, so that another process can work it out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from . import Candidate, Progress, Proposal, Rule, Rules, Weights, propose
from .pool import build_pool
from .rules import blocked_by

BLOCK = 64  # pairs at once: their people against each other


@dataclass(frozen=True, slots=True)
class MatchingRequest:
    """Picklable. Keys are person ids as text; `managers` reaches beyond the candidates."""

    candidates: tuple[Candidate, ...]
    managers: Mapping[str, str]
    past_pairs: frozenset[tuple[str, str]]
    on: date
    rules: Rules = field(default_factory=Rules)
    weights: Weights = field(default_factory=Weights)
    themes: Mapping[str, str] = field(default_factory=dict)
    locked: frozenset[tuple[str, str]] = frozenset()  # (mentor, mentee) that must be in the proposal
    forbidden: frozenset[tuple[str, str]] = frozenset()  # (mentor, mentee) that must not
    standing: frozenset[tuple[str, str]] = frozenset()  # pairs of today that a re-match rather keeps


def run(request: MatchingRequest, progress: Progress | None = None) -> Proposal:
    """Works the matching out: seconds for hundreds of people, so never within a turn."""
    return propose(
        request.candidates,
        request.managers,
        request.past_pairs,
        rules=request.rules,
        weights=request.weights,
        on=request.on,
        themes=request.themes,
        locked=request.locked,
        forbidden=request.forbidden,
        standing=request.standing,
        progress=progress,
    )


def broken(request: MatchingRequest, pairs: Collection[tuple[str, str]]) -> Mapping[tuple[str, str], Rule | None]:
    """Which of these pairs (mentor, mentee) a hard rule forbids by now, and which rule.

    None: one of the two is no candidate any more.
    """
    pool = build_pool(
        request.candidates,
        request.managers,
        request.past_pairs,
        request.rules,
        request.on,
        forbidden=request.forbidden,
        standing=request.standing,
    )
    row = {person.key: at for at, person in enumerate(pool.mentors.people)}
    column = {person.key: at for at, person in enumerate(pool.mentees.people)}
    known = [pair for pair in pairs if pair[0] in row and pair[1] in column]
    found: dict[tuple[str, str], Rule | None] = dict.fromkeys(set(pairs).difference(known))
    for start in range(0, len(known), BLOCK):
        several = known[start : start + BLOCK]
        rows, at = np.unique([row[mentor] for mentor, _ in several], return_inverse=True)
        columns, other = np.unique([column[mentee] for _, mentee in several], return_inverse=True)
        # In the order of the rules, so that the first one is told.
        for rule, mask in blocked_by(pool, request.rules, rows, columns).items():
            for pair, breaks in zip(several, mask[at, other].tolist(), strict=True):
                if breaks:
                    found.setdefault(pair, rule)
    return found
