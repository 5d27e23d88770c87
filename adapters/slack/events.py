"""Slack's payloads as Inbounds. What does not look as documented is Malformed."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Any

from adapters.slack import forms
from conversations.actions import Action, NotAnAction
from conversations.contacts import Address, Place
from conversations.events import Arrived, Commanded, Event, Inbound, Left, OpenedHome, Pressed, Said, Submitted

Payload = Mapping[str, Any]
Emails = Mapping[str, str]
"""Work e-mails by Slack user id, for people who were mentioned or picked; empty for an account that has none."""

NAME = "slack"
# Our own action on a button that repeats typed words, for when a form could not be opened in time.
AGAIN = ("slack", "again")
# With a file, or copied to the channel from a thread, a message is still something the person said to us.
SPOKEN = (None, "file_share", "thread_broadcast")
# An account that was closed, or made a guest's: as far as the bot is concerned, the colleague left.
NO_COLLEAGUE = ("deleted", "is_restricted", "is_ultra_restricted")

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_LINKED = re.compile(r"<(?:[#!])?([^|>]*)(?:\|([^>]*))?>")


class Malformed(ValueError):
    """Signed, yet not what Slack documents."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The message that a button was on. `seen_by`: one person ("ephemeral"), person and bot ("dm"), all ("channel")."""

    channel: str = ""
    ts: str = ""
    response_url: str = ""
    seen_by: str = ""

    def pack(self) -> str:
        return json.dumps([self.channel, self.ts, self.response_url, self.seen_by]) if self.seen_by else ""

    @classmethod
    def unpack(cls, text: str) -> "Origin":
        return cls(*json.loads(text)) if text else cls()


@dataclass(frozen=True, slots=True)
class Received:
    """An inbound and what its answers need; this never leaves the adapter."""

    inbound: Inbound
    trigger: str = ""
    response_url: str = ""
    channel: str = ""
    origin: Origin = field(default_factory=Origin)
    on_screen: frozenset[str] = frozenset()
    # Fields with a person of whom Slack told nothing in time, and with one for whom it shows no e-mail.
    unknown: frozenset[str] = frozenset()
    no_email: frozenset[str] = frozenset()

    @property
    def words(self) -> str | None:
        """What was typed, so that a button can repeat it."""
        match self.inbound.event:
            case Said(text=words) | Commanded(words=words):
                return words
            case _:
                return None


def read(payload: Payload, emails: Emails) -> Received | None:
    """None: nothing for us. Raises Malformed."""
    try:
        return _read(payload, emails)
    except (KeyError, TypeError, AttributeError, IndexError, ValueError) as error:
        raise Malformed(type(error).__name__) from None


def people_in(payload: Payload) -> set[str]:
    """The Slack user ids that `read` wants e-mails for: mentioned in a command or a message, or picked in a form."""
    try:
        return _people_in(payload)
    except (KeyError, TypeError, AttributeError) as error:
        raise Malformed(type(error).__name__) from None


def _people_in(payload: Payload) -> set[str]:
    if payload.get("type") == "view_submission":
        return set(forms.picked(payload["view"]).values())
    typed = payload["text"] if "command" in payload else payload.get("event", {}).get("text")
    return set(_MENTION.findall(typed)) if typed else set()


def _read(payload: Payload, emails: Emails) -> Received | None:
    """Bolt looks for a listener by `command`, `action_id` and a view's type, and fails where they are no texts."""
    if "command" in payload:
        _text(payload["command"])
        return _command(payload, emails)
    match payload["type"]:
        case "event_callback":
            return _event(payload, emails)
        case "block_actions":
            _text(payload["actions"][0]["action_id"])
            return _press(payload)
        case "view_submission":
            _text(payload["view"]["type"])
            return _submission(payload, emails)
        case _:
            return None


def _command(payload: Payload, emails: Emails) -> Received:
    team = _text(payload["team_id"])
    place = _place(team, _text(payload["channel_id"]), _text(payload["channel_name"]))
    inbound = Inbound(
        f"command:{_text(payload['trigger_id'])}",
        Address(NAME, team, _text(payload["user_id"])),
        Commanded(spoken(_text(payload["text"]), emails), place),
    )
    url, channel = _text(payload.get("response_url", "")), _text(payload["channel_id"])
    return Received(inbound, inbound.id.removeprefix("command:"), url, channel)


def _place(team: str, channel: str, channel_name: str) -> Place | None:
    if channel_name == "directmessage":
        return None
    # Slack says "privategroup" for any private channel; a group DM is called mpdm-ana--ben-1.
    return Place(NAME, team, channel, channel_name == "privategroup" or channel_name.startswith("mpdm-"))


def _event(payload: Payload, emails: Emails) -> Received | None:
    event = payload["event"]
    team, inbound_id = _text(payload["team_id"]), f"event:{_text(payload['team_id'])}:{_text(payload['event_id'])}"
    match event["type"]:
        case "message":
            return _message(event, team, inbound_id, emails)
        case "app_home_opened":
            address = Address(NAME, team, _text(event["user"]), _text(event.get("channel", "")))
            # Of the tab with the chat Slack does not say whether it is the first time; Arrived may come again.
            happened: Event = OpenedHome() if event.get("tab", "home") == "home" else Arrived()
            return Received(Inbound(inbound_id, address, happened))
        case "user_change" if any(event["user"].get(flag) for flag in NO_COLLEAGUE):
            left = Left(disabled=bool(event["user"].get("deleted")))
            return Received(Inbound(inbound_id, Address(NAME, team, _text(event["user"]["id"])), left))
        case _:
            return None


def _message(event: Payload, team: str, inbound_id: str, emails: Emails) -> Received | None:
    if event.get("channel_type") != "im" or event.get("bot_id") or event.get("subtype") not in SPOKEN:
        return None
    address = Address(NAME, team, _text(event["user"]), _text(event["channel"]))
    return Received(Inbound(inbound_id, address, Said(spoken(_text(event.get("text", "")), emails))))


def _press(payload: Payload) -> Received | None:
    pressed, origin = payload["actions"][0], _origin(payload)
    if pressed["type"] != "button" or "value" not in pressed:
        return None  # a button that opens a page
    try:
        action = Action.unpack(_text(pressed["value"]))
    except NotAnAction:
        return None
    user = _text(payload["user"]["id"])
    address = Address(NAME, _team(payload), user, origin.channel if origin.seen_by == "dm" else "")
    # Home has no ts of a message; a click there is told apart by its own time.
    inbound_id = f"click:{origin.channel}:{origin.ts}:{_text(pressed['action_ts'])}:{user}"
    inbound = Inbound(inbound_id, address, Pressed(), action)
    if (action.flow, action.step) == AGAIN:
        place = _place(address.tenant, origin.channel, _channel_name(payload, origin))
        inbound = replace(inbound, event=Commanded(str(action.args["words"]), place), action=None)
    trigger = _text(payload.get("trigger_id", ""))
    return Received(inbound, trigger, origin.response_url, origin.channel, origin)


def _channel_name(payload: Payload, origin: Origin) -> str:
    return _text(payload["channel"]["name"]) if origin.seen_by in ("ephemeral", "channel") else "directmessage"


def _origin(payload: Payload) -> Origin:
    container = payload["container"]
    if container["type"] != "message":
        return Origin()
    channel, url = _text(container["channel_id"]), _text(payload.get("response_url", ""))
    if container.get("is_ephemeral"):
        return Origin(channel, _text(container["message_ts"]), url, "ephemeral")
    # A direct message has an id with D; a group DM one with G or C.
    return Origin(channel, _text(container["message_ts"]), url, "dm" if channel.startswith("D") else "channel")


def _submission(payload: Payload, emails: Emails) -> Received | None:
    view = payload["view"]
    try:
        action = Action.unpack(_text(view["callback_id"]))
    except NotAnAction:
        return None
    picked = forms.picked(view)
    people = {key: emails.get(user, "") for key, user in picked.items()}
    address = Address(NAME, _team(payload), _text(payload["user"]["id"]))
    inbound_id = f"form:{_text(payload['trigger_id'])}"
    inbound = Inbound(inbound_id, address, Submitted({**forms.values(view), **people}), action)
    return Received(
        inbound,
        # The trigger of a submission opens no modal while this one is there: the next screen is in the acknowledgement.
        origin=Origin.unpack(_text(view["private_metadata"])),
        on_screen=frozenset(forms.input_keys(view)),
        unknown=frozenset(key for key, user in picked.items() if user not in emails),
        no_email=frozenset(key for key, user in picked.items() if emails.get(user) == ""),
    )


def _team(payload: Payload) -> str:
    # With an app installed for a whole organisation `team` is null; then the person's own team counts.
    return _text(payload["team"]["id"] if payload.get("team") else payload["user"]["team_id"])


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise Malformed("not a text")


def spoken(text: str, emails: Emails) -> str:
    """What the person typed, from Slack's escaped form: mentions become e-mails, links their words."""
    return unescape("".join(_pieces(text, emails))).strip()


def _pieces(text: str, emails: Emails) -> Iterator[str]:
    end = 0
    for found in _LINKED.finditer(text):
        yield text[end : found.start()]
        end = found.end()
        mention = _MENTION.fullmatch(found.group())
        yield emails.get(mention[1]) or f"@{mention[1]}" if mention else found[2] or found[1]
    yield text[end:]
