"""The forms for the rules and weights of a program's matching, and what was typed into them as settings."""

from collections.abc import Mapping, Sequence
from typing import Any

from conversations.actions import Action
from conversations.flow import Turn
from conversations.forms import Answers, Choice, Choices, Form, Line, Option
from conversations.matching import Rules
from conversations.matching.settings import Kept, preset_of, rules_of, weights_of
from conversations.people_words import listed
from storage.tables import Program

PRESETS = (
    Option("balanced", "Balanced: wishes first, a bit of everything (usual)"),
    Option("skills first", "Skills first: what people want to learn"),
    Option("broaden horizons", "Broaden horizons: other departments and places"),
    Option("same hours", "Same hours: as much time in common as possible"),
)
LEVELS = (
    Option("1", "One level or more (usual)"),
    Option("2", "Two levels or more"),
    Option("3", "Three levels or more"),
)
HOURS = tuple(
    Option(value, label)
    for value, label in (
        ("0", "None needed"),
        ("0.5", "Half an hour"),
        ("1", "One hour (usual)"),
        ("2", "Two hours"),
        ("3", "Three hours"),
        ("4", "Four hours"),
    )
)
MANAGERS = (
    Option("2", "Manager and their manager (usual)"),
    Option("1", "The direct manager only"),
    Option("3", "Three levels up"),
)
PAST = (
    Option("never", "Never again (usual)"),
    Option("12", "Again after a year"),
    Option("24", "Again after two years"),
)
LANGUAGE, OTHER_TEAM, GUESTS = "language", "other_team", "guests"
SWITCHES = (
    Option(LANGUAGE, "They speak a language in common"),
    Option(OTHER_TEAM, "They are not in the same team"),
    Option(GUESTS, "Guests may take part"),
)
WEIGHTS: Mapping[str, str] = {
    "shared_hour": "Each shared working hour",
    "other_department": "Different departments",
    "other_location": "Different places",
    "goal": "Each word that their goals share",
    "interest": "Each interest in common",
    "working_style": "Working styles that go together",
}
POINTS = (0, 2, 5, 10, 20, 30, 40)
STYLES = (Option("different", "Different styles (usual)"), Option("alike", "Similar styles"))


def rules_form(program: Program, kept: Kept, action: Action) -> Form:
    """Nothing is saved by sending it: what would differ is shown first."""
    form = Form(
        title="Rules of the matching",
        action=action,
        fields=(
            Choice(key="preset", label="What counts most?", options=PRESETS),
            Choice(key="levels", label="How far above the mentor is the mentee?", options=LEVELS),
            Choice(key="hours", label="Working hours in common", options=HOURS),
            Choices(key="switches", label="Also", options=SWITCHES, required=False),
            Choice(
                key="managers",
                label="No manager in common",
                options=MANAGERS,
                hint="Nobody is ever paired with somebody above them, or with who reviews their work.",
            ),
            Choice(key="past", label="People who were a pair before", options=PAST),
            Line(
                key="apart",
                label="Departments that are never paired",
                required=False,
                max_length=500,
                hint="The mentor's first: Sales > Legal; Finance > Legal",
            ),
        ),
        submit_label="See what changes",
        intro=f"{program.name}. Nothing is saved before you have seen what would differ.",
    )
    return form.filled(_values(kept, program))


def _values(kept: Kept, program: Program) -> dict[str, str | tuple[str, ...]]:
    rules = rules_of(kept, program.min_level_gap)
    on = ((LANGUAGE, rules.shared_language), (OTHER_TEAM, not rules.same_team_allowed), (GUESTS, rules.guests_allowed))
    months = rules.past_pair_months
    return {
        "preset": preset_of(kept),
        "levels": str(rules.min_level_gap),
        "hours": f"{rules.min_shared_hours:g}",
        "switches": tuple(name for name, holds in on if holds),
        "managers": str(rules.shared_manager_levels),
        "past": "never" if months is None else str(months),
        "apart": "; ".join(f"{one} > {other}" for one, other in sorted(rules.excluded_department_pairs)),
    }


def rules_settings(turn: Turn, program: Program, kept: Kept, answers: Answers) -> tuple[Kept, Mapping[str, str]]:
    """The settings, and what is wrong by field key. Weights stay while the preset does."""
    apart, fault = _apart(turn, answers.text("apart"))
    switches, past = answers.many("switches"), answers.text("past")
    rules: dict[str, Any] = {
        "min_level_gap": int(answers.text("levels") or program.min_level_gap),
        "min_shared_hours": float(answers.text("hours") or 1),
        "shared_language": LANGUAGE in switches,
        "same_team_allowed": OTHER_TEAM not in switches,
        "guests_allowed": GUESTS in switches,
        "shared_manager_levels": int(answers.text("managers") or 2),
        "past_pair_months": int(past) if past.isdigit() else None,
        "excluded_department_pairs": apart,
    }
    usual = {**_plain(Rules(min_level_gap=program.min_level_gap)), "excluded_department_pairs": []}
    preset = answers.text("preset") or preset_of(kept)
    settings = {
        "preset": preset,
        "rules": {**_others(kept, rules), **{name: value for name, value in rules.items() if value != usual[name]}},
        "weights": dict(kept.get("weights", {})) if preset == preset_of(kept) else {},
    }
    return settings, {"apart": fault} if fault else {}


def _others(kept: Kept, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the form does not ask, such as departments of a pilot, stays."""
    return {name: value for name, value in kept.get("rules", {}).items() if name not in asked}


def _plain(rules: Rules) -> dict[str, Any]:
    return {name: getattr(rules, name) for name in Rules.__dataclass_fields__}


def _apart(turn: Turn, words: str) -> tuple[list[list[str]], str]:
    """ "Sales > Legal; Finance > Legal" as pairs in the roster's spelling, or what is wrong with it."""
    known = {name.casefold(): name for name in turn.store.people.departments()}
    pairs: list[list[str]] = []
    for part in (one.strip() for one in words.replace("\n", ";").split(";") if one.strip()):
        names = [name.strip() for name in part.split(">")]
        if len(names) != 2 or not all(names):
            return [], f"“{part[:60]}” is no pair of departments. Please write it like Sales > Legal."
        if strange := [name for name in names if known and name.casefold() not in known]:
            few = listed(list(known.values())[:5], "or")
            return [], f"Nobody is in a department called “{strange[0][:60]}”. Perhaps {few}?"
        pairs.append([known.get(name.casefold(), name) for name in names])
    return pairs, ""


def weights_form(program: Program, kept: Kept, action: Action) -> Form:
    """Points for each part of the score; somebody's dearest wish counts 20 to 60, by the preset."""
    weights = weights_of(kept)
    fields = [
        Choice(
            key=name,
            label=label,
            options=tuple(Option(str(points), f"{points} points") for points in _points(getattr(weights, name))),
            value=str(getattr(weights, name)),
        )
        for name, label in WEIGHTS.items()
    ]
    style = Choice(
        key="style",
        label="Which working styles go together?",
        options=STYLES,
        value="alike" if weights.style_alike else "different",
    )
    intro = (
        f"{program.name}. A good pair has about 100 points. Nothing is saved before you have seen what would differ."
    )
    return Form("Points for a pair", action, (*fields, style), "See what changes", intro)


def _points(own: int) -> Sequence[int]:
    return sorted({*POINTS, own})


def weights_settings(kept: Kept, answers: Answers) -> Kept:
    usual = weights_of({"preset": preset_of(kept)})
    chosen: dict[str, Any] = {name: int(answers.text(name) or 0) for name in WEIGHTS}
    chosen["style_alike"] = answers.text("style") == "alike"
    differing = {name: value for name, value in chosen.items() if value != getattr(usual, name)}
    return {**kept, "weights": {**kept.get("weights", {}), **differing}} if differing else {**kept, "weights": {}}
