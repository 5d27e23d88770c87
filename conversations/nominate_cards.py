"""Naming a colleague: the form, and the words afterwards, which are the same whatever the colleague answers."""

from conversations.actions import Action
from conversations.cards import Button, Card, Text, buttons, card, quiet, text
from conversations.forms import Choice, Form, Line, Option, PersonPick
from conversations.people_words import first_name
from storage.tables import Person, Program

ROLES = (
    Option("mentor", "Teach: as a mentor, the junior colleague"),
    Option("mentee", "Learn: as a mentee, the senior colleague"),
)
LONGEST_WHY = 200


def nominate_form(program: Program, action: Action, email: str) -> Form:
    """`email`: whom they named in the command already; empty when nobody."""
    return Form(
        title="Name a colleague",
        action=action,
        fields=(
            PersonPick(key="person", label="Who comes to mind?", value=email),
            Choice(key="role", label="What would they do?", options=ROLES),
            Line(
                key="why",
                label="Why this colleague, in one line",
                required=False,
                max_length=LONGEST_WHY,
                hint="Only your colleague sees this, with your name.",
            ),
        ),
        submit_label="Ask my colleague",
        intro=f"{program.name}. Your colleague gets an invitation that says who sent the idea, and is free to join or "
        "not. Apart from the two of you, only the coordinators know.",
    )


def thanks_card(program: Program, nominee: Person, ahead: Text) -> Card:
    """The same for everybody: it tells nobody who is in a program, or who said no to it."""
    return card(
        "Thank you",
        text(
            "I ask {name} about **{program}** in the coming working days, unless somebody has asked before. The rest "
            "is up to {name}.",
            name=first_name(nominee),
            program=program.name,
        ),
        buttons(Button("Name somebody else", Action("nominate", "start", {"program": program.id}))),
        ahead,
    )


def yourself_card(program: Program) -> Card:
    return card(
        "Good choice",
        text("That is you. You can join **{program}** right away; two short screens are enough.", program=program.name),
        buttons(Button("Join", Action("sign_up", "start", {"program": program.id}), "primary")),
    )


def too_late_card(program: Program) -> Card:
    """A form that was opened before the program ended."""
    return card(
        "This program has ended",
        text("**{program}** is over, so I asked nobody. Thank you for thinking of a colleague.", program=program.name),
        quiet("Next from me: when you write. Coordinators announce the next program when it opens."),
    )
