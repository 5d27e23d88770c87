"""Forms as HTML: every field is drawn with its label, hint, value and error, and what was typed comes back by key."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.web.forms import form_html, read_values
from conversations.actions import Action
from conversations.forms import Choice, Choices, Date, Form, Line, Option, Paragraph, PersonPick, Scale, Time
from tests.support.web_gallery import FORM, PEOPLE
from tests.support.web_person import read_html

from .test_cards import typed


def html(form: Form, errors: dict[str, str] | None = None) -> str:
    return form_html(form, "f1", errors or {}, PEOPLE)


def form_holding(words: str) -> Form:
    options = (Option(words, words), Option("b", words))
    many = tuple(Option(f"{words}{number}", words) for number in range(9))
    fields = (
        Line(key="line", label=words, value=words, hint=words),
        Paragraph(key="paragraph", label=words, value=words, hint=words),
        Choice(key="choice", label=words, options=options, value="b", hint=words),
        Choice(key="long", label=words, options=many, hint=words),
        Choices(key="choices", label=words, options=options, value=("b",), hint=words),
        Scale(key="scale", label=words, low_label=words, high_label=words, hint=words),
        Date(key="date", label=words, value=words, hint=words),
        Time(key="time", label=words, value=words, hint=words),
        PersonPick(key="person", label=words, hint=words, value="jun.watanabe@larkspur.example"),
    )
    return Form(words, Action("gallery", "sent"), fields, words, words)


@settings(deadline=None)  # a busy machine is no fault
@given(typed.filter(lambda words: words.strip()))
@pytest.mark.slow
def test_s8_whatever_people_typed_into_a_form_it_holds_the_same_tags(words: str) -> None:
    one_line = " ".join(words.split()) or "word"
    errors = dict.fromkeys(("line", "choice", "scale"), one_line)
    plain = dict.fromkeys(errors, "word")
    assert read_html(html(form_holding(one_line), errors)).tags == read_html(html(form_holding("word"), plain)).tags


@settings(deadline=None)  # a busy machine is no fault
@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"])))
def test_a_correction_shows_exactly_what_was_typed(words: str) -> None:
    fields = (Line(key="line", label="Line", value=words), Paragraph(key="text", label="Text", value=words))
    values = read_html(html(Form("Form", Action("gallery", "sent"), fields))).values
    assert values == {"line": words, "text": words}


def test_every_field_has_its_label_its_hint_and_what_is_wrong() -> None:
    page = read_html(html(FORM, {"themes": "Please pick at most 3.", "start": "Please give a day."}))
    for each in FORM.fields:
        assert each.label in page.text
        assert each.hint in page.text
    assert page.errors == {"themes": "Please pick at most 3.", "start": "Please give a day."}
    assert FORM.intro in page.text
    assert page.buttons == ["×", "Cancel", "Sign me up"]


def test_known_answers_are_filled_in() -> None:
    filled = FORM.filled({"themes": ("ai", "social"), "ease": "4", "zone": "7", "avoid": "tom.okafor@larkspur.example"})
    values = read_html(html(filled)).values
    assert values["themes"] == ("ai", "social")
    assert (values["ease"], values["zone"], values["capacity"], values["from"]) == ("4", "7", "1", "09:00")
    assert values["avoid"] == "tom.okafor@larkspur.example"


def test_an_error_is_tied_to_its_control_for_those_who_hear_the_page() -> None:
    shown = html(FORM, {"words": "Please say a little more."})
    assert 'aria-describedby="f1-words-hint f1-words-error" aria-invalid="true"' in shown
    assert '<p class="error" id="f1-words-error">Please say a little more.</p>' in shown


def test_an_error_of_no_field_is_shown_above_the_fields() -> None:
    assert "This program has closed." in read_html(html(FORM, {"": "This program has closed."})).text


def test_a_date_may_be_bounded_and_a_colleague_who_is_not_listed_stays() -> None:
    shown = html(FORM.filled({"avoid": "somebody@larkspur.example"}))
    assert 'min="2026-03-01" max="2026-12-31"' in shown
    assert read_html(shown).values["avoid"] == "somebody@larkspur.example"


def test_an_optional_question_can_be_left_without_an_answer() -> None:
    assert read_html(html(FORM)).text.count("No answer") == 3  # a drop-down list, a scale, a colleague


def test_typed_values_come_back_for_the_fields_of_the_form_only() -> None:
    typed_in = {"themes": ("ai",), "words": "hello", "capacity": ("1", "2"), "stranger": "x"}
    values = read_values(FORM, typed_in)
    assert values["themes"] == ("ai",)
    assert values["words"] == "hello"
    assert values["capacity"] == "1, 2"
    assert values["goals"] == ""
    assert "stranger" not in values


def test_one_ticked_box_is_still_a_list() -> None:
    assert read_values(FORM, {"themes": "ai"})["themes"] == ("ai",)
