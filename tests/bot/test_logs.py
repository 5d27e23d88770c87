"""Logs: lines for people or JSON for machines, and in neither a message, a name or an e-mail."""

import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Literal

import pytest

from bot.logs import write_logs
from storage.database import Database
from tests.guarantees.introductions import MONDAY, morning
from tests.support.slack_server import Fault

CANARY = "canary"
Style = Literal["text", "json"]


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root, ours = logging.getLogger(), logging.getLogger("flipside")
    handlers, levels = list(root.handlers), (root.level, ours.level)
    yield
    for handler in list(root.handlers):
        if handler not in handlers:
            root.removeHandler(handler)
    for handler in handlers:
        if handler not in root.handlers:
            root.addHandler(handler)
    root.setLevel(levels[0])
    ours.setLevel(levels[1])


def test_a_json_line_is_one_object_with_its_parts_as_fields(capsys: pytest.CaptureFixture[str]) -> None:
    write_logs("json")
    logging.getLogger("flipside.delivery").info(
        "delivery kind=%s platform=%s ms=%.1f %s", "hello", "slack", 3.25, "sent"
    )
    line = json.loads(capsys.readouterr().err)
    assert line["level"] == "info"
    assert line["logger"] == "flipside.delivery"
    assert line["message"] == "delivery kind=hello platform=slack ms=3.2 sent"
    assert line["fields"] == {"kind": "hello", "platform": "slack", "ms": 3.2}
    assert line["time"].endswith("Z")


@pytest.mark.parametrize("style", ["text", "json"])
def test_a_fault_is_one_line_with_its_place_and_without_its_words(
    style: Style, capsys: pytest.CaptureFixture[str]
) -> None:
    write_logs(style)
    try:
        raise ValueError(CANARY)
    except ValueError:
        logging.getLogger("flipside.web").exception("a route failed")
        logging.getLogger("asyncio").exception("Task exception was never retrieved\nfuture: <%s>", CANARY)
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 2
    assert said.count("ValueError") == said.count("test_logs.py:") == 2
    assert CANARY not in said


def test_a_line_break_in_a_value_begins_no_new_line(capsys: pytest.CaptureFixture[str]) -> None:
    write_logs("text")
    logging.getLogger("flipside.web").warning("refused %s", "a\nERROR flipside.web forged")
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_of_a_library_only_warnings_pass_and_not_what_was_filled_in(capsys: pytest.CaptureFixture[str]) -> None:
    write_logs("text", logging.DEBUG)
    library = logging.getLogger("slack_sdk.web")
    library.info("posting %s", CANARY)
    library.warning("could not post %s", CANARY)
    said = capsys.readouterr().err
    assert "could not post" in said
    assert CANARY not in said
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize("style", ["text", "json"])
async def test_a7_a_program_at_debug_leaves_no_word_of_anybody_in_the_log(
    style: Style, sqlite_database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    write_logs(style, logging.DEBUG)
    async with morning(sqlite_database) as here:
        here.slack.fail("chat.postMessage", Fault("drop", taken=True), Fault("ratelimited", retry_after=1))
        for number in range(3):
            here.post(f"{CANARY}{number}", text=f"{CANARY} text", person_id=here.hire(number))
        await here.travel.advance(MONDAY + timedelta(minutes=5))
        assert any(CANARY in message.text for message in here.slack.messages)
    said = capsys.readouterr().err
    assert "delivery kind=hello" in said
    for word in (CANARY, "larkspur.example", "Person 0", here.slack.bot_token, here.slack.signing_secret):
        assert word not in said
