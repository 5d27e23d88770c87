"""Bot Framework activities read into what happened. The only place that knows the shape of a payload."""

import html
import re
from dataclasses import dataclass
from typing import Any

from adapters.teams.buttons import OURS
from adapters.teams.forms import typed_values
from adapters.teams.route import GLOBAL_SERVICE_URL, Route
from conversations.actions import Action, NotAnAction
from conversations.contacts import Address, Place
from conversations.events import Arrived, Commanded, Event, Inbound, Left, Pressed, Said, Submitted

PLATFORM = "teams"
CHANNEL_ID = "msteams"
CARD_ACTION = "adaptiveCard/action"
# The Agents Playground and other local clients may name no tenant.
LOCAL_TENANT = "local"

_MENTION = re.compile(r"<at[^>]*>.*?</at>", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Incoming:
    """An inbound, and where its answers go.

    `card` is the message whose button was pressed or whose form was sent; `source` the card that the form came from.
    `invoke`: the client waits for a card in the answer. `personal`: it happened in the person's own chat.
    """

    inbound: Inbound
    route: Route
    conversation: str
    personal: bool
    invoke: bool = False
    card: str = ""
    source: str = ""
    timezone: str = ""
    locale: str = ""


@dataclass(frozen=True, slots=True)
class _Clicked:
    """What a button or a form sent along."""

    event: Pressed | Submitted
    action: Action
    source: str = ""


def tenant_of(activity: Any) -> str:
    """The SDK never fills `conversation.tenant_id`: it looks for another spelling than Teams sends."""
    data = activity.channel_data if isinstance(activity.channel_data, dict) else {}
    tenant = data.get("tenant")
    return str(tenant.get("id") or "").lower() if isinstance(tenant, dict) else ""


def is_card_action(activity: Any) -> bool:
    return bool(activity.type == "invoke" and activity.name == CARD_ACTION)


class Arrivals:
    """Gives an arrival its id, so that one installation greets once and a new one after a removal greets again.

    Teams sends one `installationUpdate` for each installation, and repeats it with the same id: that id is kept. The
    Agents Playground sends it with a new id for every reload of its page; there the conversation counts instead, and
    a removal begins a new one.
    """

    def __init__(self, local: bool) -> None:
        self._local = local
        self._removals: dict[str, int] = {}

    def arrived(self, activity: Any) -> str:
        conversation = str(activity.conversation.id)
        if self._local or activity.action == "add-upgrade":
            return f"{conversation}:arrived:{self._removals.get(conversation, 0)}"
        return _delivery_id(activity)

    def left(self, activity: Any) -> str:
        conversation = str(activity.conversation.id)
        self._removals[conversation] = self._removals.get(conversation, 0) + 1
        return _delivery_id(activity)


def incoming(activity: Any, arrivals: Arrivals) -> Incoming | None:
    """What happened, or None for what does not concern us: other bots, reactions, typing, cards that are not ours."""
    if not (
        activity.conversation and activity.conversation.id and activity.from_property and activity.from_property.id
    ):
        return None
    if activity.from_property.role == "bot":
        return None
    personal = _is_personal(activity)
    match activity.type:
        case "message" if not isinstance(activity.value, dict):
            return _text(activity, personal)
        case "message":
            return _card_used(activity, personal, activity.value, invoke=False)
        case "invoke" if activity.name == CARD_ACTION and isinstance(activity.value, dict):
            action = activity.value.get("action")
            data = action.get("data") if isinstance(action, dict) else None
            return _card_used(activity, personal, data, invoke=True)
        case "installationUpdate" if personal:
            return _installation(activity, arrivals)
        case _:
            return None


def _text(activity: Any, personal: bool) -> Incoming:
    if personal:
        event: Event = Said((activity.text or "").strip())
    else:
        event = Commanded(_without_mentions(activity.text or ""), _place(activity))
    return _built(activity, personal, event)


def _card_used(activity: Any, personal: bool, data: Any, *, invoke: bool) -> Incoming | None:
    clicked = _clicked(data)
    if clicked is None:
        return None
    return _built(activity, personal, clicked.event, action=clicked.action, invoke=invoke, source=clicked.source)


def _clicked(data: Any) -> _Clicked | None:
    """None for a card that is not ours, or is too old. Nothing in it is trusted but the pointer to a step."""
    ours = data.get(OURS) if isinstance(data, dict) else None
    if not isinstance(ours, dict):
        return None
    try:
        if "submit" in ours:
            values = typed_values(data, ours.get("several"))
            return _Clicked(Submitted(values), Action.unpack(str(ours["submit"])), str(ours.get("source") or ""))
        return _Clicked(Pressed(), Action.unpack(str(ours.get("press"))))
    except (NotAnAction, ValueError):
        return None


def _installation(activity: Any, arrivals: Arrivals) -> Incoming | None:
    match activity.action:
        case "add" | "add-upgrade":
            return _built(activity, True, Arrived(), delivery_id=arrivals.arrived(activity))
        case "remove" | "remove-upgrade":
            return _built(activity, True, Left(), delivery_id=arrivals.left(activity))
        case _:
            return None


def _built(
    activity: Any,
    personal: bool,
    event: Event,
    *,
    action: Action | None = None,
    delivery_id: str = "",
    invoke: bool = False,
    source: str = "",
) -> Incoming:
    sender, conversation = activity.from_property, str(activity.conversation.id)
    route = _route(activity, conversation if personal else "")
    user = str(sender.aad_object_id or sender.id)
    address = Address(PLATFORM, tenant_of(activity) or LOCAL_TENANT, user, route.pack())
    return Incoming(
        inbound=Inbound(delivery_id or _delivery_id(activity), address, event, action),
        route=route,
        conversation=conversation,
        personal=personal,
        invoke=invoke,
        card=str(activity.reply_to_id or ""),
        source=source,
        timezone=_timezone(activity),
        locale=str(activity.locale or ""),
    )


def _delivery_id(activity: Any) -> str:
    """The same for every repeat. An activity without an id (the protocol allows it) is told by sender and time."""
    conversation = activity.conversation.id
    if activity.id:
        return f"{conversation}:{activity.id}"
    return f"{conversation}:{activity.from_property.id}:{activity.timestamp}"


def _is_personal(activity: Any) -> bool:
    kind = activity.conversation.conversation_type
    return bool(kind == "personal" or (not kind and not activity.conversation.is_group))


def _route(activity: Any, conversation: str) -> Route:
    bot = str(activity.recipient.id) if activity.recipient else ""
    service_url = str(activity.service_url or GLOBAL_SERVICE_URL)
    return Route(service_url, conversation, str(activity.from_property.id), bot)


def _place(activity: Any) -> Place:
    """The channel itself, not the thread in it: an announcement begins a thread of its own."""
    channel = str(activity.conversation.id).partition(";messageid=")[0]
    tenant = tenant_of(activity) or LOCAL_TENANT
    return Place(PLATFORM, tenant, channel, route=_route(activity, channel).pack())


def _without_mentions(text: str) -> str:
    """In a channel the words come as `<at>Flipside</at>&nbsp;help`."""
    words = html.unescape(_MENTION.sub(" ", text))
    return " ".join(words.split())


def _timezone(activity: Any) -> str:
    if activity.local_timezone:
        return str(activity.local_timezone)
    for entity in activity.entities or ():
        if entity and entity.type == "clientInfo":
            return str((entity.additional_properties or {}).get("timezone") or "")
    return ""
