"""S3: of all the tokens that somebody can bring to Teams' door, only a good one is heard, and nobody waits."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import jwt
import pytest
from aiohttp import web

from adapters.teams import Teams
from adapters.teams.app import Endpoint
from adapters.teams.chats import Chats
from adapters.teams.connector import Connector
from adapters.teams.guard import ISSUER, Guard, Signed
from adapters.teams.keys import SigningKeys
from adapters.teams.network import Network
from bot.web import serve
from conversations.events import Inbound
from conversations.replies import AtOnce
from tests.adapters.teams.test_door import BAD_TOKENS, OTHER
from tests.support.teams_server import APP_ID, TENANT, Fault, TeamsStub

PATH = "/api/messages"
GOOD = "a good token"
# Good tokens, but not about this activity: what is changed in it.
BAD_ACTIVITIES: Mapping[str, Mapping[str, Any]] = {
    "another tenant": {"channelData": {"tenant": {"id": OTHER}}},
    "no tenant": {"channelData": {}},
    "another service address in the body": {"serviceUrl": "https://evil.example/"},
    "no service address in the body": {"serviceUrl": ""},
    "another channel": {"channelId": "webchat"},
    "a channel that the key does not vouch for": {"channelId": "skype"},
}
CASES = (GOOD, *BAD_TOKENS, *BAD_ACTIVITIES)


class Heard:
    """A bot that keeps what came in."""

    def __init__(self) -> None:
        self.turns: list[Inbound] = []

    async def __call__(self, inbound: Inbound) -> Sequence[AtOnce]:
        self.turns.append(inbound)
        return []


@asynccontextmanager
async def door(stub: TeamsStub, make: Callable[[SigningKeys], Guard]) -> AsyncIterator[Heard]:
    """The real endpoint behind this guard, on the bot's own server."""
    network, heard = Network(), Heard()
    keys = SigningKeys(network.fetch_json, f"{stub.url}/openid")
    connector = Connector(network, None)
    endpoint = Endpoint(connector, Chats(connector), make(keys), frozenset({TENANT}))
    endpoint.dispatch = heard

    async def ready() -> bool:
        return True

    await network.open()
    server = await serve([web.post(PATH, endpoint.handle)], ready, "127.0.0.1", 0)
    stub.bot_url = f"http://127.0.0.1:{server.port}{PATH}"
    try:
        yield heard
    finally:
        await server.stop_accepting()
        await keys.close()
        await network.close()
        await server.close()


async def accepted(make: Callable[[SigningKeys], Guard]) -> set[str]:
    """The cases that got further than the door; each other one has to be refused with 401 or 403."""
    found = set()
    async with TeamsStub() as stub, door(stub, make) as heard:
        ana = stub.person("Ana Ruiz")
        for case in CASES:
            made = BAD_TOKENS.get(case, lambda signer, url: signer.token(url))(stub.signer, stub.service_url)
            activity = {**ana._activity("message"), "text": "help", **BAD_ACTIVITIES.get(case, {})}
            status, _ = await stub.deliver(activity, made)
            if heard.turns or status not in (401, 403):
                found.add(case)
            heard.turns.clear()
    return found


def guard(keys: SigningKeys) -> Guard:
    return Guard(APP_ID, keys)


async def test_s3_only_the_good_token_is_heard_and_all_others_are_refused(caplog: pytest.LogCaptureFixture) -> None:
    assert len(CASES) > 20
    assert await accepted(guard) == {GOOD}
    lines = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(lines) == len(CASES) - 1
    assert not any(line.exc_info for line in lines)


async def test_s3_a_bot_that_starts_while_the_key_server_hangs_serves_everybody_else() -> None:
    """The key server takes the connection and never answers."""
    async with TeamsStub() as stub, asyncio.timeout(4):
        stub.fail("keys", *[Fault(way="hang")] * 3)
        teams, heard = Teams(**stub.settings), Heard()

        async def ready() -> bool:
            return True

        await teams.start(heard)
        server = await serve(teams.routes(), ready, "127.0.0.1", 0)
        stub.bot_url = f"http://127.0.0.1:{server.port}{PATH}"
        await stub.until(lambda: "openid" in stub.calls, what="the look for keys")
        token = stub.signer.token(stub.service_url)
        waiting = asyncio.create_task(stub.deliver(stub.person("Ana Ruiz")._activity("message"), token))
        async with aiohttp.ClientSession() as session:
            for _ in range(5):
                answer = await session.get(stub.bot_url.replace(PATH, "/readyz"))
                assert answer.status == 200
                assert (await stub.send_raw(json={}))[0] == 401
        assert not waiting.done()
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        await server.stop_accepting()
        await teams.stop()
        await server.close()


# Does the check see it when the guard is weaker? ---------------------------------------------------------------------


class Weaker(Guard):
    """A guard without one of its rules: PyJWT is told not to look."""

    def __init__(self, keys: SigningKeys, *, blind_for: str) -> None:
        super().__init__(APP_ID, keys)
        self._known = keys
        self._blind_for = blind_for

    async def check(self, authorization: str) -> Signed:
        token = authorization.partition(" ")[2]
        await self._known.find("first")
        key = await self._known.find(str(jwt.get_unverified_header(token).get("kid"))) or await self._known.find(
            "first"
        )
        assert key is not None
        claims = jwt.decode(
            token,
            key.key,
            algorithms=["RS256"],
            audience=APP_ID,
            issuer=ISSUER,
            leeway=300,
            options={f"verify_{self._blind_for}": False},  # type: ignore[misc]
        )
        return Signed(claims, key.endorsements)


@pytest.mark.parametrize(
    ("blind_for", "gets_in"),
    [
        ("signature", "another key under a good name"),
        ("aud", "audience of another app"),
        ("iss", "another issuer"),
        ("exp", "expired"),
    ],
)
async def test_s3_notices_a_guard_that_forgets_a_rule(blind_for: str, gets_in: str) -> None:
    assert gets_in in await accepted(lambda keys: Weaker(keys, blind_for=blind_for))
