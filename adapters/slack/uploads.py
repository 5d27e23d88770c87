"""Files on their way to Slack: the bytes first, which nobody sees, then one call that shows them.

files.getUploadURLExternal and files.completeUploadExternal are tier 4 (100+ a minute), each with its own count.
"""

import io
import json

from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.limits import FILE_NAME, literal
from adapters.slack.rich_text import Json
from conversations.cut import cut


async def upload(client: AsyncWebClient, name: str, content: bytes) -> str:
    """The id of the file. It belongs to the bot and is nowhere yet; raises one of FAILURES."""
    place = await client.files_getUploadURLExternal(filename=cut(literal(name), FILE_NAME), length=len(content))
    session = client.session
    if not isinstance(session, ClientSession):
        raise ValueError("no session")
    async with session.post(place["upload_url"], data=io.BytesIO(content), proxy=client.proxy) as answer:
        answer.raise_for_status()
    return str(place["file_id"])


async def share(client: AsyncWebClient, file: str, name: str, channel: str, blocks: list[Json] | None = None) -> None:
    """One message in the channel: these blocks, buttons and all, with the file below them; raises one of FAILURES.

    `blocks` takes the place of `initial_comment`, which Slack would read as its own markup. That it shows buttons too
    is not in the reference; the SDK's maintainers tried it (node-slack-sdk pull request 2261).
    """
    # The SDK's own method would put the card into the address of the request: too long, and fit for any access log.
    body = {"files": json.dumps([_titled(file, name)]), "channel_id": channel}
    await client.api_call(
        "files.completeUploadExternal", data=body | ({"blocks": json.dumps(blocks)} if blocks else {})
    )


async def keep(client: AsyncWebClient, file: str, title: str) -> None:
    """Lets blocks refer to the file; nobody is shown it."""
    await client.files_completeUploadExternal(files=[_titled(file, title)])


def _titled(file: str, title: str) -> dict[str, str | None]:
    return {"id": file, "title": cut(literal(title), FILE_NAME) or file}
