"""The self-ratings: one number for each of a program's first themes."""

from collections.abc import Sequence
from typing import Literal

from conversations.actions import Action
from conversations.content import Content
from conversations.forms import Form, Scale
from storage.tables import Program

# Three numbers are half a minute; more would be a survey.
MOST_THEMES = 3

Moment = Literal["start", "end"]


def themes_of(program: Program) -> Sequence[str]:
    return program.themes[:MOST_THEMES]


def field_key(number: int) -> str:
    """By position: a theme may be somebody's own words."""
    return f"theme_{number}"


def skills_form(content: Content, program: Program, moment: Moment) -> Form:
    """Never filled in with what was rated before: nobody reads a rating, not even over a shoulder."""
    mean = "Only you see your numbers; the report shows at most the average of five people or more."
    intro = {
        "start": f"At the end I ask once more, so that you see how far you have come. {mean}",
        "end": f"The same questions as at the start. {mean}",
    }
    return Form(
        "Where you are today",
        Action("skills", "save", {"program": program.id}),
        tuple(
            Scale(
                key=field_key(number),
                label=f"{content.theme_title(theme)}: how at home are you with it?",
                low_label="New to me",
                high_label="I could teach it",
            )
            for number, theme in enumerate(themes_of(program), start=1)
        ),
        "Save my ratings",
        intro=intro[moment],
    )
