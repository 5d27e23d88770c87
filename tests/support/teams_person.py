"""One person and their chat window in the stand-in for Teams."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.support.patience import SECONDS
from tests.support.teams_cards import CardView, card_faults, view
from tests.support.teams_rules import BOT, TENANT, Message

if TYPE_CHECKING:
    from tests.support.teams_server import TeamsStub


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as a person sees it."""

    id: str
    text: str
    buttons: tuple[str, ...]
    raw: dict[str, Any]
    links: tuple[str, ...] = ()


@dataclass(slots=True)
class TeamsForm:
    """The form that is open in a chat."""

    title: str
    fields: tuple[str, ...]
    values: dict[str, str]
    errors: tuple[str, ...]
    labels: dict[str, str]
    message: str


@dataclass(slots=True)
class TeamsPerson:
    """One person and their chat with the bot. The same words as on the other platforms' clients."""

    stub: "TeamsStub"
    name: str
    email: str
    number: int
    timezone: str = "Europe/Berlin"
    locale: str = "en-GB"
    role: str = "user"
    tenant: str = TENANT
    login: str = ""
    installed: bool = True
    old_client: bool = False
    answers: list[Any] = field(default_factory=list)
    replaced: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def member_id(self) -> str:
        return f"29:1{self.number:05d}xYz-_{self.number}"

    @property
    def aad_id(self) -> str:
        return f"aad00000-0000-4000-8000-{self.number:012d}"

    @property
    def conversation(self) -> str:
        return f"a:1{self.number:05d}_conversation;{self.number}"

    # What the person does -----------------------------------------------------------------------------------------

    async def install(self, action: str = "add") -> Any:
        self.installed = True
        return await self._deliver({**self._activity("installationUpdate"), "action": action})

    async def uninstall(self) -> Any:
        self.installed = False
        return await self._deliver({**self._activity("installationUpdate"), "action": "remove"})

    async def say(self, text: str) -> Any:
        return await self._deliver({**self._activity("message"), "text": text, "textFormat": "plain"})

    async def command(self, words: str, channel: str = "") -> Any:
        """The same words as Slack's sub-commands; in a channel the bot is mentioned."""
        if not channel:
            return await self.say(words)
        mention = {"type": "mention", "text": "<at>Flipside</at>", "mentioned": {"id": BOT, "name": "Flipside"}}
        activity = self._activity("message", channel)
        activity["entities"].append(mention)
        return await self._deliver({**activity, "text": f"<at>Flipside</at>&nbsp;{words}\n"})

    async def open_home(self) -> Any:
        """Teams has no app home: people ask for it."""
        return await self.say("home")

    async def press(self, label: str) -> Any:
        """The last button with this label, wherever it is in the chat."""
        for message in reversed(self._visible()):
            for action in self._view(message).actions:
                if action["title"] == label:
                    return await self._use(message, action, {})
        raise AssertionError(f"{self.name} sees no button {label!r}; there are {self._labels()}")

    async def press_on(self, seen: Seen, label: str) -> Any:
        """The button on this very message."""
        message = next(one for one in self._visible() if one.id == seen.id)
        action = next(one for one in self._view(message).actions if one["title"] == label)
        return await self._use(message, action, {})

    async def press_copy(self, seen: Seen, label: str) -> Any:
        """The button on a copy of somebody else's card."""
        action = next(one for one in view(seen.raw).actions if one["title"] == label)
        return await self._use(Message(seen.id, self.conversation, {}), action, {})

    async def press_announced(self, channel: str, label: str) -> Any:
        """A button on a message in a channel."""
        for message in reversed([one for one in self.stub.messages if one.conversation == channel]):
            for action in view(message.card or {}).actions:
                if action["title"] == label:
                    return await self._use(message, action, {})
        raise AssertionError(f"no button {label!r} in {channel}")

    async def submit(self, values: Mapping[str, Any], button: str = "") -> Any:
        """Fills in the open form and sends it; what is not named keeps what stands there."""
        form = self.form
        assert form is not None, f"{self.name} has no form open"
        unknown = set(values) - set(form.fields)
        assert not unknown, f"the form has no {unknown}; it has {form.fields}"
        message = next(one for one in self.stub.messages if one.id == form.message)
        actions = [one for one in self._view(message).actions if one["type"] != "Action.OpenUrl"]
        chosen = [one for one in actions if not button or one["title"] == button]
        assert chosen, f"no button {button!r} among {[one['title'] for one in actions]}"
        typed = form.values | {key: _joined(value) for key, value in values.items()}
        return await self._use(message, chosen[-1], {key: value for key, value in typed.items() if value != ""})

    # What the person sees -----------------------------------------------------------------------------------------

    @property
    def messages(self) -> list[Seen]:
        seen = []
        for message in self._visible():
            shown = self._view(message)
            text = shown.text if message.card else str(message.activity.get("text", ""))
            labels = tuple(action["title"] for action in shown.actions)
            links = tuple(action["url"] for action in shown.actions if action["type"] == "Action.OpenUrl")
            seen.append(Seen(message.id, text, labels, self._card(message) or message.activity, links))
        return seen

    @property
    def form(self) -> TeamsForm | None:
        for message in reversed(self._visible()):
            shown = self._view(message)
            if shown.inputs:
                return TeamsForm(
                    title=shown.title,
                    fields=tuple(one["id"] for one in shown.inputs),
                    values={one["id"]: str(one.get("value", "")) for one in shown.inputs},
                    errors=shown.errors,
                    labels={one["id"]: one["label"] for one in shown.inputs},
                    message=message.id,
                )
        return None

    async def sees(self, words: str, seconds: float = SECONDS) -> Seen:
        """The last message that holds these words, as soon as there is one."""
        found: list[Seen] = []

        def there() -> bool:
            found[:] = [message for message in self.messages if words in message.text]
            return bool(found)

        await self.stub.until(there, seconds, f"{self.name} to see {words!r}")
        return found[-1]

    async def sees_form(self, title: str, seconds: float = SECONDS) -> TeamsForm:
        await self.stub.until(lambda: self.form is not None and title in self.form.title, seconds, f"form {title!r}")
        assert self.form is not None
        return self.form

    def roster_entry(self) -> dict[str, Any]:
        return {
            "id": self.member_id,
            "name": self.name,
            "objectId": self.aad_id,
            "email": self.email,
            "userPrincipalName": self.login or self.email,
            "tenantId": self.tenant,
            "userRole": self.role,
        }

    # Inside -------------------------------------------------------------------------------------------------------

    def _visible(self) -> list[Message]:
        return self.stub.messages_to(self)

    def _card(self, message: Message) -> dict[str, Any] | None:
        return self.replaced.get(message.id) or message.card

    def _view(self, message: Message) -> CardView:
        return view(self._card(message) or {})

    def _labels(self) -> list[str]:
        return [label for message in self.messages for label in message.buttons]

    async def _use(self, message: Message, action: dict[str, Any], typed: dict[str, Any]) -> Any:
        data = {**action.get("data", {}), **typed}
        activity = {**self._activity("invoke", message.conversation), "replyToId": message.id}
        if self.old_client:
            return await self._deliver({**activity, "type": "message", "value": data})
        used = {"type": "Action.Execute", "verb": action["verb"], "data": data}
        value = {"action": used, "trigger": "manual"}
        answer = await self._deliver({**activity, "name": "adaptiveCard/action", "value": value})
        assert answer["statusCode"] == 200, answer
        if answer["type"] == "application/vnd.microsoft.card.adaptive":
            attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": answer["value"]}
            faults = card_faults(attachment)
            assert not faults, faults
            self.replaced[message.id] = answer["value"]
            self.stub.changed()
        return answer

    async def _deliver(self, activity: dict[str, Any]) -> Any:
        status, answer = await self.stub.deliver(activity)
        assert status in (200, 201), (status, answer)
        self.answers.append(answer)
        return answer

    def _activity(self, kind: str, conversation: str = "") -> dict[str, Any]:
        where = conversation or self.conversation
        personal = where == self.conversation
        return {
            "type": kind,
            "id": f"f:{self.stub.next_id()}",
            "timestamp": "2026-03-02T09:00:00.000Z",
            "channelId": "msteams",
            "serviceUrl": self.stub.service_url,
            "from": {"id": self.member_id, "name": self.name, "aadObjectId": self.aad_id},
            "recipient": {"id": BOT, "name": "Flipside"},
            "conversation": {
                "id": where,
                "conversationType": "personal" if personal else "channel",
                "tenantId": self.tenant,
                "isGroup": not personal,
            },
            "channelData": {"tenant": {"id": self.tenant}},
            "locale": self.locale,
            "entities": [{"type": "clientInfo", "timezone": self.timezone, "locale": self.locale}],
        }


def _joined(value: Any) -> str:
    return ",".join(value) if isinstance(value, tuple | list) else str(value)
