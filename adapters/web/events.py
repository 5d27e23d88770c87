"""What the page posts, read into something that came in. The only file here where `Any` may appear."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conversations.actions import Action, NotAnAction
from conversations.contacts import Address, Place
from conversations.events import Arrived, Commanded, Event, Inbound, OpenedHome, Pressed, Said, Submitted
from conversations.forms import Typed

# Long enough for every form of ours, short enough that a mistake cannot fill the memory.
MOST_CHARACTERS = 20_000

_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_COMMAND = re.compile(r"(?:/mentor|@flipside)(?!\S)\s*", re.IGNORECASE)


class NotUnderstood(ValueError):
    """The page never posts this: a stale page, or not our page."""


@dataclass(frozen=True, slots=True)
class Post:
    """The body of a request: a JSON object."""

    body: Mapping[str, Any]

    def text(self, key: str) -> str:
        value = self.body.get(key)
        if not isinstance(value, str) or len(value) > MOST_CHARACTERS:
            raise NotUnderstood(key)
        return clean(value)

    def delivery(self) -> str:
        """The id that the page made for one click; it is the same when the page posts again."""
        value = self.text("id")
        if not _ID.fullmatch(value):
            raise NotUnderstood("id")
        return value

    def typed(self) -> dict[str, Typed]:
        values = self.body.get("values")
        if not isinstance(values, dict):
            raise NotUnderstood("values")
        return {key: _typed(value) for key, value in values.items()}


def post(body: Any) -> Post:
    if not isinstance(body, dict):
        raise NotUnderstood("body")
    return Post(body)


def clean(words: str) -> str:
    """Without what no database stores: NUL (PostgreSQL refuses it) and half of a surrogate pair (no UTF-8 for it)."""
    return words.replace("\x00", "").encode("utf-8", "replace").decode()


def command_words(words: str) -> str | None:
    """The words after `/mentor` (or the bot's name), or None when this is just a text."""
    found = _COMMAND.match(words.strip())
    return words.strip()[found.end() :].strip() if found else None


def spoken(sent: Post, who: Address, place: Place | None) -> Inbound:
    words = sent.text("text").strip()
    command = command_words(words)
    event: Event = Said(words) if command is None else Commanded(command, place)
    return Inbound(sent.delivery(), who, event)


def pressed(sent: Post, who: Address) -> Inbound | None:
    """None for a button that holds no action of ours."""
    try:
        return Inbound(sent.delivery(), who, Pressed(), Action.unpack(sent.text("action")))
    except NotAnAction:
        return None


def submitted(sent: Post, who: Address, action: Action, values: Mapping[str, Typed]) -> Inbound:
    return Inbound(sent.delivery(), who, Submitted(values), action)


def opened_home(sent: Post, who: Address) -> Inbound:
    return Inbound(sent.delivery(), who, OpenedHome())


def arrived(who: Address, run: str) -> Inbound:
    """The first time that a visitor looks at this person; the same id however often they do."""
    return Inbound(f"arrived-{run}-{who.user}", who, Arrived())


def _typed(value: Any) -> Typed:
    if isinstance(value, str):
        return clean(value[: MOST_CHARACTERS + 1])
    if isinstance(value, list):
        return tuple(clean(str(one)[:MOST_CHARACTERS]) for one in value)
    raise NotUnderstood("values")
