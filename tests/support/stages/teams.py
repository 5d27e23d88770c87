"""Teams: signed activities in, the connector out."""

import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Any

from adapters.teams import Teams
from adapters.teams.route import Route
from conversations.contacts import Address, Place
from conversations.forms import Typed
from tests.support.stages.script import ScriptedBot, ShownForm, Someone, served
from tests.support.teams_cards import INPUTS, view
from tests.support.teams_server import BOT, TENANT, Message, TeamsPerson, TeamsStub

CHANNEL = "19:general@thread.tacv2"


class RememberingStub(TeamsStub):
    """Keeps what was delivered, to deliver it again."""

    delivered: Mapping[str, Any]

    async def deliver(self, activity: Mapping[str, Any], token: str | None = None) -> tuple[int, Any]:
        self.delivered = activity
        return await super().deliver(activity, token)


class TeamsStage:
    channel = CHANNEL

    def __init__(self, stub: RememberingStub, platform: Teams, bot: ScriptedBot) -> None:
        self.stub, self.platform, self.bot = stub, platform, bot
        self.ana = stub.person("Ana Ruiz", timezone="Europe/Madrid")
        self.ben = stub.person("Ben Okafor", timezone="Africa/Lagos")

    def address(self, person: Someone) -> Address:
        who = _teams(person)
        route = Route(self.stub.service_url, who.conversation, who.member_id, BOT)
        return Address("teams", TENANT, who.aad_id, route.pack())

    def nobody(self) -> Address:
        route = Route(self.stub.service_url, "", "29:nobody", BOT)
        return Address("teams", TENANT, "aad00000-0000-4000-8000-999999999999", route.pack())

    def nowhere(self) -> Place:
        route = Route(self.stub.service_url, "a:gone", "", BOT)
        return Place("teams", TENANT, "a:gone", route=route.pack())

    def screen(self, person: Someone) -> list[str]:
        return [_words(card) or text for card, text in self._cards(_teams(person))]

    def form(self, person: Someone) -> ShownForm | None:
        form = _teams(person).form
        if form is None:
            return None
        seen = next(message for message in _teams(person).messages if message.id == form.message)
        several = {one["id"] for one in _inputs(seen.raw) if one.get("isMultiSelect")}
        return ShownForm(
            form.title,
            "\n".join([seen.text, *seen.buttons]),
            {key: _typed(value, key in several) for key, value in form.values.items()},
            dict(_errors(seen.raw["body"])),
        )

    def links(self, person: Someone) -> set[str]:
        return {found for card, text in self._cards(_teams(person)) for found in _live(card, text)}

    def files(self, person: Someone) -> dict[str, bytes]:
        return {}

    async def press_in_channel(self, person: Someone, label: str) -> None:
        await _teams(person).press_announced(CHANNEL, label)

    async def until(self, holds: Callable[[], bool], what: str) -> None:
        await self.stub.until(holds, what=what)

    async def again(self) -> None:
        status, _ = await self.stub.deliver(self.stub.delivered)
        assert status in (200, 201)

    async def strange(self, person: Someone) -> list[int]:
        await _teams(person).say("hello")
        said = {key: value for key, value in self.stub.delivered.items() if key not in ("text", "textFormat")}
        self.bot.received.clear()
        used = {"type": "Action.Execute", "verb": "buy", "data": {"flipside": {"press": "buy now!"}}}
        activities: list[dict[str, Any]] = [
            {**said, "id": "f:s1", "type": "invoke", "name": "adaptiveCard/action", "value": {"action": used}},
            {**said, "id": "f:s2", "type": "message", "value": {"another": "app"}},
            {**said, "id": "f:s3", "type": "messageReaction", "reactionsAdded": [{"type": "like"}]},
            {**said, "id": "f:s4", "type": "invoke", "name": "composeExtension/query", "value": {}},
        ]
        return [(await self.stub.deliver(activity))[0] for activity in activities]

    def _cards(self, person: TeamsPerson) -> list[tuple[Mapping[str, Any], str]]:
        """What is in the own chat, and what everybody reads in the channel."""
        own = [(seen.raw, seen.text) for seen in person.messages]
        return [*own, *((one.card or {}, _said(one)) for one in self.stub.messages if one.conversation == CHANNEL)]


def _teams(person: Someone) -> TeamsPerson:
    assert isinstance(person, TeamsPerson)
    return person


def _said(message: Message) -> str:
    return str(message.activity.get("text", ""))


def _words(card: Mapping[str, Any]) -> str:
    shown = view(dict(card))
    return "\n".join([shown.text, *(action["title"] for action in shown.actions)])


def _typed(value: str, several: bool) -> Typed:
    return tuple(filter(None, value.split(","))) if several else value


def _inputs(card: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [one for one in card["body"] if one["type"] in INPUTS]


def _errors(body: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """A fault stands right below its field."""
    for field, below in pairwise(body):
        runs = below.get("inlines", ())
        if field["type"] in INPUTS and any(run.get("color") == "Attention" for run in runs):
            yield field["id"], "".join(run["text"] for run in runs)


def _live(card: Mapping[str, Any], text: str) -> set[str]:
    """Opened addresses, Markdown links, and mentions."""
    found = {action["url"] for action in view(dict(card)).actions if "url" in action}
    markdown = [str(one.get("text", "")) for one in card.get("body", ()) if one["type"] == "TextBlock"]
    for words in [text if not card else "", *markdown]:
        found.update(re.findall(r"\]\(([^)]*)\)", words), re.findall(r"<at>.*?</at>", words))
    return found


@asynccontextmanager
async def teams_stage() -> AsyncIterator[TeamsStage]:
    async with RememberingStub() as stub:
        bot, platform = ScriptedBot(), Teams(**stub.settings, public_url="https://mentor.larkspur.example")
        async with served(platform, bot) as url:
            stub.bot_url = f"{url}/api/messages"
            yield TeamsStage(stub, platform, bot)
