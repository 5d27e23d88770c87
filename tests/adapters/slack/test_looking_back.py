"""Whether a message arrived, as Slack's own history tells."""

import logging
from datetime import UTC, datetime, timedelta

import pytest

from adapters.platform import CannotLook, Delivered, Found, NotFound
from conversations.cards import card, text
from conversations.contacts import Address, Group
from conversations.files import File
from tests.adapters.slack.conftest import ScriptedBot
from tests.support.slack_person import SlackPerson
from tests.support.slack_server import Fault, SlackStub

HELLO = card("", text("Hello"))


def at(slack: SlackStub, who: SlackPerson) -> Address:
    return Address("slack", slack.team, who.id)


async def unused() -> str:
    return ""


def just_now() -> datetime:
    return datetime.now(UTC) - timedelta(minutes=1)


async def test_a_message_is_found_by_its_delivery_id_and_can_be_edited_by_what_is_found(
    slack: SlackStub, bot: ScriptedBot, ana: SlackPerson
) -> None:
    sent = await bot.platform.send(at(slack, ana), HELLO, "d1")
    await bot.platform.send(at(slack, ana), HELLO, "d2")
    assert isinstance(sent, Delivered)
    assert await bot.platform.look_back(at(slack, ana), "d1", just_now()) == Found(sent.ref)
    assert await bot.platform.look_back(at(slack, ana), "d3", just_now()) == NotFound()


async def test_a_message_that_came_twice_is_counted(slack: SlackStub, bot: ScriptedBot, ana: SlackPerson) -> None:
    for _ in range(2):
        await bot.platform.send(at(slack, ana), HELLO, "d1")
    seen = await bot.platform.look_back(at(slack, ana), "d1", just_now())
    assert isinstance(seen, Found)
    assert seen.times == 2


async def test_a_file_with_its_card_is_found_too(slack: SlackStub, bot: ScriptedBot, ana: SlackPerson) -> None:
    report = File("report.csv", "text/csv", b"a,b")
    await bot.platform.hand(at(slack, ana), HELLO, report, unused, "d1")
    assert isinstance(await bot.platform.look_back(at(slack, ana), "d1", just_now()), Found)


async def test_a_long_history_is_read_page_by_page(slack: SlackStub, bot: ScriptedBot, ana: SlackPerson) -> None:
    await bot.platform.send(at(slack, ana), HELLO, "d0")
    for number in range(250):
        slack.say_in(ana.dm, ana.id, {"text": f"{number}"})
    assert isinstance(await bot.platform.look_back(at(slack, ana), "d0", just_now()), Found)
    assert len(slack.called("conversations.history")) == 2


async def test_without_the_right_to_read_nobody_can_say_and_the_log_says_so_once(
    slack: SlackStub, bot: ScriptedBot, ana: SlackPerson, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "flipside")
    slack.scopes = slack.scopes.replace("im:history,", "")
    for _ in range(2):
        seen = await bot.platform.look_back(at(slack, ana), "d1", just_now())
        assert seen == CannotLook("missing_scope", for_good=True)
    assert caplog.text.count("cannot look back") == 1


async def test_a_group_chat_is_never_read(slack: SlackStub, bot: ScriptedBot, ana: SlackPerson) -> None:
    both = Group((at(slack, ana), at(slack, slack.add_person("Ben Okafor"))))
    seen = await bot.platform.look_back(both, "d1", just_now())
    assert isinstance(seen, CannotLook)
    assert seen.for_good
    assert slack.called("conversations.history") == []


@pytest.mark.parametrize(
    ("fault", "wait"), [(Fault("ratelimited", retry_after=7), 7.0), (Fault("status", status=503), None)]
)
async def test_a_slack_that_cannot_say_now_is_asked_again(
    slack: SlackStub, bot: ScriptedBot, ana: SlackPerson, fault: Fault, wait: float | None
) -> None:
    slack.fail("conversations.history", fault)
    seen = await bot.platform.look_back(at(slack, ana), "d1", just_now())
    assert isinstance(seen, CannotLook)
    assert (seen.for_good, seen.retry_after) == (False, wait)
