"""The rows of a check-in: one pair each, still asked about or answered; a quiet pair and half-time have their own."""

from collections.abc import Sequence

from conversations.actions import Action
from conversations.cards import Block, Button, Buttons, ChatButton, Text, buttons, quiet, text
from conversations.check_in_asked import STATES, Asked, Row
from conversations.content import Content
from storage.pair_days import goes_on
from storage.tables import CheckInAnswer


def open_row(asked: Asked, row: Row, content: Content) -> list[Block]:
    """A pair without an answer."""
    named = [text("**{partner}**", partner=row.contact)] if len(asked.rows) > 1 else []
    if row.booked:
        named.append(text("You had a session planned for {day}.", day=row.booked))
    if row.quiet and not row.half_time:
        return [*named, text(content.text("check_in.quiet"), partner=row.contact), _ways_out(asked, row)]
    four = Buttons(
        tuple(
            Button(label, asked.action(state, row), "primary" if state == "met" else "plain")
            for state, label in STATES.items()
        )
    )
    return [*named, four, *half_time_row(asked, row, content)]


def _ways_out(asked: Asked, row: Row) -> Block:
    """For a pair that has gone quiet: a date, a lighter rhythm, a new partner, or stop; and perhaps they met."""
    here: dict[str, str | int] = {"pair": row.pair.id}
    return buttons(
        Button(STATES["met"], asked.action("met", row), "primary"),
        Button("Book a time", asked.booking(row)),
        Button("Another rhythm", Action("rhythm", "start", here)),
        Button("New partner", Action("parting", "new_partner", here)),
        Button("Stop", Action("parting", "stop", here)),
    )


def half_time_row(asked: Asked, row: Row, content: Content) -> list[Block]:
    """The question of half-time, as long as nobody has answered it."""
    if not row.half_time:
        return []
    if row.carries_on:
        return [text("Half-time: you carry on as before.")]
    here: dict[str, str | int] = {"pair": row.pair.id}
    return [
        text(content.text("half_time.question"), partner=row.contact),
        *_goals(row),
        buttons(
            Button("Carry on", asked.half_time(row)),
            Button("Another rhythm", Action("rhythm", "start", here)),
            Button("New partner", Action("parting", "new_partner", here)),
            Button("Stop", Action("parting", "stop", here)),
        ),
        quiet(content.text("half_time.private")),
    ]


def _goals(row: Row) -> list[Block]:
    if not row.goals:
        return []
    named = {f"g{index}": goal for index, goal in enumerate(row.goals)}
    return [Text("What the two of you set out to do:\n" + "\n".join(f"- {{{key}}}" for key in named), named)]


def answered_row(asked: Asked, row: Row, content: Content) -> list[Block]:
    answer = row.answer
    if answer is None:
        return []
    return [*_answered(asked, row, answer), *half_time_row(asked, row, content)]


def _answered(asked: Asked, row: Row, answer: CheckInAnswer) -> list[Block]:
    note = Button("Edit my note" if has_note(answer) else "Add a note", asked.action("note", row))
    change = Button("Change my answer", asked.action("change", row))
    name = row.contact
    match answer.state:
        case "met":
            return [
                text("You and {partner} met. It counts as a session.", partner=name),
                *_note(asked, row, note, change),
            ]
        case "date_set":
            return [text("You and {partner} have set a day. Enjoy it.", partner=name), buttons(note, change)]
        case "not_yet":
            return [*_not_yet(asked, row), buttons(note, change)]
        case _:
            return [text("{partner}: skipped this time.", partner=name), buttons(change)]


def _not_yet(asked: Asked, row: Row) -> list[Block]:
    """A date, or a reminder on a day of one's own choice."""
    line = "Not yet with {partner}. Half an hour is plenty, on whatever day suits you both."
    if row.remind_on:
        line = "Not yet with {partner}. I remind you on {day}, as you asked."
    if not goes_on(row.pair, asked.check_in.person_id):
        return [text("Not yet with {partner}.", partner=row.contact)]
    again = "Another day" if row.remind_on else "Remind me on a day"
    return [
        text(line, partner=row.contact, day=row.remind_on),
        buttons(
            Button("Book a time", asked.booking(row), "primary"),
            Button(again, asked.action("remind_me", row)),
            *_chat(row),
        ),
    ]


def _chat(row: Row) -> Sequence[ChatButton]:
    """None to somebody who has no address any more."""
    return (ChatButton(f"Write to {row.short_name}", row.contact),) if row.contact.email or row.contact.address else ()


def _note(asked: Asked, row: Row, note: Button, change: Button) -> list[Block]:
    """Under "met": the line that may be kept, and shared by whoever wrote it."""
    answer = row.answer
    if answer is None or not answer.learned:
        kept = text("Your note is saved; only you can read it.") if answer and has_note(answer) else None
        ask = text("A line about it while it is fresh? Only if you like.")
        return [kept or ask, buttons(note, change)]
    line = text("What you learned: _{line}_", line=answer.learned)
    if answer.shared_at:
        return [line, text("You shared this line with {partner}.", partner=row.contact)]
    if not goes_on(row.pair, asked.check_in.person_id):
        return [line, text("Only you can read it."), buttons(note, change)]
    share = Button(f"Share with {row.short_name}", asked.action("share", row))
    return [line, text("Only you can read it, unless you share it."), buttons(share, note, change)]


def has_note(answer: CheckInAnswer) -> bool:
    return bool(answer.learned or answer.change or answer.closer)
