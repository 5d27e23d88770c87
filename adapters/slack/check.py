"""What `flipside doctor` asks Slack."""

from collections.abc import Callable
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.platform import Finding
from adapters.slack.api import FAILURES, code_of, reason, web_client
from adapters.slack.manifest import SCOPES

# The bot works without these, only with a weaker promise.
LOOK_BACK_SCOPE = "im:history"
QUIET_SCOPE = "dnd:read"
_UNREACHABLE = "Look whether this machine reaches slack.com over https, and through which proxy."
# Seconds. A signature of Slack's holds for five minutes.
CLOCK_SECONDS, TOO_FAR = 30, 270
TIMEOUT = aiohttp.ClientTimeout(total=10)  # seconds; somebody waits at a terminal


async def check(
    bot_token: str, now: Callable[[], datetime], app_token: str | None = None, api_url: str | None = None
) -> list[Finding]:
    """The bot token, its rights, this machine's clock, and the app-level token when there is one."""
    async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
        client = web_client(bot_token, api_url, session)
        findings = await _bot_token(client, now)
        return findings + (await _app_token(client, app_token) if app_token else [])


async def check_settings(settings: Any, now: Callable[[], datetime]) -> list[Finding]:
    """The same for an operator's settings, which have an attribute for every setting."""
    app_token = settings.slack_app_token.get_secret_value() if settings.slack_app_token else None
    return await check(settings.slack_bot_token.get_secret_value(), now, app_token, settings.slack_api_url)


async def _bot_token(client: AsyncWebClient, now: Callable[[], datetime]) -> list[Finding]:
    try:
        answer = await client.auth_test()
    except FAILURES as error:
        fix = "Copy the token from OAuth & Permissions of the Slack app into FLIPSIDE_SLACK_BOT_TOKEN."
        return [_refused("Slack bot token", error, fix)]
    accepted = Finding("Slack bot token", "ok", f"Accepted in the workspace {answer.get('team', '')}.")
    granted = set(str(answer.headers.get("x-oauth-scopes", "")).replace(" ", "").split(","))
    return [
        accepted,
        *_clock(answer.headers.get("Date", ""), now()),
        _scopes(granted),
        _promise(granted),
        _quiet(granted),
    ]


def _clock(slacks: str, now: datetime) -> list[Finding]:
    """`slacks`: the time of Slack's answer, as HTTP writes it."""
    try:
        ahead = (now - parsedate_to_datetime(slacks)).total_seconds()
    except ValueError:
        return []
    if abs(ahead) < CLOCK_SECONDS:
        return []
    words = f"This machine's clock is {abs(ahead) / 60:.0f} minutes {'ahead of' if ahead > 0 else 'behind'} Slack's."
    too_far = " What Slack posts is refused, so nobody gets an answer." if abs(ahead) > TOO_FAR else ""
    return [Finding("clock", "fault" if too_far else "warning", words + too_far, "Have it set over the network (NTP).")]


def _promise(granted: set[str]) -> Finding:
    """What somebody may count on when the bot or the network breaks down in the middle of a message."""
    name = "Slack delivery"
    if LOOK_BACK_SCOPE in granted:
        return Finding(name, "ok", "After a crash the bot looks which messages arrived; none is lost, none repeated.")
    promise = (
        "The bot hears commands and buttons, not what people write in its chat; and after a crash or a dropped answer "
        "one message may come twice, or a nudge may be lost."
    )
    return Finding(name, "warning", promise, f"Grant {LOOK_BACK_SCOPE}, so that the bot can read its own chats.")


def _quiet(granted: set[str]) -> Finding:
    name = "Slack do-not-disturb"
    if QUIET_SCOPE in granted:
        return Finding(name, "ok", "What nobody asked for waits while somebody does not want to be disturbed.")
    off = "It is not looked at: messages may come while somebody does not want to be disturbed."
    return Finding(name, "warning", off, f"Grant {QUIET_SCOPE}, so that the bot can see it.")


def _scopes(granted: set[str]) -> Finding:
    missing = sorted(set(SCOPES) - granted - {LOOK_BACK_SCOPE, QUIET_SCOPE})
    if not missing:
        return Finding("Slack scopes", "ok", "All that the bot cannot do without are granted.")
    return Finding(
        "Slack scopes",
        "fault",
        f"Missing: {', '.join(missing)}.",
        "Paste the manifest again (flipside manifest slack) and reinstall the app to the workspace.",
    )


async def _app_token(client: AsyncWebClient, app_token: str) -> list[Finding]:
    try:
        await client.apps_connections_open(app_token=app_token)
    except FAILURES as error:
        fix = (
            "Create an app-level token with the scope connections:write (Basic Information) and set it as "
            "FLIPSIDE_SLACK_APP_TOKEN, or leave it out to be served over HTTP."
        )
        return [_refused("Slack app token", error, fix)]
    return [Finding("Slack app token", "ok", "Socket Mode can connect.")]


def _refused(name: str, error: BaseException, fix: str) -> Finding:
    """A new token is no help where Slack cannot be asked."""
    if code_of(error):
        return Finding(name, "fault", f"Slack did not accept it: {reason(error)}.", fix)
    return Finding(name, "fault", f"Slack cannot be asked: {reason(error)}.", _UNREACHABLE)
