"""What an answer of the connector means: proven sent, proven not sent, or nobody knows."""

import json
import re
from collections.abc import Mapping

import aiohttp

from adapters.platform import Refused, Uncertain

_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{1,60}")
# The connector answers these also after it took a message (Microsoft Learn: retry 412, 502, 503, 504; never 500).
_UNCLEAR = frozenset({408, 412})


class NotDelivered(Exception):
    """The connector did not confirm; `outcome` says what is known."""

    def __init__(self, outcome: Refused | Uncertain) -> None:
        super().__init__(outcome.reason)
        self.outcome = outcome


def judged(status: int, headers: Mapping[str, str], body: bytes) -> Refused | Uncertain | None:
    """None for a success. The reason is Microsoft's error code, never a text of theirs or ours."""
    if 200 <= status < 300:
        return None
    reason = _code(body) or f"http_{status}"
    if status >= 500 or status in _UNCLEAR:
        return Uncertain(reason)
    if status == 429:
        return Refused(reason, retry_after=_seconds(headers.get("Retry-After", "")))
    if status < 400 or status == 401:
        # A redirect is somebody on the way, 401 is our configuration: both can be put right, and the message waits.
        return Refused(reason)
    # 403 and 404: this person or channel cannot be reached. Anything else is said of the message.
    return Refused(reason, for_good=True, wrong_message=status not in (403, 404))


def judged_failure(error: aiohttp.ClientError | TimeoutError) -> Refused | Uncertain:
    """A call without an answer: never connected is proven not sent, anything later may have arrived."""
    match error:
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError():
            return Refused("unreachable")
        case aiohttp.InvalidURL():
            return Refused("bad_service_url", for_good=True)
        case TimeoutError():
            return Uncertain("timeout")
        case _:
            return Uncertain("dropped")


def _code(body: bytes) -> str:
    """Two shapes: {"error": {"code": "..."}}, and {"errorCode": 209, ...} for blocked writes."""
    try:
        answer = json.loads(body)
    except ValueError:
        return ""
    if not isinstance(answer, dict):
        return ""
    error = answer.get("error")
    code = str(error.get("code") or "") if isinstance(error, dict) else ""
    if not code and isinstance(answer.get("errorCode"), int):
        code = f"error_{answer['errorCode']}"
    return code if _CODE.fullmatch(code) else ""


def _seconds(text: str) -> float | None:
    return float(text) if text.isascii() and text.replace(".", "", 1).isdigit() else None
