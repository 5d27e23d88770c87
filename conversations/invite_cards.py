"""What a coordinator sees while inviting: the two ways, the list before anything is sent, and what happens then."""

from collections.abc import Sequence
from datetime import date

from conversations.actions import Action
from conversations.cards import Block, Button, Card, Facts, Text, buttons, card, quiet, text
from conversations.flow import Turn
from conversations.invitation_cards import sponsor_words
from conversations.invite_list import Sorted
from conversations.people_words import counted, say_when
from storage.tables import Program

MOST_NAMES = 10
# More are for a spreadsheet.
MOST_REFUSED = 15


def how_card(program: Program) -> Card:
    here = {"program": program.id}
    return card(
        f"Invite people to {program.name}",
        text(
            "Each gets a private message that names you and says what it takes. Nobody is matched before they have "
            "joined and agreed themselves."
        ),
        text(
            "For a long list, send it to me as a message: **program invite**, then the e-mails. To set themes and "
            "hours for each person, import a file instead."
        ),
        buttons(
            Button("By e-mail", Action("invite", "paste", here), "primary"),
            Button("From the roster", Action("invite", "filter", here)),
            Button("Import a file", Action("roster", "start", here)),
        ),
    )


def list_card(program: Program, number: int, details: Action) -> Card:
    """A list came as a message; two things are missing."""
    return card(
        "I have your list",
        text("{entries} for **{program}**.", entries=counted(number, "entry", "entries"), program=program.name),
        text("Nothing is sent yet. What are they invited as, and until when can they answer?"),
        buttons(Button("Role and date", details, "primary")),
    )


def before_card(turn: Turn, program: Program, found: Sorted, *, role: str, reply_by: date, send: Action) -> Card:
    """Who is meant, before anything is sent."""
    number, waiting = len(found.people), [one.name for one in found.unreachable]
    return card(
        f"Invite {counted(number, 'person', 'people')} to {program.name}?",
        Facts((("As", f"{role}s"), ("Answer by", say_when(turn, reply_by)), *_named_in_it(turn, program))),
        _list("Who it is", [person.name for person in found.people], MOST_NAMES),
        _list("I cannot reach them yet: their invitation waits until they write to me", waiting, MOST_NAMES),
        _list("Left out: in it already, or answered", found.already, MOST_NAMES),
        _list("Left out: not known to me", found.refused, MOST_REFUSED),
        None if program.page_url else _page_words(program),
        buttons(
            Button(f"Invite {counted(number, 'person', 'people')}", send, "primary"),
            Button("Start again", Action("invite", "start", {"program": program.id})),
        ),
    )


def _named_in_it(turn: Turn, program: Program) -> tuple[tuple[str, str], ...]:
    sponsor = sponsor_words(turn, program)
    return (("Sponsor named in it", sponsor),) if sponsor else ()


def _page_words(program: Program) -> Text:
    return quiet(
        "An invitation looks more trustworthy with a page about {program}. Add one with **program people and dates**.",
        program=program.name,
    )


def nobody_card(program: Program, found: Sorted) -> Card:
    """A list or a wish that leaves nobody to ask."""
    return card(
        "Nobody to invite",
        text("Nothing was sent for **{program}**.", program=program.name),
        _list("In it, or answered", found.already, MOST_NAMES),
        _list("Not known to me", found.refused, MOST_REFUSED),
        buttons(Button("Start again", Action("invite", "start", {"program": program.id}), "primary")),
    )


def sent_card(turn: Turn, program: Program, people: int, reply_by: date) -> Card:
    opened = program.status != "draft"
    when = (
        "They hear from me in their own working hours, and can answer until {day}. I remind once."
        if opened
        else "They hear from me when you open sign-up with **program open**, and can answer until {day}."
    )
    return card(
        f"{counted(people, 'person is', 'people are')} on the list of {program.name}",
        text(when, day=say_when(turn, reply_by)),
        buttons(Button("See the answers", Action("who", "show", {"program": program.id}))),
        quiet("Next from me: the answers, in your daily digest."),
    )


def settled_card(program: Program) -> Card:
    """The button was pressed twice, or a day too late."""
    return card(
        "",
        text("That list is settled: either its invitations are on their way, or it is too old to be kept."),
        buttons(
            Button("See the answers", Action("who", "show", {"program": program.id})),
            Button("Invite people", Action("invite", "start", {"program": program.id})),
        ),
    )


def ended_card(program: Program) -> Card:
    return card(
        f"{program.name} has ended",
        text("Nobody can be invited to it any more. A new run is a new program."),
        buttons(Button("New program", Action("program", "create"))),
    )


def _list(title: str, names: Sequence[str], most: int) -> Block | None:
    if not names:
        return None
    shown = {f"n{index}": name for index, name in enumerate(names[:most])}
    more = len(names) - len(shown)
    lines = "\n".join(f"- {{{key}}}" for key in shown) + (f"\n- and {more} more" if more > 0 else "")
    return Text(f"**{title}**\n{lines}", shown)
