"""The page behind a one-time link. Looking at it uses nothing up, since mail and chat programs look at every link."""

import logging
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from urllib.parse import quote

from aiohttp import web

from bot.files import PATH, Files
from conversations.files import File

log = logging.getLogger("flipside.files")

STYLE = (
    "body{font:17px/1.6 system-ui;max-width:38rem;margin:3rem auto;padding:0 1rem;color:#1d2b2c;background:#fbf8f2}"
    "h1{font-size:1.6rem}"
    "button{font:inherit;padding:.6rem 1.4rem;border:0;border-radius:.5rem;color:#fff;background:#1f5f5b}"
)
STYLE_HASH = b64encode(sha256(STYLE.encode()).digest()).decode()
# The address is the key to the file, so it goes to no other site, into no cache and into no search engine.
HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
}
READY = (
    "Your file is ready",
    "<p>The button works once. If you need the file again, ask me for it in our chat.</p>"
    '<form method="post"><button>Download</button></form>',
)
# The same words for every link that leads nowhere: whoever tries addresses learns nothing from them.
OVER = (
    "This link does not lead to a file",
    "<p>A link works once, and for seven days. Ask me for the file again in our chat, and you get a new one.</p>",
)
LATER = (
    "That did not work",
    "<p>Something went wrong on our side. The link is still good; please try once more in a minute.</p>",
)


def file_routes(files: Files) -> Iterable[web.RouteDef]:
    """GET and HEAD show the page, POST gives the file."""
    pages = _Pages(files)
    return [web.get(PATH + "{token}", pages.look), web.post(PATH + "{token}", pages.download)]


class _Pages:
    def __init__(self, files: Files) -> None:
        self._files = files

    async def look(self, request: web.Request) -> web.StreamResponse:
        match await self._files.state(request.match_info["token"]):
            case "open":
                return _page(200, READY)
            case "spent":
                return _page(410, OVER)
            case "unknown":
                return _page(404, OVER)

    async def download(self, request: web.Request) -> web.StreamResponse:
        try:
            fetched = await self._files.fetch(request.match_info["token"])
        except Exception as fault:
            # Its words may hold what somebody wrote; the kind is enough to find it.
            log.error("file for a link failed %s", type(fault).__name__)
            return _page(500, LATER)
        match fetched:
            case File():
                log.info("file for a link handed over")
                return _attachment(fetched)
            case "unknown":
                return _page(404, OVER)
            case _:
                return _page(410, OVER)


def _attachment(file: File) -> web.Response:
    return web.Response(
        body=file.content,
        headers={**HEADERS, "Content-Type": file.kind, "Content-Disposition": disposition(file.name)},
    )


def disposition(name: str) -> str:
    """RFC 6266: plain ASCII for old clients, and the name as it is, percent-encoded."""
    plain = "".join(each if each.isascii() and (each.isalnum() or each in " ._-") else "_" for each in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _page(status: int, words: tuple[str, str]) -> web.Response:
    title, body = words
    html = (
        f"<!doctype html><html lang='en'><meta charset='utf-8'><title>{title}</title>"
        f"<meta name='viewport' content='width=device-width, initial-scale=1'><style>{STYLE}</style>"
        f"<h1>{title}</h1>{body}</html>"
    )
    return web.Response(status=status, text=html, content_type="text/html", headers=HEADERS)
