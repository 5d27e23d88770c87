"""Cards as HTML: every block is drawn, and nothing that a person typed becomes a tag or a link."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.web.cards import card_html, words_html
from conversations.actions import Action
from conversations.cards import (
    Button,
    Card,
    ChatButton,
    Facts,
    LinkButton,
    Picture,
    Progress,
    Text,
    buttons,
    card,
    plain_text,
    text,
)
from conversations.contacts import Address, Contact
from tests.support.web_gallery import everything
from tests.support.web_person import read_html

HOSTILE = (
    "<!channel>",
    "<@U123>",
    "<https://evil.example|here>",
    "[x](https://evil.example)",
    "*b* _i_ `c` ~s~ **b**",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "https://evil.example and mail@evil.example",
    "\u202egnirts\u202c \u200b\u2066x\u2069",
    "&lt;b&gt; &#60;b&#62; {name}",
    "</p></article><a href='https://evil.example'>x</a>",
)

typed = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(min_size=1, max_size=60),
    st.lists(st.sampled_from(HOSTILE), min_size=1).map(" ".join),
)


def card_holding(words: str) -> Card:
    """A card with the words in every place where words of people may come."""
    person = Contact(words, email="jun@larkspur.example")
    here = Contact(words, address=Address("web", "playground", words))
    return card(
        words,
        text("Hello {name}, **{name}** said _{name}_", name=words),
        text("- {name}\n- {person}", name=words, person=person),
        Text("{name}", {"name": words}, quiet=True),
        Facts(((words, words),)),
        Picture(b"png", words),
        Progress(words, 1, 2),
        buttons(
            Button(words, Action("gallery", "met", {"x": "1"})),
            LinkButton(words, "https://larkspur.example/?q=1"),
            ChatButton(words, person),
            ChatButton(words, here),
            ChatButton(words, Contact(words)),
        ),
    )


@settings(deadline=None)  # a busy machine is no fault
@given(typed)
@example('"><img src=x onerror=alert(1)>')
def test_s8_whatever_people_type_the_page_holds_the_same_tags_as_for_a_plain_word(words: str) -> None:
    assert read_html(card_html(card_holding(words))).tags == read_html(card_html(card_holding("word"))).tags


@settings(deadline=None)  # a busy machine is no fault
@given(typed)
def test_s8_whatever_people_type_is_read_as_it_was_typed(words: str) -> None:
    shown = read_html(card_html(Card("", (text("{name}", name=words),))))
    assert shown.text.split() == words.split()


@settings(deadline=None)  # a busy machine is no fault
@given(typed)
def test_s8_words_in_a_chat_hold_no_tag_but_line_breaks(words: str) -> None:
    assert set(read_html(words_html(words)).tags) <= {"p", "br"}


def test_every_block_of_a_card_is_on_the_page() -> None:
    shown = everything()
    page = read_html(card_html(shown))
    for words in plain_text(shown).replace("[", " ").replace("]", " ").split():
        assert words.strip("•:") in page.text, words
    assert page.buttons == ["Find a date", "We met", "Open the guide", "Write to Marta", "Change partner"]
    assert page.actions["We met"] == "gallery.met?pair=3"


def test_only_links_of_ours_are_links() -> None:
    html = card_html(Card("", (text("Read [the guide](https://larkspur.example/guide)"),)))
    assert '<a href="https://larkspur.example/guide" target="_blank" rel="noopener noreferrer">the guide</a>' in html


def test_a_link_that_would_run_a_script_is_only_words() -> None:
    html = card_html(Card("", (buttons(LinkButton("Open", "javascript:alert(1)")),)))
    assert "<a" not in html
    assert "Open" in html


def test_a_list_is_a_list_and_an_empty_line_begins_a_paragraph() -> None:
    html = card_html(Card("", (text("First\nsecond\n\nThird\n- one\n- two"),)))
    assert html == "<p>First<br>second</p><p>Third</p><ul><li>one</li><li>two</li></ul>"


def test_a_chat_button_opens_a_chat_here_or_a_mail_elsewhere() -> None:
    here = ChatButton("Write", Contact("Jun", "jun@larkspur.example", address=Address("web", "playground", "jun")))
    slack = ChatButton("Write", Contact("Jun", "jun@larkspur.example", address=Address("slack", "T1", "U1")))
    assert 'data-chat="jun"' in card_html(Card("", (buttons(here),)))
    assert 'href="mailto:jun@larkspur.example"' in card_html(Card("", (buttons(slack),)))
