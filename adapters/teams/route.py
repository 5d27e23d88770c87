"""How a person or a channel is reached: the adapter's own note, kept as text in `Address.route` and `Place.route`."""

import json
from dataclasses import dataclass
from typing import Self

# Where Teams listens worldwide when no activity has told us better (Microsoft Learn, "Send proactive messages").
GLOBAL_SERVICE_URL = "https://smba.trafficmanager.net/teams/"


@dataclass(frozen=True, slots=True)
class Route:
    """`conversation` is empty while no chat with the person is known; it can then be opened from `member`."""

    service_url: str = GLOBAL_SERVICE_URL
    conversation: str = ""
    member: str = ""
    bot: str = ""

    def pack(self) -> str:
        return json.dumps([self.service_url, self.conversation, self.member, self.bot])

    @classmethod
    def unpack(cls, text: str) -> Self:
        """An empty text is a person whom no activity has told us about yet."""
        return cls(*json.loads(text)) if text else cls()


@dataclass(frozen=True, slots=True)
class MessageRef:
    """A message that can be edited: `Delivered.ref`."""

    conversation: str
    activity: str

    def pack(self) -> str:
        return json.dumps([self.conversation, self.activity])

    @classmethod
    def unpack(cls, text: str) -> Self:
        return cls(*json.loads(text))
