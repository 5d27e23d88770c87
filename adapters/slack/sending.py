"""One message, one attempt, and what became of it."""

import logging

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.platform import Delivered, Refused, Sent, Uncertain
from adapters.slack import cards
from adapters.slack.api import FAILURES, code_of, reason, status_of
from adapters.slack.pictures import upload
from adapters.slack.rich_text import Json
from conversations.cards import Card
from conversations.contacts import Address, Group, Place

log = logging.getLogger("flipside.slack")

# Slack answered, yet the message may have been taken all the same.
UNCERTAIN = {"internal_error", "fatal_error", "service_unavailable", "request_timeout"}
# Said of a recipient who was deactivated, and of the bot itself when its app is out of the workspace.
WHOSE = "account_inactive"
# Nobody is there (any more), or the message itself is not acceptable: the same again would be refused again.
TERMINAL = {
    WHOSE,
    "user_disabled",
    "user_not_found",
    "channel_not_found",
    "cannot_dm_bot",
    "messages_tab_disabled",
    "not_in_channel",
    "is_archived",
    "restricted_action",
    "message_not_found",
    "cant_update_message",
    "edit_window_closed",
    "invalid_blocks",
    "msg_too_long",
    "msg_blocks_too_long",
    "no_text",
}
# Of those, what is said of the message: the person is still there.
UNACCEPTABLE = {"invalid_blocks", "msg_too_long", "msg_blocks_too_long", "no_text"}
# The bot itself cannot do anything now: an operator's matter, not the pair's.
OURS = {"invalid_auth", "not_authed", "token_revoked", "token_expired", WHOSE, "org_login_required"}
NOT_CONNECTED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
PAUSE = 30.0  # seconds to wait after a 429 that does not say how long


class Sender:
    """Sends what the outbox holds."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def send(self, to: Address | Group | Place, card: Card, delivery_id: str, update: str) -> Sent:
        sent = await self._send(to, card, delivery_id, update)
        if not isinstance(sent, Delivered):
            log.warning("not sent: %s delivery=%s", sent.reason, delivery_id)
        return sent

    async def _send(self, to: Address | Group | Place, card: Card, delivery_id: str, update: str) -> Sent:
        try:
            channel = update.partition(":")[0] or await self._channel(to)
        except FAILURES as error:
            return _not_opened(error)
        files = await upload(self._client, card)
        sent = await self._attempt(channel, cards.message(card, files), delivery_id, update)
        if files and isinstance(sent, Refused) and sent.reason == "invalid_blocks":
            # Proven not sent, and most likely for the picture: a fresh upload is sometimes unknown for seconds
            # (python-slack-sdk issue 1521). Then its words go instead of it.
            return await self._attempt(channel, cards.message(card), delivery_id, update)
        return sent

    async def _channel(self, to: Address | Group | Place) -> str:
        match to:
            case Address():
                # A message to a user id opens the chat by itself and spares conversations.open (50 a minute).
                return to.route or to.user
            case Place():
                return to.channel
            case Group():
                opened = await self._client.conversations_open(users=[member.user for member in to.members])
                return str(opened["channel"]["id"])

    async def _attempt(self, channel: str, message: Json, delivery_id: str, update: str) -> Sent:
        metadata = {"event_type": "flipside_delivery", "event_payload": {"id": delivery_id}}
        try:
            if update:
                answer = await edit(self._client, channel, update.partition(":")[2], message, metadata)
            else:
                answer = await post(self._client, channel, message, metadata)
            posted = str(answer["channel"])
            return Delivered(f"{posted}:{answer['ts']}", posted if posted.startswith("D") else "")
        except KeyError:
            return Uncertain("answer_without_ts")
        except FAILURES as error:
            return await what_became(self._client, error)


async def post(client: AsyncWebClient, channel: str, message: Json, metadata: Json | None = None) -> AsyncSlackResponse:
    """A new message. Nothing in it is searched for names or links, and no page that it links to is shown below it."""
    return await client.chat_postMessage(
        channel=channel,
        text=message["text"],
        blocks=message["blocks"],
        metadata=metadata,
        link_names=False,
        parse="none",
        unfurl_links=False,
        unfurl_media=False,
    )


async def edit(
    client: AsyncWebClient, channel: str, ts: str, message: Json, metadata: Json | None = None
) -> AsyncSlackResponse:
    """Another text in place of a message's old one."""
    return await client.chat_update(
        channel=channel,
        ts=ts,
        text=message["text"],
        blocks=message["blocks"],
        metadata=metadata,
        link_names=False,
        parse="none",
    )


def block_id(delivery_id: str) -> str:
    """What marks the first block of a message that can have no metadata."""
    return f"flipside-{delivery_id}"


async def what_became(client: AsyncWebClient, error: BaseException) -> Refused | Uncertain:
    """`outcome`, save that while our app is out of the workspace nobody else is taken to be gone."""
    if code_of(error) == WHOSE and not await _are_we_in(client):
        return Refused(WHOSE)
    return outcome(error)


async def _are_we_in(client: AsyncWebClient) -> bool:
    try:
        await client.auth_test()
    except FAILURES:
        return False
    return True


def outcome(error: BaseException) -> Refused | Uncertain:
    """What a failed call means for the message: proven not sent, or unknown (guarantees, delivery, point 3)."""
    code, status = code_of(error), status_of(error)
    if isinstance(error, NOT_CONNECTED):
        return Refused("not_connected")
    if status == 429 or code == "ratelimited":
        return Refused("ratelimited", retry_after=_pause(error), method=_method(error))
    if status >= 500 or code in UNCERTAIN:
        return Uncertain(reason(error))
    if code or 400 <= status < 500:
        return Refused(reason(error), for_good=code in TERMINAL, wrong_message=code in UNACCEPTABLE)
    return Uncertain(reason(error))


def _not_opened(error: BaseException) -> Refused:
    """Opening a group says nothing yet, so a failure is always proof that nothing was sent."""
    failed = outcome(error)
    transient = isinstance(failed, Uncertain) or failed.retry_after or not code_of(error)
    if transient or code_of(error) in OURS:
        return failed if isinstance(failed, Refused) and not failed.for_good else Refused(failed.reason)
    return Refused("cannot_open_group", for_good=True)


def _method(error: BaseException) -> str:
    """Slack counts each method by itself."""
    return str(getattr(getattr(error, "response", None), "api_url", "")).rpartition("/")[2]


def _pause(error: BaseException) -> float:
    headers = getattr(getattr(error, "response", None), "headers", {})
    try:
        return float(headers.get("Retry-After", PAUSE))
    except ValueError:
        return PAUSE
