"""Who gets in, and how everybody else is answered."""

import asyncio
import base64
import io
import json
import logging
import time
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import urlsplit

import jwt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.teams import Teams
from conversations.cards import card
from conversations.replies import Say
from tests.adapters.teams.conftest import ScriptedBot, address_of, running
from tests.support.teams_server import APP_ID, APP_PASSWORD, TENANT, Fault, TeamsStub
from tests.support.teams_tokens import Signer, key_pair

OTHER = "99999999-0000-4000-8000-000000000000"


def unsigned(algorithm: str, service_url: str) -> str:
    """A token that names an algorithm without a signature of ours."""
    header = {"alg": algorithm, "typ": "JWT", "kid": "first"}
    claims = {"iss": "https://api.botframework.com", "aud": APP_ID, "exp": 4102444800, "serviceurl": service_url}
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (header, claims)]
    return ".".join([*parts, ""])


def stolen(signer: Signer, service_url: str) -> str:
    """Signed with another key under the name of a good one."""
    claims = jwt.decode(signer.token(service_url), options={"verify_signature": False})
    return jwt.encode(claims, key_pair("thief"), "RS256", {"kid": "first"})


def confused(signer: Signer, service_url: str) -> str:
    """HS256 with something public as its secret."""
    claims = jwt.decode(signer.token(service_url), options={"verify_signature": False})
    return jwt.encode(claims, "a public key that everybody has, used as a secret", "HS256", {"kid": "first"})


def headless(signer: Signer, service_url: str) -> str:
    claims = jwt.decode(signer.token(service_url), options={"verify_signature": False})
    return jwt.encode(claims, key_pair("first"), "RS256")


BAD_TOKENS: dict[str, Callable[[Signer, str], str]] = {
    "audience of another app": lambda signer, url: signer.token(url, aud=OTHER),
    "no audience": lambda signer, url: signer.token(url, without="aud"),
    "audience of the wrong kind": lambda signer, url: signer.token(url, aud=[OTHER]),
    "another issuer": lambda signer, url: signer.token(url, iss="https://sts.windows.net/x/"),
    "no issuer": lambda signer, url: signer.token(url, without="iss"),
    "alg none": lambda _signer, url: unsigned("none", url),
    "alg HS256": confused,
    "alg unknown": lambda _signer, url: unsigned("XX1", url),
    "unknown key": lambda signer, url: signer.token(url, header={"kid": "nobody"}),
    "no key": headless,
    "key of the wrong kind": lambda signer, url: signer.token(url, header={"kid": ""}),
    "another key under a good name": stolen,
    "expired": lambda signer, url: signer.token(url, exp=int(time.time()) - 400),
    "no expiry": lambda signer, url: signer.token(url, without="exp"),
    "expiry that is no number": lambda signer, url: signer.token(url, exp="soon"),
    "not valid yet": lambda signer, url: signer.token(url, nbf=int(time.time()) + 4000),
    "another service address": lambda signer, _url: signer.token("https://evil.example/"),
    "no service address": lambda signer, url: signer.token(url, without="serviceurl"),
    "broken signature": lambda signer, url: signer.token(url)[:-6] + "AAAAAA",
    "garbage": lambda _signer, _url: "not.a.token",
    "nothing": lambda _signer, _url: "",
}


@pytest.mark.parametrize("case", BAD_TOKENS)
async def test_s3_a_bad_token_is_refused_in_one_line_and_never_heard(
    bot: ScriptedBot, case: str, caplog: pytest.LogCaptureFixture
) -> None:
    ana = bot.stub.person("Ana Ruiz")
    token = BAD_TOKENS[case](bot.stub.signer, bot.stub.service_url)
    with caplog.at_level(logging.DEBUG, "flipside"):
        status, _ = await bot.stub.deliver({**ana._activity("message"), "text": "canary words"}, token)
    assert status == 401
    assert bot.came_in == []
    lines = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(lines) == 1
    assert lines[0].exc_info is None
    assert "canary" not in caplog.text
    assert "Ana" not in caplog.text


async def test_s3_a_good_token_is_heard(bot: ScriptedBot) -> None:
    ana = bot.stub.person("Ana Ruiz")
    await ana.say("help")
    fresh_enough = bot.stub.signer.token(bot.stub.service_url, exp=int(time.time()) - 100)
    assert (await bot.stub.deliver({**ana._activity("message"), "text": "help"}, fresh_enough))[0] == 201
    assert len(bot.came_in) == 2


async def test_s3_other_tenants_and_channels_are_refused(bot: ScriptedBot) -> None:
    eve = bot.stub.person("Eve Stern", tenant=OTHER)
    assert (await bot.stub.deliver({**eve._activity("message"), "text": "help"}))[0] == 403
    nobody = {**eve._activity("message"), "channelData": {}}
    assert (await bot.stub.deliver(nobody))[0] == 403
    odd = {**eve._activity("message"), "channelData": {"tenant": TENANT}}
    assert (await bot.stub.deliver(odd))[0] == 403
    web_chat = {**bot.stub.person("Ana Ruiz")._activity("message"), "channelId": "webchat"}
    assert (await bot.stub.deliver(web_chat))[0] == 403
    unvouched = {**bot.stub.person("Tom Berg")._activity("message"), "channelId": "skype"}
    assert (await bot.stub.deliver(unvouched))[0] == 401
    assert bot.came_in == []


async def test_s3_a_hanging_key_server_delays_nothing(stub: TeamsStub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.teams.keys.WAIT_SECONDS", 60.0)
    monkeypatch.setattr("adapters.teams.keys.FETCH_SECONDS", 60.0)
    stub.fail("keys", Fault(way="hang"), Fault(way="hang"))
    async with asyncio.timeout(20), running(stub) as bot:
        ana = stub.person("Ana Ruiz")
        waiting = asyncio.create_task(stub.deliver({**ana._activity("message"), "text": "help"}))
        await stub.until(lambda: "openid" in stub.calls, what="the bot to ask for keys")
        status, _ = await stub.send_raw(data=b"{}", headers={"Content-Type": "text/plain"})
        assert status == 415
        await bot.teams.send(address_of(ana), card("Still here"), "d1")
        await ana.sees("Still here")
        assert not waiting.done()
        waiting.cancel()


async def test_s3_new_keys_are_fetched_again_but_not_for_every_stranger(bot: ScriptedBot) -> None:
    ana = bot.stub.person("Ana Ruiz")
    await ana.say("help")
    fetched = bot.stub.calls.count("keys")
    for _ in range(5):
        token = bot.stub.signer.token(bot.stub.service_url, header={"kid": "made up"})
        assert (await bot.stub.deliver(ana._activity("message"), token))[0] == 401
    assert bot.stub.calls.count("keys") == fetched
    assert (await bot.stub.deliver(ana._activity("message")))[0] == 201


async def test_only_posts_of_json_activities_are_read(bot: ScriptedBot) -> None:
    signed = {"Authorization": f"Bearer {bot.stub.signer.token(bot.stub.service_url)}"}
    json_type = {"Content-Type": "application/json", **signed}
    send = bot.stub.send_raw
    assert (await send("GET"))[0] == 405
    assert (await send("HEAD"))[0] == 405
    assert (await send("PUT", json={}))[0] == 405
    assert (await send(data=b"type=message"))[0] == 415
    assert (await send(json={}))[0] == 401
    assert (await send(json={}, headers={"Authorization": "Basic abc"}))[0] == 401
    assert (await send(data=b"{", headers=json_type))[0] == 400
    assert (await send(data=b"\xff\xfe", headers=json_type))[0] == 400
    assert (await send(data=b"[1]", headers=json_type))[0] == 400
    assert (await send(data=b"[" * 100_000, headers=json_type))[0] == 400
    assert (await send(data=b'{"text": "x"}', headers=json_type))[0] == 400
    assert (await send(data=b'{"type": "message", "entities": 7}', headers=json_type))[0] in (400, 401)
    assert (await send(data=io.BytesIO(b" " * 1_100_000), headers=json_type))[0] == 413
    assert bot.came_in == []


async def test_s1_whoever_hangs_up_in_the_middle_of_a_post_is_refused_in_one_line(
    bot: ScriptedBot, caplog: pytest.LogCaptureFixture
) -> None:
    token = bot.stub.signer.token(bot.stub.service_url)
    port = urlsplit(bot.stub.bot_url).port
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        f"POST /api/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
        'Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"type":'.encode()
    )
    await writer.drain()
    await bot.stub.until(lambda: "keys" in bot.stub.calls, what="the token to be looked at")
    writer.close()
    await writer.wait_closed()
    await bot.stub.until(lambda: bool(caplog.records), what="a line in the log")
    assert [record.getMessage() for record in caplog.records] == [
        "refused a request to the Teams endpoint: unreadable body"
    ]


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ("text", "value", "from", "conversation", "channelData", "entities", "recipient", "replyToId", "id", "name")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(field=st.sampled_from(FIELDS), value=anything, kind=st.sampled_from(("message", "invoke", "installationUpdate")))
async def test_s1_no_activity_makes_the_bot_stumble(bot: ScriptedBot, field: str, value: Any, kind: str) -> None:
    ana = bot.stub.person("Ana Ruiz")
    activity = {**ana._activity(kind), "name": "adaptiveCard/action", "action": "add", field: value}
    status, _ = await bot.stub.deliver(activity)
    assert status in (200, 201, 400, 403, 501)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(header=st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f")))
async def test_s1_no_header_makes_the_bot_stumble(bot: ScriptedBot, header: str) -> None:
    for value in (header, f"Bearer {header}", f"Bearer {bot.stub.signer.token('x')[:-9]}{header}"):
        status, _ = await bot.stub.send_raw(json={"type": "message"}, headers={"Authorization": value})
        assert status == 401


@pytest.mark.parametrize(
    ("missing", "named"),
    [({"app_id": ""}, "app id"), ({"app_password": ""}, "app password"), ({"tenant_ids": ()}, "tenant ids")],
)
def test_s4_without_id_secret_or_tenants_there_is_no_teams(missing: dict[str, Any], named: str) -> None:
    good = {"app_id": APP_ID, "app_password": APP_PASSWORD, "tenant_ids": (TENANT,)}
    with pytest.raises(ValueError, match=named):
        Teams(**{**good, **missing})


@pytest.mark.parametrize("host", ["0.0.0.0", "10.1.2.3", "::", "mentor.larkspur.example"])
def test_s4_local_mode_stays_on_this_machine(host: str) -> None:
    with pytest.raises(ValueError, match="loopback"):
        Teams(local=True, host=host)
    for near in ("127.0.0.1", "localhost", "::1", "[::1]"):
        Teams(local=True, host=near)


@pytest.fixture
async def local_bot() -> AsyncIterator[ScriptedBot]:
    async with TeamsStub(signed=False) as stub, running(stub, local=True) as started:
        yield started


async def test_local_mode_talks_without_tokens(local_bot: ScriptedBot) -> None:
    ana = local_bot.stub.person("Ana Ruiz")
    local_bot.answers(Say(card("Hello")))
    await ana.say("help")
    await ana.sees("Hello")
    assert local_bot.stub.calls.count("token") == 0


async def test_local_mode_still_wants_json_so_that_no_web_page_can_post(local_bot: ScriptedBot) -> None:
    assert (await local_bot.stub.send_raw(data=b'{"type":"message"}', headers={"Content-Type": "text/plain"}))[0] == 415


async def test_s3_local_mode_answers_nobody_but_this_machine(local_bot: ScriptedBot) -> None:
    """Whoever posts says where the answer goes."""
    ana = local_bot.stub.person("Ana Ruiz")
    local_bot.answers(Say(card("Hello")))
    for address in ("https://evil.example/", "http://10.1.2.3/", "http://127.0.0.1.evil.example/", "//[", "", "help"):
        activity = {**ana._activity("message"), "text": "help", "serviceUrl": address}
        assert (await local_bot.stub.deliver(activity))[0] == 403
    assert local_bot.came_in == []


async def test_s3_local_mode_is_not_asked_by_a_page_whose_name_points_here(local_bot: ScriptedBot) -> None:
    ana = local_bot.stub.person("Ana Ruiz")
    activity = {**ana._activity("message"), "text": "help"}
    for host, status in (("evil.example", 403), ("evil.example:3978", 403), ("[::1]:3978", 201), ("localhost", 201)):
        assert (await local_bot.stub.send_raw(json=activity, headers={"Host": host}))[0] == status
    assert len(local_bot.came_in) == 2


async def test_before_the_start_and_after_the_end_nothing_is_acknowledged(bot: ScriptedBot) -> None:
    ana = bot.stub.person("Ana Ruiz")
    await ana.say("help")
    await bot.teams.stop()
    assert (await bot.stub.deliver({**ana._activity("message"), "text": "help"}))[0] in (401, 503)
    assert len(bot.came_in) == 1
