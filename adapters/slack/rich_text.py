"""Our small Markdown as Slack rich text.

Rich text is data, not markup: a `text` element shows its characters as they are. No mention, link, format or emoji code
is looked for in it. So what people typed needs no escaping, and that is why no text here is mrkdwn.
"""

from itertools import groupby
from typing import Any

from adapters.slack.limits import literal
from conversations.markdown import Line, Link, Named, Plain, Span

Json = dict[str, Any]


def rich_text(lines: tuple[Line, ...]) -> Json:
    """One rich_text block; paragraphs and lists follow each other in it."""
    return {"type": "rich_text", "elements": [_run(bullet, list(run)) for bullet, run in groupby(lines, _is_bullet)]}


def words(text: str, bold: bool = False, italic: bool = False) -> Json:
    """One piece of literal text. Slack refuses an empty one."""
    element: Json = {"type": "text", "text": literal(text) or " "}
    style = {name: True for name, wanted in (("bold", bold), ("italic", italic)) if wanted}
    return {**element, "style": style} if style else element


def link(label: str, url: str) -> Json:
    return {"type": "link", "url": url, "text": literal(label) or url}


def section(*elements: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(elements)}


def block(*elements: Json) -> Json:
    """A rich_text block of one paragraph."""
    return {"type": "rich_text", "elements": [section(*elements)]}


def _is_bullet(line: Line) -> bool:
    return line.bullet


def _run(bullet: bool, lines: list[Line]) -> Json:
    if bullet:
        points = [section(*map(_element, line.spans)) for line in lines]
        return {"type": "rich_text_list", "style": "bullet", "elements": points}
    elements: list[Json] = []
    for number, line in enumerate(lines):
        if number:
            elements.append(words("\n"))
        elements.extend(_element(span) for span in line.spans)
    return section(*(elements or [words(" ")]))


def _element(span: Span) -> Json:
    match span:
        case Plain():
            return words(span.text, span.bold, span.italic)
        case Link():
            return link(span.label, span.url)
        case Named():
            # The name and not a mention: a mention rings the bell of somebody who did nothing.
            return words(span.contact.name, bold=True)
