"""Both are asked before a pair is made: the question, and what each answer brings."""

from dataclasses import dataclass

from conversations.actions import Action
from conversations.cards import Button, Buttons, Card, Facts, Text, buttons, card, quiet, text
from conversations.content import Content
from conversations.people_words import cadence_words
from storage.tables import Enrollment, Person, Program, ProposedPair


@dataclass(frozen=True, slots=True)
class Question:
    """A pair as one of its two people is asked about it. `until`: the last day for an answer, as people say it."""

    row: ProposedPair
    program: Program
    partner: Person
    teaches: bool
    until: str


def asking(step: str, row: ProposedPair) -> Action:
    return Action("asking", step, {"pair": row.id})


def ask_card(asked: Question, *, again: bool = False) -> Card:
    """`again`: the one reminder."""
    where = _where(asked.partner)
    who = "**{partner}** ({where})" if where else "**{partner}**"
    what = f"you would show {who} what you know" if asked.teaches else f"{who} would show you what they know"
    return card(
        "Still open: a match for you" if again else "A match for you, if you like",
        text("In **{program}**, " + what + ".", program=asked.program.name, partner=asked.partner.name, where=where),
        text("{reason}", reason=asked.row.reason) if asked.row.reason else None,
        text(
            "I introduce you when both of you say yes. A no needs no reason, and nobody is told of it. Please answer "
            "by **{day}**. If you do not answer, you keep your place for the next matching.",
            day=asked.until,
        ),
        _answers(asked, more=True),
    )


def _where(person: Person) -> str:
    return ", ".join(part for part in (person.department, person.location) if part)


def _answers(asked: Question, *, more: bool) -> Buttons:
    return buttons(
        Button("Yes, introduce us", asking("accept", asked.row), "primary"),
        *((Button("Tell me more", asking("more", asked.row)),) if more else ()),
        Button("Rather not", asking("decline", asked.row)),
    )


def more_card(content: Content, asked: Question, theirs: Enrollment | None) -> Card:
    """Before yes or no: what the other one brings, and what it takes."""
    partner, program = asked.partner, asked.program
    chosen = (theirs.wants if asked.teaches else theirs.offers) if theirs else []
    themes = ", ".join(content.theme_title(theme) for theme in chosen)
    rows = (
        ("Works in", _where(partner)),
        ("Would like to learn" if asked.teaches else "Knows about", themes),
        ("Would like back", theirs.want_back if theirs and not asked.teaches else ""),
        ("Takes", f"{program.session_minutes} minutes {cadence_words(program.cadence_days)}"),
    )
    return card(
        f"About {partner.name}",
        Facts(tuple((label, words) for label, words in rows if words)),
        text("What the two of you talk about stays between you. Either of you may stop later, without a reason."),
        text("Please answer by **{day}**.", day=asked.until),
        _answers(asked, more=False),
    )


def thanks_card(asked: Question) -> Card:
    """One of the two said yes: nothing of what the other says, or has not said yet, is in it."""
    return card(
        "Thank you",
        text("You said yes to **{partner}**. When it is settled, I introduce you.", partner=asked.partner.name),
        buttons(Button("Rather not, after all", asking("decline", asked.row))),
        quiet("Next from me: by {day} at the latest, either way.", day=asked.until),
    )


def settled_card(asked: Question, day: str) -> Card:
    """Both said yes."""
    return card(
        "It is settled",
        text("You and **{partner}** are a pair in {program}.", partner=asked.partner.name, program=asked.program.name),
        quiet("Next from me: {day}, when I introduce you.", day=day),
    )


def declined_card(asked: Question) -> Card:
    return card(
        "That is fine",
        text(
            "Nobody is told, and I do not suggest the two of you to each other again. You stay in **{program}**, and I "
            "look whether somebody else is free for you.",
            program=asked.program.name,
        ),
        buttons(Button("My program", Action("home", "show"))),
        quiet("Next from me: when there is a match for you."),
    )


def question_over_card(ahead: Text) -> Card:
    """An older card: the day has passed, or it is settled, or the program has ended."""
    return card("", text("That question is settled already, so there is nothing left to answer."), ahead)


def no_answer_card(program: Program, role: str) -> Card:
    """Kind, and without a reproach: people are busy."""
    words = (
        "The match that I asked you about in **{program}** did not come about; it may have been a full week for you. "
        "You keep your place as a {role}, and nothing else changes."
    )
    return card(
        "You keep your place",
        text(words, program=program.name, role=role),
        buttons(
            Button("My program", Action("home", "show")),
            Button("Leave the program", Action("leaving", "start", {"program": program.id})),
        ),
        quiet("Next from me: when there is a match for you."),
    )


def not_this_time_card(program: Program) -> Card:
    """To whoever said yes, or no, and has nobody at the end. The same words whatever the cause."""
    return card(
        "No partner yet",
        text(
            "The match that I asked you about in **{program}** did not come about. There can be many reasons, and I "
            "never give one. Your answers stay as they are, and you come first in the next matching.",
            program=program.name,
        ),
        quiet("Next from me: as soon as there is somebody for you."),
    )
