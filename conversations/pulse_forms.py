"""The three questions of a pulse: the same for both roles and in every round, so that the figures compare."""

from conversations.actions import Action
from conversations.content import Content
from conversations.forms import Form, Scale

QUESTIONS: tuple[Scale, ...] = (
    Scale(
        key="often",
        label="Do you meet often enough to learn something?",
        low_label="Far too rarely",
        high_label="Often enough",
    ),
    Scale(
        key="useful",
        label="Do you learn something that you can use?",
        low_label="Not so far",
        high_label="A great deal",
    ),
    Scale(
        key="openly",
        label="Can you say openly what you think when you meet?",
        low_label="Rarely",
        high_label="Always",
    ),
)
KEYS = tuple(question.key for question in QUESTIONS)
# How results name them.
SHORT = {"often": "Meeting often enough", "useful": "Learning something useful", "openly": "Speaking openly"}


def pulse_form(content: Content, round: int, own: int) -> Form:
    """`own`: opened from the pulse's own card, which holds the promise; from any other the form holds it."""
    promise = "" if own else content.text("pulse.promise") + "\n\n"
    return Form(
        "Three questions",
        Action("pulse", "record", {"round": round, "own": own}),
        QUESTIONS,
        "Record my answers",
        intro=f"{promise}Pick the number that fits best; there is no wrong one.",
    )
