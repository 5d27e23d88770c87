"""Slack over HTTP: signed requests in, the Web API out."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from adapters.slack import Slack
from conversations.contacts import Address, Place
from tests.support.slack_person import SlackMessage, SlackPerson
from tests.support.slack_server import SlackStub
from tests.support.stages.script import ScriptedBot, ShownForm, Someone, served


class SlackStage:
    def __init__(self, slack: SlackStub, platform: Slack, bot: ScriptedBot) -> None:
        self.slack, self.platform, self.bot = slack, platform, bot
        self.ana = slack.add_person("Ana Ruiz", "ana@larkspur.example", "Europe/Madrid")
        self.ben = slack.add_person("Ben Okafor", "ben@larkspur.example", "Africa/Lagos")
        self.channel = slack.add_channel("general")

    def address(self, person: Someone) -> Address:
        return Address("slack", self.slack.team, _slack(person).id)

    def nobody(self) -> Address:
        return Address("slack", self.slack.team, "U99999999")

    def nowhere(self) -> Place:
        return Place("slack", self.slack.team, "C99999999")

    def screen(self, person: Someone) -> list[str]:
        return [message.text for message in _screens(_slack(person))]

    def form(self, person: Someone) -> ShownForm | None:
        form = _slack(person).form
        if form is None:
            return None
        emails = {each.id: each.email for each in self.slack.people.values()}
        values = {
            key: emails.get(value, value) if isinstance(value, str) else value for key, value in form.values.items()
        }
        return ShownForm(form.title, form.text, values, form.errors)

    def links(self, person: Someone) -> set[str]:
        bodies = [message.raw for message in _screens(_slack(person))]
        form = _slack(person).form
        return {found for body in [*bodies, *([form.view] if form else [])] for found in _live(body["blocks"])}

    def files(self, person: Someone) -> dict[str, bytes]:
        attached = map(self.slack.files_of, _slack(person).messages)
        return {name: content for files in attached for name, content in files.items()}

    async def press_in_channel(self, person: Someone, label: str) -> None:
        await person.press(label)

    async def until(self, holds: Callable[[], bool], what: str) -> None:
        await self.slack.until(holds, what)

    async def again(self) -> None:
        assert await self.slack.deliver_again() == 200

    async def strange(self, person: Someone) -> list[int]:
        who = {"id": _slack(person).id, "team_id": self.slack.team}
        base: dict[str, Any] = {"user": who, "team": {"id": self.slack.team}, "trigger_id": "1.2.3"}
        view = {
            "id": "V9",
            "type": "modal",
            "callback_id": "?",
            "private_metadata": "",
            "state": {"values": {}},
            "blocks": [],
        }
        container = {"type": "message", "message_ts": "1.2", "channel_id": _slack(person).dm}
        pressed = {"type": "button", "action_id": "a", "action_ts": "1.3", "value": "buy now!"}
        interactions: list[dict[str, Any]] = [
            {**base, "type": "view_submission", "view": view},
            {**base, "type": "block_actions", "container": container, "actions": [pressed]},
            {**base, "type": "shortcut", "callback_id": "another-app"},
        ]
        # The stand-in fails on any status but 200.
        for payload in interactions:
            await self.slack.deliver("interactive", payload)
        await self.slack.event({"type": "reaction_added", "user": _slack(person).id, "reaction": "wave"})
        return [200] * (len(interactions) + 1)


def _slack(person: Someone) -> SlackPerson:
    assert isinstance(person, SlackPerson)
    return person


def _screens(person: SlackPerson) -> list[SlackMessage]:
    return [*person.messages, *([person.home] if person.home else [])]


def _live(part: Any) -> set[str]:
    """Links, mentions, and texts in which Slack would look for them."""
    if isinstance(part, list):
        return {found for each in part for found in _live(each)}
    if not isinstance(part, dict):
        return set()
    found = {found for value in part.values() for found in _live(value)}
    match part.get("type"):
        case "link" | "button" if "url" in part:
            found.add(part["url"])
        case "user" | "broadcast" | "usergroup" | "channel" | "mrkdwn":
            found.add(str(part))
        case _:
            pass
    return found


@asynccontextmanager
async def slack_stage() -> AsyncIterator[SlackStage]:
    async with SlackStub() as slack:
        bot = ScriptedBot()
        platform = Slack(
            bot_token=slack.bot_token,
            clock=lambda: datetime.now(UTC),
            signing_secret=slack.signing_secret,
            api_url=slack.api_url,
        )
        async with served(platform, bot) as url:
            slack.bot_url = url
            yield SlackStage(slack, platform, bot)
