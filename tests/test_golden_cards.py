"""Every card and form as Slack, Teams and the playground get it, kept so that a change is seen before it is sent."""

import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.routing import Router
from conversations.cards import Button, Buttons, Card, plain_text
from conversations.flows import FLOWS
from conversations.forms import Form
from conversations.packing import pack_card, unpack_card
from storage.database import Database
from tests.support import gallery
from tests.support.golden import Golden
from tests.support.rendered import rendered, slack, teams, words
from tests.support.slack_limits import faults_of_message, faults_of_view
from tests.support.teams_cards import card_faults

NAMES = gallery.names()
# Slack: at most 150 characters of a header; our own limit for what a card asks is five buttons a row.
MOST_TITLE, MOST_BUTTONS, MOST_LABEL = 150, 5, 30
Shown = Card | Form

# Answers to a question that somebody asked just now, and what several people read at once: nobody waits for more.
SAY_NOTHING_OF_LATER = {
    "apologies.our_fault",
    "check_cards.ended_check_card",
    "hold_cards.nothing_to_hold_card",
    "introduction_cards.shared_card",
    "matching_notices.closed_card",
    "matching_notices.settled_card",
    "matching_notices.under_way_card",
    "matching_notices.working_card",
    "opening_cards.kept_card",
    "preview_cards.preview_ended_card",
    "program_cards.announcement_ended_card",
    "report_cards.figures_file_card",
    "report_cards.meanings_card",
    "report_cards.pairs_file_card",
    "roster_cards.changes_card",
    "roster_cards.left_alone_card",
    "roster_cards.reading_card",
    "roster_cards.report_card",
    "roster_cards.settled_card",
    "topic_cards.thinking_card",
    "which_program.no_program_card",
    "who_cards.gone_card",
    "who_cards.who_card",
}


@pytest.fixture(scope="session")
def pictures(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Shown]]:
    path = tmp_path_factory.mktemp("gallery") / "larkspur.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    yield gallery.gallery(database)
    database.close()


@pytest.mark.parametrize("name", NAMES)
def test_a_card_looks_as_it_did_when_somebody_last_looked(
    pictures: Mapping[str, Shown], golden: Golden, name: str
) -> None:
    for ending, now in rendered(pictures[name]).items():
        golden.check(f"cards/{name}.{ending}", now)


def test_no_picture_is_left_of_a_card_that_is_gone(pictures: Mapping[str, Shown], golden: Golden) -> None:
    golden.check_folder("cards", {f"{name}.{ending}" for name in NAMES for ending in rendered(pictures[name])})


def test_every_card_and_form_is_made_by_a_function_of_its_own_so_that_it_is_in_the_gallery() -> None:
    assert gallery.nameless() == []
    assert set(gallery.LOOKS) <= set(gallery.makers())


@pytest.mark.parametrize("name", NAMES)
def test_slack_takes_it(pictures: Mapping[str, Shown], name: str) -> None:
    shown = pictures[name]
    body: dict[str, Any] = dict(slack(shown))
    faults = faults_of_message(body, set()) if isinstance(shown, Card) else faults_of_view(body, set())
    assert faults == []


@pytest.mark.parametrize("name", NAMES)
def test_teams_takes_it(pictures: Mapping[str, Shown], name: str) -> None:
    content = teams(pictures[name])
    assert card_faults({"contentType": "application/vnd.microsoft.card.adaptive", "content": content}) == []


@pytest.mark.parametrize("name", NAMES)
def test_its_buttons_lead_to_steps_that_take_what_they_hold(pictures: Mapping[str, Shown], name: str) -> None:
    shown = pictures[name]
    router = Router(FLOWS)
    if isinstance(shown, Card):
        rows = [block.buttons for block in shown.blocks if isinstance(block, Buttons)]
        assert len(shown.title) <= MOST_TITLE
        assert all(1 <= len(row) <= MOST_BUTTONS for row in rows)
        assert all(len(button.label) <= MOST_LABEL for row in rows for button in row)
        for action in [button.action for row in rows for button in row if isinstance(button, Button)]:
            router.step(action)._arguments(action.args)
            assert action.args.keys() <= router.step(action).parameters.keys()


@pytest.mark.parametrize("name", NAMES)
def test_it_survives_the_outbox(pictures: Mapping[str, Shown], name: str) -> None:
    shown = pictures[name]
    if isinstance(shown, Card):
        assert unpack_card(pack_card(shown)) == shown


@pytest.mark.parametrize("name", NAMES)
def test_its_words_are_whole_and_kind(pictures: Mapping[str, Shown], name: str) -> None:
    said = words(pictures[name])
    assert said.strip()
    assert not re.findall(r"\{\w*\}|\bNone\b|\*\*|  +\S|\s[.,;:!?](?:\s|$)|\.\.(?!\.)", _sentences(said))
    assert not re.findall(r"(?i)remedial|\bskill gaps?\b|\byou (?:must|failed|forgot)\b|\boverdue\b", said)


def _sentences(said: str) -> str:
    """Without the lines of a form that are laid out by us."""
    return "\n".join(line for line in said.splitlines() if not line.startswith("  "))


def test_every_form_field_has_the_key_that_forms_on_screens_send(pictures: Mapping[str, Shown], golden: Golden) -> None:
    forms = [(name.partition("-")[0], shown) for name, shown in pictures.items() if isinstance(shown, Form)]
    keys = sorted({f"{name}: {field.key}" for name, form in forms for field in form.fields})
    golden.check("fields.txt", "".join(f"{key}\n" for key in keys))


def test_a_message_that_asks_for_nothing_says_when_the_next_one_comes(pictures: Mapping[str, Shown]) -> None:
    silent = {name.partition("-")[0] for name, shown in pictures.items() if _is_silent(shown)}
    assert silent <= SAY_NOTHING_OF_LATER


def _is_silent(shown: Shown) -> bool:
    if not isinstance(shown, Card) or any(isinstance(block, Buttons) for block in shown.blocks):
        return False
    return "Next from me" not in plain_text(shown) and "type " not in plain_text(shown).lower()
