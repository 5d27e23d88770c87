"""Something comes in while the process dies: acknowledged means stored, and repeats have no effect."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.guarantees.office import Office, slack_office, teams_office
from tests.guarantees.process import WRITTEN, bot
from tests.support.slack_server import SlackStub
from tests.support.teams_server import TeamsStub

# Slack repeats for an hour; what comes again then has a signature of its own.
MUCH_LATER = 6 * 60.0
Act = Callable[[Any], Awaitable[object]]
"""What a person does, given the person."""


@dataclass(frozen=True, slots=True)
class Received:
    """`acknowledged`: the platform got a success before the process died. `effects`: how often it then took effect."""

    acknowledged: bool
    stored: bool
    effects: int


async def killed_while_receiving_from_slack(
    point: str, kind: str, database_url: str, *, adapter: str = "sound"
) -> Received:
    """A command, a button, a form or a message comes in, the process dies, and Slack repeats what it sent."""
    async with slack_office(database_url, kind=adapter) as office:
        slack = office.slack
        assert slack is not None
        person = slack.add_person("Ana Ruiz", "ana@larkspur.example", "Europe/Madrid")
        await _prepare_slack(office, slack, kind)
        acts: dict[str, Act] = {
            "command": lambda who: who.command("write"),
            "message": lambda who: who.say("write"),
            "button": lambda who: who.press("Write"),
            "form": lambda who: who.submit({}),
        }
        async with bot(office.orders, crash=f"{point}:1") as one:
            slack.bot_url = f"http://127.0.0.1:{await one.at_work()}"
            acknowledged = await _tried(acts[kind](person))
            await one.ended()
        stored = _stored(office)
        # Four deliveries in all: two more to the next process, and one to another, six minutes later.
        for ahead, repeats in ((0.0, 2), (MUCH_LATER, 1)):
            async with bot(office.orders, ahead=ahead) as another:
                slack.bot_url = f"http://127.0.0.1:{await another.at_work()}"
                for _ in range(repeats):
                    assert await slack.deliver_again(ahead=ahead) == 200
                await office.until_settled()
        return Received(acknowledged, stored, sum(WRITTEN in message.text for message in slack.messages))


async def _prepare_slack(office: Office, slack: SlackStub, kind: str) -> None:
    """What the person presses or fills in has to be on the screen."""
    if kind not in ("button", "form"):
        return
    [person] = slack.people.values()
    async with bot(office.orders) as one:
        slack.bot_url = f"http://127.0.0.1:{await one.at_work()}"
        await person.command("button" if kind == "button" else "form")
        if kind == "form":
            await person.opens_form("A form")
        else:
            await person.sees("Press it")


async def killed_while_receiving_from_teams(point: str, kind: str, database_url: str) -> Received:
    """The same with an activity (a message) or an invoke (a button) of Teams."""
    async with teams_office(database_url) as office:
        teams = office.teams
        assert teams is not None
        person = teams.person("Ana Ruiz")
        if kind == "invoke":
            async with bot(office.orders) as one:
                teams.bot_url = f"http://127.0.0.1:{await one.at_work()}/api/messages"
                await person.say("button")
                await person.sees("Press it")
        async with bot(office.orders, crash=f"{point}:1") as one:
            teams.bot_url = f"http://127.0.0.1:{await one.at_work()}/api/messages"
            acknowledged = await _tried(person.press("Write") if kind == "invoke" else person.say("write"))
            await one.ended()
        stored = _stored(office)
        for ahead, repeats in ((0.0, 2), (MUCH_LATER, 1)):
            async with bot(office.orders, ahead=ahead) as another:
                teams.bot_url = f"http://127.0.0.1:{await another.at_work()}/api/messages"
                for _ in range(repeats):
                    assert (await teams.deliver(teams.activities[-1]))[0] in (200, 201)
                await office.until_settled()
        return Received(acknowledged, stored, _seen_on_teams(teams))


def _seen_on_teams(teams: TeamsStub) -> int:
    return sum(WRITTEN in str(message.activity) for message in teams.messages)


async def _tried(act: Awaitable[object]) -> bool:
    with suppress(aiohttp.ClientError, TimeoutError):
        await asyncio.wait_for(asyncio.ensure_future(act), 20)
        return True
    return False


def _stored(office: Office) -> bool:
    return any(row.kind == "written" for row in office.rows())
