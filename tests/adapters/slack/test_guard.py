"""The door: only what Slack signed in the last five minutes gets in, and everything else is a 4xx and one line."""

import json
import logging
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest

from adapters.door import Refusal
from adapters.slack import guard
from conversations.cards import card, text
from conversations.replies import Say
from tests.adapters.slack.conftest import ScriptedBot
from tests.support.slack_person import SlackPerson
from tests.support.slack_server import SlackStub

NOW = datetime(2026, 5, 28, 9, 0, tzinfo=UTC)
BODY = b"command=%2Fmentor&text=help"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}

TIMESTAMPS = ["", "abc", "-1", "1e9", "0x10", "٣٤", "9" * 5000, "NaN", " 1", "1\t", "1779958800", "½", "\udcff"]
SIGNATURES = [
    "",
    "v0=",
    "v0=" + "é" * 64,
    "v1=" + "0" * 64,
    "v0=" + "0" * 64,
    "v0=" + "G" * 64,
    "\udcff" * 67,
    "x" * 9000,
]
BODIES = [
    b"",
    b"{",
    b"[]",
    b"null",
    b"\xff\xfe",
    b"payload=",
    b"payload={",
    b"payload=[]",
    b"a" * 3000,
    b"{}" * 9,
    b"%",
]


def refused(headers: dict[str, str], body: bytes, secret: str = "s") -> int:
    try:
        guard.check_signature(secret, NOW, headers, body)
        guard.payload_of(random.Random(len(body)).choice(["application/json", "text/plain"]), body)
    except Refusal as refusal:
        return refusal.status
    return 200


def noise(chance: random.Random, known: list[str]) -> str:
    made = "".join(chr(chance.randrange(0x250)) for _ in range(chance.randrange(80)))
    return chance.choice([*known, made])


def test_s1_ten_thousand_forged_requests_are_refused_and_none_is_a_fault() -> None:
    chance = random.Random(1)
    statuses = set()
    for _ in range(10_000):
        headers = {
            "X-Slack-Request-Timestamp": noise(chance, [*TIMESTAMPS, str(int(NOW.timestamp()))]),
            "X-Slack-Signature": noise(chance, SIGNATURES),
        }
        for name in list(headers):
            if chance.random() < 0.1:
                del headers[name]
        statuses.add(refused(headers, chance.choice([*BODIES, chance.randbytes(chance.randrange(200))])))
    assert statuses == {401}


def test_s1_a_signed_body_that_makes_no_sense_is_refused_as_such() -> None:
    slack, chance = SlackStub(), random.Random(2)
    bodies = BODIES + [chance.randbytes(chance.randrange(300)) for _ in range(2000)]
    statuses = {refused(slack.signed(body, NOW), body, slack.signing_secret) for body in bodies}
    assert statuses == {400}


@pytest.mark.parametrize(
    ("seconds", "status"), [(0, 200), (299, 200), (-299, 200), (301, 401), (-301, 401), (86_400, 401)]
)
def test_s1_a_signature_is_good_for_five_minutes(seconds: int, status: int) -> None:
    slack = SlackStub()
    headers = slack.signed(BODY, NOW - timedelta(seconds=seconds))
    assert refused(headers, BODY, slack.signing_secret) == status
    assert refused(headers, BODY + b" ", slack.signing_secret) == 401
    assert refused(headers, BODY, "another secret") == 401


async def test_s1_over_the_socket_no_forged_request_is_a_fault_or_reaches_a_turn(
    slack: SlackStub, bot: ScriptedBot, caplog: pytest.LogCaptureFixture
) -> None:
    chance = random.Random(3)
    for number in range(300):
        body = chance.choice(BODIES)
        headers = {**FORM}
        for name, known in (("X-Slack-Request-Timestamp", TIMESTAMPS), ("X-Slack-Signature", SIGNATURES)):
            sendable = [value for value in known if value.isascii() and value.isprintable() and len(value) < 8000]
            if number % 7:
                headers[name] = chance.choice(sendable)
        status, answer = await slack.post(headers, body)
        assert (status, answer) == (401, "")
    assert bot.received == []
    ours = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(ours) == 300
    assert not any(record.exc_info for record in ours)


async def test_s1_a_signed_payload_of_any_shape_is_never_a_fault(
    slack: SlackStub, bot: ScriptedBot, caplog: pytest.LogCaptureFixture
) -> None:
    chance, pieces = random.Random(4), [None, 3, "x", "", [], {}, ["x"], {"id": 3}, {"type": "y"}, True]
    kinds = [
        "event_callback",
        "block_actions",
        "view_submission",
        "view_closed",
        "shortcut",
        7,
        None,
        {},
        "url_verification",
    ]
    names = [
        "event",
        "event_id",
        "team_id",
        "team",
        "user",
        "actions",
        "container",
        "view",
        "channel",
        "authorizations",
        "message",
        "enterprise",
        "response_urls",
        "trigger_id",
        "is_ext_shared_channel",
        "command",
        "text",
    ]
    for _ in range(300):
        payload: dict[str, Any] = {name: chance.choice(pieces) for name in chance.sample(names, 9)}
        payload["type"] = chance.choice(kinds)
        if isinstance(payload.get("event"), dict):
            payload["event"] = {"type": chance.choice(["message", "app_home_opened", "user_change"]), "user": {}}
        body = json.dumps(payload).encode()
        status, _ = await slack.post({"Content-Type": "application/json", **slack.signed(body)}, body)
        assert status in (200, 400), payload
    assert bot.received == []
    assert {record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING} <= {
        "refused a payload: malformed"
    }


@pytest.mark.parametrize("junk", [None, 3, True, [], {}])
@pytest.mark.parametrize(
    "payload",
    [
        {"command": "/mentor", "text": "help", "channel_name": "general", "channel_id": "C1", "response_url": "x"},
        {"type": "block_actions", "actions": [{"type": "button", "value": "a.b", "action_ts": "1", "action_id": "x"}]},
        {"type": "view_submission", "view": {"type": "modal", "callback_id": "a.b", "private_metadata": ""}},
    ],
)
async def test_s1_what_bolt_looks_for_may_be_missing_or_of_any_kind(
    slack: SlackStub, bot: ScriptedBot, payload: dict[str, Any], junk: object
) -> None:
    common = {"team_id": "T1", "user_id": "U1", "trigger_id": "1.2", "team": {"id": "T1"}, "user": {"id": "U1"}}
    common["container"] = {"type": "view"}
    whole: dict[str, Any] = {**common, **payload}
    if "view" in whole:
        whole["view"] = {**whole["view"], "blocks": [], "state": {"values": {}}}
    broken = [
        {**whole, "command": junk} if "command" in whole else {},
        {**whole, "actions": [{**whole["actions"][0], "action_id": junk}]} if "actions" in whole else {},
        {**whole, "view": {**whole["view"], "type": junk}} if "view" in whole else {},
    ]
    for each, status in [(whole, 200), *((one, 400) for one in broken if one)]:
        body = json.dumps(each).encode()
        headers = {"Content-Type": "application/json", **slack.signed(body)}
        assert (await slack.post(headers, body))[0] == status
    assert len(bot.received) == 1


async def test_a_non_ascii_signature_is_refused_and_not_a_fault(slack: SlackStub, bot: ScriptedBot) -> None:
    headers = {**FORM, **slack.signed(BODY), "X-Slack-Signature": "v0=é" + "0" * 63}
    assert (await slack.post(headers, BODY))[0] == 401


async def test_too_much_is_refused_before_it_is_read(slack: SlackStub, bot: ScriptedBot) -> None:
    body = b"x" * (1024 * 1024 + 1)
    assert (await slack.post({**FORM, **slack.signed(body)}, body))[0] == 413
    assert bot.received == []


async def test_too_much_without_a_length_is_refused_on_the_way(slack: SlackStub, bot: ScriptedBot) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b"x" * 65_536

    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{slack.bot_url}/slack/events", data=endless(), headers=FORM) as answer,
    ):
        assert answer.status == 413
    assert bot.received == []


async def test_slack_may_check_the_address_and_the_certificate(slack: SlackStub, bot: ScriptedBot) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "abc", "token": "unused"}).encode()
    answer = await slack.post({"Content-Type": "application/json", **slack.signed(body)}, body)
    assert answer == (200, '{"challenge": "abc"}')
    assert (await slack.post(FORM, b"ssl_check=1&token=unused"))[0] == 200
    assert bot.received == []


async def test_a_command_with_any_name_and_a_real_signature_gets_in(
    slack: SlackStub, bot: ScriptedBot, ana: SlackPerson
) -> None:
    bot.script = lambda inbound: [Say(card("", text("Hello.")))]
    fields = {"command": "/flipside", "text": "help", "team_id": "T1", "user_id": ana.id, "trigger_id": "1.2"}
    body = urlencode({**fields, "channel_id": "C1", "channel_name": "general", "response_url": "http://x"}).encode()
    status, answer = await slack.post({**FORM, **slack.signed(body)}, body)
    assert status == 200
    assert json.loads(answer)["response_type"] == "ephemeral"


async def test_a_turn_that_breaks_is_sent_again_by_slack_and_logs_one_line_without_words(
    slack: SlackStub, bot: ScriptedBot, ana: SlackPerson, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: object) -> list[Say]:
        raise ValueError("my secret")

    bot.script = broken
    with pytest.raises(AssertionError, match="500"):
        await ana.say("my secret")
    ours = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert [record.getMessage() for record in ours] == ["fault in a turn: ValueError"]
    assert not ours[0].exc_info


async def test_a_bot_that_is_still_starting_asks_slack_to_come_back(slack: SlackStub, bot: ScriptedBot) -> None:
    await bot.platform.stop()
    status, _ = await slack.post({**FORM, **slack.signed(BODY)}, BODY)
    assert status == 503
    await bot.platform.start(bot.dispatch)
