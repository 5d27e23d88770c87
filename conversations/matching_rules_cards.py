"""What other rules would change, shown before anything is saved; and what was saved."""

from collections.abc import Sequence

from conversations.actions import Action
from conversations.cards import Button, Buttons, Card, Facts, buttons, card, quiet, text
from conversations.matching.settings import Kept, preset_of, rules_of, weights_of
from conversations.matching.what_if import Adjustment, adjustment_words
from conversations.matching_notices import matching
from storage.tables import Program


def rules_flow(step: str, **args: int) -> Action:
    return Action("matching_rules", step, args)


def rules_card(program: Program, kept: Kept) -> Card:
    """The rules as they are, and the two forms that change them."""
    rules = rules_of(kept, program.min_level_gap)
    return card(
        f"Rules of the matching: {program.name}",
        Facts(
            (
                ("What counts most", preset_of(kept)),
                ("Levels apart", f"at least {rules.min_level_gap}"),
                ("Working hours in common", f"at least {rules.min_shared_hours:g}"),
                ("A language in common", "needed" if rules.shared_language else "not needed"),
                ("The same team", "allowed" if rules.same_team_allowed else "never"),
                ("Guests", "take part" if rules.guests_allowed else "do not take part"),
                *_own_points(kept),
            )
        ),
        text(
            "Always: nobody is paired with somebody above them, with a manager in common, or with who reviews their "
            "work. Wishes not to be paired hold, too."
        ),
        buttons(
            Button("Change the rules", rules_flow("change", program=program.id), "primary"),
            Button("Change the points", rules_flow("points", program=program.id)),
            Button("Propose pairs", matching("propose", program=program.id)),
        ),
    )


def _own_points(kept: Kept) -> tuple[tuple[str, str], ...]:
    own = kept.get("weights", {})
    return (
        (("Points you chose", "; ".join(adjustment_words(Adjustment(name, own[name])) for name in own)),) if own else ()
    )


def trying_card(program: Program) -> Card:
    return card(
        "I am trying it out…",
        text("Two matchings of **{program}**, one with each set of rules. Nothing is saved.", program=program.name),
    )


def what_if_card(program: Program, kept: Kept, sentences: Sequence[str]) -> Card:
    """What would differ, pair by pair in figures, and the decision."""
    changes = changed_words(program, kept)
    return card(
        f"What if: {program.name}",
        text("With {changes}:", changes="; ".join(changes))
        if changes
        else text("With these rules, as they are today:"),
        *(text("- {sentence}", sentence=sentence) for sentence in sentences),
        text("Nothing is saved yet. A draft of pairs stays as it is until you propose again."),
        _decision(program),
    )


def nobody_to_try_card(program: Program, kept: Kept) -> Card:
    """Too early to compare anything."""
    changes = changed_words(program, kept)
    return card(
        f"What if: {program.name}",
        text("With {changes}.", changes="; ".join(changes)) if changes else text("These are the rules of today."),
        text("Not enough people are ready yet to show what would differ."),
        _decision(program),
    )


def _decision(program: Program) -> Buttons:
    return buttons(
        Button("Save this", rules_flow("save", program=program.id), "primary"),
        Button("Change something else", rules_flow("change", program=program.id)),
        Button("Leave it", rules_flow("leave", program=program.id)),
    )


def changed_words(program: Program, kept: Kept) -> list[str]:
    """What differs from the program's rules of today, in words."""
    today = program.matching or {}
    found = []
    if preset_of(kept) != preset_of(today):
        found.append(Adjustment("preset", preset_of(kept)))
    old, new = rules_of(today, program.min_level_gap), rules_of(kept, program.min_level_gap)
    found += _differing(old, new)
    if preset_of(kept) == preset_of(today) or kept.get("weights"):
        found += _differing(weights_of({**today, "preset": preset_of(kept)}), weights_of(kept))
    return [adjustment_words(one) for one in found]


def _differing(old: object, new: object) -> list[Adjustment]:
    names = type(new).__dataclass_fields__  # type: ignore[attr-defined]
    return [Adjustment(name, getattr(new, name)) for name in names if getattr(new, name) != getattr(old, name)]


def saved_card(program: Program) -> Card:
    return card(
        "Rules saved",
        text(
            "**{program}** is matched by these rules from now on. A draft that waits keeps its pairs.",
            program=program.name,
        ),
        buttons(Button("Propose pairs", matching("propose", program=program.id), "primary")),
        quiet("Next from me: when you propose."),
    )


def left_card(program: Program) -> Card:
    return card(
        "",
        text("Nothing was changed. **{program}** keeps its rules.", program=program.name),
        quiet("Next from me: when you ask."),
    )


def gone_card(program: Program) -> Card:
    """The button of a what-if whose settings were saved or left meanwhile."""
    return card(
        "",
        text("This was decided already. **program rules** shows the rules of **{program}**.", program=program.name),
    )


def failed_card(program: Program) -> Card:
    return card(
        "I could not work it out",
        text("Comparing the rules of **{program}** did not finish. Nothing was changed.", program=program.name),
        buttons(Button("Try again", rules_flow("again", program=program.id), "primary")),
    )
