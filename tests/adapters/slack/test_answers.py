"""What goes into an acknowledgement, and what has to come after it."""

from collections.abc import AsyncIterator, Iterable

import aiohttp
import pytest

from adapters.slack.answers import Answers
from adapters.slack.api import web_client
from adapters.slack.app import Wire
from adapters.slack.events import Received
from adapters.slack.people import People
from conversations.cards import Picture, card, text
from conversations.contacts import Address
from conversations.events import Commanded, Inbound, OpenedHome
from conversations.replies import Home, Say
from tests.support.slack_person import SlackPerson
from tests.support.slack_server import Fault, SlackStub

SAY = Say(card("", text("Hello.")))
COMMAND = Received(
    Inbound("1", Address("slack", "T1", "U1"), Commanded("help")), "1", "https://larkspur.example/r", "C1"
)


@pytest.fixture
async def answers(slack: SlackStub) -> AsyncIterator[Answers]:
    async with aiohttp.ClientSession() as session:
        client = web_client(slack.bot_token, slack.api_url, session)
        yield Answers(client, People(client))


async def test_an_answer_in_time_is_in_the_acknowledgement(answers: Answers) -> None:
    acknowledgement = await answers.acknowledgement(COMMAND, [SAY], late=False)
    assert acknowledgement.body["text"] == "Hello."
    assert acknowledgement.rest == ()


async def test_of_several_answers_none_is_in_the_acknowledgement_where_another_could_overtake_it(
    answers: Answers,
) -> None:
    acknowledgement = await answers.acknowledgement(COMMAND, [SAY, SAY], late=False)
    assert (acknowledgement.body, acknowledgement.rest) == ({}, (SAY, SAY))


async def test_an_answer_that_slack_no_longer_waits_for_comes_on_its_own(answers: Answers) -> None:
    acknowledgement = await answers.acknowledgement(COMMAND, [SAY], late=True)
    assert (acknowledgement.body, acknowledgement.rest) == ({}, (SAY,))


async def test_the_time_that_looking_people_up_took_counts_too(slack: SlackStub, ana: SlackPerson) -> None:
    """Slack waits from the moment it has posted the command."""
    now = 1000.0

    class Slow(People):
        async def emails(self, users: Iterable[str]) -> dict[str, str]:
            nonlocal now
            now += 1
            return {}

    async def dispatch(_: Inbound) -> list[Say]:
        nonlocal now
        now += 2
        return [SAY]

    async with aiohttp.ClientSession() as session:
        client = web_client(slack.bot_token, slack.api_url, session)
        wire = Wire(client, Slow(client), dispatch, seconds=lambda: now)
        command = {
            "command": "/mentor",
            "text": "nominate <@U00000042>",
            "team_id": slack.team,
            "user_id": ana.id,
            "trigger_id": "1.2",
            "channel_id": ana.dm,
            "channel_name": "directmessage",
            "response_url": slack.new_response_url(ana.dm, ana.id, None),
        }
        acknowledgement = await wire.take(command)
        assert (acknowledgement.status, acknowledgement.body) == (200, "")
        await ana.sees("Hello.")
        await wire.finish()


async def test_a_picture_is_not_waited_for_in_an_acknowledgement(answers: Answers) -> None:
    chart = Say(card("", Picture(b"png", "A chart")))
    acknowledgement = await answers.acknowledgement(COMMAND, [chart], late=False)
    assert (acknowledgement.body, acknowledgement.rest) == ({}, (chart,))


async def test_a_home_view_that_slack_holds_up_keeps_no_answer_from_the_chat(
    slack: SlackStub, ana: SlackPerson
) -> None:
    """After an announcement hundreds look at Home at once, and Slack publishes a hundred in a minute."""
    slack.fail("views.publish", Fault("hang"))

    async def dispatch(inbound: Inbound) -> list[Home | Say]:
        return [Home(SAY.card)] if isinstance(inbound.event, OpenedHome) else [SAY]

    async with aiohttp.ClientSession() as session:
        client = web_client(slack.bot_token, slack.api_url, session)
        wire = Wire(client, People(client), dispatch)
        for number, event in enumerate(
            (
                {"type": "app_home_opened", "user": ana.id, "channel": ana.dm, "tab": "home"},
                {"type": "message", "channel_type": "im", "channel": ana.dm, "user": ana.id, "text": "help"},
            )
        ):
            payload = {"type": "event_callback", "team_id": slack.team, "event_id": f"Ev{number}", "event": event}
            assert (await wire.take(payload)).status == 200
        await ana.sees("Hello.")
        assert ana.home is None
    await wire.finish()
