"""The bot's own token for the connector: one for the app, renewed early and in the background."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import aiohttp

AppType = Literal["SingleTenant", "MultiTenant"]

SCOPE = "https://api.botframework.com/.default"
# A token lives an hour or more; the last ten minutes are spent renewing it while it still works.
RENEW_SECONDS = 600.0
# After a failed renewal the next one waits, so that a broken secret does not hammer the token server.
PAUSE_SECONDS = 5.0

log = logging.getLogger("flipside.teams")

PostForm = Callable[[str, Mapping[str, str]], Awaitable[tuple[int, object]]]
"""Posts a form; gives the status and the JSON answer. Raises OSError, aiohttp.ClientError or TimeoutError."""


class NoToken(Exception):
    """No token could be had; `reason` is a code that may be logged."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the token server wants to know. The secret never shows."""

    app_id: str
    app_password: str
    endpoint: str

    def __repr__(self) -> str:
        return f"Credentials({self.app_id})"


def token_endpoint(app_type: AppType, tenant: str) -> str:
    """A single-tenant bot asks its own tenant (the first of the list), an old multi-tenant one Bot Framework's."""
    authority = tenant if app_type == "SingleTenant" else "botframework.com"
    return f"https://login.microsoftonline.com/{authority}/oauth2/v2.0/token"


class BotToken:
    """The current token. Many may ask at once: one request goes out."""

    def __init__(self, credentials: Credentials, post_form: PostForm) -> None:
        self._credentials = credentials
        self._post_form = post_form
        self._token = ""
        self._expires_at = 0.0
        self._failure: tuple[float, NoToken] | None = None
        self._renewing: asyncio.Task[None] | None = None

    def warm(self) -> None:
        """Begins to fetch and returns at once."""
        self._begin()

    async def get(self) -> str:
        """Raises NoToken."""
        now = asyncio.get_running_loop().time()
        if not self._token or now >= self._expires_at:
            await self._renewed(now)
        elif self._expires_at - now < RENEW_SECONDS and not self._paused(now):
            self._begin()
        return self._token

    def forget(self) -> None:
        """The connector refused it."""
        self._token = ""

    async def close(self) -> None:
        if self._renewing:
            self._renewing.cancel()
            await asyncio.wait([self._renewing])

    async def _renewed(self, now: float) -> None:
        if not self._paused(now):
            self._begin()
        if self._renewing:
            await asyncio.wait([self._renewing])
        if self._failure:
            raise self._failure[1]

    def _paused(self, now: float) -> bool:
        return self._failure is not None and now - self._failure[0] < PAUSE_SECONDS

    def _begin(self) -> None:
        if self._renewing is None:
            self._renewing = asyncio.create_task(self._renew())

    async def _renew(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            token, seconds = await fetch_token(self._credentials, self._post_form)
            self._token, self._expires_at, self._failure = token, loop.time() + seconds, None
        except NoToken as error:
            self._failure = (loop.time(), error)
            log.warning("no token for the Teams connector: %s", error.reason)
        finally:
            self._renewing = None


async def fetch_token(credentials: Credentials, post_form: PostForm) -> tuple[str, float]:
    """A new token and for how many seconds it is good. Raises NoToken."""
    form = {
        "grant_type": "client_credentials",
        "client_id": credentials.app_id,
        "client_secret": credentials.app_password,
        "scope": SCOPE,
    }
    try:
        status, body = await post_form(credentials.endpoint, form)
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
        raise NoToken(type(error).__name__) from None
    answer = body if isinstance(body, dict) else {}
    token, seconds = answer.get("access_token"), answer.get("expires_in")
    if status != 200 or not isinstance(token, str):
        code = str(answer.get("error") or "")
        raise NoToken(code if code.isidentifier() else f"http_{status}")
    return token, float(seconds) if isinstance(seconds, int | float | str) else 300.0
