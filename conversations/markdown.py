"""The small Markdown subset of our texts: **bold**, _italic_, [link](https://…), and lists that begin with "- ".

A text is a template with {placeholders}. The template is ours and is parsed; the values are what people typed or are
called and stay literal, whatever they hold. So nothing that a person writes can become a mention, a link or a tag:
each adapter escapes every `Plain.text` for its platform, and that is the only way text reaches a screen.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from conversations.contacts import Contact

Value = str | Contact


@dataclass(frozen=True, slots=True)
class Plain:
    """Literal text; the adapter escapes it."""

    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A link that we wrote. `url` begins with https://, http:// or mailto:."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Named:
    """A person, named as the platform names people."""

    contact: Contact
    bold: bool = False


Span = Plain | Link | Named


@dataclass(frozen=True, slots=True)
class _Slot:
    """A placeholder, before it has its value."""

    name: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text, or one point of a list. An empty line separates paragraphs."""

    spans: tuple[Span, ...]
    bullet: bool = False


@dataclass(frozen=True, slots=True)
class _Open:
    """A line with placeholders."""

    spans: tuple[Span | _Slot, ...]
    bullet: bool

    def filled(self, values: Mapping[str, Value]) -> Line:
        return Line(
            tuple(_filled(span, values) if isinstance(span, _Slot) else span for span in self.spans), self.bullet
        )


_TOKEN = re.compile(
    r"\*\*(?P<bold>.+?)\*\*"
    r"|(?<!\w)_(?P<italic>[^_]+?)_(?!\w)"
    r"|\[(?P<label>[^\]]+)\]\((?P<url>(?:https?://|mailto:)[^)\s]+)\)"
    r"|\{(?P<slot>\w+)\}"
)


def parse(markdown: str, values: Mapping[str, Value]) -> tuple[Line, ...]:
    """Lines of spans. A placeholder without a value is a mistake of ours and raises KeyError."""
    return tuple(line if isinstance(line, Line) else line.filled(values) for line in _template(markdown))


def as_text(lines: tuple[Line, ...]) -> str:
    """The same words without any markup, for notifications and other plain places."""
    return "\n".join(("• " if line.bullet else "") + "".join(map(_words, line.spans)) for line in lines)


# Our templates are few and shown again and again; taking one apart was an eighth of the time of a turn over HTTP.
@lru_cache(maxsize=2_000)
def _template(markdown: str) -> tuple["Line | _Open", ...]:
    lines = markdown.strip("\n").split("\n")
    return tuple(_line(_spans(line.removeprefix("- ")), line.startswith("- ")) for line in lines)


def _line(spans: list["Span | _Slot"], bullet: bool) -> "Line | _Open":
    settled = tuple(span for span in spans if not isinstance(span, _Slot))
    return Line(settled, bullet) if len(settled) == len(spans) else _Open(tuple(spans), bullet)


def _spans(markdown: str) -> list["Span | _Slot"]:
    spans: list[Span | _Slot] = []
    position = 0
    for token in _TOKEN.finditer(markdown):
        if token.start() > position:
            spans.append(Plain(markdown[position : token.start()]))
        spans.extend(_token(token))
        position = token.end()
    if position < len(markdown):
        spans.append(Plain(markdown[position:]))
    return spans


def _token(token: re.Match[str]) -> list["Span | _Slot"]:
    if (bold := token["bold"]) is not None:
        return [_styled(span, bold=True) for span in _spans(bold)]
    if (italic := token["italic"]) is not None:
        return [_styled(span, italic=True) for span in _spans(italic)]
    if (label := token["label"]) is not None:
        return [Link(label, token["url"])]
    return [_Slot(token["slot"])]


def _styled(span: "Span | _Slot", *, bold: bool = False, italic: bool = False) -> "Span | _Slot":
    match span:
        case Plain() | _Slot():
            return replace(span, bold=span.bold or bold, italic=span.italic or italic)
        case Link() | Named():
            return span


def _filled(slot: "_Slot", values: Mapping[str, Value]) -> Span:
    value = values[slot.name]
    if isinstance(value, Contact):
        return Named(value, slot.bold)
    return Plain(one_line(value), slot.bold, slot.italic)


def one_line(value: str) -> str:
    """What a person typed, kept on one line: a line break could otherwise begin a list or a quote."""
    return " ".join(value.split())


def _words(span: Span) -> str:
    match span:
        case Plain():
            return span.text
        case Named():
            return span.contact.name
        case Link():
            return span.label
