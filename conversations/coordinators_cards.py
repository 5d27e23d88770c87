"""What a coordinator reads about who runs programs: the list, and what it means to leave it."""

from collections.abc import Sequence
from dataclasses import dataclass

from conversations.actions import Action
from conversations.cards import Block, Button, Card, buttons, card, quiet, text
from conversations.forms import Form, PersonPick
from conversations.paging import page_of
from conversations.people_words import counted, first_name
from storage.tables import Coordinator, Person

# A line and a button each. A card should fit one screen; Slack takes 50 blocks.
PEOPLE_A_PAGE = 15


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody on the list. `able`: can be reached and may act now."""

    row: Coordinator
    person: Person | None
    able: bool

    @property
    def name(self) -> str:
        return self.person.name if self.person else self.row.email


def coordinators_card(everybody: Sequence[Listed], page: int) -> Card:
    here = page_of(everybody, page, PEOPLE_A_PAGE)
    blocks: list[Block] = []
    for one in here.rows:
        blocks += [
            text(
                "**{name}**{note}" if one.name == one.row.email else "**{name}** ({email}){note}",
                name=one.name,
                email=one.row.email,
                note=_note(one),
            ),
            buttons(Button("Remove", Action("coordinators", "remove", {"coordinator": one.row.id}))),
        ]
    return card(
        "Who runs programs",
        text("Every coordinator can do everything in every program. Two or more is wise: people take time off."),
        here.line() if here.pages > 1 else None,
        *blocks,
        buttons(
            *here.turning(lambda to: Action("coordinators", "show", {"page": to})),
            Button("Add a coordinator", Action("coordinators", "add"), "plain" if here.pages > 1 else "primary"),
        ),
    )


def _note(one: Listed) -> str:
    if one.able:
        return ""
    if one.person is not None and one.person.gone_since is not None:
        return ", who has left the company"
    return ", who has not written to me yet"


def add_form(action: Action) -> Form:
    return Form(
        "Add a coordinator",
        action,
        (
            PersonPick(
                key="email", label="Who?", hint="A coordinator can run every program, from the next message to me on."
            ),
        ),
        "Add",
    )


def added_card(email: str, person: Person | None) -> Card:
    known = "{name} can run programs now, and hears of it from me."
    unknown = "{name} is on the list. I do not know them yet: it works from their first message to me on."
    return card(
        "Added",
        text(known if person else unknown, name=person.name if person else email),
        buttons(Button("Who runs programs", Action("coordinators", "show"))),
        quiet("Next from me: when you ask, or when something needs you."),
    )


def welcome_card(by: Person) -> Card:
    """To the new coordinator."""
    return card(
        "You can run programs now",
        text("{name} made you a coordinator. You see every program and can do everything in it.", name=by.name),
        buttons(Button("See all programs", Action("program", "list"), "primary")),
        quiet("Next from me: when something needs a coordinator, or when you ask."),
    )


def really_remove_card(row: Coordinator, person: Person | None, *, yourself: bool, programs: int, heir: Person) -> Card:
    """What happens, before it happens."""
    name = person.name if person else row.email
    words = "You can then run no program any more, and only another coordinator can add you again." if yourself else ""
    theirs = counted(programs, "program goes", "programs go")
    return card(
        "Remove yourself?" if yourself else f"Remove {name}?",
        text(words or "{name} can then run no program any more, from the next click on.", name=name),
        text("{programs} to {heir}: reminders and requests arrive there.", programs=theirs, heir=heir.name)
        if programs
        else None,
        buttons(
            Button("Remove", Action("coordinators", "removed", {"coordinator": row.id}), "danger"),
            Button("Keep", Action("coordinators", "show")),
        ),
    )


def last_one_card(name: str) -> Card:
    return card(
        "Somebody has to run it",
        text(
            "Without {name} nobody could run programs: no other coordinator has written to me yet. "
            "Add a colleague first, and ask them to write to me.",
            name=name,
        ),
        buttons(Button("Add a coordinator", Action("coordinators", "add"), "primary")),
    )


def removed_card(name: str, *, yourself: bool, heir: Person | None) -> Card:
    words = "You run no program any more. Thank you for all of it." if yourself else "{name} runs no program any more."
    return card(
        "Removed",
        text(words, name=name),
        text("The programs are with {heir} now.", heir=first_name(heir)) if heir and not yourself else None,
        quiet("Next from me: when you ask.") if yourself else quiet("Next from me: when something needs you."),
    )


def not_there_card() -> Card:
    return card(
        "",
        text("That person is not on the list any more."),
        buttons(Button("Who runs programs", Action("coordinators", "show"))),
    )
