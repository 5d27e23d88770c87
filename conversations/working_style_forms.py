"""How somebody likes to work: five short statements, each a number between two ends."""

from conversations.actions import Action
from conversations.cards import Button, Card, Text, buttons, card, text
from conversations.forms import Form, Scale, Typed
from storage.tables import Enrollment, Program

# (key, statement, what 1 means, what 5 means). The order is that of `enrollments.working_style` and of a people file.
STATEMENTS = (
    ("decide", "When I decide", "Quickly, then adjust", "With all the facts"),
    ("think", "I think best", "While talking", "On my own first"),
    ("plan", "I like my week", "Open, as it comes", "Planned ahead"),
    ("detail", "I look first at", "The detail", "The big picture"),
    ("feedback", "I like feedback", "Straight out", "With time to reflect"),
)


def working_style_form(enrollment: Enrollment, action: Action) -> Form:
    """Begins with what was answered before. Each may be left out on screen, but only all five together count."""
    form = Form(
        title="How you like to work",
        action=action,
        fields=tuple(
            Scale(key=key, label=label, low_label=low, high_label=high, required=False)
            for key, label, low, high in STATEMENTS
        ),
        submit_label="Save",
        intro="Optional, half a minute. There is no better or worse, and nobody reads your answers. They count only "
        "where a program looks at working styles when it makes pairs.",
    )
    return form.filled(_values(enrollment))


def _values(enrollment: Enrollment) -> dict[str, Typed]:
    answers = enrollment.working_style or []
    return {key: str(answer) for (key, *_), answer in zip(STATEMENTS, answers, strict=False)}


def style_saved_card(program: Program, ahead: Text) -> Card:
    here = {"program": program.id}
    return card(
        "Saved",
        text("Thank you. I look at it when pairs are made, and nobody else reads it."),
        buttons(
            Button("Change it", Action("working_style", "start", here)),
            Button("Forget it", Action("working_style", "forget", here)),
        ),
        ahead,
    )


def style_forgotten_card(program: Program, ahead: Text) -> Card:
    return card(
        "",
        text("There is nothing about how you like to work any more. Pairs are made without it."),
        buttons(Button("Say how I like to work", Action("working_style", "start", {"program": program.id}))),
        ahead,
    )


def no_program_for_style_card(ahead: Text) -> Card:
    return card(
        "", text("You are in no program yet, so there are no pairs to make. Type **join** to see what is open."), ahead
    )
