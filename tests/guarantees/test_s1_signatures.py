"""S1: whatever is forged is refused at the door of each platform, over a real socket, and runs nothing."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from adapters.door import Refusal, body_of
from adapters.slack import Slack
from adapters.teams import Teams
from bot.web import Server, serve
from conversations.events import Inbound
from conversations.replies import AtOnce
from tests.guarantees.forged import (
    CANARY,
    COMMAND,
    Heard,
    Request,
    sent,
    signature,
    slack_forgeries,
    slack_nonsense,
    slack_signed,
    teams_forgeries,
)
from tests.support.slack_server import SlackStub
from tests.support.teams_server import TeamsStub

SECRET = "8f742231b10e8888abcd99e7a31c85a5"
NOW = datetime(2026, 5, 28, 9, 0, tzinfo=UTC)
SLACK_PATH, TEAMS_PATH = "/slack/events", "/api/messages"
Wall = Callable[[web.Request], "web.StreamResponse | None"]
MANY = [pytest.param(1_000), pytest.param(10_000, marks=pytest.mark.slow)]


class Turns:
    """Counts the turns that were run."""

    def __init__(self) -> None:
        self.run: list[Inbound] = []

    async def __call__(self, inbound: Inbound) -> Sequence[AtOnce]:
        self.run.append(inbound)
        return []


@asynccontextmanager
async def served(routes: Sequence[web.RouteDef]) -> AsyncIterator[int]:
    """On the bot's own server; the port."""

    async def ready() -> bool:
        return True

    server: Server = await serve(routes, ready, "127.0.0.1", 0)
    try:
        yield server.port
    finally:
        await server.stop_accepting()
        await server.close()


@asynccontextmanager
async def slack_at_work(turns: Turns) -> AsyncIterator[int]:
    """The bot behind Slack's door at NOW."""
    async with SlackStub() as stub:
        slack = Slack(bot_token=stub.bot_token, clock=lambda: NOW, signing_secret=SECRET, api_url=stub.api_url)
        async with served(list(slack.routes())) as port:
            await slack.start(turns)
            yield port
            await slack.stop()


def told_in_one_line_each(caplog: pytest.LogCaptureFixture, requests: int) -> bool:
    """One line for each, without a traceback and without a word of what was sent."""
    lines = [record for record in caplog.records if record.levelno >= logging.WARNING]
    return len(lines) == requests and not any(line.exc_info for line in lines) and CANARY not in caplog.text


@pytest.mark.parametrize("count", MANY)
async def test_s1_whatever_is_forged_at_slacks_door_is_refused_and_runs_nothing(
    count: int, caplog: pytest.LogCaptureFixture
) -> None:
    turns = Turns()
    async with slack_at_work(turns) as port:
        heard = await sent(port, SLACK_PATH, list(slack_forgeries(count, SECRET, NOW)))
        assert heard.is_refusal, heard
        assert heard.statuses.total() == count
        assert turns.run == []
        assert told_in_one_line_each(caplog, count)
        heard = await sent(port, SLACK_PATH, [slack_signed(SECRET, NOW, COMMAND)])
    assert set(heard.statuses) == {200}, "the door opens for Slack itself"
    assert len(turns.run) == 1


async def test_s1_what_slack_signed_but_makes_no_sense_is_refused_and_runs_nothing() -> None:
    turns = Turns()
    async with slack_at_work(turns) as port:
        heard = await sent(port, SLACK_PATH, list(slack_nonsense(1_000, SECRET, NOW)))
    assert heard.is_refusal, heard
    assert turns.run == []


@pytest.mark.parametrize("seconds", [-10_000, -301, -300, -1, 0, 1, 300, 301, 10_000])
async def test_s1_a_signature_holds_for_five_minutes_to_either_side(seconds: int) -> None:
    turns = Turns()
    async with slack_at_work(turns) as port:
        made = slack_signed(SECRET, NOW + timedelta(seconds=seconds), COMMAND)
        heard = await sent(port, SLACK_PATH, [made])
    within = abs(seconds) <= 300
    assert set(heard.statuses) == {200 if within else 401}
    assert len(turns.run) == within


@pytest.mark.parametrize("count", MANY)
async def test_s1_whatever_is_forged_at_teams_door_is_refused_and_runs_nothing(
    count: int, caplog: pytest.LogCaptureFixture
) -> None:
    turns = Turns()
    async with TeamsStub() as stub:
        teams = Teams(**stub.settings)
        async with served(list(teams.routes())) as port:
            await teams.start(turns)
            good = stub.signer.token(stub.service_url)
            heard = await sent(port, TEAMS_PATH, list(teams_forgeries(count, good)))
            assert heard.is_refusal, heard
            assert heard.statuses.total() == count
            assert turns.run == []
            assert told_in_one_line_each(caplog, count)
            stub.bot_url = f"http://127.0.0.1:{port}{TEAMS_PATH}"
            await stub.person("Ana Ruiz").say("help")
            await teams.stop()
    assert len(turns.run) == 1, "the door opens for Teams itself"


async def test_s1_whoever_trickles_a_body_is_refused_and_holds_no_connection() -> None:
    async def door(request: web.Request) -> web.Response:
        try:
            await body_of(request, seconds=0.05)
        except Refusal as refusal:
            return web.Response(status=refusal.status)
        return web.Response()

    async with served([web.post(SLACK_PATH, door)]) as port, asyncio.timeout(10):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"POST {SLACK_PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf".encode())
        assert (await reader.readline()).split()[1] == b"400"
        writer.close()
        await writer.wait_closed()


# Does the check see it when the door is weaker? ----------------------------------------------------------------------


async def at_a_weaker_door(passes: Callable[[bytes, str, str], bool]) -> tuple[Heard, int]:
    """The forgeries at a door that judges body, timestamp and signature in its own way; and how many turns it ran."""
    run = 0

    async def door(request: web.Request) -> web.Response:
        nonlocal run
        body, headers = await request.read(), request.headers
        stamp, signature = headers.get("X-Slack-Request-Timestamp", ""), headers.get("X-Slack-Signature", "")
        if not passes(body, stamp, signature):
            return web.Response(status=401)
        run += 1
        return web.Response()

    async with served([web.post(SLACK_PATH, door)]) as port:
        forged: list[Request] = list(slack_forgeries(300, SECRET, NOW))
        return await sent(port, SLACK_PATH, forged), run


async def test_s1_notices_a_door_with_no_check_but_the_sdks_own() -> None:
    verifier = SignatureVerifier(SECRET)
    heard, _ = await at_a_weaker_door(verifier.is_valid)
    assert 500 in heard.statuses
    assert not heard.is_refusal


async def test_s1_notices_a_door_without_a_check() -> None:
    heard, run = await at_a_weaker_door(lambda body, stamp, made: True)
    assert run == 300
    assert not heard.is_refusal


async def test_s1_notices_a_door_that_forgets_the_age_of_a_signature() -> None:
    def passes(body: bytes, stamp: str, made: str) -> bool:
        return made.encode(errors="replace") == signature(SECRET, stamp.encode(errors="replace"), body)

    heard, run = await at_a_weaker_door(passes)
    assert run > 0
    assert not heard.is_refusal
