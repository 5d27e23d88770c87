"""Cards and forms on Teams: everything is there, fits, and stays inert whatever people typed."""

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.teams.cards import MOST_BYTES, adaptive_card, size
from adapters.teams.connector import CARD_TYPE
from adapters.teams.forms import form_card, typed_values
from adapters.teams.inert import defused
from conversations.actions import Action
from conversations.cards import (
    Block,
    Button,
    ChatButton,
    Divider,
    Facts,
    LinkButton,
    Picture,
    Progress,
    buttons,
    card,
    quiet,
    text,
)
from conversations.contacts import Contact
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
from tests.support.teams_cards import card_faults, markdown_strings, text_runs, view

ACTION = Action("sign_up", "join", {"program": 7})
PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)
HOSTILE = (
    "<!channel>",
    "<@U123>",
    "<at>Ana</at>",
    "<https://evil.example|click>",
    "[click](https://evil.example)",
    "![x](https://evil.example/pixel.png)",
    "[click]: https://evil.example",
    "https://evil.example/a?b=c",
    "www.evil.example",
    "mailto:eve@evil.example",
    "eve@evil.example",
    "*b* **b** _i_ __b__ `c` ~s~ ~~s~~",
    "# title",
    "- point",
    "1. point",
    "1) point",
    "> quote",
    "| a | b |",
    "\\[x\\](y)",
    "&lt;b&gt;",
    "\u202egnp.exe",
    "a\u200bb\u2066c",
    "{name}",
    "<script>alert(1)</script>",
    "\x00\x1b[31m",
    "line\nbreak\r\n- point",
    "\ud800",
)
hostile = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=12), min_size=1, max_size=3).map(" ".join)

# What CommonMark, and the linkers that clients add to it, would act on.
ACTIVE = (
    re.compile(r"\][(\[:]"),
    re.compile(r"<[^>]*>"),
    re.compile(r"\*|`|~|\\"),
    re.compile(r"(?<!\w)_|_(?!\w)"),
    re.compile(r"\w://|(?i:www\.|mailto:)|[\w.+-]@\w"),
    re.compile(r"(?m)^\s*(#|\+|-|=|\d{1,9}[.)])"),
    re.compile("[\u202a-\u202e\u2066-\u2069\x00\x1b]"),
)


def every_block(words: str) -> tuple[Block, ...]:
    """One of each, with these words wherever somebody's words can stand."""
    named = Contact(words, f"{words}@larkspur.example", words)
    return (
        text("Hello {who}, {words}\n\n- **{words}**\n- _{words}_", who=named, words=words),
        text("See [the guide](https://larkspur.example/guide): {words} **{who}** _{words}_", words=words, who=named),
        quiet("{words}", words=words),
        Facts(((words, words), ("Next", words))),
        Divider(),
        Picture(PNG, words),
        Progress(words, 3, 8),
        buttons(
            Button(words, ACTION, "primary"),
            Button("Stop", ACTION, "danger"),
            LinkButton(words, "https://larkspur.example"),
            ChatButton(words, named),
            ChatButton("Mail", Contact(words, "kim@larkspur.example")),
            ChatButton("Nowhere", Contact(words)),
        ),
    )


def every_field(words: str) -> tuple[Field, ...]:
    option = Option("a", words)
    return (
        Line(key="line", label=words, value=words, hint=words),
        Paragraph(key="paragraph", label=words, value=words, hint=words),
        Choice(key="choice", label=words, options=(option, Option("b", "Other")), value="a", hint=words),
        Choices(key="choices", label=words, options=(option, Option("b", "Other")), value=("a", "b"), most=2),
        Scale(key="scale", label=words, low_label=words, high_label=words, value="4"),
        Date(key="date", label=words, value="2026-05-28", earliest=date(2026, 1, 1), latest=date(2026, 12, 31)),
        Time(key="time", label=words, value="09:30"),
        PersonPick(key="person", label=words, value=words, required=False),
    )


def assert_inert(content: dict[str, Any]) -> None:
    for words in markdown_strings(content):
        ours = words.replace("[the guide](https://larkspur.example/guide)", "")
        # Bold and italic that we wrote around the words, in a paragraph with a link of ours.
        ours = re.sub(r"\*\*|(?<!\S)_|_(?!\S)", "", ours) if ours != words else ours
        for active in ACTIVE:
            assert not active.search(ours), (active.pattern, words)
    allowed = ("https://larkspur.example", "https://teams.microsoft.com/l/chat/", "mailto:")
    for action in view(content).actions:
        assert action["type"] == "Action.Execute" or action["url"].startswith(allowed)


def assert_taken(content: dict[str, Any]) -> None:
    assert card_faults({"contentType": CARD_TYPE, "content": content}) == []


@settings(deadline=None, max_examples=200)
@given(words=hostile)
@pytest.mark.slow
def test_s8_nothing_that_somebody_typed_becomes_active_on_a_card(words: str) -> None:
    content = adaptive_card(card(words, *every_block(words)))
    assert_taken(content)
    assert_inert(content)


@settings(deadline=None, max_examples=200)
@given(words=hostile)
def test_s8_nothing_that_somebody_typed_becomes_active_in_a_form(words: str) -> None:
    form = Form(words, ACTION, every_field(words), submit_label=words or "Send", intro=words)
    content = form_card(form, "1700", {"line": words, "person": words})
    assert_taken(content)
    assert_inert(content)
    assert [one["value"] for one in view(content).inputs if one["id"] == "line"] == [words]


@given(words=st.text(max_size=60))
def test_defused_words_stay_defused(words: str) -> None:
    assert defused(defused(words)) == defused(words)


@pytest.mark.parametrize(
    "words", ["Łukasz Ōno-Smith", "first_last", "नमस्ते", "می‌روم", "👩‍👩‍👧", "C#", "AI & law", "50%"]
)
def test_ordinary_words_keep_their_looks(words: str) -> None:
    assert defused(words) == words


def test_text_appears_exactly_as_typed() -> None:
    content = adaptive_card(card("", text("{words}", words="2 * 3 < 7 [sic] snake_case")))
    assert text_runs(content) == ["2 * 3 < 7 [sic] snake_case"]


def test_every_block_is_visible() -> None:
    shown = view(adaptive_card(card("Your pair", *every_block("Ana Ruiz"))))
    assert shown.title == "Your pair"
    assert shown.text.splitlines() == [
        "Your pair",
        "Hello Ana Ruiz, Ana Ruiz",
        "•  Ana Ruiz",
        "•  Ana Ruiz",
        "See [the guide](https://larkspur.example/guide): Ana Ruiz **Ana Ruiz** _Ana Ruiz_",
        "Ana Ruiz",
        "Ana Ruiz",
        "Ana Ruiz",
        "Next",
        "Ana Ruiz",
        "Ana Ruiz",
        "Ana Ruiz  ■■■□□□□□□□  3 of 8",
        "Ana Ruiz: kim@larkspur.example",
        "Nowhere: Ana Ruiz",
    ]
    assert [action["title"] for action in shown.actions] == ["Ana Ruiz", "Stop", "Ana Ruiz", "Ana Ruiz", "Mail"]


def test_more_than_six_buttons_go_on_in_a_second_row() -> None:
    content = adaptive_card(card("", buttons(*(Button(f"Topic {number}", ACTION) for number in range(8)))))
    assert_taken(content)
    assert [action["title"] for action in view(content).actions] == [f"Topic {number}" for number in range(8)]


def test_a_button_holds_only_a_pointer_and_works_on_old_clients() -> None:
    (action,) = view(adaptive_card(card("", buttons(Button("Join", ACTION))))).actions
    assert action["data"] == {"flipside": {"press": "sign_up.join?program=7"}}
    assert action["fallback"]["type"] == "Action.Submit"
    assert action["fallback"]["data"] == action["data"]


@pytest.mark.parametrize("letters", ["a", "ж", "字", "👩‍👩‍👧"])
def test_a_card_of_any_length_stays_small_enough_and_keeps_its_buttons(letters: str) -> None:
    rows = Facts(tuple((f"Pair {number}", letters * 60) for number in range(150)))
    long = card(letters * 500, text("{words}", words=letters * 9000), rows, buttons(Button("Approve", ACTION)))
    content = adaptive_card(long)
    assert size(content) <= MOST_BYTES
    assert_taken(content)
    assert [action["title"] for action in view(content).actions] == ["Approve"]


def test_a_picture_that_is_too_large_becomes_its_description() -> None:
    content = adaptive_card(card("Chart", Picture(bytes(40_000), "Sessions by month")))
    assert_taken(content)
    assert view(content).text == "Chart\nSessions by month"


def test_an_empty_card_is_still_a_message() -> None:
    assert_taken(adaptive_card(card("", Facts(()), buttons())))


def test_every_field_is_there_with_what_was_typed_before() -> None:
    content = form_card(Form("Join", ACTION, every_field("Ana"), intro="Three minutes."))
    inputs = {one["id"]: one for one in view(content).inputs}
    assert [inputs[key]["value"] for key in ("line", "paragraph", "choice", "choices", "scale", "date", "time")] == [
        "Ana",
        "Ana",
        "a",
        "a,b",
        "4",
        "2026-05-28",
        "09:30",
    ]
    assert inputs["person"]["label"] == "Ana (optional)"
    assert not inputs["person"]["isRequired"]
    assert inputs["date"]["min"] == "2026-01-01"
    assert inputs["date"]["max"] == "2026-12-31"
    assert [choice["title"] for choice in inputs["scale"]["choices"]] == ["1 – Ana", "2", "3", "4", "5 – Ana"]
    assert "Three minutes." in view(content).text
    assert "Pick up to 2." in view(content).text


def test_a_fault_stands_directly_below_its_field() -> None:
    content = form_card(Form("Join", ACTION, every_field("Ana")), "", {"line": "Please answer this one."})
    lines = view(content).text.splitlines()
    assert lines[lines.index("Ana") + 1] == "Please answer this one."


def test_a_long_list_of_options_folds() -> None:
    options = tuple(Option(f"d{number}", f"Department {number}") for number in range(40))
    (field,) = view(form_card(Form("Join", ACTION, (Choice(key="d", label="Department", options=options),)))).inputs
    assert field["style"] == "compact"
    assert len(field["choices"]) == 40


def test_what_was_typed_comes_back_as_values() -> None:
    data = {"flipside": {"submit": "a.b"}, "line": "a,b", "choices": "a,b", "number": 4, "empty": "", "gone": None}
    assert typed_values(data, ["choices", "missing"]) == {
        "line": "a,b",
        "choices": ("a", "b"),
        "number": "4",
        "empty": "",
    }
    assert typed_values({"line": "x"}, "nonsense") == {"line": "x"}
