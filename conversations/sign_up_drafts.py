"""What was typed into sign-up so far, so that a form closed halfway opens again where it was."""

from collections.abc import Mapping
from typing import Any

from conversations.flow import Turn
from conversations.forms import Typed
from conversations.sign_up_forms import prefill
from storage.tables import Enrollment, Program

FLOW = "sign_up"


def keep_draft(turn: Turn, program: Program, screen: str) -> None:
    """Adds the screen that was just submitted, right or wrong."""
    values = {**draft_of(turn, program), **turn.values, "screen": screen}
    turn.store.drafts.keep(turn.person, FLOW, str(program.id), values, turn.now)


def drop_draft(turn: Turn, program_id: int) -> None:
    turn.store.drafts.drop(turn.person, FLOW, str(program_id))


def draft_of(turn: Turn, program: Program) -> dict[str, Typed]:
    """What was typed so far; themes that the program has dropped meanwhile are left out."""
    kept: Mapping[str, Any] = turn.store.drafts.get(turn.person, FLOW, str(program.id))
    values: dict[str, Typed] = {key: tuple(v) if isinstance(v, list) else str(v) for key, v in kept.items()}
    if "themes" in values:
        values["themes"] = tuple(theme for theme in _several(values["themes"]) if theme in program.themes)
    return values


def typed_so_far(turn: Turn, program: Program, enrollment: Enrollment | None) -> Mapping[str, Typed]:
    """What is known, overwritten by what was typed."""
    return {**prefill(turn, enrollment, program), **draft_of(turn, program)}


def _several(typed: Typed) -> tuple[str, ...]:
    return (typed,) if isinstance(typed, str) else typed
