"""How well two people fit, in words: nobody can explain a number."""

from collections.abc import Mapping, Sequence
from typing import Any

from storage.tables import ProposedPair

# A score from here on is called so; somebody's first choice of theme alone is worth about 40 of 100.
FITS = ((70, "strong fit"), (45, "good fit"), (30, "fair fit"), (0, "loose fit"))

PARTS: Mapping[str, str] = {
    "wants": "What the mentee wants to learn",
    "gives back": "What the mentor would like to hear about",
    "goals": "Goals in common",
    "interests": "Interests in common",
    "shared hours": "Shared working hours",
    "other department": "Different departments",
    "other location": "Different places",
    "working style": "Working styles",
    "standing": "They are a pair today",
    "waiting": "Waited for a partner",
    "poor": "Taken off, since the pair fits loosely",
}


def fit(score: int) -> str:
    """A score in words."""
    return next(words for least, words in FITS if score >= least or least == 0)


def part_rows(parts: Sequence[Sequence[Any]]) -> tuple[tuple[str, str], ...]:
    """Each part of a score that counts, the largest first: ("Shared working hours", "10 points")."""
    counted = sorted(((str(name), int(points)) for name, points in parts if int(points)), key=lambda one: -one[1])
    return tuple((PARTS.get(name, name.capitalize()), f"{points} points") for name, points in counted)


def spread(pairs: Sequence[ProposedPair]) -> tuple[tuple[str, str], ...]:
    """How many pairs fit how well, beside the picture of it."""
    counts = {words: sum(1 for pair in pairs if fit(pair.score) == words) for _, words in FITS}
    return tuple((words.capitalize(), str(count)) for words, count in counts.items())
