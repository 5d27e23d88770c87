"""The cards of a pulse: the question with its promise, and what is shown once somebody has answered."""

from conversations.actions import Action
from conversations.cards import Button, Card, Text, buttons, card, text
from conversations.content import Content
from storage.tables import Program, PulseRound


def pulse_card(content: Content, program: Program, asked: PulseRound, closes: str, *, reminder: bool = False) -> Card:
    """`closes`: the last day, in words. The promise stands before the first question."""
    once_more = "In case my three questions about **{program}** slipped by, here they are once more, until {day}."
    how = "How is **{program}** going for you? You can answer until {day}, or not at all: it is up to you."
    return card(
        "Three questions, half a minute",
        text(once_more if reminder else how, program=program.name, day=closes),
        text(content.text("pulse.promise")),
        buttons(Button("Answer 3 questions", Action("pulse", "start", {"round": asked.id, "own": 1}), "primary")),
    )


def recorded_card(results_on: str, ahead: Text) -> Card:
    """Never what was answered."""
    return card(
        "Recorded, thank you",
        text(
            "From {day} on you can see the figures for the whole program, if at least five people answer: type "
            "**results**.",
            day=results_on,
        ),
        ahead,
    )


def recorded_before_card(ahead: Text) -> Card:
    return card(
        "",
        text(
            "Your answers are recorded already. They can't be changed, because nobody can find them again, not even me."
        ),
        ahead,
    )


def over_card(ahead: Text) -> Card:
    return card(
        "",
        text("These three questions are closed. Type **results** to see what came out."),
        ahead,
    )


def key(asked: PulseRound, person: int) -> str:
    return f"pulse/{asked.id}/{person}"


def reminder_key(asked: PulseRound, person: int) -> str:
    return f"pulse_reminder/{asked.id}/{person}"
