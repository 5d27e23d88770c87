"""Nobody's phone follows every change of mind of their partner: three messages a day, then the card that is there."""

from collections.abc import Collection
from datetime import datetime

from conversations.cards import Card, ChatButton, Text, buttons, card, text
from conversations.contacts import Contact
from conversations.flow import Turn
from conversations.people_words import first_name
from storage.tables import Pair, Person
from storage.told import Telling


def free_from(turn: Turn, pair: Pair, reader: Person, besides: Collection[str] = ()) -> datetime:
    """When the other side of a pair may be told something more of what this person did: now, or a day later.

    `besides`: keys of messages whose place the next one takes.
    """
    return turn.store.told.free_from(Telling(pair.id, turn.person.id, reader.id), besides, turn.now)


def told_enough_card(partner: Person, contact: Contact, ahead: Text, *, later: bool = False) -> Card:
    """To whoever changed something a fourth time. `later`: there is no card yet that could show it."""
    words = "this one arrives tomorrow" if later else "I only bring the message that is there up to date"
    return card(
        "",
        text("{partner} has heard from me three times today, so " + words + ".", partner=contact),
        text("If it is for today, a line from you is best."),
        buttons(ChatButton(f"Write to {first_name(partner)}"[:30], contact)),
        ahead,
    )
