"""What is typed into a form is read once, in one place, whatever the client let through."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.actions import Action
from conversations.forms import (
    Choice,
    Choices,
    Date,
    Form,
    Line,
    Option,
    Paragraph,
    PersonPick,
    Scale,
    Time,
    Typed,
    read,
)

COLOURS = (Option("red", "Red"), Option("blue", "Blue"))
FORM = Form(
    "About you",
    Action("sign_up", "save"),
    (
        Line(key="name", label="Name", max_length=10),
        Paragraph(key="goal", label="Goal", required=False),
        Choice(key="colour", label="Colour", options=COLOURS),
        Choices(key="colours", label="Colours", options=COLOURS, required=False, most=1),
        Scale(key="closer", label="Closer?", low_label="no", high_label="yes", required=False),
        Date(key="day", label="Day", required=False, earliest=date(2026, 3, 1), latest=date(2026, 3, 31)),
        Time(key="at", label="At", required=False),
        PersonPick(key="manager", label="Manager", required=False),
    ),
)
GOOD: dict[str, Typed] = {"name": " Ana ", "colour": "red"}


def test_good_answers_come_back_with_their_types() -> None:
    answers = read(
        FORM,
        {
            **GOOD,
            "colours": ("blue",),
            "closer": "4",
            "day": "2026-03-05",
            "at": "09:30",
            "manager": "Bo@Larkspur.example",
        },
    )
    assert not answers.errors
    assert answers.text("name") == "Ana"
    assert answers.many("colours") == ("blue",)
    assert answers.number("closer") == 4
    assert answers.day("day") == date(2026, 3, 5)
    assert answers.clock("at") == time(9, 30)
    assert answers.text("manager") == "bo@larkspur.example"


def test_everything_that_is_missing_is_said_at_once() -> None:
    assert set(read(FORM, {}).errors) == {"name", "colour"}


@pytest.mark.parametrize(
    ("key", "typed", "says"),
    [
        ("name", "x" * 11, "at most 10"),
        ("name", "   ", "answer"),
        ("colour", "green", "options shown"),
        ("colours", ("red", "blue"), "at most 1"),
        ("closer", "9", "from 1 to 5"),
        ("closer", "٣", "from 1 to 5"),
        ("closer", "9" * 5000, "from 1 to 5"),
        ("day", "tomorrow", "such as"),
        ("day", "2026-02-28", "1 March 2026 or later"),
        ("day", "2026-04-01", "31 March 2026 or earlier"),
        ("at", "noon", "09:30"),
        ("manager", "Bo", "work e-mail"),
    ],
)
def test_a_wrong_answer_is_explained_at_its_field(key: str, typed: Typed, says: str) -> None:
    answers = read(FORM, {**GOOD, key: typed})
    assert set(answers.errors) == {key}
    assert says in answers.errors[key]


@given(st.dictionaries(st.sampled_from([field.key for field in FORM.fields]), st.text() | st.tuples(st.text())))
def test_no_answer_crashes_a_form(values: dict[str, Typed]) -> None:
    answers = read(FORM, values)
    assert set(answers.values) | set(answers.errors) == {field.key for field in FORM.fields}


def test_half_an_emoji_at_the_end_costs_only_itself() -> None:
    """A client that cuts a text at its limit may cut a pair of surrogates in two; no database stores the half."""
    assert read(FORM, {**GOOD, "name": "Bo \ud83d"}).text("name") == "Bo"
    assert read(FORM, {**GOOD, "name": "B\0o"}).text("name") == "Bo"


def test_a_correction_keeps_what_was_typed() -> None:
    filled = FORM.filled({"name": "A very long name", "colours": ("red", "blue"), "day": "soon"})
    values = {field.key: field.value for field in filled.fields}
    assert values["name"] == "A very long name"
    assert values["colours"] == ("red", "blue")
    assert values["day"] == "soon"
