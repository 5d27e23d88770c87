"""Another rhythm for a pair: the form, and what each of the two reads of it."""

from collections.abc import Sequence

from conversations.actions import Action
from conversations.cards import Button, Card, Text, buttons, card, text
from conversations.contacts import Contact
from conversations.forms import Choice, Form, Option
from conversations.people_words import cadence_words
from conversations.which_partner import partner_buttons
from storage.tables import Pair, Person

# Weekly is the most: more often than that nobody keeps up beside their work.
RHYTHMS = {7: "Every week", 14: "Every two weeks", 28: "Every four weeks"}


def rhythm_form(pair: Pair, partner: Person, days: int) -> Form:
    """`days`: how often they meet now."""
    nearest = min(RHYTHMS, key=lambda one: abs(one - days))
    return Form(
        "Your rhythm",
        Action("rhythm", "save", {"pair": pair.id}),
        (
            Choice(
                key="days",
                label="How often would you like to meet?",
                options=tuple(Option(str(number), words) for number, words in RHYTHMS.items()),
                value=str(nearest),
                hint="My check-ins follow. Either of you can change it again at any time.",
            ),
        ),
        "Save",
        intro=f"With {partner.name}, who hears of the new rhythm and nothing else.",
    )


def which_pair_card(rows: Sequence[tuple[Pair, Person]]) -> Card:
    return card("Another rhythm with whom?", *partner_buttons(rows, Action("rhythm", "start")))


def set_card(partner: Contact, days: int, ahead: Text) -> Card:
    return card(
        "",
        text("Noted: you and {partner} plan to meet {rhythm}.", partner=partner, rhythm=cadence_words(days)),
        ahead,
    )


def told_card(pair: Pair, partner: Contact, days: int, ahead: Text) -> Card:
    """What the other one reads: the fact, and a way to change it again."""
    return card(
        "A new rhythm",
        text(
            "You and {partner} now plan to meet {rhythm}. If that does not suit you, change it here.",
            partner=partner,
            rhythm=cadence_words(days),
        ),
        buttons(Button("Another rhythm", Action("rhythm", "start", {"pair": pair.id}))),
        ahead,
    )


def no_rhythm_card(ahead: Text) -> Card:
    return card("", text("You have no partner right now, so there is no rhythm to change."), ahead)
