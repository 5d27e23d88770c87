"""Whether a message of ours is in somebody's chat with the bot, by the delivery id that it carries."""

import logging
from collections.abc import AsyncIterator
from datetime import datetime

from slack_sdk.web.async_client import AsyncWebClient

from adapters.platform import CannotLook, Found, LookedBack, NotFound, Refused
from adapters.slack.api import FAILURES, code_of, reason
from adapters.slack.rich_text import Json
from adapters.slack.sending import block_id, outcome
from conversations.contacts import Address, Group, Place

log = logging.getLogger("flipside.slack")

# conversations.history takes up to 999; Slack advises no more than 200 a page. A chat with the bot holds a few a day.
PAGE = 200
MOST_PAGES = 5
# It will say the same tomorrow: the operator left a right out, or nobody is there.
NEVER = {"missing_scope", "channel_not_found", "not_in_channel", "user_not_found", "user_disabled", "cannot_dm_bot"}


class LookBack:
    """Reads the history of direct messages. Group chats and channels are not read: the bot asks for no right to."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._warned = False

    async def look(self, to: Address | Group | Place, delivery_id: str, since: datetime) -> LookedBack:
        """One look, from that moment on."""
        if not isinstance(to, Address):
            return CannotLook("not_a_direct_message", for_good=True)
        try:
            channel = to.route or await self._open(to.user)
            seen = [str(each["ts"]) async for each in self._messages(channel, since) if carries(each, delivery_id)]
        except KeyError:
            return CannotLook("unreadable_answer")
        except FAILURES as error:
            return self._failed(error)
        return Found(f"{channel}:{min(seen)}", len(seen)) if seen else NotFound()

    async def _open(self, user: str) -> str:
        """The first message to somebody went to their id; where it landed, the answer would have said."""
        opened = await self._client.conversations_open(users=[user])
        return str(opened["channel"]["id"])

    async def _messages(self, channel: str, since: datetime) -> AsyncIterator[Json]:
        cursor = ""
        for _ in range(MOST_PAGES):
            page = await self._client.conversations_history(
                channel=channel,
                oldest=f"{since.timestamp():.6f}",
                include_all_metadata=True,
                limit=PAGE,
                cursor=cursor or None,
            )
            for message in page["messages"]:
                yield message
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    def _failed(self, error: BaseException) -> CannotLook:
        if code_of(error) in NEVER:
            if not self._warned:
                self._warned = True
                log.warning("cannot look back: %s; a crash may repeat a message", reason(error))
            return CannotLook(reason(error), for_good=True)
        match outcome(error):
            case Refused(retry_after=wait, method=method) if wait is not None:
                return CannotLook(reason(error), retry_after=wait, method=method)
            case _:
                return CannotLook(reason(error))


def carries(message: Json, delivery_id: str) -> bool:
    """A message has it in its metadata; one that came with a file, on its first block."""
    payload = (message.get("metadata") or {}).get("event_payload") or {}
    marked = block_id(delivery_id)
    return payload.get("id") == delivery_id or any(
        block.get("block_id") == marked for block in message.get("blocks") or ()
    )
