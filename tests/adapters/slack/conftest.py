"""A workspace, and a bot in it that says what the test tells it to."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from aiohttp import web

from adapters.slack import Slack
from conversations.events import Inbound
from conversations.replies import AtOnce
from tests.support.slack_person import SlackPerson
from tests.support.slack_server import SlackStub

Script = Callable[[Inbound], Sequence[AtOnce]]


@dataclass
class ScriptedBot:
    """Keeps what came in, and answers by the script."""

    platform: Slack
    script: Script = lambda inbound: []
    received: list[Inbound] = field(default_factory=list)

    async def dispatch(self, inbound: Inbound) -> Sequence[AtOnce]:
        self.received.append(inbound)
        return self.script(inbound)


@asynccontextmanager
async def running(
    slack: SlackStub, *, socket: bool = False, api_url: str = "", longest_call: float = 5
) -> AsyncIterator[ScriptedBot]:
    """The bot on a port of its own, or connected by Socket Mode."""
    platform = Slack(
        bot_token=slack.bot_token,
        clock=lambda: datetime.now(UTC),
        app_token=slack.app_token if socket else None,
        signing_secret=None if socket else slack.signing_secret,
        api_url=api_url or slack.api_url,
        longest_call=longest_call,
    )
    bot = ScriptedBot(platform)
    app = web.Application()
    app.router.add_routes(platform.routes())
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.bot_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    await platform.start(bot.dispatch)
    try:
        yield bot
    finally:
        await platform.stop()
        await runner.cleanup()


@pytest.fixture
async def slack() -> AsyncIterator[SlackStub]:
    async with SlackStub() as stub:
        yield stub


@pytest.fixture
async def bot(slack: SlackStub) -> AsyncIterator[ScriptedBot]:
    async with running(slack) as scripted:
        yield scripted


@pytest.fixture
def ana(slack: SlackStub) -> SlackPerson:
    return slack.add_person("Ana Ruiz", "ana@larkspur.example", "Europe/Madrid")


@pytest.fixture
def ben(slack: SlackStub) -> SlackPerson:
    return slack.add_person("Ben Okafor", "ben@larkspur.example", "Africa/Lagos")
