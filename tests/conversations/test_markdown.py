"""Our Markdown subset: the template is ours, what people typed stays literal."""

from hypothesis import given
from hypothesis import strategies as st

from conversations.cards import card, plain_text, text
from conversations.contacts import Contact
from conversations.markdown import Line, Link, Named, Plain, parse

HOSTILE = ["<!channel>", "<@U123>", "[x](https://evil.example)", "**bold**", "_it_", "{name}", "- list", "a\nb"]


def test_bold_italic_links_and_lists_are_understood() -> None:
    lines = parse("Meet **{who}** for _coffee_\n- see [the guide](https://larkspur.example/g)", {"who": "Ana"})
    assert lines == (
        Line((Plain("Meet "), Plain("Ana", bold=True), Plain(" for "), Plain("coffee", italic=True))),
        Line((Plain("see "), Link("the guide", "https://larkspur.example/g")), bullet=True),
    )


def test_underscores_inside_words_are_left_alone() -> None:
    assert parse("snake_case_name", {}) == (Line((Plain("snake_case_name"),)),)


def test_a_person_is_named_as_a_contact() -> None:
    ana = Contact("Ana Flores")
    assert parse("With **{ana}**", {"ana": ana}) == (Line((Plain("With "), Named(ana, bold=True))),)


def test_only_web_and_mail_addresses_become_links() -> None:
    assert parse("[x](javascript:alert(1))", {}) == (Line((Plain("[x](javascript:alert(1))"),)),)


@given(st.one_of(st.sampled_from(HOSTILE), st.text()))
def test_s8_what_a_person_typed_is_one_literal_piece_on_one_line(typed: str) -> None:
    (line,) = parse("They said: {words}", {"words": typed})
    assert all(isinstance(span, Plain) and not span.bold and not span.italic for span in line.spans)
    assert not line.bullet
    assert "".join(span.text for span in line.spans if isinstance(span, Plain)) == "They said: " + " ".join(
        typed.split()
    )


def test_a_card_reads_well_as_plain_words() -> None:
    shown = card("Hello", text("Meet **{ana}**.\n- one\n- two", ana=Contact("Ana")))
    assert plain_text(shown) == "Hello\nMeet Ana.\n• one\n• two"
