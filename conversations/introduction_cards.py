"""What the two of a new pair read: a private card each, a short hello to both, and the guide to a first session."""

from conversations.actions import Action
from conversations.cards import Block, Button, Card, ChatButton, Divider, Facts, Text, buttons, card, text
from conversations.contacts import Contact
from conversations.content import Content, Topic
from conversations.people_words import first_name
from storage.tables import Person, Program


def own_card(
    content: Content,
    program: Program,
    *,
    role: str,
    pair: int,
    partner: Person,
    contact: Contact,
    reason: str,
    topic: Topic | None,
    ahead: Text,
) -> Card:
    """Who, why, what to do first, and how to reach each other. The rest is behind the buttons."""
    name = first_name(partner)
    opening = text(content.text("introduction.topic"), topic=topic.title, opening=topic.opening) if topic else None
    here = {"pair": pair}
    return card(
        f"Meet {partner.name}, your {'mentee' if role == 'mentor' else 'mentor'}",
        text("You are a pair in **{program}**. {reason}", program=program.name, reason=reason),
        Facts(_facts(partner)),
        text(content.text(f"introduction.{role}"), partner=name),
        text(content.text("introduction.first_session"), minutes=str(program.session_minutes)),
        opening,
        buttons(
            ChatButton(f"Write to {name}"[:30], contact),
            Button("Book a time", Action("booking", "start", here)),
            Button("Your first session", Action("introduction", "guide", here)),
            Button("We're in touch", Action("hello", "in_touch", here)),
        ),
        ahead,
    )


def _facts(partner: Person) -> tuple[tuple[str, str], ...]:
    rows = (
        ("Department", partner.department),
        ("Location", partner.location),
        ("E-mail", partner.email or ""),
    )
    return tuple((label, value) for label, value in rows if value)


def shared_card(content: Content, program: Program, mentor: Contact, mentee: Contact) -> Card:
    """For both to read in one chat: at most 40 words, and nothing that anybody wrote in a form."""
    words = text(
        content.text("introduction.shared"),
        mentor=mentor,
        mentee=mentee,
        program=program.name,
        minutes=str(program.session_minutes),
    )
    return card("", words)


# The parts of the guide by role, in the order in which they are read.
GUIDE = {
    "mentor": (("expect", "steps"), ("disagree", "disagree_steps", "disagree_end"), ("trust",)),
    "mentee": (("expect", "steps"), ("hear", "hear_steps"), ("trust",)),
}


def guide_card(content: Content, program: Program, *, role: str, pair: int, partner: Person) -> Card:
    """What to expect, a shape for the hour, the hard part of this role, and where to turn."""
    values = {"partner": first_name(partner), "minutes": str(program.session_minutes)}
    blocks: list[Block] = []
    for part in GUIDE[role]:
        blocks += [text(content.text(f"introduction.guide.{role}.{key}"), **values) for key in part]
        blocks.append(Divider())
    here = {"pair": pair}
    return card(
        f"Your first session with {partner.name}"[:150],
        *blocks[:-1],
        buttons(
            Button("Three topics", Action("topics", "show", here)),
            Button("Book a time", Action("booking", "start", here)),
            Button("I need help", Action("need", "start", here)),
        ),
    )


def guide_over_card(ahead: Text) -> Card:
    """An old card of a pair that is over, or about to be."""
    return card("", text("This guide is for a pair that does not meet at the moment."), ahead)
