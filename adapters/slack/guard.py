"""The door for requests over HTTP: nothing gets past it that Slack did not sign in the last five minutes.

Bolt answers 500 to a timestamp like `abc` or to a signature that is not ASCII; here every fault is a 4xx and one line.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from adapters.door import Refusal

OLDEST = 300  # seconds; Slack says to refuse what is more than five minutes off, against replays

_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")


def check_signature(secret: str, now: datetime, headers: Mapping[str, str], body: bytes) -> None:
    """Raises Refusal unless Slack signed this very body within OLDEST seconds of `now`."""
    timestamp, signature = headers.get("X-Slack-Request-Timestamp", ""), headers.get("X-Slack-Signature", "")
    if not _TIMESTAMP.fullmatch(timestamp) or not _SIGNATURE.fullmatch(signature):
        raise Refusal(401, "signature missing or malformed")
    if abs(now.timestamp() - int(timestamp)) > OLDEST:
        raise Refusal(401, "signature too old")
    right = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(f"v0={right}", signature):
        raise Refusal(401, "wrong signature")


def payload_of(content_type: str, body: bytes) -> dict[str, Any]:
    """The payload of an event (JSON), a command (a form) or an interaction (JSON in a form); raises Refusal."""
    try:
        text = body.decode()
        if content_type == "application/json":
            payload = json.loads(text)
        else:
            fields = dict(parse_qsl(text, keep_blank_values=True, strict_parsing=True, max_num_fields=100))
            payload = json.loads(fields["payload"]) if "payload" in fields else fields
    except (ValueError, RecursionError):
        raise Refusal(400, "body is neither JSON nor a form") from None
    if not isinstance(payload, dict) or not ("type" in payload or "command" in payload):
        raise Refusal(400, "body without a type")
    return payload


def is_ssl_check(body: bytes) -> bool:
    """Slack now and then looks at the certificate with an unsigned form; it wants any 200 and nothing is done."""
    return len(body) < 200 and (body == b"ssl_check=1" or body.startswith(b"ssl_check=1&"))
