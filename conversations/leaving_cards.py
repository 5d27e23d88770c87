"""What people read when they leave: what happens now, a way back, and somebody to talk to."""

from collections.abc import Sequence

from conversations.actions import Action
from conversations.cards import Block, Button, Card, Text, buttons, card, quiet, text
from conversations.content import Content
from conversations.parting_cards import MY_PROGRAM, neutral_words, outside_contact
from conversations.people_words import first_name, listed
from conversations.which_program import choose_card
from storage.tables import Person, Program

LEAVE, STAY = Action("leaving", "start"), Button("Stay", Action("leaving", "stay"))
NOTHING_MORE = quiet("Next from me: nothing about this program.")


def leave_card(content: Content, program: Program, partners: Sequence[Person]) -> Card:
    """The question: one more click, and no reason."""
    here = {"program": program.id}
    return card(
        f"Leave {program.name}?",
        text("No reason is needed, and nobody is told why. Everything that I had planned for you is canceled."),
        _neutral(content, partners),
        buttons(
            Button("Leave", Action("leaving", "leave", here), "danger"),
            STAY,
            Button("Pause instead", Action("pause", "start")),
        ),
    )


def several_card(programs: list[Program]) -> Card:
    """Which one, for somebody in several; or all of them."""
    asked = choose_card("Which program would you like to leave?", programs, LEAVE)
    both = len(programs) == 2
    every = Button("Both" if both else "All of them", Action("leaving", "all"), "danger")
    return card(asked.title, text("No reason is needed."), *asked.blocks, buttons(every, STAY))


def left_card(content: Content, program: Program, partners: Sequence[Person], ahead: Text | None) -> Card:
    """Out. `ahead`: when the next word comes, for somebody who is in another program as well."""
    return card(
        "That is fine",
        text(
            "You are not taking part in **{program}**, and nobody is told why. You can join later.",
            program=program.name,
        ),
        _neutral(content, partners),
        outside_contact(program),
        buttons(Button("Join after all", Action("sign_up", "start", {"program": program.id}))),
        ahead or NOTHING_MORE,
    )


def ended_card(program: Program, ahead: Text) -> Card:
    """An older button of a program that is closed: there is no way back to offer."""
    words = "**{program}** has ended already, so there is nothing more for you to do."
    return card("", text(words, program=program.name), ahead)


def left_all_card(content: Content, programs: Sequence[Program], partners: Sequence[Person]) -> Card:
    """Out of everything at once."""
    reached = next((program for program in programs if program.contact_name), None)
    return card(
        "That is fine",
        text(
            "You are not taking part in {programs} any more, and nobody is told why. Write **join** if you change "
            "your mind.",
            programs=listed(program.name for program in programs),
        ),
        _neutral(content, partners),
        outside_contact(reached) if reached else None,
        quiet("Next from me: when you write, or when somebody invites you."),
    )


def stay_card(ahead: Text) -> Card:
    return card("", text("Good to have you. Nothing has changed, and nobody knows that you asked."), ahead)


def nothing_to_leave_card() -> Card:
    return card(
        "",
        text("You are in no program, so there is nothing to leave."),
        buttons(MY_PROGRAM, Button("My data", Action("privacy", "show"))),
        quiet("Next from me: when you write, or when somebody invites you."),
    )


def _neutral(content: Content, partners: Sequence[Person]) -> Block | None:
    return neutral_words(content, [first_name(partner) for partner in partners]) if partners else None
