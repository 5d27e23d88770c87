"""Forms as Slack modals: every field, filled in, within the limits."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack import forms
from conversations.actions import Action
from conversations.content import load
from conversations.forms import (
    Choice,
    Choices,
    Date,
    Field,
    Form,
    Line,
    Option,
    Paragraph,
    PersonPick,
    Scale,
    Time,
)
from conversations.sign_up_fields import agreement_field
from tests.support.slack_limits import faults_of_view
from tests.support.slack_person import SlackForm

SEND = Action("sign_up", "about")


def options(number: int) -> tuple[Option, ...]:
    return tuple(Option(f"o{each}", f"Option {each}") for each in range(number))


FIELDS: tuple[Field, ...] = (
    Line(key="line", label="Line", value="a <b>", max_length=40, hint="Seen by your coordinator"),
    Paragraph(key="paragraph", label="Paragraph", value="c\nd", required=False),
    Choice(key="choice", label="Choice", options=options(3), value="o1"),
    Choices(key="choices", label="Choices", options=options(3), value=("o0", "o2")),
    Scale(key="scale", label="Scale", low_label="far", high_label="there", value="4"),
    Date(key="date", label="Date", value="2026-05-28", earliest=date(2026, 5, 1)),
    Time(key="time", label="Time", value="09:30"),
    PersonPick(key="person", label="Person", value="Ben@larkspur.example"),
)
FILLED = {
    "line": "a <b>",
    "paragraph": "c\nd",
    "choice": "o1",
    "choices": ("o0", "o2"),
    "scale": "4",
    "date": "2026-05-28",
    "time": "09:30",
    "person": "U2",
}


def test_every_field_is_on_the_screen_filled_in_and_comes_back_as_it_was() -> None:
    view = forms.modal(Form("About you", SEND, FIELDS, "Join", "Two minutes."), "[]", {"ben@larkspur.example": "U2"})
    assert faults_of_view(view, set()) == []
    screen = SlackForm(view)
    assert screen.values == FILLED
    assert forms.values({"state": screen.state()}) == FILLED
    assert forms.picked({"state": screen.state()}) == {"person": "U2"}
    assert (screen.title, screen.submit_label) == ("About you", "Join")
    assert "Two minutes." in screen.text
    assert "Seen by your coordinator" in screen.text
    assert "5 – there" in screen.text
    assert view["callback_id"] == "sign_up.about"
    assert screen.missing() == {}


def test_what_is_left_empty_comes_back_empty() -> None:
    empty = Form("About you", SEND, FIELDS).filled({field.key: "" for field in FIELDS} | {"choices": ()})
    screen = SlackForm(forms.modal(empty))
    assert set(forms.values({"state": screen.state()}).values()) == {"", ()}
    assert set(screen.missing()) == set(FILLED) - {"paragraph"}


@pytest.mark.parametrize(
    ("number", "most", "element"),
    [
        (10, 0, "checkboxes"),
        (10, 3, "multi_static_select"),
        (11, 0, "multi_static_select"),
        (250, 0, "multi_static_select"),
    ],
)
def test_many_options_become_a_list_that_slack_takes(number: int, most: int, element: str) -> None:
    several = Choices(key="many", label="Many", options=options(number), value=(f"o{number - 1}",), most=most)
    one = Choice(key="one", label="One", options=options(number), value=f"o{number - 1}")
    view = forms.modal(Form("Many", SEND, (several, one)))
    assert faults_of_view(view, set()) == []
    assert view["blocks"][0]["element"]["type"] == element
    assert view["blocks"][0]["element"].get("max_selected_items", 0) == most
    assert view["blocks"][1]["element"]["type"] == ("radio_buttons" if number <= 10 else "static_select")
    assert SlackForm(view).values == {"many": (f"o{number - 1}",), "one": f"o{number - 1}"}


def test_a_wide_scale_and_a_choice_of_nothing_are_still_shown() -> None:
    scale = Scale(key="scale", label="From 0 to 20", low=0, high=20, low_label="none", high_label="all", value="20")
    nothing = Choice(key="none", label="Theme", options=())
    view = forms.modal(Form("Wide", SEND, (scale, nothing)))
    assert faults_of_view(view, set()) == []
    assert SlackForm(view).values == {"scale": "20"}
    assert "Theme: nothing to pick yet" in SlackForm(view).text


@settings(max_examples=100, deadline=None)
@given(
    typed=st.one_of(st.text(max_size=200), st.sampled_from(["<!channel>", "<@U1> *b*", "x" * 5000, "\u202e", "\x00"]))
)
def test_s8_hostile_and_endless_texts_fit_and_stay_words(typed: str) -> None:
    fields: tuple[Field, ...] = (
        Line(key="line", label=typed, hint=typed, value=typed, max_length=5000),
        Paragraph(key="paragraph", label=typed, hint=typed, value=typed, max_length=9000),
        Choice(key="choice", label=typed, hint=typed, options=(Option("a", typed),), value="a"),
        Scale(key="scale", label=typed, hint=typed, low_label=typed, high_label=typed),
    )
    view = forms.modal(Form(typed, SEND, fields, typed, typed), errors={"line": typed, "": typed})
    assert faults_of_view(view, set()) == []
    assert "mrkdwn" not in str(view).replace(typed, "")


def test_the_longest_agreement_that_a_company_may_write_arrives_whole_with_who_sees_it(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "en.yaml").write_text(f"agreement:\n  text: {'A' * 1899}.\n")
    asked = agreement_field(load(tmp_path))
    hint = forms.modal(Form("Join: 2 of 2", SEND, (asked,), "Join"), "[]", {})["blocks"][0]["hint"]["text"]
    assert hint == f"{'A' * 1899}. Your match and the coordinators see that you agreed."
