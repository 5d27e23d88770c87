"""The cards and the forms of a check-in: what is asked, what was answered, and what may be kept or shared."""

from datetime import date

from conversations.actions import Action
from conversations.cards import Block, Button, Card, ChatButton, Text, buttons, card, quiet, text
from conversations.check_in_asked import Asked, Row, short_name
from conversations.check_in_rows import answered_row, open_row
from conversations.contacts import Contact
from conversations.content import Content
from conversations.forms import Date, Form, Paragraph, Scale
from conversations.people_words import first_name
from storage.tables import Pair, Person


def check_in_card(asked: Asked, content: Content, changing: int = 0) -> Card:
    """The question as it stands: buttons for each pair without an answer (or whose answer is being changed)."""
    open_rows = [row for row in asked.rows if row.answer is None or row.pair.id == changing]
    blocks: list[Block] = []
    for row in asked.rows:
        blocks += (open_row if row in open_rows else answered_row)(asked, row, content)
    if not open_rows:
        return card("Thank you, noted", *blocks, _late(asked), None if _asks_half_time(asked) else asked.ahead)
    several = len(asked.rows) > 1
    intro = text(
        content.text(f"check_in.{_text_key(asked)}"), partner="your pairs" if several else asked.rows[0].contact
    )
    # A quiet pair's row says by itself what the question is.
    says_it_all = not several and not asked.reminder and asked.rows[0].quiet and not asked.rows[0].half_time
    small = quiet(content.text("check_in.privacy"))
    title = "How is it going?" if several or asked.rows[0].quiet else "Have you two met?"
    return card(title, None if says_it_all else intro, *blocks, small)


def _asks_half_time(asked: Asked) -> bool:
    """The question of half-time is still open on the card, so it asks for something more."""
    return any(row.half_time and not row.carries_on for row in asked.rows)


def _text_key(asked: Asked) -> str:
    if asked.reminder:
        return "reminder"
    if len(asked.rows) > 1:
        return "several"
    return "first" if asked.first else "usual"


def _late(asked: Asked) -> Text | None:
    return (
        text("I noted it for the time up to {day}, so it still counts.", day=asked.late_for) if asked.late_for else None
    )


def note_form(asked: Asked, row: Row) -> Form:
    """Everything optional, everything private."""
    answer = row.answer
    name = row.short_name
    return Form(
        "A note for yourself",
        asked.action("keep", row),
        (
            Paragraph(
                key="learned",
                label="What did you learn?",
                required=False,
                value=answer.learned if answer else "",
                hint=f"Only you read this. Afterwards you can share this one answer with {name}, if you like.",
                max_length=600,
            ),
            Paragraph(
                key="change",
                label="What would you change next time?",
                required=False,
                value=answer.change if answer else "",
                hint="Only you read this.",
                max_length=600,
            ),
            Scale(
                key="closer",
                label="How close are you to your goal?",
                low_label="At the start",
                high_label="There",
                required=False,
                value=str(answer.closer) if answer and answer.closer else "",
                hint="Only you see this.",
            ),
        ),
        "Save my note",
    )


def shared_card(author: Contact, name: str, line: str, ahead: Text) -> Card:
    """What the partner reads: the one line that its author released."""
    return card(
        f"A line from {name}",
        text("{author} wrote this after your session and shares it with you:", author=author),
        text("_{line}_", line=line),
        buttons(ChatButton(f"Write to {name}", author)),
        ahead,
    )


def nothing_to_answer_card(ahead: Text) -> Card:
    return card("", text("This one is settled; there is nothing left to answer here."), ahead)


def remind_form(asked: Asked, row: Row, first: date, last: date, suggested: date) -> Form:
    """A day of one's own choice; one reminder comes of it."""
    return Form(
        "Remind me on a day",
        asked.action("remind_on", row),
        (
            Date(
                key="day",
                label="On which day?",
                value=suggested.isoformat(),
                hint="I ask once, that day. Only you see it.",
                earliest=first,
                latest=last,
            ),
        ),
        "Remind me",
        intro=f"About finding a time with {row.contact.name}.",
    )


def remembered_card(pair: Pair, partner: Person, contact: Contact) -> Card:
    """The reminder that somebody asked for."""
    here: dict[str, str | int] = {"pair": pair.id}
    return card(
        f"A time with {first_name(partner)}",
        text("You asked me to remind you today. Half an hour with {partner} is plenty.", partner=contact),
        buttons(
            Button("Book a time", Action("booking", "start", here), "primary"),
            ChatButton(f"Write to {short_name(partner)}", contact),
            Button("We have met", Action("met", "start", here)),
        ),
    )
