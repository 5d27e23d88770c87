"""Cards as Slack blocks: every block, within the limits, and nothing that people typed does anything."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.slack import cards
from conversations.actions import Action
from conversations.cards import (
    AnyButton,
    Block,
    Button,
    Buttons,
    Card,
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
from conversations.contacts import Address, Contact
from tests.support.slack_limits import faults_of_message, faults_of_view, visible_text

MET = Action("check_in", "met", {"pair": 3})
SLACK_ANA = Contact("Ana Ruiz", "ana@larkspur.example", "", Address("slack", "T1", "U1"))
TEAMS_BEN = Contact("Ben Okafor", "ben@larkspur.example", "ben@larkspur.example", Address("teams", "t", "29:1"))
MAIL_ONLY = Contact("Cleo Vance", "cleo@larkspur.example")

HOSTILE = (
    "<!channel>",
    "<@U123>",
    "<https://evil.example|click>",
    "[x](https://evil.example)",
    "*b* _i_ ~s~ `c`",
    "https://evil.example/x?a=1&b=2",
    "mallory@evil.example",
    "&lt;!here&gt;",
    "@here #general :tada:",
    "\u202e<!here>\u2066",
    "zero\u200bwidth\u200d<@U1>",
    "- a list\n> a quote\n```code```",
    "{name} {0} %s",
    "\ud83d\x00\x07",
    "",
)
hostile = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=300), st.sampled_from(HOSTILE).map(lambda x: x * 500))


def test_every_block_is_shown_and_its_words_can_be_read() -> None:
    shown = cards.message(
        card(
            "Your pair",
            text("You meet **{who}**, _soon_:\n- one\n- two [guide](https://larkspur.example/g)", who=SLACK_ANA),
            Facts((("Topic", "Prompts"), ("When", "28 May"))),
            Divider(),
            Progress("Half-time", 3, 6),
            Picture(b"png", "A chart"),
            quiet("Next from me: 28 May"),
            buttons(Button("We met", MET, "primary"), LinkButton("Guide", "https://larkspur.example/g")),
        )
    )
    assert visible_text(shown["blocks"]) == (
        "Your pair\nYou meet Ana Ruiz, soon:\n• one\n• two guide\nTopic: Prompts\nWhen: 28 May\n"
        "Half-time: ▰▰▰▰▰▱▱▱▱▱ 3 of 6\nA chart\nNext from me: 28 May\n[We met] [Guide]"
    )
    assert [block["type"] for block in shown["blocks"]] == [
        "header",
        "rich_text",
        "rich_text",
        "divider",
        "rich_text",
        "rich_text",
        "context",
        "actions",
    ]
    assert faults_of_message(shown, set()) == []


def test_a_button_holds_its_action_and_looks_like_its_style() -> None:
    row = cards.message(card("", buttons(Button("We met", MET, "primary"), Button("Stop", MET, "danger"))))
    first, second = row["blocks"][0]["elements"]
    assert first["value"] == "check_in.met?pair=3"
    assert (first["style"], second["style"]) == ("primary", "danger")


def test_an_uploaded_picture_is_shown_with_its_words_for_who_cannot_see_it() -> None:
    shown = cards.message(card("", Picture(b"png", "A chart")), {b"png": "F12345678"})
    assert shown["blocks"] == [{"type": "image", "slack_file": {"id": "F12345678"}, "alt_text": "A chart"}]


@pytest.mark.parametrize(
    ("contact", "url"),
    [
        (SLACK_ANA, "https://slack.com/app_redirect?team=T1&channel=U1"),
        (TEAMS_BEN, "https://teams.microsoft.com/l/chat/0/0?users=ben@larkspur.example"),
    ],
)
def test_a_chat_button_opens_a_chat_where_the_person_is(contact: Contact, url: str) -> None:
    shown = cards.message(card("", buttons(ChatButton("Write to them", contact))))
    assert shown["blocks"][0]["elements"][0]["url"] == url


def test_somebody_with_an_e_mail_only_is_reached_by_a_link_beside_the_buttons() -> None:
    shown = cards.message(card("", buttons(Button("We met", MET), ChatButton("Write to Cleo", MAIL_ONLY))))
    assert visible_text(shown["blocks"]) == "[We met]\nWrite to Cleo: cleo@larkspur.example"
    assert shown["blocks"][1]["elements"][0]["elements"][1]["url"] == "mailto:cleo@larkspur.example"
    assert faults_of_message(shown, set()) == []


def test_a_named_person_is_not_rung() -> None:
    shown = cards.message(card("", text("Meet {who}.", who=SLACK_ANA)))
    assert {"type": "text", "text": "Ana Ruiz", "style": {"bold": True}} in list(_parts(shown))
    assert not any(part.get("type") == "user" for part in _parts(shown))


def test_a_long_card_is_cut_within_slacks_limits_and_keeps_its_buttons() -> None:
    many: list[Block] = [text("word " * 500) for _ in range(60)]
    row: tuple[AnyButton, ...] = tuple(Button("x" * 90, MET) for _ in range(30))
    shown = cards.message(Card("T" * 200, (*many, Divider(), Buttons(row))))
    assert faults_of_message(shown, set()) == []
    assert sum(len(block["elements"]) for block in shown["blocks"] if block["type"] == "actions") == 30
    assert shown["blocks"][0]["text"]["text"].endswith("…")
    assert len(shown["text"]) <= 4000


def test_more_blocks_than_slack_takes_lose_the_middle_and_not_the_end() -> None:
    rows = tuple(Buttons((Button(f"Button {number}", MET),)) for number in range(70))
    shown = cards.message(Card("Many", rows))
    assert len(shown["blocks"]) == 50
    assert "[Button 69]" in visible_text(shown["blocks"])


def test_home_may_be_longer_than_a_message() -> None:
    view = cards.home(Card("Home", tuple(Buttons((Button("B", MET),)) for _ in range(90))))
    assert len(view["blocks"]) == 91
    assert faults_of_view(view, set()) == []


@settings(max_examples=200, deadline=None)
@given(typed=hostile, name=hostile)
@example(typed="<!channel>", name="<@U123>")
def test_s8_nothing_that_people_typed_is_active_in_a_message(typed: str, name: str) -> None:
    contact = Contact(name, "ana@larkspur.example")
    shown = cards.message(
        card(
            typed,
            text("Said **{typed}** and _{typed}_:\n- {typed} {who}", typed=typed, who=contact),
            quiet("Small {typed}", typed=typed),
            quiet("Small [guide](https://larkspur.example) {typed}", typed=typed),
            Facts(((typed, typed),)),
            Progress(typed, 1, 2),
            Picture(b"png", typed),
            buttons(Button(typed, MET), LinkButton(typed, "https://larkspur.example"), ChatButton(typed, contact)),
        )
    )
    assert faults_of_message(shown, set()) == []
    for part in _parts(shown):
        # Rich text and plain_text are shown as they are; mrkdwn would be read for mentions, links and formats.
        assert part.get("type") != "mrkdwn"
        assert part.get("type") not in ("user", "usergroup", "broadcast", "channel", "emoji")
        if "url" in part:
            assert part["url"] in ("https://larkspur.example", "mailto:ana@larkspur.example")
        if part.get("type") == "plain_text":
            assert part["emoji"] is False
    assert "<" not in shown["text"]
    assert ">" not in shown["text"]


def _parts(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from _parts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _parts(each)
