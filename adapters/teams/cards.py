"""A Card as an Adaptive Card 1.5."""

import base64
import json
from collections.abc import Sequence

from adapters.teams.buttons import action_sets
from adapters.teams.elements import Json, envelope, heading, rich, run
from adapters.teams.inert import defused
from conversations.cards import Block, Buttons, Card, Divider, Facts, Picture, Progress, Text, plain_text
from conversations.cut import cut
from conversations.markdown import Line, Link, Named, Plain, Span

# Teams takes 100 KB a message today, older texts say 28 KB (incoming webhooks): we stay under the smaller one.
MOST_BYTES = 28_000
LONGEST_SUMMARY = 200
# Lengths tried in turn until a card fits.
_LONGEST_TEXTS = (6000, 2000, 600, 200)
_CELLS = 10


def adaptive_card(card: Card) -> Json:
    """The card, with long texts shortened and then blocks left out at the end until it is small enough."""
    for longest in _LONGEST_TEXTS:
        content = _content(card, card.blocks, longest)
        if size(content) <= MOST_BYTES:
            return content
    return _shortened(card)


def size(content: Json) -> int:
    """Bytes on the wire, where everything but ASCII is written as an escape."""
    return len(json.dumps(content))


def summary_of(card: Card) -> str:
    """What a notification shows: the title, or the first words of a card without one."""
    first_line = card.title or plain_text(card).partition("\n")[0]
    return cut(defused(first_line), LONGEST_SUMMARY)


def _content(card: Card, blocks: Sequence[Block], longest: int) -> Json:
    body = [heading(cut(card.title, longest))] if card.title else []
    line_above = False
    for block in blocks:
        if isinstance(block, Divider):
            line_above = True
            continue
        elements = _elements(block, longest)
        elements[0]["spacing"] = "Medium"
        if line_above:
            elements[0] |= {"separator": True, "spacing": "Large"}
            line_above = False
        body.extend(elements)
    return envelope(body, summary_of(card))


def _shortened(card: Card) -> Json:
    """What asks for an answer stays; the last of the rest goes first."""
    more = Text("There is more than fits in one message.", quiet=True)
    kept = list(card.blocks)
    droppable = [index for index, block in enumerate(kept) if not isinstance(block, Buttons)]
    content = _content(card, kept, _LONGEST_TEXTS[-1])
    while size(content) > MOST_BYTES and droppable:
        del kept[droppable.pop()]
        content = _content(card, [*kept, more], _LONGEST_TEXTS[-1])
    return content


def _elements(block: Block, longest: int) -> list[Json]:
    """At least one element for each block."""
    match block:
        case Text():
            return _text(block, longest) or [rich([run(" ")])]
        case Facts():
            return [_fact(label, value, longest) for label, value in block.rows] or [rich([run(" ")])]
        case Buttons():
            return action_sets(block) or [rich([run(" ")])]
        case Picture():
            return _picture(block)
        case Progress():
            return [_progress(block)]
        case Divider():
            return [rich([run(" ")], separator=True)]


def _text(block: Text, longest: int) -> list[Json]:
    looks: Json = {"isSubtle": True, "size": "Small"} if block.quiet else {}
    elements: list[Json] = []
    spacing = "Medium"
    for line in block.lines():
        if not line.spans:
            spacing = "Medium"
            continue
        elements.append(_line(line, longest, looks) | {"spacing": spacing})
        spacing = "Small" if line.bullet else "None"
    return elements


def _line(line: Line, longest: int, looks: Json) -> Json:
    """A line with a link needs a TextBlock: a link inside a RichTextBlock breaks the line on Teams desktop."""
    if any(isinstance(span, Link) for span in line.spans):
        bullet = "• " if line.bullet else ""
        words = bullet + "".join(_markdown(span, longest) for span in line.spans)
        return {"type": "TextBlock", "text": words, "wrap": True, **looks}
    bullets = [run("•  ", **looks)] if line.bullet else []
    return rich([*bullets, *(_run(span, longest, looks) for span in line.spans)])


def _run(span: Span, longest: int, looks: Json) -> Json:
    match span:
        case Plain():
            weight: Json = {"weight": "Bolder"} if span.bold else {}
            slope: Json = {"italic": True} if span.italic else {}
            return run(cut(span.text, longest), **looks, **weight, **slope)
        case Named():
            return run(cut(span.contact.name, longest), **looks, weight="Bolder" if span.bold else "Default")
        case Link():
            return run(cut(span.label, longest), **looks)


def _markdown(span: Span, longest: int) -> str:
    match span:
        case Plain():
            return _marked(span.text, "**" if span.bold else "_" if span.italic else "", longest)
        case Named():
            return _marked(span.contact.name, "**" if span.bold else "", longest)
        case Link():
            return f"[{defused(span.label)}]({span.url})"


def _marked(words: str, mark: str, longest: int) -> str:
    """Emphasis begins and ends at a letter, or Markdown does not see it."""
    safe = cut(defused(words), longest)
    core = safe.strip()
    return safe.replace(core, f"{mark}{core}{mark}", 1) if core else safe


def _fact(label: str, value: str, longest: int) -> Json:
    """Two columns. A FactSet would look the same, but it reads Markdown in its values."""
    cells = (
        ("1", rich([run(cut(label, longest), isSubtle=True)])),
        ("2", rich([run(cut(value, longest))])),
    )
    columns = [{"type": "Column", "width": width, "items": [item]} for width, item in cells]
    return {"type": "ColumnSet", "spacing": "Small", "columns": columns}


def _picture(block: Picture) -> list[Json]:
    source = f"data:image/png;base64,{base64.b64encode(block.png).decode()}"
    if len(source) > MOST_BYTES // 2:
        return [rich([run(block.alt, italic=True)])]
    return [{"type": "Image", "url": source, "altText": defused(block.alt), "size": "Stretch"}]


def _progress(block: Progress) -> Json:
    share = min(1.0, max(0.0, block.done / block.total)) if block.total else 0.0
    filled = int(share * _CELLS)
    bar = "■" * filled + "□" * (_CELLS - filled)
    return rich([run(f"{block.label}  "), run(bar), run(f"  {block.done} of {block.total}", isSubtle=True)])
