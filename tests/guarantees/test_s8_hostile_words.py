"""S8: whatever people are called and whatever they type, on no platform does a word of it do anything."""

import re
import shutil
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from conversations.cards import Card, Text, card, text
from conversations.forms import Form
from storage.database import Database
from tests.adapters.teams.test_cards import ACTIVE
from tests.guarantees.hostile import EVIL, HOSTILE, MARK, hostile_gallery, said
from tests.support.rendered import slack, teams, web
from tests.support.teams_cards import markdown_strings, view

# Slack elements that ring a bell, name somebody or are read as markup.
LIVE = {"mrkdwn", "user", "usergroup", "broadcast", "channel", "emoji", "date", "color", "team"}
TAGS = {
    *("a", "article", "button", "dd", "div", "dl", "dt", "em", "fieldset", "footer", "form", "h2", "h3", "header"),
    *("hr", "img", "input", "label", "legend", "li", "option", "p", "progress", "select", "small", "span", "strong"),
    *("textarea", "ul", "br", "bdi"),
}


def leads_away(url: str) -> bool:
    """Whether somebody's words decide where it goes. Within the question of an address they are only words."""
    parts = urlsplit(url)
    return EVIL in f"{parts.scheme} {parts.netloc} {parts.path}" or parts.scheme == "javascript"


def slack_faults(shown: Mapping[str, Any]) -> Iterator[str]:
    """Whatever Slack would read as a mention, a link or a format, or open."""
    for part in _parts(shown):
        if part.get("type") in LIVE or part.get("emoji") is True:
            yield f"live: {part}"
        if leads_away(str(part.get("url", ""))):
            yield f"link: {part}"
    # The words of a notification are the one text that Slack parses.
    fallback = str(shown["text"]) if isinstance(shown.get("text"), str) else ""
    if "<" in fallback or ">" in fallback:
        yield f"notification: {fallback}"


def _parts(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from _parts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _parts(each)


# Bold, italic and links that we wrote ourselves, in a paragraph with one of our links.
_OUR_LINK = re.compile(r"\[[^\]]*\]\((?:https://[\w./-]*larkspur\.example[^)]*|https?://learn\.[^)]*|mailto:[^)]*)\)")


def teams_faults(content: dict[str, Any]) -> Iterator[str]:
    """Whatever some client of Teams would read as Markdown or link by itself, or open."""
    for words in markdown_strings(content):
        ours = _OUR_LINK.sub("", words)
        if ours != words:
            ours = re.sub(r"\*\*|(?<!\S)_|_(?!\S)", "", ours)
        for active in ACTIVE:
            if found := active.search(ours):
                yield f"{found[0]!r} in {words!r}"
    for action in view(content).actions:
        if leads_away(str(action.get("url", ""))):
            yield f"link: {action}"


class _Page(HTMLParser):
    """Tags that no card of ours has, attributes that run something, and links elsewhere."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.faults.append(f"tag: {tag}")
        for name, value in attrs:
            goes_out = name in ("href", "src", "action", "formaction", "srcdoc") and leads_away(value or "")
            if name.startswith("on") or (name == "style" and EVIL in (value or "")) or goes_out:
                self.faults.append(f"attribute: {tag} {name}={value}")


def faults(made: Mapping[str, Card | Form]) -> list[str]:
    """What any of the three platforms would act on, by card."""
    found = []
    for name, shown in made.items():
        found += [f"slack {name}: {fault}" for fault in slack_faults(slack(shown))]
        found += [f"teams {name}: {fault}" for fault in teams_faults(dict(teams(shown)))]
        found += [f"web {name}: {fault}" for fault in _Page(web(shown)).faults]
    return found


@pytest.fixture(scope="module")
def marked(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Card | Form]]:
    """Everything that the bot can show, with MARK for whatever people are called and write."""
    path = tmp_path_factory.mktemp("hostile") / "larkspur.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    yield hostile_gallery(database, MARK)
    database.close()


def texts(shown: Card | Form) -> Iterator[str]:
    """The templates of a card, which are read as Markdown."""
    yield from (block.markdown for block in shown.blocks if isinstance(block, Text)) if isinstance(shown, Card) else ()


def test_s8_no_text_of_ours_is_put_together_from_what_people_typed(marked: Mapping[str, Card | Form]) -> None:
    assert sum(MARK in repr(shown) for shown in marked.values()) > len(marked) / 2, "the words are on most of them"
    assert [name for name, shown in marked.items() if any(MARK in each for each in texts(shown))] == []


typed = st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=30)), min_size=1, max_size=4).map(" ".join)


def test_s8_no_word_that_people_typed_is_active_on_any_card_or_form(marked: Mapping[str, Card | Form]) -> None:
    assert faults({name: said(shown, HOSTILE[1]) for name, shown in marked.items()}) == []


@pytest.mark.slow
@settings(max_examples=6, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(words=typed)
@example(words=" ".join(HOSTILE))
def test_s8_nor_is_anything_else(marked: Mapping[str, Card | Form], words: str) -> None:
    assert faults({name: said(shown, words) for name, shown in marked.items()}) == []


@pytest.mark.slow
def test_s8_nor_where_they_are_cut_joined_or_listed_before_they_are_shown(sqlite_database: Database) -> None:
    """Here the words went the whole way, from the rows of the database."""
    assert faults(hostile_gallery(sqlite_database, HOSTILE[4])) == []


# Does the check see it when a word becomes active? -------------------------------------------------------------------


def test_s8_notices_a_card_that_takes_what_somebody_typed_for_a_text_of_ours() -> None:
    careless = card("Hello", text(f"You are paired with {HOSTILE[1]}."))
    found = faults({"careless": careless})
    assert {one.split()[0] for one in found} == {"slack", "teams", "web"}


def test_s8_notices_a_renderer_that_escapes_nothing() -> None:
    shown = {"type": "section", "text": {"type": "mrkdwn", "text": HOSTILE[0]}}
    assert list(slack_faults({"blocks": [shown], "text": HOSTILE[0]}))
    block = {"type": "TextBlock", "text": HOSTILE[1], "wrap": True}
    assert list(teams_faults({"body": [block]}))
    assert _Page(f"<p>{HOSTILE[2]}</p>").faults
