"""Buttons as actions of an Adaptive Card."""

from urllib.parse import quote

from adapters.teams.elements import Json, rich, run
from adapters.teams.inert import clean, defused
from conversations.cards import AnyButton, Button, Buttons, ChatButton, LinkButton, Style
from conversations.cut import ELLIPSIS, cut

# Teams shows six actions of a set and hides the rest behind a menu or not at all.
MOST_BUTTONS = 6
LONGEST_LABEL = 75
# The key of everything that is ours in a button's data; what people typed lies beside it.
OURS = "flipside"


def action_sets(block: Buttons) -> list[Json]:
    written = [line for button in block.buttons if (line := _written_out(button))]
    actions = [action for button in block.buttons if (action := _action(button))]
    sets = [actions[start : start + MOST_BUTTONS] for start in range(0, len(actions), MOST_BUTTONS)]
    return written + [{"type": "ActionSet", "actions": some} for some in sets]


def _action(button: AnyButton) -> Json | None:
    match button:
        case Button():
            return execute(button.label, "press", {"press": button.action.pack()}, button.style)
        case LinkButton():
            return _open(button.label, button.url)
        case ChatButton():
            url = _chat_url(button)
            return _open(button.label, url) if url else None


def _open(label: str, url: str) -> Json:
    return {"type": "Action.OpenUrl", "title": _label(label), "url": url}


def _label(label: str) -> str:
    """Never empty: Teams does not draw a button without words, and a name may hold nothing visible."""
    return cut(defused(label), LONGEST_LABEL).strip() or ELLIPSIS


def _chat_url(button: ChatButton) -> str:
    """A Teams chat takes a login (UPN) only; without one there is still e-mail."""
    contact = button.contact
    if contact.login:
        return f"https://teams.microsoft.com/l/chat/0/0?users={quote(clean(contact.login), safe='@')}"
    return f"mailto:{quote(clean(contact.email), safe='@')}" if contact.email else ""


def _written_out(button: AnyButton) -> Json | None:
    """A mail link opens nothing on a machine without a mail program, so the address stands there in words too."""
    if not isinstance(button, ChatButton) or button.contact.login:
        return None
    contact = button.contact
    words = f"{contact.name}: {contact.email}" if contact.email else f"{button.label}: {contact.name}"
    return rich([run(words, isSubtle=True)])


def execute(label: str, verb: str, ours: Json, style: Style = "plain") -> Json:
    """A button. Clients from before Adaptive Cards 1.4 get the same as Action.Submit."""
    action: Json = {"title": _label(label), "data": {OURS: ours}}
    match style:
        case "primary":
            action["style"] = "positive"
        case "danger":
            action["style"] = "destructive"
        case "plain":
            pass
    return {"type": "Action.Execute", "verb": verb, **action, "fallback": {"type": "Action.Submit", **action}}
