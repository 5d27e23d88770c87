"""The wire: what Slack posts (or pushes over Socket Mode) goes through Bolt to the dispatcher, and is acknowledged."""

import logging
import re
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from aiohttp import web
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.answering import Answering
from adapters.door import Refusal, body_of
from adapters.platform import Dispatch
from adapters.slack import events, guard
from adapters.slack.answers import Answers, picked_in_vain
from adapters.slack.api import sdk_logger, web_client
from adapters.slack.people import People
from adapters.slack.rich_text import Json
from conversations.events import Left
from conversations.replies import Ask, AtOnce, Correct, Home

log = logging.getLogger("flipside.slack")

PATH = "/slack/events"
ANY = re.compile("")
# Slack waits 3 seconds for an acknowledgement; half a second of them may be spent on the way.
PATIENCE = 2.5
LAST_ANSWERS = 5.0  # seconds that answers under way get when the bot stops


class Wire:
    """One Bolt app and the way of a payload through it."""

    def __init__(
        self,
        client: AsyncWebClient,
        people: People,
        dispatch: Dispatch,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._people = people
        self._dispatch = dispatch
        self._seconds = seconds
        self._answers = Answers(client, people)
        self._answering = Answering(log)
        self._bolt = _bolt(client, people)
        for listen in (self._bolt.command(ANY), self._bolt.action(ANY), self._bolt.view(ANY), self._bolt.event(ANY)):
            listen(self._turn)

    async def take(self, payload: Json) -> BoltResponse:
        """The acknowledgement of one payload; the same way for HTTP and for Socket Mode."""
        began = self._seconds()
        try:
            people = events.people_in(payload)
            received = events.read(payload, await self._people.emails(people) if people else {})
            if received is None:
                _note_removal(payload)
                return BoltResponse(status=200)
            # The signature was checked and the body parsed at the door: this mode makes Bolt do neither again.
            context = {"received": received, "began": began}
            request = AsyncBoltRequest(body=payload, mode="socket_mode", context=context)
        except (events.Malformed, TypeError, AttributeError, KeyError):
            log.warning("refused a payload: malformed")
            return BoltResponse(status=400)
        return await self._bolt.async_dispatch(request)

    async def finish(self) -> None:
        """Waits a little for the answers under way, then gives them up."""
        await self._answering.finish(LAST_ANSWERS)

    async def _turn(self, ack: AsyncAck, context: AsyncBoltContext) -> None:
        """Dispatch, acknowledge, answer; in this order."""
        received: events.Received = context["received"]
        if wrong := picked_in_vain(received):
            await ack(wrong.body)
            return
        if isinstance(received.inbound.event, Left):
            self._people.forget(received.inbound.address.user)
        self._answers.learn(received)
        answers = await self._dispatch(received.inbound)
        late = self._seconds() - context["began"] > PATIENCE
        acknowledgement = await self._answers.acknowledgement(received, answers, late)
        await ack(acknowledgement.body or "")
        user = received.inbound.address.user
        # Home covers no message, and Slack may hold it up when hundreds look at once: it is in a line of its own.
        self._answer(f"{user}/home", received, [answer for answer in acknowledgement.rest if isinstance(answer, Home)])
        self._answer(user, received, [answer for answer in acknowledgement.rest if not isinstance(answer, Home)])

    def _answer(self, line: str, received: events.Received, answers: Sequence[AtOnce]) -> None:
        if answers:
            opens_form = all(isinstance(answer, Ask | Correct) for answer in answers)
            self._answering.begin(line, partial(self._answers.perform, received, answers), at_once=opens_form)


def _note_removal(payload: Json) -> None:
    event = payload.get("event")
    if isinstance(event, dict) and event.get("type") in ("app_uninstalled", "tokens_revoked"):
        log.error("Slack says %s: nothing can be sent until the app is installed again", event["type"])


class Door:
    """The HTTP route in front of the wire. Bad requests end here, with one line in the log."""

    def __init__(self, signing_secret: str, clock: Callable[[], datetime]) -> None:
        self._secret = signing_secret
        self._clock = clock
        self.wire: Wire | None = None

    async def receive(self, request: web.Request) -> web.Response:
        try:
            body = await body_of(request)
            if guard.is_ssl_check(body):
                return web.Response()
            guard.check_signature(self._secret, self._clock(), request.headers, body)
            payload = guard.payload_of(request.content_type, body)
        except Refusal as refusal:
            log.warning("refused a request: %s %s", refusal.status, refusal.reason)
            return web.Response(status=refusal.status)
        if payload.get("type") == "url_verification":
            return web.json_response({"challenge": str(payload.get("challenge", ""))})
        if self.wire is None:
            return web.Response(status=503, headers={"Retry-After": "5"})
        answer = await self.wire.take(payload)
        kind = "application/json" if answer.body.startswith("{") else "text/plain"
        return web.Response(status=answer.status, text=answer.body, content_type=kind)


class _Authorize(AsyncAuthorize):
    """The token and the bot's own ids from memory: Bolt's own way asks Slack or a database for each request."""

    def __init__(self, people: People) -> None:
        self._people = people

    async def __call__(self, *, team_id: str | None, **_: Any) -> AuthorizeResult:
        here = self._people.known_installation()
        return AuthorizeResult(
            enterprise_id=None,
            team_id=team_id,
            bot_user_id=here.bot_user if here else None,
            bot_id=here.bot if here else None,
        )


def _bolt(client: AsyncWebClient, people: People) -> AsyncApp:
    logger = sdk_logger()
    bolt = AsyncApp(
        name="flipside.slack.sdk",
        logger=logger,
        # Listeners send with our client and not with the one that Bolt makes for each request, so that has no token.
        client=web_client(None, client.base_url, client.session),
        authorize=_Authorize(people),
        # The default mode acknowledges before the listener ran (a crash then loses the event) and polls every 10 ms.
        process_before_response=True,
        request_verification_enabled=False,  # done at the door
        ssl_check_enabled=False,  # likewise
        url_verification_enabled=False,  # likewise
        attaching_function_token_enabled=False,
    )

    @bolt.error
    async def _fault(error: Exception) -> BoltResponse:
        # Slack sends an event again after a 500, and over Socket Mode when it is not acknowledged.
        log.error("fault in a turn: %s", type(error).__name__)
        return BoltResponse(status=500)

    return bolt
