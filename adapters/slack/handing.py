"""A file for somebody, and the card that says what it is: one message, or the card alone when no file may be sent."""

import asyncio
import logging

from slack_sdk.web.async_client import AsyncWebClient

from adapters.platform import Delivered, Refused, Sent, Uncertain
from adapters.slack import cards, pictures, uploads
from adapters.slack.api import FAILURES, code_of
from adapters.slack.rich_text import Json
from adapters.slack.sending import OURS, TERMINAL, UNCERTAIN, Sender, block_id, what_became
from conversations.cards import Card
from conversations.contacts import Address
from conversations.file_cards import not_attached_card
from conversations.files import File

log = logging.getLogger("flipside.slack")

# Seconds for all that comes before the one call that shows the file. Together with that one (15) it stays below what
# delivery waits (30), so that a slow upload is still known to have shown nothing.
LONGEST_UPLOAD = 12.0
# Blocks that chat.postMessage takes and this method does not, perhaps: then the file goes first, and the card after it.
BLOCKS_REFUSED = {"invalid_blocks", "invalid_arguments", "invalid_blocks_format"}
# It is the moment, our token or the person. With any other code (missing_scope, storage_limit_reached, ...) it is the
# file that Slack does not take.
ANOTHER_REASON = {"ratelimited"} | UNCERTAIN | OURS | TERMINAL


class Hander:
    """Hands files over, and sends the card alone where that cannot be."""

    def __init__(self, client: AsyncWebClient, sender: Sender) -> None:
        self._client = client
        self._sender = sender

    async def hand(self, to: Address, card: Card, file: File, delivery_id: str) -> Sent:
        try:
            async with asyncio.timeout(LONGEST_UPLOAD):
                uploaded = await uploads.upload(self._client, file.name, file.content)
                channel = await self._channel(to)
                shown = await pictures.upload(self._client, card)
        except FAILURES as error:
            failed = _nothing_shown(await what_became(self._client, error))
            return await self._failed(to, card, delivery_id, error, failed)
        try:
            in_one = await self._share(uploaded, file, channel, _marked(cards.message(card, shown), delivery_id))
        except FAILURES as error:
            return await self._failed(to, card, delivery_id, error, await what_became(self._client, error))
        if not in_one:
            return await self._sender.send(to, card, delivery_id, "")
        # Slack shows the file a moment later and names no message, so that there is none to change.
        return Delivered("", channel)

    async def _channel(self, to: Address) -> str:
        """A file goes to a chat; unlike a message it does not find one by the person's id."""
        if to.route:
            return to.route
        opened = await self._client.conversations_open(users=[to.user])
        return str(opened["channel"]["id"])

    async def _share(self, uploaded: str, file: File, channel: str, blocks: list[Json]) -> bool:
        """Whether the card is in the same message. If not, the file is there already and the card is still to come."""
        try:
            await uploads.share(self._client, uploaded, file.name, channel, blocks)
        except FAILURES as error:
            if code_of(error) not in BLOCKS_REFUSED:
                raise
            log.warning("file sent ahead of its card: %s", code_of(error))
            await uploads.share(self._client, uploaded, file.name, channel)
            return False
        return True

    async def _failed(
        self, to: Address, card: Card, delivery_id: str, error: BaseException, failed: Refused | Uncertain
    ) -> Sent:
        log.warning("file not sent: %s delivery=%s", failed.reason, delivery_id)
        code = code_of(error)
        if code and code not in ANOTHER_REASON:
            return await self._sender.send(to, not_attached_card(card), delivery_id, "")
        return failed


def _marked(message: Json, delivery_id: str) -> list[Json]:
    """The blocks, with the delivery id on the first: files.completeUploadExternal takes no metadata."""
    first, *rest = message["blocks"]
    return [{"block_id": block_id(delivery_id), **first}, *rest]


def _nothing_shown(failed: Refused | Uncertain) -> Refused:
    """Uploading and opening a chat show nothing, so a failure is always proof that nothing was sent."""
    return Refused(failed.reason) if isinstance(failed, Uncertain) else failed
