"""What people read about their data: what is stored, who sees it, for how long; and before and after it is erased."""

from collections.abc import Sequence

from conversations.actions import Action
from conversations.cards import Block, Button, Card, Text, buttons, card, quiet, text
from conversations.content import Content
from conversations.parting_cards import neutral_words
from conversations.people_words import first_name, listed
from storage.tables import Person, Program

SHOW = Button("My data", Action("privacy", "show"))


def privacy_card(content: Content, *, suggests: bool) -> Card:
    """In plain words; nothing behind a link."""
    return card(
        "Your data",
        text(content.text("privacy.stored")),
        text(content.text("privacy.seen")),
        text(content.text("privacy.kept")),
        text(content.text("privacy.suggested" if suggests else "privacy.elsewhere")),
        buttons(
            Button("Give me a file", Action("privacy", "file")),
            Button("Erase everything", Action("privacy", "erase"), "danger"),
        ),
    )


def file_card(ahead: Text) -> Card:
    """Goes with the file."""
    return card(
        "Everything I have about you",
        text(
            "It opens in any text editor or browser. Other people are in it by name only, and only where you knew of "
            "them. I keep no copy."
        ),
        buttons(SHOW),
        ahead,
    )


def erase_card(content: Content, programs: Sequence[Program], partners: Sequence[Person]) -> Card:
    """Before the second click."""
    return card(
        "Erase everything?",
        text(content.text("privacy.erase_goes")),
        text(content.text("privacy.erase_stays")),
        _leaves(programs),
        neutral_words(content, [first_name(partner) for partner in partners]) if partners else None,
        buttons(
            Button("Erase it for good", Action("privacy", "erased"), "danger"),
            Button("Keep my data", Action("privacy", "keep")),
            Button("Give me a file first", Action("privacy", "file")),
        ),
    )


def keep_card(ahead: Text) -> Card:
    return card("", text("Nothing was erased."), buttons(SHOW), ahead)


def erased_card() -> Card:
    """The last word: from here on nobody knows to whom it went."""
    return card(
        "It is all gone",
        text(
            "I do not know you any more, and whatever was on its way to you is canceled. Thank you for having been "
            "here. If you write to me again, we start from scratch."
        ),
        quiet("Next from me: nothing, unless you write or somebody invites you."),
    )


def last_coordinator_card() -> Card:
    return card(
        "You are the only one who can run programs",
        text(
            "Without you nobody could run them or help people: I can reach no other coordinator. Add a colleague and "
            "ask them to write to me, then come back."
        ),
        buttons(Button("Coordinators", Action("coordinators", "show"), "primary"), SHOW),
    )


def _leaves(programs: Sequence[Program]) -> Block | None:
    if not programs:
        return None
    return text("You leave **{programs}**.", programs=listed(program.name for program in programs))
