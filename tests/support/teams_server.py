"""A stand-in for Microsoft Teams: the connector, the token and key servers, and people with a chat window.

Everything is real HTTP on a loopback port. People post signed activities to the bot; what the bot posts is checked
against the rules of Teams and kept. Faults can be scripted for the next calls.
"""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, Self

import aiohttp
from aiohttp import web

from tests.support.cut_off import drop, reset, truncate
from tests.support.patience import SECONDS
from tests.support.teams_cards import card_faults
from tests.support.teams_person import Seen, TeamsForm, TeamsPerson
from tests.support.teams_rules import APP_ID, APP_PASSWORD, BOT, MOST_BYTES, TENANT, Message
from tests.support.teams_tokens import Signer

__all__ = [
    "APP_ID",
    "APP_PASSWORD",
    "BOT",
    "TENANT",
    "Fault",
    "Message",
    "Seen",
    "TeamsForm",
    "TeamsPerson",
    "TeamsStub",
]

Call = Literal["post", "edit", "create", "member", "token", "keys"]


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with one call. `taken`: the message was accepted all the same."""

    status: int = 500
    code: str = ""
    retry_after: str = ""
    body: str = ""
    taken: bool = False
    way: Literal["answer", "drop", "reset", "hang", "truncate", "garbage"] = "answer"


@dataclass(slots=True)
class TeamsStub:
    """The servers. Use as an async context manager; set `bot_url` to the bot's messages endpoint."""

    bot_url: str = ""
    signed: bool = True
    messages: list[Message] = field(default_factory=list)
    posted: list[Message] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    people: dict[str, TeamsPerson] = field(default_factory=dict)
    signer: Signer = field(default_factory=lambda: Signer(APP_ID))
    tokens_given: int = 0
    # What people did, as it was posted to the bot.
    activities: list[Mapping[str, Any]] = field(default_factory=list)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    _faults: dict[Call, list[Fault]] = field(default_factory=dict)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    _runner: web.AppRunner | None = None
    _session: aiohttp.ClientSession | None = None
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    port: int = 0

    async def __aenter__(self) -> Self:
        application = web.Application(client_max_size=2 * MOST_BYTES)
        application.add_routes(
            [
                web.get("/openid", self._openid),
                web.get("/keys", self._keys),
                web.post("/token", self._token),
                web.post("/v3/conversations", self._create),
                web.post("/v3/conversations/{conversation}/activities", self._post),
                web.put("/v3/conversations/{conversation}/activities/{activity}", self._edit),
                web.get("/v3/conversations/{conversation}/members/{member}", self._member),
            ]
        )
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self._session = aiohttp.ClientSession()
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._session is not None
        assert self._runner is not None
        await self._session.close()
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def service_url(self) -> str:
        return f"{self.url}/"

    @property
    def settings(self) -> dict[str, Any]:
        """The arguments with which a `Teams` talks to this stub."""
        return {
            "app_id": APP_ID,
            "app_password": APP_PASSWORD,
            "tenant_ids": (TENANT,),
            "openid_metadata_url": f"{self.url}/openid",
            "token_url": f"{self.url}/token",
        }

    def person(self, name: str, email: str = "", **more: Any) -> TeamsPerson:
        """Somebody with the app installed."""
        number = len(self.people) + 1
        address = email or f"{name.split(maxsplit=1)[0].lower()}@larkspur.example"
        made = TeamsPerson(self, name=name, email=address, number=number, **more)
        self.people[made.member_id] = made
        return made

    def fail(self, call: Call, *faults: Fault) -> None:
        """The next calls of this kind go wrong, one after the other."""
        self._faults.setdefault(call, []).extend(faults)

    def messages_to(self, person: TeamsPerson) -> list[Message]:
        return [message for message in self.messages if message.conversation == person.conversation]

    async def until(self, true: Callable[[], bool], seconds: float = SECONDS, what: str = "") -> None:
        """Waits until something holds; looks again whenever a message comes or changes."""
        try:
            async with asyncio.timeout(seconds):
                while not true():
                    self._changed.clear()
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self._changed.wait(), 0.05)
        except TimeoutError:
            raise AssertionError(f"waited {seconds} s in vain: {what}") from None

    async def deliver(self, activity: Mapping[str, Any], token: str | None = None) -> tuple[int, Any]:
        """Posts an activity to the bot as Teams does; gives status and JSON answer."""
        assert self._session is not None
        self.activities.append(activity)
        headers = {}
        if self.signed:
            signed = self.signer.token(self.service_url) if token is None else token
            headers["Authorization"] = f"Bearer {signed}"
        async with self._session.post(self.bot_url, json=activity, headers=headers) as answer:
            text = await answer.text()
            return answer.status, json.loads(text) if answer.content_type == "application/json" else text

    async def send_raw(self, method: str = "POST", **request: Any) -> tuple[int, str]:
        """Any request to the endpoint of the bot."""
        assert self._session is not None
        async with self._session.request(method, self.bot_url, **request) as answer:
            return answer.status, await answer.text()

    def next_id(self) -> str:
        return f"17{next(self._numbers):011d}"

    def changed(self) -> None:
        self._changed.set()

    # The servers ------------------------------------------------------------------------------------------------

    async def _openid(self, _request: web.Request) -> web.StreamResponse:
        self.calls.append("openid")
        async with self._faulty("keys", _request) as fault:
            if fault:
                return fault
        return web.json_response({"issuer": "https://api.botframework.com", "jwks_uri": f"{self.url}/keys"})

    async def _keys(self, _request: web.Request) -> web.StreamResponse:
        self.calls.append("keys")
        return web.json_response({"keys": self.signer.public_keys()})

    async def _token(self, request: web.Request) -> web.StreamResponse:
        self.calls.append("token")
        async with self._faulty("token", request) as fault:
            if fault:
                return fault
        form = await request.post()
        if (form.get("client_id"), form.get("client_secret")) != (APP_ID, APP_PASSWORD):
            return web.json_response({"error": "invalid_client", "error_description": "no"}, status=401)
        assert form["scope"] == "https://api.botframework.com/.default"
        self.tokens_given += 1
        return web.json_response({"access_token": f"stub-{self.tokens_given}", "expires_in": 3600})

    async def _create(self, request: web.Request) -> web.StreamResponse:
        self.calls.append("create")
        if refused := self._unauthorized(request):
            return refused
        async with self._faulty("create", request) as fault:
            if fault:
                return fault
        body = await request.json()
        members = [member["id"] for member in body["members"]]
        tenant = body.get("channelData", {}).get("tenant", {}).get("id")
        person = next((one for one in self.people.values() if {one.member_id, one.aad_id} & set(members)), None)
        if person is None or not person.installed or tenant != TENANT:
            return _error(403, "ForbiddenOperationException")
        return web.json_response({"id": person.conversation}, status=201)

    async def _post(self, request: web.Request) -> web.StreamResponse:
        self.calls.append("post")
        return await self._write(request, "post")

    async def _edit(self, request: web.Request) -> web.StreamResponse:
        self.calls.append("edit")
        return await self._write(request, "edit")

    async def _write(self, request: web.Request, call: Call) -> web.StreamResponse:
        if refused := self._unauthorized(request) or await self._refused(request, call):
            return refused
        raw = await request.json()
        async with self._faulty(call, request) as fault:
            if fault and not self._last_fault.taken:
                return fault
            message = self._take(request, raw)
            if fault:
                return fault
        if message is None:
            return _error(404, "ActivityNotFoundInConversation")
        return web.json_response({"id": message.id}, status=201 if call == "post" else 200)

    def _take(self, request: web.Request, activity: dict[str, Any]) -> Message | None:
        conversation, old = request.match_info["conversation"], request.match_info.get("activity")
        if old is None:
            message = Message(self.next_id(), conversation, activity, at=self.clock())
            self.messages.append(message)
            self.posted.append(message)
        else:
            found = [one for one in self.messages if one.id == old and one.conversation == conversation]
            if not found:
                return None
            message = found[0]
            message.history.append(message.activity)
            message.activity = activity
            message.edits += 1
            for person in self.people.values():
                person.replaced.pop(message.id, None)
        self.changed()
        return message

    async def _refused(self, request: web.Request, call: Call) -> web.Response | None:
        """What Teams would not take."""
        body = await request.read()
        if len(body) > MOST_BYTES:
            return _error(413, "MessageSizeTooBig")
        activity = json.loads(body)
        attachments = activity.get("attachments") or []
        faults = [fault for one in attachments for fault in card_faults(one)]
        if call == "edit" and len(attachments) > 1:
            faults.append("an edit holds one attachment")
        if not attachments and not activity.get("text"):
            faults.append("nothing to show")
        if faults:
            self.refusals.extend(faults)
            return _error(400, "BadArgument")
        conversation = request.match_info["conversation"]
        owner = next((one for one in self.people.values() if one.conversation == conversation), None)
        if owner is None and not conversation.startswith("19:"):
            return _error(404, "ConversationNotFound")
        if owner is not None and not owner.installed:
            return _error(403, "BotNotInConversationRoster")
        return None

    async def _member(self, request: web.Request) -> web.StreamResponse:
        self.calls.append("member")
        if refused := self._unauthorized(request):
            return refused
        async with self._faulty("member", request) as fault:
            if fault:
                return fault
        wanted = request.match_info["member"]
        person = next((one for one in self.people.values() if wanted in (one.member_id, one.aad_id)), None)
        return web.json_response(person.roster_entry()) if person else _error(404, "MemberNotFoundInConversation")

    def _unauthorized(self, request: web.Request) -> web.Response | None:
        if not self.signed or request.headers.get("Authorization") == f"Bearer stub-{self.tokens_given}":
            return None
        return _error(401, "Unauthorized")

    _last_fault: Fault = field(default_factory=Fault)

    @asynccontextmanager
    async def _faulty(self, call: Call, request: web.Request) -> AsyncIterator[web.StreamResponse | None]:
        """The scripted fault of this call, already in the shape of an answer; None when nothing is scripted."""
        waiting = self._faults.get(call)
        if not waiting:
            yield None
            return
        fault = self._last_fault = waiting.pop(0)
        match fault.way:
            case "answer":
                yield _answer(fault)
            case "drop":
                yield web.Response()
                drop(request)
            case "reset":
                yield web.Response()
                reset(request)
            case "truncate":
                yield web.Response()
                await truncate(request)
            case "garbage":
                yield web.Response(text='{"id": "17', content_type="application/json")
            case "hang":
                yield web.Response()
                await asyncio.Event().wait()


def _answer(fault: Fault) -> web.Response:
    headers = {"Retry-After": fault.retry_after} if fault.retry_after else {}
    if fault.body:
        return web.Response(status=fault.status, text=fault.body, headers=headers, content_type="text/html")
    error = {"error": {"code": fault.code, "message": "No."}} if fault.code else {}
    return web.json_response(error, status=fault.status, headers=headers)


def _error(status: int, code: str) -> web.Response:
    return web.json_response({"error": {"code": code, "message": "No."}}, status=status)
