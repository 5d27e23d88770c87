"""Slack's do-not-disturb: when somebody has paused their notifications, by schedule or by hand."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api import FAILURES, code_of, reason
from adapters.slack.rich_text import Json

log = logging.getLogger("flipside.slack")

LONGEST_LOOK_UP = 1.0  # seconds
# dnd.info may be asked some 50 times a minute (tier 3): an answer serves for a while, a failure stops the asking.
KEPT = timedelta(minutes=5)
PAUSE = timedelta(minutes=1)
MOST_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Window:
    """What Slack said of one person: quiet from `begins` until `ends`, which may lie ahead."""

    asked_at: datetime
    begins: datetime | None = None
    ends: datetime | None = None


class DoNotDisturb:
    """Asks dnd.info. Without its right (dnd:read) nobody is ever found to be quiet."""

    def __init__(self, client: AsyncWebClient, clock: Callable[[], datetime]) -> None:
        self._client = client
        self._clock = clock
        self._known: dict[str, Window] = {}
        self._asks_from: datetime | None = None
        self._off = False

    async def until(self, user: str) -> datetime | None:
        now = self._clock()
        window = self._known.get(user)
        if window is None or now - window.asked_at >= KEPT:
            window = await self._ask(user, now)
        if window.begins is None or window.ends is None:
            return None
        return window.ends if window.begins <= now < window.ends else None

    async def _ask(self, user: str, now: datetime) -> Window:
        if self._off or (self._asks_from is not None and now < self._asks_from):
            return Window(now)
        try:
            async with asyncio.timeout(LONGEST_LOOK_UP):
                answer = await self._client.dnd_info(user=user)
            window = _window(dict(answer.data) if isinstance(answer.data, dict) else {}, now)
        except FAILURES as error:
            self._failed(error, now)
            return Window(now)
        if len(self._known) >= MOST_KEPT:
            self._known.clear()
        self._known[user] = window
        return window

    def _failed(self, error: BaseException, now: datetime) -> None:
        if code_of(error) == "missing_scope":
            self._off = True
            log.warning("do-not-disturb is not looked at: the app has no dnd:read")
            return
        self._asks_from = now + PAUSE
        log.info("dnd.info: %s", reason(error))


def _window(said: Json, now: datetime) -> Window:
    """Raises ValueError when Slack says something else than a time."""
    begins, ends = said.get("next_dnd_start_ts"), said.get("next_dnd_end_ts")
    if not said.get("dnd_enabled") or not isinstance(begins, int) or not isinstance(ends, int):
        return Window(now)
    return Window(now, _moment(begins), _moment(ends))


def _moment(seconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError) as error:
        raise ValueError("no moment") from error
