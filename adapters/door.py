"""The door for what is posted to us: a refusal in one line, and a body that is neither too long nor too slow."""

import asyncio

from aiohttp import web

LARGEST_BODY = 1024 * 1024
# Seconds for a whole body. A platform sends it at once; whoever trickles it wants to hold a connection.
BODY_SECONDS = 10.0


class Refusal(Exception):
    """Answered with `status`; the reason is ours, for the log, and holds nothing of the request."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


async def body_of(request: web.Request, seconds: float = BODY_SECONDS) -> bytes:
    """The raw body; raises Refusal when it is too long, too slow or cannot be read."""
    if (request.content_length or 0) > LARGEST_BODY:
        raise Refusal(413, "body over 1 MiB")
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for part in request.content.iter_any():
                body += part
                if len(body) > LARGEST_BODY:
                    raise Refusal(413, "body over 1 MiB")
    except (web.HTTPException, ValueError, OSError):
        raise Refusal(400, "unreadable body") from None
    return bytes(body)
