"""A card as HTML. Every literal goes through `escape`, so what a person typed is never a tag or a link."""

import base64
from html import escape
from itertools import groupby

from adapters.web.people import PLATFORM
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
)
from conversations.contacts import Contact
from conversations.markdown import Line, Link, Named, Plain, Span

# What a link may open. Anything else (javascript:, data:) is shown as words.
# `/files/`: a one-time link to a file on this server.
SAFE_ADDRESSES = ("https://", "http://", "mailto:", "/files/")


def card_html(shown: Card) -> str:
    title = f'<h3 class="card-title">{escape(shown.title)}</h3>' if shown.title else ""
    return title + "".join(_block(block) for block in shown.blocks)


def words_html(words: str) -> str:
    """What somebody typed into a chat: literal, line by line."""
    return "<p>" + "<br>".join(escape(line) for line in words.splitlines()) + "</p>"


def _block(block: Block) -> str:
    match block:
        case Text():
            return _text(block)
        case Facts():
            rows = (f"<div><dt>{escape(label)}</dt><dd>{_bidi(value)}</dd></div>" for label, value in block.rows)
            return f'<dl class="facts">{"".join(rows)}</dl>'
        case Divider():
            return "<hr>"
        case Buttons():
            return f'<div class="buttons">{"".join(_button(button) for button in block.buttons)}</div>'
        case Picture():
            source = base64.b64encode(block.png).decode()
            return f'<img class="picture" src="data:image/png;base64,{source}" alt="{escape(block.alt)}">'
        case Progress():
            return _progress(block)


def _text(block: Text) -> str:
    small = ' class="quiet"' if block.quiet else ""
    runs = groupby(block.lines(), key=_kind)
    return "".join(_run(kind, list(lines), small) for kind, lines in runs)


def _kind(line: Line) -> str:
    if line.bullet:
        return "list"
    return "paragraph" if line.spans else "gap"


def _run(kind: str, lines: list[Line], small: str) -> str:
    match kind:
        case "list":
            return f"<ul{small}>" + "".join(f"<li>{_spans(line)}</li>" for line in lines) + "</ul>"
        case "paragraph":
            return f"<p{small}>" + "<br>".join(_spans(line) for line in lines) + "</p>"
        case _:
            return ""


def _spans(line: Line) -> str:
    return "".join(_span(span) for span in line.spans)


def _span(span: Span) -> str:
    match span:
        case Plain():
            words = escape(span.text)
            words = f"<em>{words}</em>" if span.italic else words
            return f"<strong>{words}</strong>" if span.bold else words
        case Link():
            return _link(span.label, span.url, "")
        case Named():
            return f'<bdi class="person">{escape(span.contact.name)}</bdi>'


def _button(button: AnyButton) -> str:
    match button:
        case Button():
            return (
                f'<button type="button" class="button {escape(button.style)}"'
                f' data-action="{escape(button.action.pack())}">{escape(button.label)}</button>'
            )
        case LinkButton():
            return _link(button.label, button.url, ' class="button plain"')
        case ChatButton():
            return _chat(button.label, button.contact)


def _chat(label: str, contact: Contact) -> str:
    if contact.address and contact.address.platform == PLATFORM:
        user = escape(contact.address.user)
        return f'<button type="button" class="button plain" data-chat="{user}">{escape(label)}</button>'
    if contact.email:
        return _link(label, f"mailto:{contact.email}", ' class="button plain"')
    return f'<span class="button plain" aria-disabled="true">{escape(label)}</span>'


def _link(label: str, url: str, attributes: str) -> str:
    if not url.lower().startswith(SAFE_ADDRESSES):
        return f"<span>{escape(label)}</span>"
    return f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer"{attributes}>{escape(label)}</a>'


def _progress(block: Progress) -> str:
    label = escape(block.label)
    return (
        f'<div class="progress"><span>{label}</span><span class="count">{block.done} of {block.total}</span>'
        f'<progress max="{max(block.total, 1)}" value="{block.done}" aria-label="{label}"></progress></div>'
    )


def _bidi(words: str) -> str:
    """Right-to-left words stay in their own cell."""
    return f"<bdi>{escape(words)}</bdi>"
