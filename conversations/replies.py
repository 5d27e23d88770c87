"""What a step returns: answers to the event at hand, and messages that must reach somebody."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from conversations.actions import Action
from conversations.cards import Card
from conversations.contacts import Place
from conversations.files import FileRequest
from conversations.forms import Form

# Answers: performed at once on the event at hand -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Say:
    """A new message to the person who asked. From the clock or a consultation it becomes an outbox row."""

    card: Card
    notice: "Notice | None" = None


@dataclass(frozen=True, slots=True)
class Replace:
    """The card with the button that was pressed (or that the form came from) becomes this one."""

    card: Card


@dataclass(frozen=True, slots=True)
class Ask:
    """Opens a form; where no live trigger exists, a card with a button that repeats the action."""

    form: Form


@dataclass(frozen=True, slots=True)
class Correct:
    """The same form again with what was typed, and what is wrong by field key."""

    form: Form
    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Home:
    """The person's home."""

    card: Card


# Messages: outbox rows, written with the fact that caused them --------------------------------------------------

Kind = Literal["must_arrive", "nudge"]


@dataclass(frozen=True, slots=True)
class Notice:
    """How a message travels.

    `key` is unique for ever: the same message twice is sent once. `kind` names it for people ("check_in").
    `prompted`: somebody did something just now, so working hours do not hold it. `failed` runs for the person who
    caused the message when it can never arrive. `program`: whose hold stops it.
    """

    key: str = ""
    kind: str = "answer"
    delivery: Kind = "must_arrive"
    prompted: bool = False
    not_before: datetime | None = None
    expires_at: datetime | None = None
    failed: Action | None = None
    pair: int | None = None
    program: int | None = None


@dataclass(frozen=True, slots=True)
class Tell:
    """A message to a person, on whatever platform they are."""

    person: int
    card: Card
    notice: Notice


@dataclass(frozen=True, slots=True)
class Hand:
    """A file for a person, and the card that says what it is. The file is made when it is sent, and kept nowhere."""

    person: int
    file: FileRequest
    card: Card
    notice: Notice


@dataclass(frozen=True, slots=True)
class Introduce:
    """A private card for each (`own`, by person id) and one group chat (`shared`) where the platform can open one."""

    people: tuple[int, ...]
    shared: Card
    own: Mapping[int, Card]
    notice: Notice


@dataclass(frozen=True, slots=True)
class Announce:
    """A message in a channel."""

    place: Place
    card: Card
    notice: Notice


@dataclass(frozen=True, slots=True)
class Update:
    """The message that was sent under this key becomes this card; nothing when it never went out."""

    key: str
    card: Card


@dataclass(frozen=True, slots=True)
class Consult:
    """Something slow (a matching, a file, another server), done outside any transaction.

    `what` names it, `about` holds ids only; the answer comes to the step `then` as `Consulted`. `meanwhile` is shown
    at once.
    """

    what: str
    then: Action
    about: Mapping[str, Any] = field(default_factory=dict)
    meanwhile: Card | None = None
    # The card changes while it is worked out: `then` also gets a Progress, and answers it with an Update.
    live: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """A nudge: the step `action` runs for `person` at `due_at`. The same key again moves or keeps the one there is."""

    key: str
    person: int
    due_at: datetime
    action: Action


AtOnce = Say | Replace | Ask | Correct | Home
Message = Tell | Hand | Introduce | Announce | Update | Consult | Planned
Reply = AtOnce | Message
