"""What can happen: a person did something, or the clock did."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from conversations.actions import Action
from conversations.contacts import Address, Place
from conversations.forms import Typed


@dataclass(frozen=True, slots=True)
class Arrived:
    """The bot was installed for a person, or they wrote for the first time."""


@dataclass(frozen=True, slots=True)
class Said:
    """A text in the chat with the bot."""

    text: str


@dataclass(frozen=True, slots=True)
class Commanded:
    """A slash command, or a text addressed to the bot in a channel: the words after `/mentor`."""

    words: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button; the inbound's action says which."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """A form; the inbound's action says which."""

    values: Mapping[str, Typed] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OpenedHome:
    """The person looks at the bot's home."""


@dataclass(frozen=True, slots=True)
class Due:
    """The clock ran a nudge. `late`: more than a day after its moment, because the bot was off."""

    late: bool = False


@dataclass(frozen=True, slots=True)
class Consulted:
    """The answer to a `Consult`; None when it could not be had, with the reason in `fault`."""

    answer: Any = None
    fault: str = ""
    # How long it took, for whoever wants to be told.
    seconds: float = 0.0
    # The key of the card that was shown meanwhile, while it can still be changed.
    shown_under: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """An answer on its way: what is being done now, and how much is done (0 to 1). Comes as a `Consulted.answer`."""

    words: str
    share: float


@dataclass(frozen=True, slots=True)
class Left:
    """The person removed the bot, or their account is none of a colleague any more. `disabled`: it was closed."""

    disabled: bool = False


Event = Arrived | Said | Commanded | Pressed | Submitted | OpenedHome | Due | Consulted | Left


@dataclass(frozen=True, slots=True)
class Inbound:
    """One thing that came in. `id` is the platform's delivery id: the same id again has no effect.

    `action` is set for Pressed and Submitted; for text and commands the dispatcher finds it.
    """

    id: str
    address: Address
    event: Event
    action: Action | None = None
