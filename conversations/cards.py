"""What a message looks like, whatever the platform: a title and a few blocks. Every adapter renders every block."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from conversations.actions import Action
from conversations.contacts import Contact
from conversations.markdown import Line, Value, as_text, parse


@dataclass(frozen=True, slots=True)
class Text:
    """A template in our Markdown subset and the literal values of its {placeholders}. `quiet`: small print."""

    markdown: str
    values: Mapping[str, Value] = field(default_factory=dict)
    quiet: bool = False

    def lines(self) -> tuple[Line, ...]:
        return parse(self.markdown, self.values)


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels and values, both literal."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Divider:
    """A thin line."""


Style = Literal["plain", "primary", "danger"]


@dataclass(frozen=True, slots=True)
class Button:
    """Runs a step. Slack: a label holds at most 75 characters."""

    label: str
    action: Action
    style: Style = "plain"


@dataclass(frozen=True, slots=True)
class LinkButton:
    """Opens a page."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class ChatButton:
    """Opens a chat with a person: a deep link where the platform has one, else an e-mail."""

    label: str
    contact: Contact


AnyButton = Button | LinkButton | ChatButton


@dataclass(frozen=True, slots=True)
class Buttons:
    """Buttons in a row; the first is the one we would press."""

    buttons: tuple[AnyButton, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG and what it shows in words, for those who do not see it."""

    png: bytes
    alt: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far something is: `done` of `total`."""

    label: str
    done: int
    total: int


Block = Text | Facts | Divider | Buttons | Picture | Progress


@dataclass(frozen=True, slots=True)
class Card:
    """One message. The title is literal text; it may be empty for a one-line answer."""

    title: str
    blocks: tuple[Block, ...] = ()


def text(markdown: str, /, **values: Value) -> Text:
    """A paragraph: `text("Hello {name}", name=person.name)`."""
    return Text(markdown, values)


def quiet(markdown: str, /, **values: Value) -> Text:
    """Small print, such as when the bot will write next."""
    return Text(markdown, values, quiet=True)


def buttons(*row: AnyButton) -> Buttons:
    return Buttons(row)


def card(title: str, *blocks: Block | None) -> Card:
    """A card; a block that is None is left out, so that a step can say `x if y else None`."""
    return Card(title, tuple(block for block in blocks if block is not None))


def plain_text(shown: Card) -> str:
    """The whole card as plain words: Slack's notification, screen readers, the log of a simulation."""
    parts = [shown.title] if shown.title else []
    for block in shown.blocks:
        match block:
            case Text():
                parts.append(as_text(block.lines()))
            case Facts():
                parts.extend(f"{label}: {value}" for label, value in block.rows)
            case Buttons():
                parts.append(" ".join(f"[{button.label}]" for button in block.buttons))
            case Picture():
                parts.append(block.alt)
            case Progress():
                parts.append(f"{block.label}: {block.done} of {block.total}")
            case Divider():
                pass
    return "\n".join(parts)
