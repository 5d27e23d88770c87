"""How a server hangs up on whoever called it: by the orderly end of the connection, by a reset, or half-way."""

import socket
import struct

from aiohttp import web

# tcp(7): closed with a linger time of zero, what is under way is thrown away and the other side gets a RST.
AT_ONCE = struct.pack("ii", 1, 0)


def drop(request: web.Request) -> None:
    """The caller reads the end of the stream instead of an answer."""
    assert request.transport
    request.transport.abort()


def reset(request: web.Request) -> None:
    """The caller's connection is gone: "connection reset by peer"."""
    assert request.transport
    request.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
    request.transport.abort()


async def truncate(request: web.Request) -> None:
    """The caller reads the beginning of an answer that was to be longer."""
    response = web.StreamResponse(headers={"Content-Length": "1000", "Content-Type": "application/json"})
    await response.prepare(request)
    await response.write(b'{"ok": true,')
    drop(request)
