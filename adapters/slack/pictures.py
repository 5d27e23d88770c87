"""Pictures go to Slack as files, since an image block shows a public address or a file of the workspace."""

import logging

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import cards, uploads
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
    file = await uploads.upload(client, "picture.png", picture.png)
    await uploads.keep(client, file, picture.alt)
    return file
