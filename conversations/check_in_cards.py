"""The cards and the form of a check-in: what is asked, what was answered, and what may be kept or shared."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from conversations.actions import Action
from conversations.cards import Block, Button, Buttons, Card, ChatButton, Text, buttons, card, quiet, text
from conversations.contacts import Contact
from conversations.content import Content
from conversations.forms import Form, Paragraph, Scale
from conversations.people_words import first_name
from storage.tables import CheckIn, CheckInAnswer, Pair, Person

STATES = {"met": "Met", "date_set": "Date set", "not_yet": "Not yet", "skip": "Skip"}
# A label holds 30 characters: "Share with " and a first name of this length.
LONGEST_NAME = 16


@dataclass(frozen=True, slots=True)
class Row:
    """One pair of a check-in, and what its author has said of it so far."""

    pair: Pair
    partner: Person
    contact: Contact
    answer: CheckInAnswer | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A check-in on somebody's screen. `reminder`: the card is the reminder, not the question itself."""

    check_in: CheckIn
    rows: Sequence[Row]
    # Only for a card that asks for nothing more.
    ahead: Text | None = None
    first: bool = False
    reminder: bool = False
    late_for: str = ""

    def action(self, step: str, row: Row) -> Action:
        return Action(
            "check_in", step, {"check_in": self.check_in.id, "pair": row.pair.id, "reminder": int(self.reminder)}
        )


def check_in_card(asked: Asked, content: Content, changing: int = 0) -> Card:
    """The question as it stands: four buttons for each pair without an answer (or whose answer is being changed)."""
    open_rows = [row for row in asked.rows if row.answer is None or row.pair.id == changing]
    blocks: list[Block] = []
    for row in asked.rows:
        blocks += _open_row(asked, row) if row in open_rows else _answered_row(asked, row)
    if not open_rows:
        return card("Thank you, noted", *blocks, _late(asked), asked.ahead)
    several = len(asked.rows) > 1
    intro = text(
        content.text(f"check_in.{_text_key(asked)}"), partner="your pairs" if several else asked.rows[0].contact
    )
    small = quiet(content.text("check_in.privacy"))
    return card("How is it going?" if several else "Have you two met?", intro, *blocks, small)


def _text_key(asked: Asked) -> str:
    if asked.reminder:
        return "reminder"
    if len(asked.rows) > 1:
        return "several"
    return "first" if asked.first else "usual"


def _open_row(asked: Asked, row: Row) -> list[Block]:
    named = [text("**{partner}**", partner=row.contact)] if len(asked.rows) > 1 else []
    return [
        *named,
        Buttons(
            tuple(
                Button(label, asked.action(state, row), "primary" if state == "met" else "plain")
                for state, label in STATES.items()
            )
        ),
    ]


def _answered_row(asked: Asked, row: Row) -> list[Block]:
    answer = row.answer
    if answer is None:
        return []
    note = Button("Edit my note" if _has_note(answer) else "Add a note", asked.action("note", row))
    change = Button("Change my answer", asked.action("change", row))
    name = row.contact
    match answer.state:
        case "met":
            return [text("You and {partner} met: that is a session.", partner=name), *_note(asked, row, note, change)]
        case "date_set":
            line = text("You and {partner} have a date. Enjoy it.", partner=name)
        case "not_yet":
            line = text("Not yet with {partner}. Half an hour this week would do.", partner=name)
            return [line, buttons(ChatButton(f"Write to {short_name(row.partner)}", row.contact), note, change)]
        case _:
            return [text("{partner}: skipped this time.", partner=name), buttons(change)]
    return [line, buttons(note, change)]


def _note(asked: Asked, row: Row, note: Button, change: Button) -> list[Block]:
    """Under "met": the line that may be kept, and shared by whoever wrote it."""
    answer = row.answer
    if answer is None or not answer.learned:
        kept = text("Your note is kept; only you can read it.") if answer and _has_note(answer) else None
        ask = text("Keep a line about it while it is fresh? All of it is optional.")
        return [kept or ask, buttons(note, change)]
    line = text("What you learned: _{line}_", line=answer.learned)
    if answer.shared_at:
        return [line, text("You shared this line with {partner}.", partner=row.contact)]
    share = Button(f"Share with {short_name(row.partner)}", asked.action("share", row))
    return [line, text("Only you can read it, unless you share it."), buttons(share, note, change)]


def _has_note(answer: CheckInAnswer) -> bool:
    return bool(answer.learned or answer.change or answer.closer)


def _late(asked: Asked) -> Text | None:
    return (
        text("I noted it for the time up to {day}, so it still counts.", day=asked.late_for) if asked.late_for else None
    )


def note_form(asked: Asked, row: Row) -> Form:
    """Everything optional, everything private."""
    answer = row.answer
    name = first_name(row.partner)
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
        "Keep it",
    )


def shared_card(author: Contact, name: str, line: str, ahead: Text) -> Card:
    """What the partner reads: the one line that its author released."""
    return card(
        f"A line from {name}",
        text("{author} wrote this after your session and wants you to have it:", author=author),
        text("_{line}_", line=line),
        buttons(ChatButton(f"Write to {name}", author)),
        ahead,
    )


def nothing_to_answer_card(ahead: Text) -> Card:
    return card("", text("This one is settled; there is nothing left to answer here."), ahead)


def short_name(person: Person) -> str:
    """A first name that fits a button."""
    name = first_name(person)
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"


def key(person: int, period: date) -> str:
    return f"check_in/{person}/{period.isoformat()}"


def reminder_key(person: int, period: date) -> str:
    return f"check_in_reminder/{person}/{period.isoformat()}"
