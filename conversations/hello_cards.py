"""A hello to copy, and what is said once the two are in touch."""

from conversations.actions import Action
from conversations.cards import Button, Card, ChatButton, Text, buttons, card, text
from conversations.contacts import Contact
from conversations.content import Content, Topic
from conversations.people_words import first_name
from storage.tables import Pair, Person, Program


def hello_key(pair: int) -> str:
    return f"hello/{pair}"


def hello_card(
    content: Content, program: Program, *, pair: Pair, partner: Person, contact: Contact, topic: Topic | None
) -> Card:
    """For the mentee: the first line is theirs to send, and this is one that works."""
    name = first_name(partner)
    copied = text(
        content.text("hello.words_topic" if topic else "hello.words"),
        name=name,
        program=program.name,
        topic=topic.title if topic else "",
        minutes=str(program.session_minutes),
    )
    return card(
        f"A first line to {name}, if you like",
        text(content.text("hello.why"), partner=contact),
        copied,
        buttons(
            ChatButton(f"Write to {name}"[:30], contact),
            Button("Book a time", Action("booking", "start", {"pair": pair.id})),
            Button("We're in touch", Action("hello", "in_touch", {"pair": pair.id})),
        ),
    )


def in_touch_card(content: Content, partner: Contact, pair: Pair, ahead: Text, *, dated: bool) -> Card:
    """The receipt for "We're in touch"; the next small step, when there is no date yet."""
    if dated:
        return card("", text(content.text("hello.in_touch_dated"), partner=partner), ahead)
    return card(
        "",
        text(content.text("hello.in_touch"), partner=partner),
        buttons(Button("Book a time", Action("booking", "start", {"pair": pair.id}))),
        ahead,
    )


def not_needed_card(ahead: Text) -> Card:
    """What a hello turns into once the two are in touch."""
    return card("", text("You two are in touch, so this first line is not needed any more."), ahead)


def pair_over_card(ahead: Text) -> Card:
    """An old button of a pair that is over, or about to be."""
    return card("", text("Thank you for telling me. There is nothing to do for this pair at the moment."), ahead)
