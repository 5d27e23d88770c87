"""Who may talk to the playground: a browser on this machine, on a page of ours. Everything else is refused."""

import logging
from collections.abc import Awaitable, Callable

from aiohttp import web

from adapters.loopback import host_of, is_loopback
from adapters.web.events import NotUnderstood

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = logging.getLogger("flipside.web")

# Nothing from elsewhere, no inline script, no inline style. `data:` is for the charts inside cards.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none';"
        " frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def guarded(handler: Handler) -> Handler:
    """The handler behind the checks; a refusal is one line in the log and no traceback."""

    async def checked(request: web.Request) -> web.StreamResponse:
        if reason := refusal(request):
            log.warning("refused %s %s: %s", request.method, request.path, reason)
            return web.Response(status=403, text="The playground answers only this machine.", headers=HEADERS)
        try:
            return await handler(request)
        except NotUnderstood as fault:
            log.warning("refused %s %s: bad %s", request.method, request.path, fault)
            return web.Response(status=400, text="Please reload the page and try again.", headers=HEADERS)

    return checked


def refusal(request: web.Request) -> str:
    """Why this request is refused; empty when it may pass.

    The host name is checked since a page elsewhere can point its own name at 127.0.0.1 (DNS rebinding), the origin
    since any page can post to 127.0.0.1.
    """
    if not is_loopback(request.remote or ""):
        return "peer"
    host = request.headers.get("Host", "")
    if not is_loopback(host_of(f"//{host}")):
        return "host"
    if request.method == "POST" and request.headers.get("Origin", "") != f"http://{host}":
        return "origin"
    return ""
