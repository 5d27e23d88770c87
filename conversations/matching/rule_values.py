"""What a rule or a weight may be: read from a rules file or asked in a what-if, by its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .candidates import PRESETS, Rules, Weights

Reader = Callable[[object], Any]

HIGHEST_LEVEL_GAP = 1000  # levels reach from 0 to 1000
MOST_POINTS = 10_000  # far below what would overflow 32 bits in a sum of parts
MOST_RANKS = 20
MOST_MONTHS = 1200


class NotAllowed(ValueError):
    """A value that a rule or weight cannot have; its text says what may be written instead."""


def read_rule(name: str, value: object) -> Any:
    """The value as `Rules` keeps it. Raises NotAllowed, also for a name that is no rule."""
    return _read(RULES, "rules", name, value)


def read_weight(name: str, value: object) -> Any:
    """The value as `Weights` keeps it. Raises NotAllowed, also for a name that is no weight."""
    return _read(WEIGHTS, "weights", name, value)


def read_preset(value: object) -> Weights:
    """The weights of a preset by its name."""
    name = " ".join(value.split()).casefold() if isinstance(value, str) else ""
    if name not in PRESETS:
        raise NotAllowed(f"write one of {', '.join(PRESETS)}")
    return PRESETS[name]


def rules_with(rules: Rules, values: Mapping[str, Any]) -> Rules:
    """The rules with values that `read_rule` gave."""
    return replace(rules, **values)


def weights_with(weights: Weights, values: Mapping[str, Any]) -> Weights:
    """The weights with values that `read_weight` gave."""
    return replace(weights, **values)


def _read(readers: Mapping[str, Reader], what: str, name: str, value: object) -> Any:
    if name not in readers:
        raise NotAllowed(f"there is no such name; the {what} are {', '.join(readers)}")
    return readers[name](value)


def _whole(low: int, high: int) -> Reader:
    def read(value: object) -> int:
        # True is a whole number to Python, and a slip of the pen to everybody else.
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise NotAllowed(f"write a whole number from {low} to {high}")
        return value

    return read


def _hours(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 24:
        raise NotAllowed("write a number of hours from 0 to 24, such as 1.5")
    return float(value)


def _yes_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise NotAllowed("write true or false")
    return value


def _language(value: object) -> str:
    if not isinstance(value, str) or not 2 <= len(value) <= 8 or not value.replace("-", "").isalpha():
        raise NotAllowed("write a language code such as en")
    return value.casefold()


def _names(value: object) -> frozenset[str]:
    names = _texts(value)
    if names is None:
        raise NotAllowed("write a list of department names, such as [Sales, Legal]")
    return frozenset(names)


def _department_pairs(value: object) -> frozenset[tuple[str, str]]:
    pairs = [_texts(pair) for pair in value] if isinstance(value, Sequence) and not isinstance(value, str) else [None]
    found = frozenset((pair[0], pair[1]) for pair in pairs if pair is not None and len(pair) == 2)
    if len(found) < len(pairs):
        raise NotAllowed("write a list of pairs, the mentor's department first, such as [[Sales, Legal]]")
    return found


def _texts(value: object) -> list[str] | None:
    """A list of texts that are not empty, or None."""
    if isinstance(value, str) or not isinstance(value, Sequence | frozenset):
        return None
    texts = [" ".join(item.split()) for item in value if isinstance(item, str)]
    return texts if len(texts) == len(value) and all(texts) else None


def _ranks(value: object) -> tuple[int, ...]:
    points = tuple(value) if isinstance(value, list | tuple) else ()
    read = _whole(0, MOST_POINTS)
    try:
        ranks = tuple(int(read(point)) for point in points)
    except NotAllowed:
        ranks = ()
    if not 1 <= len(ranks) <= MOST_RANKS:
        fix = f"write a list of 1 to {MOST_RANKS} whole numbers from 0 to {MOST_POINTS}, such as [40, 20, 10, 5]"
        raise NotAllowed(fix)
    return ranks


def _months(value: object) -> int | None:
    if value is None or value == "never":
        return None
    try:
        return int(_whole(0, MOST_MONTHS)(value))
    except NotAllowed:
        fix = f"write a whole number of months from 0 to {MOST_MONTHS}, or never (past pairs are not paired again)"
        raise NotAllowed(fix) from None


POINTS = _whole(0, MOST_POINTS)

RULES: Mapping[str, Reader] = {
    "min_level_gap": _whole(0, HIGHEST_LEVEL_GAP),
    "same_team_allowed": _yes_no,
    "reporting_line_allowed": _yes_no,
    "shared_manager_levels": _whole(0, 10),
    "shared_language": _yes_no,
    "default_language": _language,
    "min_shared_hours": _hours,
    "departments": _names,
    "excluded_department_pairs": _department_pairs,
    "allowed_department_pairs": _department_pairs,
    "guests_allowed": _yes_no,
    "past_pair_months": _months,
}

WEIGHTS: Mapping[str, Reader] = {
    "wants": _ranks,
    "gives_back": _ranks,
    "goal": POINTS,
    "most_goals": POINTS,
    "interest": POINTS,
    "most_interests": POINTS,
    "shared_hour": POINTS,
    "most_shared_hours": _whole(0, 24),
    "other_department": POINTS,
    "other_location": POINTS,
    "working_style": POINTS,
    "style_alike": _yes_no,
    "poor_below": POINTS,
    "poor_penalty": POINTS,
    "standing": POINTS,
    "waiting": POINTS,
}
