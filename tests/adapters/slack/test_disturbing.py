"""Do-not-disturb as Slack tells of it: asked now and then, and never in the way of a message."""

import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from adapters.slack.api import web_client
from adapters.slack.disturbing import KEPT, PAUSE, DoNotDisturb
from bot.clock import VirtualClock
from tests.support.slack_person import SlackPerson
from tests.support.slack_server import Fault, SlackStub

NOW = datetime(2026, 5, 28, 9, 0, tzinfo=UTC)
NOON = NOW + timedelta(hours=3)


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(NOW)


@pytest.fixture
async def quiet(slack: SlackStub, clock: VirtualClock) -> AsyncIterator[DoNotDisturb]:
    async with aiohttp.ClientSession() as session:
        yield DoNotDisturb(web_client(slack.bot_token, slack.api_url, session), clock.now)


def hours(slack: SlackStub, who: SlackPerson, begins: datetime, ends: datetime) -> None:
    slack.quiet[who.id] = int(begins.timestamp()), int(ends.timestamp())


def asked(slack: SlackStub) -> int:
    return [method for method, _ in slack.calls].count("dnd.info")


async def test_only_within_their_quiet_hours_somebody_is_left_alone(
    slack: SlackStub, quiet: DoNotDisturb, clock: VirtualClock, ana: SlackPerson, ben: SlackPerson
) -> None:
    hours(slack, ana, NOW - timedelta(hours=1), NOON)
    assert await quiet.until(ana.id) == NOON
    assert await quiet.until(ben.id) is None
    clock.move_to(NOON)
    assert await quiet.until(ana.id) is None


async def test_hours_that_lie_ahead_are_kept_and_begin_in_time(
    slack: SlackStub, quiet: DoNotDisturb, clock: VirtualClock, ana: SlackPerson
) -> None:
    hours(slack, ana, NOW + timedelta(minutes=1), NOON)
    assert await quiet.until(ana.id) is None
    clock.move_to(NOW + timedelta(minutes=2))
    assert await quiet.until(ana.id) == NOON
    assert asked(slack) == 1
    clock.move_to(NOW + KEPT)
    hours(slack, ana, NOON, NOON + timedelta(hours=1))
    assert await quiet.until(ana.id) is None
    assert asked(slack) == 2


async def test_without_its_right_it_is_off_and_says_so_once(
    slack: SlackStub, quiet: DoNotDisturb, ana: SlackPerson, ben: SlackPerson, caplog: pytest.LogCaptureFixture
) -> None:
    slack.scopes = slack.scopes.replace(",dnd:read", "")
    hours(slack, ana, NOW, NOON)
    for who in (ana, ben, ana):
        assert await quiet.until(who.id) is None
    assert asked(slack) == 1
    assert [record.levelno for record in caplog.records].count(logging.WARNING) == 1


@pytest.mark.parametrize("fault", [Fault("ratelimited", retry_after=30), Fault("status"), Fault("garbage")])
async def test_a_slack_that_does_not_answer_holds_nobodys_message_and_is_left_alone_for_a_minute(
    slack: SlackStub, quiet: DoNotDisturb, clock: VirtualClock, ana: SlackPerson, fault: Fault
) -> None:
    hours(slack, ana, NOW, NOON)
    slack.fail("dnd.info", fault)
    assert await quiet.until(ana.id) is None
    assert await quiet.until(ana.id) is None
    assert asked(slack) == 1
    clock.move_to(NOW + PAUSE)
    assert await quiet.until(ana.id) == NOON
