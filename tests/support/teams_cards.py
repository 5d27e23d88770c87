"""Adaptive Cards as Teams takes and shows them: what is wrong with one, and what a person sees of it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

# Cards of bots should stay under the 28 KB of older texts; forms may hold more, up to the 100 KB of a message.
MOST_CARD_BYTES = 28_000
ELEMENTS = {"TextBlock", "RichTextBlock", "ColumnSet", "Column", "Image", "ActionSet"}
INPUTS = {"Input.Text", "Input.ChoiceSet", "Input.Date", "Input.Time"}
ACTIONS = {"Action.Execute", "Action.OpenUrl"}
MOST_ACTIONS = 6


@dataclass(frozen=True, slots=True)
class CardView:
    """What is visible of a card, top to bottom."""

    title: str
    text: str
    actions: tuple[dict[str, Any], ...]
    inputs: tuple[dict[str, Any], ...]
    errors: tuple[str, ...]


def card_faults(attachment: dict[str, Any]) -> list[str]:
    """Why Teams would refuse or not show this attachment."""
    if attachment.get("contentType") != "application/vnd.microsoft.card.adaptive":
        return [f"unknown content type {attachment.get('contentType')}"]
    card = attachment.get("content")
    if not isinstance(card, dict) or card.get("type") != "AdaptiveCard" or card.get("version") != "1.5":
        return ["not an Adaptive Card 1.5"]
    elements = list(_walk(card["body"]))
    faults = [f"unknown element {one['type']}" for one in elements if one["type"] not in ELEMENTS | INPUTS]
    ids = [one["id"] for one in elements if one["type"] in INPUTS]
    if len(ids) != len(set(ids)):
        faults.append("two inputs with one id")
    if not ids and len(json.dumps(card)) > MOST_CARD_BYTES:
        faults.append("card over 28 KB")
    for one in elements:
        faults.extend(_element_faults(one))
    return faults if elements else ["empty card"]


def view(card: dict[str, Any]) -> CardView:
    elements = list(_walk(card.get("body", [])))
    texts = [words for one in elements if (words := _words(one))]
    first = card.get("body", [{}])[0] if card.get("body") else {}
    return CardView(
        title=_words(first) if first.get("type") == "RichTextBlock" else "",
        text="\n".join(texts),
        actions=tuple(action for one in elements if one["type"] == "ActionSet" for action in one["actions"]),
        inputs=tuple(one for one in elements if one["type"] in INPUTS),
        errors=tuple(_words(one) for one in elements if _is_error(one)),
    )


def text_runs(card: dict[str, Any]) -> list[str]:
    """Everything that is shown without Markdown."""
    blocks = [one for one in _walk(card["body"]) if one["type"] == "RichTextBlock"]
    return [run["text"] for block in blocks for run in block["inlines"]]


def markdown_strings(card: dict[str, Any]) -> list[str]:
    """Everything that some client may read as Markdown or link by itself."""
    found = [str(card.get("fallbackText", ""))]
    for one in _walk(card["body"]):
        found.extend(str(one[key]) for key in ("text", "label", "altText", "placeholder") if key in one)
        found.extend(choice["title"] for choice in one.get("choices", ()))
        found.extend(action["title"] for action in one.get("actions", ()))
    return found


def _walk(body: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for one in body:
        yield one
        yield from _walk(one.get("columns", []))
        yield from _walk(one.get("items", []))


def _element_faults(one: dict[str, Any]) -> list[str]:
    match one["type"]:
        case "RichTextBlock":
            runs = one["inlines"]
            good = runs and all(run["type"] == "TextRun" and isinstance(run["text"], str) for run in runs)
            return [] if good else ["RichTextBlock without text runs"]
        case "TextBlock":
            return [] if one.get("text") and one.get("wrap") else ["TextBlock without text or wrap"]
        case "ActionSet":
            faults = [f"unknown action {action['type']}" for action in one["actions"] if action["type"] not in ACTIONS]
            faults += ["action without title" for action in one["actions"] if not action.get("title")]
            return faults if 1 <= len(one["actions"]) <= MOST_ACTIONS else [*faults, "1 to 6 actions in a set"]
        case "Input.ChoiceSet":
            values = [choice["value"] for choice in one["choices"]]
            faults = ["choice value holds a comma" for value in values if "," in value]
            return faults if len(values) == len(set(values)) else [*faults, "two choices with one value"]
        case _:
            return []


def _words(one: dict[str, Any]) -> str:
    match one["type"]:
        case "RichTextBlock":
            return "".join(run["text"] for run in one["inlines"]).strip()
        case "TextBlock":
            return str(one["text"]).strip()
        case "Image":
            return str(one["altText"])
        case "Input.ChoiceSet":
            return "\n".join([one["label"], *(choice["title"] for choice in one["choices"])])
        case kind if kind in INPUTS:
            return str(one["label"])
        case _:
            return ""


def _is_error(one: dict[str, Any]) -> bool:
    return one["type"] == "RichTextBlock" and any(run.get("color") == "Attention" for run in one["inlines"])
