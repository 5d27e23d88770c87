"""A stand-in for Slack on a loopback port: the Web API, response addresses, file uploads and Socket Mode.

    async with SlackStub() as slack:
        ana = slack.add_person("Ana Ruiz", "ana@larkspur.example", "Europe/Madrid")
        slack.bot_url = "http://127.0.0.1:3978"     # or let the bot connect by Socket Mode
        await ana.command("join")
        await ana.sees("Share what you know")

It refuses what Slack refuses (see slack_limits) and can be told to fail: `slack.fail("chat.postMessage", Fault(...))`.
"""

import asyncio
import hashlib
import hmac
import io
import json
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, Self, TypeVar
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from tests.support.cut_off import drop, reset, truncate
from tests.support.patience import SECONDS
from tests.support.slack_limits import faults_of_message, faults_of_view
from tests.support.slack_person import SlackMessage, SlackPerson

Json = dict[str, Any]
Found = TypeVar("Found")

SCOPES = (
    "commands,chat:write,chat:write.public,im:write,im:history,mpim:write,users:read,users:read.email,team:read,"
    "files:write,dnd:read"
)


@dataclass(frozen=True, slots=True)
class Fault:
    """How one call fails. `taken`: Slack does what was asked, and only the answer is lost or wrong."""

    kind: Literal["drop", "reset", "hang", "status", "error", "ratelimited", "truncate", "garbage"]
    code: str = ""
    status: int = 500
    retry_after: int = 0
    taken: bool = False


@dataclass(slots=True)
class ResponseUrl:
    """An address to answer at: five times within half an hour."""

    channel: str
    user: str
    message: "SlackMessage | None"
    uses: int = 0
    expired: bool = False


@dataclass(slots=True)
class Channel:
    """A channel, a direct message with the bot, or a group chat."""

    id: str
    name: str
    members: set[str] = field(default_factory=set)
    private: bool = False
    bot_in: bool = False


class SlackStub:
    """One workspace."""

    def __init__(self, *, team: str = "T0LARKSPUR", clock: Callable[[], datetime] | None = None) -> None:
        self.team = team
        self.bot_token = "xoxb-stub"
        self.app_token = "xapp-stub"
        self.signing_secret = "stub-signing-secret"
        self.scopes = SCOPES
        # From when until when somebody does not want to be disturbed, in seconds since 1970.
        self.quiet: dict[str, tuple[int, int]] = {}
        self.bot_url = ""
        self.bot_user, self.bot_id = "U0FLIPSIDE", "B0FLIPSIDE"
        self.clock = clock or (lambda: datetime.now(UTC))
        self.trigger_life = 3.0
        self.messages: list[SlackMessage] = []
        self.people: dict[str, SlackPerson] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, bytes] = {}
        self.file_names: dict[str, str] = {}
        self.calls: list[tuple[str, Json]] = []
        self.called_at: list[tuple[str, datetime]] = []
        self._queries: list[tuple[str, dict[str, str]]] = []
        self.deliveries: list[tuple[dict[str, str], bytes]] = []
        self.lost_messages: list[str] = []
        # Seconds until conversations.history shows a message; called with each one that is taken.
        self.shown_after = 0.0
        self.on_message: Callable[[SlackMessage], None] = lambda message: None
        self._taken_at: dict[str, float] = {}
        self._faults: dict[str, deque[Fault]] = defaultdict(deque)
        self._triggers: dict[str, tuple[str, float]] = {}
        self._response_urls: dict[str, ResponseUrl] = {}
        self._uploads: dict[str, bytes] = {}
        self._expected: dict[str, int] = {}
        self._sockets: list[web.WebSocketResponse] = []
        self._envelopes: dict[str, asyncio.Future[Json]] = {}
        self._changed = asyncio.Event()
        self._number = 0
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None
        self.url = ""

    # Life -----------------------------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=32 * 1024 * 1024)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_post("/response/{token}", self._responded)
        app.router.add_post("/upload/{file}", self._uploaded)
        app.router.add_get("/socket", self._socket)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._session = aiohttp.ClientSession()
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner and self._session
        await self._session.close()
        for socket in list(self._sockets):
            await socket.close()
        await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        return f"{self.url}/api"

    # Setting the scene ----------------------------------------------------------------------------------------

    def add_person(self, name: str, email: str = "", timezone: str = "Europe/Lisbon", **more: Any) -> SlackPerson:
        """`more`: fields of the user object, such as is_restricted=True."""
        user = more.pop("id", f"U{self.next_number():08d}")
        profile = {"real_name": name, "email": email} if email else {"real_name": name}
        account: Json = {
            "id": user,
            "team_id": self.team,
            "name": name.lower().replace(" ", "."),
            "real_name": name,
            "tz": timezone,
            "locale": "en-GB",
            "deleted": False,
            "is_bot": False,
            "is_restricted": False,
            "is_ultra_restricted": False,
            "profile": profile,
            **more,
        }
        person = SlackPerson(self, account)
        self.people[user] = person
        self._dm(user)
        return person

    def add_channel(self, name: str, *, private: bool = False, bot_in: bool = False) -> str:
        """Everybody is in it. Its id."""
        channel = f"C{self.next_number():08d}"
        self.channels[channel] = Channel(channel, name, set(self.people), private, bot_in)
        return channel

    def fail(self, method: str, *faults: Fault) -> None:
        """The next calls of `method` fail like this, one after the other."""
        self._faults[method].extend(faults)

    def recovers(self, method: str) -> None:
        """Its next calls do not fail any more."""
        self._faults[method].clear()

    def expire_response_urls(self) -> None:
        for url in self._response_urls.values():
            url.expired = True

    # Looking --------------------------------------------------------------------------------------------------

    def called(self, method: str) -> list[Json]:
        return [arguments for name, arguments in self.calls if name == method]

    def messages_to(self, user: str) -> list[SlackMessage]:
        """What this person sees, oldest first."""
        return [message for message in self.messages if self._sees(user, message)]

    def queries(self, method: str) -> list[dict[str, str]]:
        """What stood in the address of each call, where access logs and proxies see it."""
        return [query for name, query in self._queries if name == method]

    def files_of(self, message: SlackMessage) -> dict[str, bytes]:
        """What is attached to a message, by name."""
        return {file["name"]: self.files[file["id"]] for file in message.raw.get("files", ())}

    def _sees(self, user: str, message: SlackMessage) -> bool:
        if message.seen_by:
            return message.seen_by == user
        channel = self.channels[message.channel]
        return user in channel.members

    async def until(self, look: Callable[[], Found | None], what: str, seconds: float = SECONDS) -> Found:
        """Waits until `look` finds something."""
        try:
            async with asyncio.timeout(seconds):
                while not (found := look()):
                    self._changed.clear()
                    await self._changed.wait()
                return found
        except TimeoutError:
            raise AssertionError(f"not seen within {seconds} s: {what}") from None

    def notify(self) -> None:
        self._changed.set()

    def next_number(self) -> int:
        self._number += 1
        return self._number

    # What people do reaches the bot ---------------------------------------------------------------------------

    def new_trigger(self, user: str) -> str:
        trigger = f"{self.next_number()}.{self.team}.trigger"
        self._triggers[trigger] = (user, asyncio.get_running_loop().time())
        return trigger

    def new_response_url(self, channel: str, user: str, message: SlackMessage | None) -> str:
        token = f"R{self.next_number()}"
        self._response_urls[token] = ResponseUrl(channel, user, message)
        return f"{self.url}/response/{token}"

    async def deliver(self, kind: Literal["slash_commands", "interactive", "events_api"], payload: Json) -> Json:
        """Gives a payload to the bot; the body of its acknowledgement."""
        if self._sockets:
            return await self._push(kind, payload)
        match kind:
            case "slash_commands":
                return await self._post(urlencode(payload).encode(), "application/x-www-form-urlencoded")
            case "interactive":
                body = urlencode({"payload": json.dumps(payload)}).encode()
                return await self._post(body, "application/x-www-form-urlencoded")
            case "events_api":
                return await self._post(json.dumps(payload).encode(), "application/json")

    def signed(self, body: bytes, at: datetime | None = None) -> dict[str, str]:
        """The headers with which Slack signs a body."""
        timestamp = str(int((at or self.clock()).timestamp()))
        base = b"v0:" + timestamp.encode() + b":" + body
        signature = hmac.new(self.signing_secret.encode(), base, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={signature}"}

    async def post(self, headers: dict[str, str], body: bytes) -> tuple[int, str]:
        """One request to the bot as it is given: status and body."""
        assert self._session
        data = io.BytesIO(body)
        async with self._session.post(f"{self.bot_url}/slack/events", data=data, headers=headers) as answer:
            return answer.status, await answer.text()

    async def deliver_again(self, delivery: int = -1, *, ahead: float = 0) -> int:
        """The very same signed request once more, as after an acknowledgement that Slack did not get.

        `ahead`: so many seconds later, when the signature is made anew.
        """
        headers, body = self.deliveries[delivery]
        if ahead:
            headers = {**headers, **self.signed(body, self.clock() + timedelta(seconds=ahead))}
        return (await self.post({**headers, "X-Slack-Retry-Num": "1"}, body))[0]

    async def _post(self, body: bytes, content_type: str) -> Json:
        headers = {"Content-Type": content_type, **self.signed(body)}
        self.deliveries.append((headers, body))
        status, text = await self.post(headers, body)
        assert status == 200, f"the bot answered {status}"
        return json.loads(text) if text.startswith("{") else {}

    async def _push(self, kind: str, payload: Json) -> Json:
        envelope = f"E{self.next_number()}"
        self._envelopes[envelope] = asyncio.get_running_loop().create_future()
        accepts = kind != "events_api"
        body = {"type": kind, "envelope_id": envelope, "payload": payload, "accepts_response_payload": accepts}
        await self._sockets[-1].send_json(body)
        return await asyncio.wait_for(self._envelopes[envelope], SECONDS)

    async def event(self, event: Json, event_id: str = "") -> None:
        """An event of the Events API, as it is given."""
        payload = {
            "type": "event_callback",
            "token": "unused",
            "team_id": self.team,
            "api_app_id": "A0FLIPSIDE",
            "event_id": event_id or f"Ev{self.next_number()}",
            "event_time": int(self.clock().timestamp()),
            "authorizations": [{"enterprise_id": None, "team_id": self.team, "user_id": self.bot_user, "is_bot": True}],
            "event": event,
        }
        await self.deliver("events_api", payload)

    # What the bot does ----------------------------------------------------------------------------------------

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        arguments = await _arguments(request)
        self.calls.append((method, arguments))
        self.called_at.append((method, self.clock()))
        self._queries.append((method, dict(request.query)))
        fault = self._faults[method].popleft() if self._faults[method] else None
        if fault and not fault.taken:
            self.notify()
            return await self._failed(request, fault)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token != (self.app_token if method.startswith("apps.") else self.bot_token):
            return web.json_response({"ok": False, "error": "invalid_auth"})
        answer = self._answer(method, arguments)
        self.notify()
        if fault:
            return await self._failed(request, fault)
        return web.json_response(answer, headers={"x-oauth-scopes": self.scopes})

    async def _failed(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        match fault.kind:
            case "status":
                return web.Response(status=fault.status, text="<html>sorry</html>", content_type="text/html")
            case "error":
                return web.json_response({"ok": False, "error": fault.code})
            case "ratelimited":
                headers = {"Retry-After": str(fault.retry_after)}
                return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
            case "garbage":
                return web.Response(text='{"ok": tru', content_type="application/json")
            case "hang":
                await asyncio.Event().wait()
            case "truncate":
                await truncate(request)
            case "reset":
                reset(request)
            case "drop":
                drop(request)
        return web.Response()

    def _answer(self, method: str, arguments: Json) -> Json:
        handler = getattr(self, "_do_" + method.replace(".", "_"), None)
        if handler is None:
            return {"ok": False, "error": "unknown_method"}
        answer: Json = handler(arguments)
        return {"ok": "error" not in answer, **answer}

    def _do_auth_test(self, _: Json) -> Json:
        return {"team": "Larkspur", "team_id": self.team, "user_id": self.bot_user, "bot_id": self.bot_id}

    def _do_apps_connections_open(self, _: Json) -> Json:
        return {"url": self.url.replace("http", "ws", 1) + "/socket"}

    def _do_users_info(self, arguments: Json) -> Json:
        person = self.people.get(arguments["user"])
        return {"user": person.account} if person else {"error": "user_not_found"}

    def _do_dnd_info(self, arguments: Json) -> Json:
        if "dnd:read" not in self.scopes.split(","):
            return {"error": "missing_scope", "needed": "dnd:read", "provided": self.scopes}
        # Slack says 1 for both when somebody has no such hours.
        begins, ends = self.quiet.get(arguments["user"], (1, 1))
        return {"dnd_enabled": ends > 1, "next_dnd_start_ts": begins, "next_dnd_end_ts": ends}

    def _do_users_lookupByEmail(self, arguments: Json) -> Json:
        found = [person.account for person in self.people.values() if person.email == arguments["email"].lower()]
        return {"user": found[0]} if found and not found[0]["deleted"] else {"error": "users_not_found"}

    def _do_conversations_open(self, arguments: Json) -> Json:
        users = arguments["users"].split(",")
        if not 1 <= len(users) <= 8:
            return {"error": "too_many_users"}
        if any(user not in self.people for user in users):
            return {"error": "user_not_found"}
        if any(self.people[user].account["deleted"] for user in users):
            return {"error": "user_disabled"}
        if len(users) == 1:
            return {"channel": {"id": self._dm(users[0]).id}}
        members = set(users)
        old = [channel for channel in self.channels.values() if channel.name == "mpdm" and channel.members == members]
        if old:
            return {"channel": {"id": old[0].id, "is_mpim": True}}
        channel = Channel(f"G{self.next_number():08d}", "mpdm", members, private=True, bot_in=True)
        self.channels[channel.id] = channel
        return {"channel": {"id": channel.id, "is_mpim": True}}

    def _do_chat_postMessage(self, arguments: Json) -> Json:
        channel, error = self._channel(arguments["channel"])
        if channel is None or (error := error or self._unfit(arguments)):
            return {"error": error}
        message = self._new_message(channel.id, arguments)
        return {"channel": channel.id, "ts": message.ts, "message": message.raw}

    def _do_conversations_history(self, arguments: Json) -> Json:
        """Newest first; of a direct message with the bot."""
        if "im:history" not in self.scopes.split(","):
            return {"error": "missing_scope", "needed": "im:history", "provided": self.scopes}
        channel = arguments["channel"]
        if not channel.startswith("D") or channel not in self.channels:
            return {"error": "channel_not_found"}
        latest = self.clock().timestamp() - self.shown_after
        found = [
            {**message.raw, "ts": message.ts}
            for message in reversed(self.messages)
            if message.channel == channel
            and float(message.ts) >= float(arguments.get("oldest", 0))
            and self._taken_at.get(message.ts, 0.0) <= latest
        ]
        if str(arguments.get("include_all_metadata", "")).lower() not in ("1", "true"):
            found = [{key: value for key, value in each.items() if key != "metadata"} for each in found]
        size, start = int(arguments.get("limit", 100)), int(arguments.get("cursor") or 0)
        more = str(start + size) if len(found) > start + size else ""
        return {"messages": found[start : start + size], "response_metadata": {"next_cursor": more}}

    def _do_chat_update(self, arguments: Json) -> Json:
        found = [m for m in self.messages if (m.channel, m.ts) == (arguments["channel"], arguments["ts"])]
        if not found or found[0].seen_by:
            return {"error": "message_not_found"}
        if len(arguments["text"]) > 4000:
            return {"error": "msg_too_long"}
        if error := self._unfit(arguments):
            return {"error": error}
        found[0].change(arguments)
        return {"channel": arguments["channel"], "ts": arguments["ts"]}

    def _do_views_open(self, arguments: Json) -> Json:
        user, born = self._triggers.get(arguments["trigger_id"], ("", 0.0))
        if not user:
            used = arguments["trigger_id"].endswith(".trigger")
            return {"error": "exchanged_trigger_id" if used else "invalid_trigger_id"}
        if asyncio.get_running_loop().time() - born > self.trigger_life:
            return {"error": "expired_trigger_id"}
        if faults := faults_of_view(arguments["view"], set(self.files)):
            return {"error": "invalid_arguments", "response_metadata": {"messages": faults}}
        del self._triggers[arguments["trigger_id"]]
        self.people[user].show_form(arguments["view"])
        return {"view": arguments["view"]}

    def _do_views_publish(self, arguments: Json) -> Json:
        if faults := faults_of_view(arguments["view"], set(self.files)):
            return {"error": "invalid_arguments", "response_metadata": {"messages": faults}}
        person = self.people[arguments["user_id"]]
        person.home = SlackMessage("", "", arguments["view"])
        return {"view": arguments["view"]}

    def _do_files_getUploadURLExternal(self, arguments: Json) -> Json:
        if "files:write" not in self.scopes.split(","):
            return {"error": "missing_scope", "needed": "files:write", "provided": self.scopes}
        if not arguments.get("filename") or not str(arguments.get("length", "")).isdigit():
            return {"error": "invalid_arguments"}
        file = f"F{self.next_number():08d}"
        self.file_names[file] = arguments["filename"]
        self._expected[file] = int(arguments["length"])
        return {"upload_url": f"{self.url}/upload/{file}", "file_id": file}

    def _do_files_completeUploadExternal(self, arguments: Json) -> Json:
        given = [file["id"] for file in arguments["files"]]
        if any(file not in self._uploads for file in given):
            return {"error": "file_not_found"}
        if where := arguments.get("channel_id"):
            channel, error = self._channel(where) if where in self.channels else (None, "channel_not_found")
            if channel is None or (error := error or self._unshowable(arguments)):
                return {"error": error}
            files = [{"id": file, "name": self.file_names[file]} for file in given]
            self._new_message(channel.id, {"blocks": arguments.get("blocks", []), "files": files})
        self.files.update({file: self._uploads.pop(file) for file in given})
        return {"files": arguments["files"]}

    def _unshowable(self, arguments: Json) -> str:
        return "invalid_blocks" if faults_of_message(arguments, set(self.files)) else ""

    async def _uploaded(self, request: web.Request) -> web.Response:
        """The address is good for one upload of the length that was named."""
        content, file = await request.read(), request.match_info["file"]
        self.calls.append(("upload", {"file": file, "length": len(content)}))
        if self._faults["upload"]:
            return web.Response(status=self._faults["upload"].popleft().status)
        if len(content) != self._expected.pop(file, None):
            return web.Response(status=404)
        self._uploads[file] = content
        return web.Response(text=f"OK - {len(content)}")

    async def _responded(self, request: web.Request) -> web.Response:
        url = self._response_urls.get(request.match_info["token"])
        body = await request.json()
        self.calls.append(("response_url", body))
        if url is None or url.expired or url.uses >= 5:
            error = "used_url" if url and not url.expired else "expired_url"
            return web.json_response({"ok": False, "error": error}, status=404)
        if error := self._unfit(body):
            return web.json_response({"ok": False, "error": error}, status=404)
        url.uses += 1
        if body.get("replace_original") and url.message:
            url.message.change(body)
        else:
            self.say_in(url.channel, url.user, body)
        self.notify()
        return web.Response(text="ok")

    def say_in(self, channel: str, user: str, body: Json) -> None:
        """What a command is answered with: seen by the person alone unless it says in_channel."""
        seen_by = "" if body.get("response_type") == "in_channel" else user
        if error := self._unfit(body):
            raise AssertionError(f"Slack would not show this answer: {error}")
        self._new_message(channel, body, seen_by)
        self.notify()

    def _new_message(self, channel: str, body: Json, seen_by: str = "") -> SlackMessage:
        number = self.next_number()
        ts = f"{int(self.clock().timestamp())}.{number:06d}"
        message = SlackMessage(channel, ts, {"blocks": [], **body}, seen_by)
        self.messages.append(message)
        self._taken_at[ts] = self.clock().timestamp()
        self.on_message(message)
        return message

    def _unfit(self, body: Json) -> str:
        if not body.get("text") and not body.get("blocks"):
            return "no_text"
        faults = faults_of_message(body, set(self.files))
        if "msg_blocks_too_long" in faults:
            return "msg_blocks_too_long"
        return "invalid_blocks" if faults else ""

    def _channel(self, name: str) -> tuple[Channel | None, str]:
        if name in self.people:
            deleted = self.people[name].account["deleted"]
            return (None, "user_disabled") if deleted else (self._dm(name), "")
        channel = self.channels.get(name)
        if channel is None or (channel.private and not channel.bot_in):
            return None, "channel_not_found"
        if channel.id.startswith("D") and any(self.people[user].account["deleted"] for user in channel.members):
            return None, "user_disabled"
        return channel, ""

    def _dm(self, user: str) -> Channel:
        name = f"D{user[1:]}"
        return self.channels.setdefault(name, Channel(name, "directmessage", {user}, private=True, bot_in=True))

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1})
        self._sockets.append(socket)
        self.notify()
        try:
            async for message in socket:
                body = json.loads(message.data)
                self._envelopes.pop(body["envelope_id"]).set_result(body.get("payload") or {})
        finally:
            self._sockets.remove(socket)
        return socket

    async def disconnect_socket(self) -> None:
        """Slack asks the bot to connect anew, as it does every few hours."""
        old = self._sockets[-1]
        await old.send_json({"type": "disconnect", "reason": "refresh_requested"})
        await self.until(lambda: bool(self._sockets) and self._sockets[-1] is not old, "a new connection")

    async def connected(self) -> None:
        await self.until(lambda: bool(self._sockets), "a Socket Mode connection")


async def _arguments(request: web.Request) -> Json:
    if request.content_type == "application/json":
        body: Json = await request.json()
        return {**request.query, **body}
    form = {key: str(value) for key, value in (await request.post()).items()}
    merged: Json = {**request.query, **form}
    return {key: json.loads(value) if key in ("files", "view", "blocks") else value for key, value in merged.items()}
