"""What the stand-in for Teams and its people both know."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

APP_ID = "5b1c3b0a-7f64-4c4e-9a55-3a0b5f0c1d11"
APP_PASSWORD = "stub-secret-of-larkspur"
TENANT = "0f6d2c1e-41a7-4b7e-8d3c-8f2b5f0a9c77"
BOT = f"28:{APP_ID}"
# Teams: 100 KB a message.
MOST_BYTES = 100_000


@dataclass(slots=True)
class Message:
    """One message of a conversation, as it stands now; `history` holds what it was before."""

    id: str
    conversation: str
    activity: dict[str, Any]
    edits: int = 0
    at: datetime | None = None
    history: list[dict[str, Any]] = field(default_factory=list)

    @property
    def card(self) -> dict[str, Any] | None:
        attachments = self.activity.get("attachments") or []
        return attachments[0]["content"] if attachments else None
