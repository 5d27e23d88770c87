"""Every card and form as Slack, Teams and the playground get it, kept so that a change is seen before it is sent."""

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.routing import Router
from conversations.actions import Action
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

# Slack: at most 150 characters of a header; our own limit for what a card asks is five buttons a row.
MOST_TITLE, MOST_BUTTONS, MOST_LABEL = 150, 5, 30
Shown = Card | Form

# Answers to a question that somebody asked just now, and what several people read at once: nobody waits for more.
SAY_NOTHING_OF_LATER = {
    "apologies.our_fault",
    "asked_cards.nothing_asked_card",
    "booking_cards.calendar_file_card",
    "check_cards.ended_check_card",
    "hold_cards.nothing_to_hold_card",
    "introduction_cards.shared_card",
    "matching_notices.closed_card",
    "matching_notices.settled_card",
    "matching_notices.under_way_card",
    "matching_notices.worked_out_card",
    "matching_notices.working_card",
    "matching_rules_cards.gone_card",
    "matching_rules_cards.trying_card",
    "open_place_cards.place_settled_card",
    "opening_cards.kept_card",
    "preview_cards.preview_ended_card",
    "program_cards.announcement_ended_card",
    "proposal_screen.settled",
    "rematch_cards.left_alone_card",
    "rematch_cards.looking_card",
    "rematch_cards.rematch_late_card",
    "rematch_cards.rematch_not_now_card",
    "rematch_cards.rematch_settled_card",
    "report_cards.figures_file_card",
    "report_cards.meanings_card",
    "report_cards.pairs_file_card",
    "roster_cards.changes_card",
    "roster_cards.left_alone_card",
    "roster_cards.reading_card",
    "roster_cards.report_card",
    "roster_cards.settled_card",
    "topic_cards.thinking_card",
    "unmatched_cards.looking_card",
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


def test_cards_look_as_they_did_when_somebody_last_looked(pictures: Mapping[str, Shown], golden: Golden) -> None:
    golden.check_folder(
        "cards",
        {f"{name}.{ending}": now for name, shown in pictures.items() for ending, now in rendered(shown).items()},
    )


def test_every_card_and_form_is_made_by_a_function_of_its_own_so_that_it_is_in_the_gallery() -> None:
    assert gallery.nameless() == []
    assert set(gallery.LOOKS) <= set(gallery.makers())


# One test looks at all pictures, since a test for each of 350 takes longer to set up than to run.


def test_slack_takes_every_picture(pictures: Mapping[str, Shown]) -> None:
    assert _wrong(pictures, _faults_on_slack) == {}


def test_teams_takes_every_picture(pictures: Mapping[str, Shown]) -> None:
    assert _wrong(pictures, _faults_on_teams) == {}


def test_buttons_lead_to_steps_that_take_what_they_hold(pictures: Mapping[str, Shown]) -> None:
    router = Router(FLOWS)
    assert _wrong(pictures, lambda shown: _faults_of_buttons(router, shown)) == {}


def test_every_card_survives_the_outbox(pictures: Mapping[str, Shown]) -> None:
    cards = {name: shown for name, shown in pictures.items() if isinstance(shown, Card)}
    assert [name for name, shown in cards.items() if unpack_card(pack_card(shown)) != shown] == []


def test_words_are_whole_and_kind(pictures: Mapping[str, Shown]) -> None:
    assert _wrong(pictures, _faults_of_words) == {}


def _wrong(pictures: Mapping[str, Shown], faults: Callable[[Shown], list[str]]) -> dict[str, list[str]]:
    """What is wrong with each picture that is not as it should be."""
    return {name: found for name, shown in pictures.items() if (found := faults(shown))}


def _faults_on_slack(shown: Shown) -> list[str]:
    body: dict[str, Any] = dict(slack(shown))
    return faults_of_message(body, set()) if isinstance(shown, Card) else faults_of_view(body, set())


def _faults_on_teams(shown: Shown) -> list[str]:
    return card_faults({"contentType": "application/vnd.microsoft.card.adaptive", "content": teams(shown)})


def _faults_of_buttons(router: Router, shown: Shown) -> list[str]:
    if not isinstance(shown, Card):
        return []
    rows = [block.buttons for block in shown.blocks if isinstance(block, Buttons)]
    buttons = [button for row in rows for button in row]
    faults = ["title"] if len(shown.title) > MOST_TITLE else []
    faults += [f"{len(row)} buttons in a row" for row in rows if not 1 <= len(row) <= MOST_BUTTONS]
    faults += [button.label for button in buttons if len(button.label) > MOST_LABEL]
    return faults + [
        button.label for button in buttons if isinstance(button, Button) and not _is_taken(router, button.action)
    ]


def _is_taken(router: Router, action: Action) -> bool:
    try:
        step = router.step(action)
        step._arguments(action.args)
    except (LookupError, TypeError, ValueError):
        return False
    return action.args.keys() <= step.parameters.keys()


def _faults_of_words(shown: Shown) -> list[str]:
    said = words(shown)
    faults = [] if said.strip() else ["no words"]
    faults += re.findall(r"\{\w*\}|\bNone\b|\*\*|  +\S|\s[.,;:!?](?:\s|$)|\.\.(?!\.)", _sentences(said))
    return faults + re.findall(r"(?i)remedial|\bskill gaps?\b|\byou (?:must|failed|forgot)\b|\boverdue\b", said)


def _sentences(said: str) -> str:
    """Without the lines of a form that are laid out by us."""
    return "\n".join(line for line in said.splitlines() if not line.startswith("  "))


def test_every_form_field_has_the_key_that_forms_on_screens_send(pictures: Mapping[str, Shown], golden: Golden) -> None:
    forms = [(name.partition("-")[0], shown) for name, shown in pictures.items() if isinstance(shown, Form)]
    keys = sorted({f"{name}: {field.key}" for name, form in forms for field in form.fields})
    golden.check("fields.txt", "".join(f"{key}\n" for key in keys))


def test_a_message_that_asks_for_nothing_says_when_the_next_one_comes(pictures: Mapping[str, Shown]) -> None:
    silent = {name.partition("-")[0] for name, shown in pictures.items() if _is_silent(shown)}
    assert sorted(silent - SAY_NOTHING_OF_LATER) == []


def _is_silent(shown: Shown) -> bool:
    if not isinstance(shown, Card) or any(isinstance(block, Buttons) for block in shown.blocks):
        return False
    return "Next from me" not in plain_text(shown) and "type " not in plain_text(shown).lower()
