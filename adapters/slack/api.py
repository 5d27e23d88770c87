"""The Web API client: one try a call, one shared session, a logger that keeps texts and tokens to itself."""

import logging

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.loopback import host_of, is_loopback

SLACK = "https://slack.com/api/"
# Seconds. An answer mostly comes in under one; what has none after this long counts as uncertain.
LONGEST_CALL = 15.0
LONGEST_CONNECT = 5.0

# What a call to Slack can raise; nothing else is caught.
FAILURES = (SlackClientError, aiohttp.ClientError, TimeoutError, OSError, ValueError, AttributeError)


class _OneLine(logging.Filter):
    """The SDK logs payloads, addresses with tickets and tracebacks; of all that we keep what went wrong, in a word."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        code = f": {reason(error)}" if error else ""
        record.msg, record.args = f"slack sdk, in {record.funcName}{code}", ()
        record.exc_info = record.exc_text = None
        return True


def sdk_logger() -> logging.Logger:
    """The SDK builds its debug lines (with payloads) whenever this logger's own level is DEBUG or unset."""
    logger = logging.getLogger("flipside.slack.sdk")
    logger.setLevel(logging.WARNING)
    if not logger.filters:
        logger.addFilter(_OneLine())
    return logger


def web_client(token: str | None, api_url: str | None, session: aiohttp.ClientSession | None) -> AsyncWebClient:
    """`retry_handlers=[]`: the SDK's own retry posts a message twice after a dropped connection."""
    client = AsyncWebClient(
        token=token, base_url=api_url or SLACK, session=session, retry_handlers=[], logger=sdk_logger()
    )
    if is_local(client.base_url):
        client.proxy = None  # the SDK takes a proxy from the environment and knows no exceptions
    return client


def is_local(url: str) -> bool:
    return is_loopback(host_of(url))


def code_of(error: BaseException) -> str:
    """Slack's error code, such as channel_not_found; empty when Slack gave none."""
    if not isinstance(error, SlackApiError):
        return ""
    data = getattr(error.response, "data", None)
    return str(data.get("error", "")) if isinstance(data, dict) else ""


def status_of(error: BaseException) -> int:
    """The HTTP status of a failed call; 0 when there was no answer."""
    response = getattr(error, "response", None) or error
    return int(getattr(response, "status_code", None) or getattr(response, "status", None) or 0)


def reason(error: BaseException) -> str:
    """Why a call failed, short and fit for a log."""
    return code_of(error) or (f"http_{status_of(error)}" if status_of(error) else type(error).__name__)
