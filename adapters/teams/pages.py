"""The two pages that an app's manifest must point to: what is kept, and the terms of use."""

from collections.abc import Awaitable, Callable, Iterable

from aiohttp import web

# No more than is so in every company, whatever it has set up: the bot's own answer knows the rest.
PRIVACY = (
    "What Flipside keeps",
    "Flipside runs reverse-mentoring programs on a server of your company. Write <b>privacy</b> to the bot, and it "
    "says what it keeps about you, who sees it, for how long, and who else gets any of it. There you can also take it "
    "with you, or have it erased.",
    "In short: it keeps what the company list says about you, what you tell it yourself, with whom you are paired and "
    "when you meet, and which messages it sent you.",
    "Neither your partner nor your coordinators read what you write in check-ins. A line is shown to your partner only "
    "when you press the button that shares it. The bot cannot read what you and your partner write to each other.",
    "The announcement of each program names who runs it; they answer questions about your data.",
)
TERMS = (
    "Terms of use",
    "Flipside is provided by your employer for reverse-mentoring programs, and taking part is voluntary.",
    "The rules of your company for work tools apply. Please keep what your partner tells you in confidence, as you "
    "agree when you sign up.",
)


def pages() -> Iterable[web.RouteDef]:
    return web.get("/privacy", _page(PRIVACY)), web.get("/terms", _page(TERMS))


def _page(words: tuple[str, ...]) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    title, *paragraphs = words
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    html = (
        f"<!doctype html><html lang='en'><meta charset='utf-8'><title>{title}</title>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        "<style>body{font:17px/1.6 system-ui;max-width:38rem;margin:3rem auto;padding:0 1rem;color:#1d2b2c;"
        "background:#fbf8f2}h1{font-size:1.6rem}</style>"
        f"<h1>{title}</h1>{body}</html>"
    )

    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.Response(text=html, content_type="text/html")

    return answer
