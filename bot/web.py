"""The one HTTP server: is it alive, is it ready, and each platform's own routes."""

import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from aiohttp import web

from bot.crash_points import crash_here, is_armed

log = logging.getLogger("flipside.web")

Ready = Callable[[], Awaitable[bool]]
Handle = Callable[[web.Request], Awaitable[web.StreamResponse]]

# A person waits no longer for an answer under way when we stop; all of it may take ten.
STOP_SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class Server:
    """A server that listens. `stop_accepting` first, then `close` when the answers under way are given."""

    runner: web.AppRunner
    site: web.TCPSite
    # Served on an address of its own, such as figures.
    beside: "Server | None" = None

    @property
    def port(self) -> int:
        return int(self.runner.addresses[0][1])

    async def stop_accepting(self) -> None:
        await self.site.stop()

    async def close(self) -> None:
        await self.runner.cleanup()
        if self.beside is not None:
            await self.beside.close()


async def serve(routes: Iterable[web.RouteDef], ready: Ready, host: str, port: int) -> Server:
    """Begins to listen. Raises OSError when the port is taken."""
    app = web.Application(middlewares=[_without_traceback, *([_acknowledged] if is_armed("acked") else [])])
    app.add_routes([web.get("/livez", _alive), web.get("/readyz", _readiness(ready)), *routes])
    # Turns and deliveries write their own lines; an access log would repeat them and hold addresses.
    # No platform posts compressed bodies; a broken one would fail in aiohttp, where none of our guards is.
    runner = web.AppRunner(
        app, access_log=None, logger=_http_log(), auto_decompress=False, shutdown_timeout=STOP_SECONDS
    )
    await runner.setup()
    site = web.TCPSite(runner, host, port)
    try:
        await site.start()
    except OSError:
        await runner.cleanup()
        raise
    return Server(runner, site)


class _OneLine(logging.Filter):
    """Of what is no HTTP at all aiohttp logs a traceback and the bytes, which may hold a token."""

    def filter(self, record: logging.LogRecord) -> bool:
        fault = record.exc_info[1] if record.exc_info else None
        record.msg, record.args = "refused a request: not HTTP as we know it (%s)", (type(fault).__name__,)
        record.exc_info = record.exc_text = None
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True


def _http_log() -> logging.Logger:
    logger = logging.getLogger("flipside.http")
    logger.setLevel(logging.WARNING)
    if not logger.filters:
        logger.addFilter(_OneLine())
    return logger


async def _alive(_request: web.Request) -> web.Response:
    return web.Response(text="alive\n")


def _readiness(ready: Ready) -> Handle:
    async def answer(_request: web.Request) -> web.StreamResponse:
        if await ready():
            return web.Response(text="ready\n")
        return web.Response(text="not ready\n", status=503)

    return answer


@web.middleware
async def _acknowledged(request: web.Request, handler: Handle) -> web.StreamResponse:
    """For a test that ends the process when the answer has just left; without one it is not there."""
    answer = await handler(request)
    await answer.prepare(request)
    await answer.write_eof()
    if request.method == "POST":
        crash_here("acked")
    return answer


@web.middleware
async def _without_traceback(request: web.Request, handler: Handle) -> web.StreamResponse:
    """What a route did not foresee is one line in the log and no details on the wire."""
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except Exception as fault:
        log.error("%s failed %s", request.match_info.route.resource, type(fault).__name__)
        return web.Response(status=500, text="Something went wrong on our side.\n")
