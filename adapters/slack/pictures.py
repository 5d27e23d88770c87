"""Pictures go to Slack as files, since an image block shows a public address or a file of the workspace."""

import io
import logging

from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import cards
from adapters.slack.api import FAILURES, reason
from conversations.cards import Card, Picture

log = logging.getLogger("flipside.slack")


async def upload(client: AsyncWebClient, card: Card) -> dict[bytes, str]:
    """File ids by picture. A picture that cannot be uploaded is left out; its words are shown instead."""
    files: dict[bytes, str] = {}
    for picture in cards.pictures(card):
        try:
            files[picture.png] = await _upload(client, picture)
        except FAILURES as error:
            log.warning("picture not uploaded: %s", reason(error))
    return files


async def _upload(client: AsyncWebClient, picture: Picture) -> str:
    place = await client.files_getUploadURLExternal(filename="picture.png", length=len(picture.png))
    session = client.session
    if not isinstance(session, ClientSession):
        raise ValueError("no session")
    async with session.post(place["upload_url"], data=io.BytesIO(picture.png), proxy=client.proxy) as answer:
        answer.raise_for_status()
    file = str(place["file_id"])
    await client.files_completeUploadExternal(files=[{"id": file, "title": picture.alt[:100]}])
    return file
