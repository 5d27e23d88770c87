"""How the asking goes, for the coordinator: pairs and numbers, never who said what. And the switch for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from conversations.actions import Action
from conversations.cards import Block, Button, Card, Facts, buttons, card, quiet, text
from conversations.people_words import counted
from storage.tables import Program

# More of them would be a list for a spreadsheet.
MOST_LINES = 10


@dataclass(frozen=True, slots=True)
class Progress:
    """How the asking goes. `lines`: (mentor, mentee) of pairs that were not accepted; never by whom, or why."""

    agreed: int
    open: int
    not_accepted: Sequence[tuple[str, str]]


def asking_progress_card(program: Program, found: Progress, until: str, *, own: bool = False) -> Card:
    """`own`: the reader is asked about somebody as well, and that match is left out."""
    lines: list[Block] = [
        text("- {mentor} with {mentee}: not accepted", mentor=mentor, mentee=mentee)
        for mentor, mentee in found.not_accepted[:MOST_LINES]
    ]
    more = len(found.not_accepted) - len(lines)
    waits = quiet("Next from me: when everybody is asked.") if found.open else None
    return card(
        f"Asked first: {program.name}",
        Facts(
            (
                ("Both said yes", str(found.agreed)),
                ("Being asked", str(found.open)),
                ("Not accepted", str(len(found.not_accepted))),
            )
        ),
        text("Everybody has until {day} to answer.", day=until) if found.open and until else None,
        *lines,
        text("- and {more} more", more=str(more)) if more > 0 else None,
        text(
            "Who said what, and who did not answer, stays with them. For a pair that is not accepted I ask the next "
            "best that is free."
        )
        if found.not_accepted
        else None,
        quiet("A match of your own is not counted here.") if own else None,
        waits,
    )


def asking_done_card(program: Program, found: Progress, alone: int) -> Card:
    """Once, when nobody is left to be asked."""
    pairs = counted(found.agreed, "pair has", "pairs have")
    rest = text(
        "{alone} without a partner for now; they read kind words and come first in the next matching.",
        alone=counted(alone, "person is", "people are"),
    )
    return card(
        f"Everybody is asked: {program.name}",
        text("{pairs} said yes on both sides; I introduce them in their working hours.", pairs=pairs),
        rest if alone else None,
        buttons(
            Button("Who said yes", Action("asking", "show", {"program": program.id})),
            Button("Status", Action("status", "show", {"program": program.id})),
        ),
        quiet("Next from me: when something needs you."),
    )


def being_asked_card(program: Program) -> Card:
    """Somebody proposes again before everybody has answered."""
    return card(
        "",
        text(
            "The two of each pair in **{program}** are being asked. You hear from me when all have answered, and then "
            "new pairs can be proposed.",
            program=program.name,
        ),
        buttons(Button("See how it goes", Action("asking", "show", {"program": program.id}))),
    )


def switch_card(program: Program) -> Card:
    """How pairs of a program come about, and the other way."""
    now = (
        "In **{program}** I ask both before a pair is made: yes, no, or tell me more. Only two yes make a pair."
        if program.asks_first
        else "In **{program}** approved pairs are introduced without being asked first."
    )
    here = {"program": program.id}
    other = (
        Button("Introduce without asking", Action("ask_first", "off", here))
        if program.asks_first
        else Button("Ask both first", Action("ask_first", "on", here), "primary")
    )
    return card(
        "Asked first?",
        text(now, program=program.name),
        buttons(other),
        quiet("It holds for the next approval. What is being asked already goes on as it began."),
    )


def nothing_asked_card(program: Program) -> Card:
    words = "Nobody in **{program}** has been asked about a match yet." + (
        "" if program.asks_first else " **program ask-first** switches it on."
    )
    return card("", text(words, program=program.name))
