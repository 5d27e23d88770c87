"""A card as Slack blocks, and as the plain text of a notification."""

from collections.abc import Iterable, Mapping
from html import escape
from itertools import chain
from typing import Any
from urllib.parse import quote, urlencode

from adapters.slack import rich_text
from adapters.slack.limits import (
    BUTTON_LABEL,
    FALLBACK,
    HEADER,
    MESSAGE_BLOCKS,
    MESSAGE_TEXT,
    PLAIN_TEXT,
    ROW_BUTTONS,
    URL,
    VIEW_BLOCKS,
    literal,
)
from adapters.slack.rich_text import Json
from conversations.cards import (
    AnyButton,
    Block,
    Button,
    Buttons,
    Card,
    ChatButton,
    Divider,
    Facts,
    LinkButton,
    Picture,
    Progress,
    Text,
    plain_text,
)
from conversations.contacts import Contact
from conversations.cut import cut
from conversations.markdown import Link, Plain, as_text

# The ids of pictures that were uploaded, by their bytes. A picture that is not in it is shown as its words.
Files = Mapping[bytes, str]

STYLES = {"plain": {}, "primary": {"style": "primary"}, "danger": {"style": "danger"}}
STEPS = 10  # squares of a progress bar


def message(card: Card, files: Files | None = None) -> Json:
    """`blocks` and `text` of a message."""
    words = plain_text(card)
    blocks = _fitted(_blocks(card, files or {}), MESSAGE_BLOCKS)
    if len(words) > MESSAGE_TEXT:
        _shorten(blocks, MESSAGE_TEXT)
    return {"blocks": blocks, "text": _fallback(words)}


def home(card: Card, files: Files | None = None) -> Json:
    """The view of App Home."""
    return {"type": "home", "blocks": _fitted(_blocks(card, files or {}), VIEW_BLOCKS)}


def _fallback(words: str) -> str:
    """The words for a notification. This is the one text that Slack parses, so it is escaped as Slack asks: & < >."""
    return escape(literal(cut(words, FALLBACK // 2)), quote=False)[:FALLBACK] or " "


def plain(text: str, most: int) -> Json:
    """Literal text on a label; `emoji` false keeps :codes: as they were typed."""
    return {"type": "plain_text", "text": cut(literal(text), most) or " ", "emoji": False}


def pictures(card: Card) -> list[Picture]:
    return [block for block in card.blocks if isinstance(block, Picture)]


def _blocks(card: Card, files: Files) -> list[Json]:
    title = [{"type": "header", "text": plain(card.title, HEADER)}] if card.title.strip() else []
    drawn = [*title, *chain.from_iterable(_block(block, files) for block in card.blocks)]
    for number, block in enumerate(each for row in drawn if row["type"] == "actions" for each in row["elements"]):
        block["action_id"] = f"button-{number}"  # unique in the whole message
    return drawn or [rich_text.block(rich_text.words(" "))]


def _block(block: Block, files: Files) -> list[Json]:
    match block:
        case Text():
            return [_text(block)]
        case Facts():
            return [_facts(block)] if block.rows else []
        case Divider():
            return [{"type": "divider"}]
        case Buttons():
            return _buttons(block)
        case Picture():
            return [_picture(block, files)]
        case Progress():
            return [_progress(block)]


def _text(block: Text) -> Json:
    lines = block.lines()
    spans = [span for line in lines for span in line.spans]
    small = block.quiet and not any(isinstance(span, Link) for span in spans)
    if small and not any(isinstance(span, Plain) and (span.bold or span.italic) for span in spans):
        return {"type": "context", "elements": [plain(as_text(lines), PLAIN_TEXT)]}
    return rich_text.rich_text(lines)


def _facts(block: Facts) -> Json:
    elements: list[Json] = []
    for number, (label, value) in enumerate(block.rows):
        start = "\n" if number else ""
        elements += [rich_text.words(f"{start}{label}: ", bold=True), rich_text.words(value)]
    return rich_text.block(*elements)


def _progress(block: Progress) -> Json:
    part = min(max(block.done / block.total, 0), 1) if block.total > 0 else 0
    filled = round(part * STEPS)
    bar = "▰" * filled + "▱" * (STEPS - filled)
    return rich_text.block(
        rich_text.words(f"{block.label}: ", bold=True), rich_text.words(f"{bar} {block.done} of {block.total}")
    )


def _picture(block: Picture, files: Files) -> Json:
    if not (file := files.get(block.png)):
        return rich_text.block(rich_text.words(block.alt, italic=True))
    return {"type": "image", "slack_file": {"id": file}, "alt_text": cut(literal(block.alt), PLAIN_TEXT) or " "}


def _buttons(block: Buttons) -> list[Json]:
    drawn = [_button(button) for button in block.buttons]
    row = [button for button in drawn if button["type"] == "button"]
    rows = [{"type": "actions", "elements": row[at : at + ROW_BUTTONS]} for at in range(0, len(row), ROW_BUTTONS)]
    return rows + [each for each in drawn if each["type"] != "button"]


def _button(button: AnyButton) -> Json:
    match button:
        case Button():
            return {**_labelled(button.label), "value": button.action.pack(), **STYLES[button.style]}
        case LinkButton():
            return _link(button.label, button.url)
        case ChatButton():
            return _chat(button)


def _labelled(label: str) -> Json:
    return {"type": "button", "text": plain(label, BUTTON_LABEL)}


def _link(label: str, url: str) -> Json:
    # A button opens web pages only; any other address (mailto:) is a link in the text.
    if url.startswith(("https://", "http://")) and len(url) <= URL:
        return {**_labelled(label), "url": url}
    return rich_text.block(rich_text.link(label, url))


def _chat(button: ChatButton) -> Json:
    contact = button.contact
    if contact.address and contact.address.platform == "slack":
        query = urlencode({"team": contact.address.tenant, "channel": contact.address.user})
        return _link(button.label, f"https://slack.com/app_redirect?{query}")
    if contact.login:
        # Teams takes user principal names only (learn.microsoft.com, deep links).
        return _link(button.label, f"https://teams.microsoft.com/l/chat/0/0?users={quote(contact.login, safe='@')}")
    return rich_text.block(rich_text.words(f"{button.label}: ", bold=True), _mail(contact))


def _mail(contact: Contact) -> Json:
    if not contact.email:
        return rich_text.words(contact.name)
    return rich_text.link(contact.email, f"mailto:{quote(contact.email, safe='@')}")


def _fitted(blocks: list[Json], most: int) -> list[Json]:
    """At most `most` blocks: first neighbours are joined, then the middle is left out."""
    if len(blocks) > most:
        blocks = _joined(blocks)
    if len(blocks) > most:
        blocks = [*blocks[: most - 2], rich_text.block(rich_text.words("…")), blocks[-1]]
    return blocks


def _joined(blocks: Iterable[Json]) -> list[Json]:
    joined: list[Json] = []
    for block in blocks:
        if joined and block["type"] == joined[-1]["type"] == "rich_text":
            joined[-1] = {"type": "rich_text", "elements": [*joined[-1]["elements"], *block["elements"]]}
        elif block["type"] != "divider":
            joined.append(block)
    return joined


def _shorten(blocks: list[Json], left: int) -> None:
    """At most about `left` characters in all texts together; what comes after them is …."""
    for element in _texts(blocks):
        element["text"] = cut(element["text"], max(left, 1))
        left -= len(element["text"])


def _texts(part: Any) -> Iterable[Json]:
    """Every piece of rich text and small print, in the order it is read."""
    if isinstance(part, list):
        yield from chain.from_iterable(map(_texts, part))
    elif isinstance(part, dict):
        if isinstance(part.get("text"), str):
            yield part
        yield from _texts(part.get("elements", []))
