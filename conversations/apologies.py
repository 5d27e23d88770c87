"""What the bot says when it cannot do what was asked: never blaming, never silent, always with a way on."""

from conversations.actions import Action
from conversations.cards import Button, Card, buttons, card, text


def earlier_card() -> Card:
    """A button of a step that is no longer there, or that this version reads differently."""
    return card(
        "",
        text("That card is an old one, and its buttons no longer work. Type **home** to see where things stand today."),
    )


def meant_for_somebody_else() -> Card:
    return card(
        "", text("That card was meant for somebody else, so I left everything as it is. Type **home** to see your own.")
    )


def for_coordinators() -> Card:
    return card(
        "",
        text("That is for the coordinators. If you should be one, ask a coordinator to add you."),
        text("Type **help** to see everything I can do for you."),
    )


def our_fault() -> Card:
    return card(
        "",
        text("Something went wrong on our side. What was saved before is still there; please try again in a minute."),
    )


def press_to_open(title: str, label: str, action: Action) -> Card:
    """Stands for a form where none can open by itself, as when the clock asks."""
    return card(title, buttons(Button(label, action, "primary")))
