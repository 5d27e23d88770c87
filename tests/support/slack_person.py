"""One person at a Slack client: types, presses, fills in, and sees."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

from tests.support.slack_limits import faults_of_view, options_of, visible_text

if TYPE_CHECKING:
    from tests.support.slack_server import SlackStub

Json = dict[str, Any]
Typed = str | tuple[str, ...]


@dataclass(slots=True)
class SlackMessage:
    """A message on a screen (or App Home). `seen_by`: the one person who sees it, when it is ephemeral."""

    channel: str
    ts: str
    raw: Json
    seen_by: str = ""
    history: list[Json] = field(default_factory=list)

    @property
    def text(self) -> str:
        return visible_text(self.raw["blocks"]) or str(self.raw.get("text", ""))

    @property
    def buttons(self) -> list[str]:
        return [button["text"]["text"] for button in self.button_elements]

    @property
    def button_elements(self) -> list[Json]:
        return [button for block in self.raw["blocks"] if block["type"] == "actions" for button in block["elements"]]

    @property
    def delivery_id(self) -> str:
        return str(self.raw.get("metadata", {}).get("event_payload", {}).get("id", ""))

    def change(self, body: Json) -> None:
        self.history.append(self.raw)
        self.raw = {"blocks": [], **body}


class SlackForm:
    """The open modal."""

    def __init__(self, view: Json, typed: Mapping[tuple[str, str], Typed] | None = None) -> None:
        self.view = view
        self.errors: dict[str, str] = {}
        inputs = [block for block in view["blocks"] if block["type"] == "input"]
        self.inputs: dict[str, Json] = {block["block_id"]: block for block in inputs}
        # Slack keeps what was typed for the same block and action over an update.
        known = typed or {}
        self.values: dict[str, Typed] = {
            key: known.get((key, block["element"]["action_id"]), _initial(block["element"]))
            for key, block in self.inputs.items()
        }

    @property
    def title(self) -> str:
        return str(self.view["title"]["text"])

    @property
    def submit_label(self) -> str:
        return str(self.view["submit"]["text"])

    @property
    def fields(self) -> list[str]:
        return list(self.inputs)

    @property
    def text(self) -> str:
        return "\n".join([self.title, visible_text(self.view["blocks"]), self.submit_label, *self.errors.values()])

    def typed(self) -> dict[tuple[str, str], Typed]:
        return {(key, self.inputs[key]["element"]["action_id"]): value for key, value in self.values.items()}

    def missing(self) -> dict[str, str]:
        required = [key for key, block in self.inputs.items() if not block["optional"]]
        return {key: "Please complete this required field." for key in required if not self.values[key]}

    def state(self) -> Json:
        values: Json = {}
        for key, block in self.inputs.items():
            element = block["element"]
            values[key] = {element["action_id"]: {"type": element["type"], **_state(element, self.values[key])}}
        return {"values": values}


class SlackPerson:
    """The same method names as the clients of the other platforms."""

    def __init__(self, slack: "SlackStub", account: Json) -> None:
        self.slack = slack
        self.account = account
        self.home: SlackMessage | None = None
        self.form: SlackForm | None = None
        self.opened_links: list[str] = []

    @property
    def id(self) -> str:
        return str(self.account["id"])

    @property
    def name(self) -> str:
        return str(self.account["real_name"])

    @property
    def email(self) -> str:
        return str(self.account["profile"].get("email", "")).lower()

    @property
    def dm(self) -> str:
        return f"D{self.id[1:]}"

    @property
    def messages(self) -> list[SlackMessage]:
        return self.slack.messages_to(self.id)

    def mention(self) -> str:
        """How Slack sends a mention of this person in a command (should_escape)."""
        return f"<@{self.id}|{self.account['name']}>"

    # Doing ----------------------------------------------------------------------------------------------------

    async def command(self, words: str, channel: str = "", escaped: bool = False) -> None:
        """`/mentor <words>` in the chat with the bot, or in a channel. `escaped`: with mentions as Slack sends them."""
        place = channel or self.dm
        where = self.slack.channels[place]
        payload = {
            "token": "unused",
            "team_id": self.slack.team,
            "team_domain": "larkspur",
            "channel_id": place,
            "channel_name": "privategroup" if where.private and channel else where.name,
            "user_id": self.id,
            "user_name": self.account["name"],
            "command": "/mentor",
            "text": words if escaped else escape(words, quote=False),
            "api_app_id": "A0FLIPSIDE",
            "is_enterprise_install": "false",
            "response_url": self.slack.new_response_url(place, self.id, None),
            "trigger_id": self.slack.new_trigger(self.id),
        }
        answer = await self.slack.deliver("slash_commands", payload)
        if answer:
            self.slack.say_in(place, self.id, answer)

    async def say(self, text: str, **more: Any) -> None:
        event = {
            "type": "message",
            "user": self.id,
            "text": escape(text, quote=False),
            "ts": f"{int(self.slack.clock().timestamp())}.{self.slack.next_number():06d}",
            "channel": self.dm,
            "channel_type": "im",
            "team": self.slack.team,
            **more,
        }
        await self.slack.event(event)

    async def open_home(self, tab: str = "home") -> None:
        event = {"type": "app_home_opened", "user": self.id, "channel": self.dm, "tab": tab}
        await self.slack.event(event)

    async def leave(self) -> None:
        """The account is closed."""
        self.account["deleted"] = True
        await self.slack.event({"type": "user_change", "user": self.account})

    async def press(self, label: str) -> None:
        """The button with this label on the newest message that has it, else on App Home."""
        message = await self.slack.until(lambda: self._with_button(label), f"[{label}] for {self.name}: {self._seen()}")
        await self.press_on(message, label)

    async def press_on(self, message: SlackMessage, label: str) -> None:
        button = next(each for each in message.button_elements if each["text"]["text"] == label)
        if "url" in button:
            self.opened_links.append(button["url"])
        pressed = {**button, "block_id": "b", "action_ts": f"{self.slack.next_number()}.0", "type": "button"}
        await self.slack.deliver("interactive", self._click(message, pressed))

    async def submit(self, values: Mapping[str, Typed] | None = None, button: str = "") -> None:
        """Fills in the open form (waiting for one) and sends it. Options by id or label, people by e-mail."""
        form = await self.slack.until(lambda: self.form, f"a form for {self.name}: {self._seen()}")
        assert button in ("", form.submit_label), f"the button says {form.submit_label}"
        for key, value in (values or {}).items():
            form.values[key] = _picked(form.inputs[key]["element"], value, self._ids())
        form.errors = form.missing()
        if form.errors:
            return
        answer = await self.slack.deliver("interactive", self._submission(form))
        self._screen_after(form, answer)
        self.slack.notify()

    def close_form(self) -> None:
        self.form = None

    # Seeing ---------------------------------------------------------------------------------------------------

    async def sees(self, words: str) -> SlackMessage:
        """Waits until a message, App Home or the form shows these words."""
        return await self.slack.until(lambda: self._with_words(words), f"{words!r} for {self.name}: {self._seen()}")

    async def opens_form(self, title: str = "") -> SlackForm:
        def look() -> SlackForm | None:
            return self.form if self.form and title in self.form.title else None

        return await self.slack.until(look, f"a form {title!r} for {self.name}: {self._seen()}")

    def show_form(self, view: Json) -> None:
        self.form = SlackForm(view)

    # The rest -------------------------------------------------------------------------------------------------

    def _screens(self) -> list[SlackMessage]:
        return [*([self.home] if self.home else []), *self.messages]

    def _seen(self) -> str:
        shown = "\n---\n".join(message.text for message in self._screens()[-5:])
        return f"{shown}\n--- form:\n{self.form.text}" if self.form else shown

    def _with_button(self, label: str) -> SlackMessage | None:
        return next((message for message in reversed(self._screens()) if label in message.buttons), None)

    def _with_words(self, words: str) -> SlackMessage | None:
        if self.form and words in self.form.text:
            return SlackMessage("", "", self.form.view)
        return next((message for message in reversed(self._screens()) if words in message.text), None)

    def _ids(self) -> dict[str, str]:
        return {person.email: person.id for person in self.slack.people.values()}

    def _interaction(self, kind: str) -> Json:
        user = {"id": self.id, "username": self.account["name"], "team_id": self.account["team_id"]}
        return {
            "type": kind,
            "user": user,
            "team": {"id": self.slack.team, "domain": "larkspur"},
            "api_app_id": "A0FLIPSIDE",
            "token": "unused",
            "trigger_id": self.slack.new_trigger(self.id),
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _click(self, message: SlackMessage, pressed: Json) -> Json:
        payload = {**self._interaction("block_actions"), "actions": [pressed]}
        if message is self.home:
            return {**payload, "container": {"type": "view", "view_id": "V1"}, "view": {"type": "home", "id": "V1"}}
        channel = self.slack.channels[message.channel]
        container = {"type": "message", "message_ts": message.ts, "channel_id": channel.id}
        private = channel.private and not channel.id.startswith("D")
        return {
            **payload,
            "container": {**container, "is_ephemeral": bool(message.seen_by)},
            "channel": {"id": channel.id, "name": "privategroup" if private else channel.name},
            "message": {"type": "message", "ts": message.ts, "text": message.raw.get("text", "")},
            "response_url": self.slack.new_response_url(channel.id, self.id, message),
        }

    def _submission(self, form: SlackForm) -> Json:
        view = {
            **form.view,
            "id": "V2",
            "team_id": self.slack.team,
            "state": form.state(),
            "hash": "1",
            "app_installed_team_id": self.slack.team,
        }
        return {**self._interaction("view_submission"), "view": view, "response_urls": []}

    def _screen_after(self, form: SlackForm, answer: Json) -> None:
        match answer.get("response_action"):
            case "errors":
                assert set(answer["errors"]) <= set(form.inputs), "Slack ignores errors of blocks that are not there"
                form.errors = answer["errors"]
            case "update" | "push":
                faults = faults_of_view(answer["view"], set(self.slack.files))
                assert not faults, f"Slack would not show this view: {faults}"
                self.form = SlackForm(answer["view"], form.typed())
            case _:
                self.form = None


def _initial(element: Json) -> Typed:
    match element["type"]:
        case "radio_buttons" | "static_select":
            return str(element.get("initial_option", {}).get("value", ""))
        case "checkboxes" | "multi_static_select":
            return tuple(option["value"] for option in element.get("initial_options", []))
        case "datepicker":
            return str(element.get("initial_date", ""))
        case "timepicker":
            return str(element.get("initial_time", ""))
        case "users_select":
            return str(element.get("initial_user", ""))
        case _:
            return str(element.get("initial_value", ""))


def _picked(element: Json, value: Typed, ids: dict[str, str]) -> Typed:
    if element["type"] == "users_select":
        assert isinstance(value, str)
        return ids.get(value, value)
    if element["type"] == "plain_text_input":
        assert len(value) <= element["max_length"], "Slack lets nobody type more"
        return value
    by_label = {option["text"]["text"]: option["value"] for option in options_of(element)}
    if isinstance(value, tuple):
        assert len(value) <= element.get("max_selected_items", len(value)), "Slack lets nobody pick more"
        return tuple(by_label.get(each, each) for each in value)
    picked = str(by_label.get(value, value))
    if element["type"] in ("checkboxes", "multi_static_select"):
        return (picked,)
    assert not by_label or picked in by_label.values(), f"{value} is none of {list(by_label)}"
    return picked


def _state(element: Json, value: Typed) -> Json:
    options = {option["value"]: option for option in options_of(element)}
    match element["type"]:
        case "radio_buttons" | "static_select":
            return {"selected_option": options.get(str(value))}
        case "checkboxes" | "multi_static_select":
            return {"selected_options": [options[each] for each in value]}
        case "datepicker":
            return {"selected_date": value or None}
        case "timepicker":
            return {"selected_time": value or None}
        case "users_select":
            return {"selected_user": value or None}
        case _:
            return {"value": value or None}
