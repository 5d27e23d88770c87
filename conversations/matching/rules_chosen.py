"""What a rules file says, once it has been read: apart from the reading, since not every matching needs YAML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from .candidates import Rules, Weights

Pair = tuple[str, str]  # e-mails of mentor and mentee
PastPair = tuple[str, str, date | None]  # and the day on which it ended


@dataclass(frozen=True, slots=True)
class RuleFault:
    """A key whose value cannot be used, and what is allowed."""

    key: str
    value: str
    allowed: str

    def __str__(self) -> str:
        return (
            f"{self.key}: {self.value} cannot be used; {self.allowed}" if self.value else f"{self.key}: {self.allowed}"
        )


@dataclass(frozen=True, slots=True)
class RulesFile:
    """All that the file says; with `faults` nothing of it should be used."""

    rules: Rules = field(default_factory=Rules)
    weights: Weights = field(default_factory=Weights)
    past_pairs: tuple[PastPair, ...] = ()
    locked: frozenset[Pair] = frozenset()
    forbidden: frozenset[Pair] = frozenset()
    standing: frozenset[Pair] = frozenset()
    reviewers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    faults: tuple[RuleFault, ...] = ()
