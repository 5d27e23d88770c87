"""The wire: what Teams posts to us, who may post, and how it is answered. One handler around the SDK's turn."""

import json
import logging
from collections.abc import Sequence
from functools import partial

from aiohttp import web
from botbuilder.core import InvokeResponse, TurnContext
from botbuilder.integration.aiohttp import CloudAdapter
from botbuilder.schema import Activity

from adapters.answering import Answering
from adapters.door import Refusal, body_of
from adapters.platform import Dispatch
from adapters.teams.answers import plan
from adapters.teams.chats import LONGEST_WAIT_SECONDS, WROTE_TO_YOU, Chats
from adapters.teams.connector import Connector
from adapters.teams.elements import Json
from adapters.teams.events import CHANNEL_ID, Arrivals, Incoming, incoming, is_card_action, tenant_of
from adapters.teams.guard import Claims, Guard, check_local
from adapters.teams.sdk import Authenticated
from conversations.replies import AtOnce

OUT_OF_DATE = "That card is out of date. Write help, and I will show you what I can do."
DONE = "Done."
SEE_BELOW = "Please see below."

log = logging.getLogger("flipside.teams")


class Endpoint:
    """POST /api/messages. `guard` is None in local mode, where everybody on this machine may post."""

    def __init__(self, connector: Connector, chats: Chats, guard: Guard | None, tenants: frozenset[str]) -> None:
        self.dispatch: Dispatch | None = None
        self._authenticated = Authenticated(connector)
        self._chats = chats
        self._guard = guard
        self._tenants = tenants
        self._arrivals = Arrivals(local=guard is None)
        self._adapter = CloudAdapter(self._authenticated)
        self.answering = Answering(log)

    async def handle(self, request: web.Request) -> web.Response:
        try:
            activity, claims = await self._admitted(request)
        except Refusal as refusal:
            log.warning("refused a request to the Teams endpoint: %s", refusal.reason)
            return web.Response(status=refusal.status, text=_MEANINGS[refusal.status])
        if self.dispatch is None:
            return web.Response(status=503, text="The bot is starting.")
        turn = partial(self._turn, self.dispatch)
        answer = await self._adapter.process_activity(self._authenticated.result(claims), activity, turn)
        if answer is not None:
            return web.json_response(answer.body or {}, status=int(answer.status))
        return web.Response(status=201)

    async def _admitted(self, request: web.Request) -> tuple[Activity, Claims]:
        """The token first, so that a stranger costs us no parsing; then the body, then what the two say together."""
        if request.content_type != "application/json":
            raise Refusal(415, "body is not JSON by its content type")
        signed = await self._guard.check(request.headers.get("Authorization", "")) if self._guard else None
        activity = _activity(await body_of(request))
        if signed is None:
            check_local(request.host, str(activity.service_url or ""))
            return activity, {}
        signed.require(str(activity.service_url or ""), str(activity.channel_id or ""))
        if activity.channel_id != CHANNEL_ID or tenant_of(activity) not in self._tenants:
            raise Refusal(403, "tenant is not one of ours")
        return activity, signed.claims

    async def _turn(self, dispatch: Dispatch, context: TurnContext) -> None:
        """One activity, as the SDK's pipeline runs it."""
        arrived = incoming(context.activity, self._arrivals)
        if arrived is None:
            if is_card_action(context.activity):
                await _answer(context, message_answer(OUT_OF_DATE))
            return
        self._chats.noticed(arrived)
        answers = await dispatch(arrived.inbound)
        steps = plan(arrived, answers)
        whose = arrived.inbound.address.user
        if arrived.invoke and (shown := steps.shown):
            # An edit that is still on its way would take this screen, and what was typed there, off again.
            await self.answering.wait(whose, LONGEST_WAIT_SECONDS)
            await _answer(context, card_answer(shown))
        elif arrived.invoke:
            await _answer(context, message_answer(_said(arrived, answers)))
        self.answering.begin(whose, partial(self._chats.perform, arrived, steps))


def message_answer(words: str) -> Json:
    """Leaves the card as it is; the client shows the words for a moment."""
    return {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": words}


def card_answer(content: Json) -> Json:
    return {"statusCode": 200, "type": "application/vnd.microsoft.card.adaptive", "value": content}


def _said(arrived: Incoming, answers: Sequence[AtOnce]) -> str:
    if not answers:
        return DONE
    return SEE_BELOW if arrived.personal else WROTE_TO_YOU


async def _answer(context: TurnContext, body: Json) -> None:
    """The SDK keeps it and hands it back from `process_activity`; its own `process` would fail to serialise a dict."""
    await context.send_activity(Activity(type="invokeResponse", value=InvokeResponse(status=200, body=body)))


def _activity(raw: bytes) -> Activity:
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        raise Refusal(400, "body is not JSON") from None
    if not isinstance(body, dict) or not isinstance(body.get("type"), str):
        raise Refusal(400, "body is not an activity")
    try:
        return Activity().deserialize(body)
    except Exception as error:  # the SDK's deserializer raises whatever it stumbles over
        raise Refusal(400, f"body is not an activity: {type(error).__name__}") from None


_MEANINGS = {
    400: "This is not a Bot Framework activity.",
    401: "This request is not signed by the Bot Framework for this bot.",
    403: "This bot does not serve that organisation, or another machine.",
    413: "The body is too large.",
    415: "Send application/json.",
}
