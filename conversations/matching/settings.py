"""The rules and weights of one program, as the coordinator chose them and `programs.matching` keeps them.

Only what differs from the default is kept, in plain words, so that a better default reaches every program:
`{"preset": "same hours", "rules": {"min_shared_hours": 2.0}, "weights": {"other_department": 20}}`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .candidates import PRESETS, Rules, Weights
from .rule_values import NotAllowed, read_rule, read_weight, rules_with, weights_with

Kept = Mapping[str, Any]
"""What `programs.matching` holds: plain JSON."""

BALANCED = "balanced"


def rules_of(kept: Kept, min_level_gap: int) -> Rules:
    """`min_level_gap`: the program's own, unless the coordinator chose another for the matching."""
    return rules_with(Rules(min_level_gap=min_level_gap), dict(_readable(kept.get("rules", {}), read_rule)))


def weights_of(kept: Kept) -> Weights:
    return weights_with(PRESETS[preset_of(kept)], dict(_readable(kept.get("weights", {}), read_weight)))


def preset_of(kept: Kept) -> str:
    """A preset that is not there any more reads as the usual one."""
    preset = str(kept.get("preset", BALANCED))
    return preset if preset in PRESETS else BALANCED


def _readable(chosen: Mapping[str, Any], read: Callable[[str, object], Any]) -> Iterator[tuple[str, Any]]:
    """What an older or newer version kept and this one does not know is left out, not a matching that fails."""
    for name, value in chosen.items():
        try:
            yield name, read(name, value)
        except NotAllowed:
            continue
