"""Cards as JSON and back, so that an outbox row can hold one."""

import base64
import json
from typing import Any

from conversations.actions import Action
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
from conversations.contacts import Address, Contact
from conversations.markdown import Value


def pack_card(shown: Card) -> str:
    return json.dumps({"title": shown.title, "blocks": [_pack_block(block) for block in shown.blocks]})


def unpack_card(text: str) -> Card:
    body = json.loads(text)
    return Card(body["title"], tuple(_unpack_block(block) for block in body["blocks"]))


def _pack_block(block: Block) -> dict[str, Any]:
    match block:
        case Text():
            values = {key: _pack_value(value) for key, value in block.values.items()}
            return {"is": "text", "markdown": block.markdown, "values": values, "quiet": block.quiet}
        case Facts():
            return {"is": "facts", "rows": [list(row) for row in block.rows]}
        case Divider():
            return {"is": "divider"}
        case Buttons():
            return {"is": "buttons", "buttons": [_pack_button(button) for button in block.buttons]}
        case Picture():
            return {"is": "picture", "png": base64.b64encode(block.png).decode(), "alt": block.alt}
        case Progress():
            return {"is": "progress", "label": block.label, "done": block.done, "total": block.total}


def _unpack_block(body: dict[str, Any]) -> Block:
    match body["is"]:
        case "text":
            values = {key: _unpack_value(value) for key, value in body["values"].items()}
            return Text(body["markdown"], values, body["quiet"])
        case "facts":
            return Facts(tuple((label, value) for label, value in body["rows"]))
        case "buttons":
            return Buttons(tuple(_unpack_button(button) for button in body["buttons"]))
        case "picture":
            return Picture(base64.b64decode(body["png"]), body["alt"])
        case "progress":
            return Progress(body["label"], body["done"], body["total"])
        case _:
            return Divider()


def _pack_button(button: AnyButton) -> dict[str, Any]:
    match button:
        case Button():
            return {"label": button.label, "action": button.action.pack(), "style": button.style}
        case LinkButton():
            return {"label": button.label, "url": button.url}
        case ChatButton():
            return {"label": button.label, "contact": _pack_value(button.contact)}


def _unpack_button(body: dict[str, Any]) -> AnyButton:
    if "action" in body:
        return Button(body["label"], Action.unpack(body["action"]), body["style"])
    if "url" in body:
        return LinkButton(body["label"], body["url"])
    return ChatButton(body["label"], _contact(body["contact"]))


def _pack_value(value: Value) -> Any:
    if isinstance(value, str):
        return value
    address = value.address.pack() if value.address else None
    return {"name": value.name, "email": value.email, "login": value.login, "address": address}


def _unpack_value(body: Any) -> Value:
    return body if isinstance(body, str) else _contact(body)


def _contact(body: dict[str, Any]) -> Contact:
    address = Address.unpack(body["address"]) if body["address"] else None
    return Contact(body["name"], body["email"], body["login"], address)
