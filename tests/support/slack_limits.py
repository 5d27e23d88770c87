"""Slack's own checks of blocks and views (docs.slack.dev, Block Kit reference), as far as our cards touch them."""

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

Json = dict[str, Any]

BLOCK_TYPES = {"header", "section", "context", "actions", "divider", "image", "input", "rich_text"}
FILE_ID = re.compile(r"F[A-Z0-9]{8,}")
INPUTS = {
    "plain_text_input",
    "static_select",
    "multi_static_select",
    "radio_buttons",
    "checkboxes",
    "datepicker",
    "timepicker",
    "users_select",
}


def faults_of_message(body: Json, files: set[str]) -> list[str]:
    blocks = body.get("blocks") or []
    faults = list(_faults_of_blocks(blocks, 50, files))
    if sum(len(text) for text in _rich_texts(blocks)) > 11_000:
        faults.append("msg_blocks_too_long")
    return faults


def faults_of_view(view: Json, files: set[str]) -> list[str]:
    modal = view["type"] == "modal"
    faults = list(_faults_of_blocks(view["blocks"], 100, files))
    if modal:
        faults += chain.from_iterable(
            _faults_of_text(view.get(name), 24, name) for name in ("title", "submit", "close")
        )
        faults += ["private_metadata too long"] if len(view.get("private_metadata", "")) > 3000 else []
        faults += ["callback_id too long"] if len(view.get("callback_id", "")) > 255 else []
    faults += ["input outside a modal"] if not modal and any(b["type"] == "input" for b in view["blocks"]) else []
    return faults


def _faults_of_blocks(blocks: list[Json], most: int, files: set[str]) -> Iterator[str]:
    if len(blocks) > most:
        yield f"{len(blocks)} blocks, at most {most}"
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    if len(ids) != len(set(ids)) or any(len(each) > 255 for each in ids):
        yield "block_id twice or too long"
    for block in blocks:
        yield from _faults_of_block(block, files)


def _faults_of_block(block: Json, files: set[str]) -> Iterator[str]:
    match block["type"]:
        case "header":
            yield from _faults_of_text(block["text"], 150, "header", plain=True)
        case "section":
            yield from _faults_of_text(block["text"], 3000, "section")
        case "context":
            yield from _few(block["elements"], 10, "context elements")
            for element in block["elements"]:
                yield from _faults_of_text(element, 2000, "context")
        case "actions":
            yield from _faults_of_buttons(block["elements"])
        case "image":
            yield from _faults_of_image(block, files)
        case "input":
            yield from _faults_of_input(block)
        case "rich_text":
            yield from _faults_of_rich_text(block)
        case "divider":
            pass
        case other:
            yield f"unknown block {other}"


def _few(items: list[Any], most: int, name: str) -> Iterator[str]:
    if not 1 <= len(items) <= most:
        yield f"{len(items)} {name}, 1 to {most}"


def _faults_of_text(text: Json | None, most: int, name: str, plain: bool = False) -> Iterator[str]:
    if text is None:
        yield f"{name} missing"
    elif plain and text["type"] != "plain_text":
        yield f"{name} must be plain_text"
    elif not 1 <= len(text["text"]) <= most:
        yield f"{name} has {len(text['text'])} characters, 1 to {most}"


def _faults_of_buttons(buttons: list[Json]) -> Iterator[str]:
    yield from _few(buttons, 25, "buttons")
    ids = [button["action_id"] for button in buttons]
    if len(ids) != len(set(ids)) or any(len(each) > 255 for each in ids):
        yield "action_id twice or too long"
    for button in buttons:
        yield from _faults_of_text(button["text"], 75, "button", plain=True)
        if len(button.get("value", "")) > 2000:
            yield "button value over 2000"
        if button.get("style", "primary") not in ("primary", "danger"):
            yield "unknown style"
        if "url" in button and (len(button["url"]) > 3000 or not button["url"].startswith(("http://", "https://"))):
            yield "invalid url"


def _faults_of_image(block: Json, files: set[str]) -> Iterator[str]:
    if not 1 <= len(block["alt_text"]) <= 2000:
        yield "alt_text, 1 to 2000"
    if "slack_file" in block:
        file = block["slack_file"]["id"]
        if not FILE_ID.fullmatch(file) or file not in files:
            yield "invalid slack file"


def _faults_of_input(block: Json) -> Iterator[str]:
    yield from _faults_of_text(block["label"], 2000, "label", plain=True)
    if "hint" in block:
        yield from _faults_of_text(block["hint"], 2000, "hint", plain=True)
    element = block["element"]
    if element["type"] not in INPUTS or not 1 <= len(element["action_id"]) <= 255:
        yield "input element"
    if element["type"] == "plain_text_input":
        most = element.get("max_length", 3000)
        if not 1 <= most <= 3000 or len(element.get("initial_value", "")) > most:
            yield "text input length"
    yield from _faults_of_options(element)


def _faults_of_options(element: Json) -> Iterator[str]:
    options = options_of(element)
    few = element["type"] in ("radio_buttons", "checkboxes")
    if element["type"] in ("static_select", "multi_static_select") or few:
        for group in element.get("option_groups", [element]):
            yield from _few(group["options"], 10 if few else 100, "options")
    if len(element.get("option_groups", ["one"])) > 100:
        yield "over 100 groups"
    for option in options:
        yield from _faults_of_text(option["text"], 75, "option")
        if not 1 <= len(option["value"]) <= 150:
            yield "option value, 1 to 150"
    chosen = [
        *([element["initial_option"]] if "initial_option" in element else []),
        *element.get("initial_options", []),
    ]
    if any(each not in options for each in chosen):
        yield "initial option is none of the options"


def _faults_of_rich_text(block: Json) -> Iterator[str]:
    for part in block["elements"]:
        if part["type"] not in ("rich_text_section", "rich_text_list"):
            yield f"unknown rich text {part['type']}"
        sections = part["elements"] if part["type"] == "rich_text_list" else [part]
        for element in chain.from_iterable(section["elements"] for section in sections):
            if element["type"] not in ("text", "link", "user", "emoji", "channel", "usergroup", "broadcast"):
                yield f"unknown rich text element {element['type']}"
            if element["type"] == "text" and not element["text"]:
                yield "empty text element"


def options_of(element: Json) -> list[Json]:
    """All options of an input, in groups or not."""
    groups = element.get("option_groups", [element])
    return [option for group in groups for option in group.get("options", [])]


def _rich_texts(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        yield from chain.from_iterable(map(_rich_texts, part))
    elif isinstance(part, dict):
        if isinstance(part.get("text"), str):
            yield part["text"]
        yield from chain.from_iterable(_rich_texts(value) for value in part.values())


def visible_text(blocks: list[Json]) -> str:
    """The words that somebody sees on a screen of these blocks."""
    return "\n".join(filter(None, map(_visible, blocks)))


def _visible(block: Json) -> str:
    match block["type"]:
        case "header" | "section":
            return str(block["text"]["text"])
        case "context":
            return " ".join(element["text"] for element in block["elements"])
        case "actions":
            return " ".join(f"[{button['text']['text']}]" for button in block["elements"])
        case "image":
            return str(block["alt_text"])
        case "input":
            return "\n".join(_visible_input(block))
        case "rich_text":
            return "\n".join(_visible_rich_text(part) for part in block["elements"])
        case _:
            return ""


def _visible_input(block: Json) -> Iterator[str]:
    yield block["label"]["text"]
    yield from (option["text"]["text"] for option in options_of(block["element"]))
    if "hint" in block:
        yield block["hint"]["text"]


def _visible_rich_text(part: Json) -> str:
    if part["type"] == "rich_text_list":
        return "\n".join(f"• {_visible_rich_text(point)}" for point in part["elements"])
    return "".join(element.get("text", "") for element in part["elements"])
