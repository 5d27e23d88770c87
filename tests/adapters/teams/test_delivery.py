"""Messages to people who did not just write: one attempt each, and three outcomes only."""

import asyncio

import pytest

from adapters.platform import Delivered, Refused, Uncertain
from adapters.teams.route import MessageRef, Route
from conversations.actions import Action
from conversations.cards import Button, buttons, card, text
from conversations.contacts import Address, Group, Place
from tests.adapters.teams.conftest import ScriptedBot, address_of, running
from tests.support.teams_server import TENANT, Fault, TeamsStub

CHECK_IN = card("Did you meet?", buttons(Button("We met", Action("check_in", "met"))))


async def test_a_card_arrives_and_can_be_changed_later(bot: ScriptedBot) -> None:
    ana = bot.stub.person("Ana Ruiz")
    sent = await bot.teams.send(address_of(ana), CHECK_IN, "d1")
    assert isinstance(sent, Delivered)
    assert sent.route == ""
    assert ana.messages[0].buttons == ("We met",)
    changed = await bot.teams.send(address_of(ana), card("Answered"), "d2", update=sent.ref)
    assert changed == Delivered(sent.ref)
    assert [message.text for message in ana.messages] == ["Answered"]


async def test_a_notification_shows_the_title(bot: ScriptedBot) -> None:
    ana = bot.stub.person("Ana Ruiz")
    await bot.teams.send(address_of(ana), CHECK_IN, "d1")
    assert bot.stub.messages[0].activity["summary"] == "Did you meet?"
    assert "text" not in bot.stub.messages[0].activity


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Fault(400, "BadArgument"), Refused("BadArgument", for_good=True, wrong_message=True)),
        (Fault(401, "BotNotRegistered"), Refused("BotNotRegistered")),
        (Fault(403, "ConversationBlockedByUser"), Refused("ConversationBlockedByUser", for_good=True)),
        (Fault(403), Refused("http_403", for_good=True)),
        (Fault(404, "ConversationNotFound"), Refused("ConversationNotFound", for_good=True)),
        (Fault(413, "MessageSizeTooBig"), Refused("MessageSizeTooBig", for_good=True, wrong_message=True)),
        (Fault(429, "Throttled", retry_after="7"), Refused("Throttled", retry_after=7.0)),
        (Fault(429), Refused("http_429")),
        (Fault(412, "PreconditionFailed"), Uncertain("PreconditionFailed")),
        (Fault(500, "ServiceError"), Uncertain("ServiceError")),
        (Fault(502, body="<html>Bad gateway, dear Ana</html>"), Uncertain("http_502")),
        (Fault(503), Uncertain("http_503")),
        (Fault(504), Uncertain("http_504")),
        (Fault(302), Refused("http_302")),
    ],
)
async def test_d4_each_answer_of_teams_has_one_meaning_and_one_attempt(
    bot: ScriptedBot, fault: Fault, outcome: Refused | Uncertain
) -> None:
    ana = bot.stub.person("Ana Ruiz")
    bot.stub.fail("post", fault)
    assert await bot.teams.send(address_of(ana), CHECK_IN, "d1") == outcome
    assert bot.stub.calls.count("post") == 1
    assert ana.messages == []


@pytest.mark.parametrize("way", ["drop", "reset", "truncate", "garbage"])
async def test_d4_a_message_taken_and_then_lost_on_the_way_back_is_uncertain(bot: ScriptedBot, way: str) -> None:
    ana = bot.stub.person("Ana Ruiz")
    bot.stub.fail("post", Fault(taken=True, way=way))  # type: ignore[arg-type]
    outcome = await bot.teams.send(address_of(ana), CHECK_IN, "d1")
    assert isinstance(outcome, Uncertain)
    assert bot.stub.calls.count("post") == 1
    assert len(ana.messages) == 1


async def test_nobody_listening_is_proven_not_sent(bot: ScriptedBot) -> None:
    route = Route("http://127.0.0.1:9/", "a:1")
    outcome = await bot.teams.send(Address("teams", TENANT, "x", route.pack()), CHECK_IN, "d1")
    assert outcome == Refused("unreachable")


async def test_a_host_that_does_not_exist_is_proven_not_sent(bot: ScriptedBot) -> None:
    route = Route("http://connector.invalid/", "a:1")
    outcome = await bot.teams.send(Address("teams", TENANT, "x", route.pack()), CHECK_IN, "d1")
    assert outcome == Refused("unreachable")


async def test_without_a_token_nothing_is_sent_and_the_reason_is_a_code(stub: TeamsStub) -> None:
    stub.fail("token", *[Fault(401, body="secret words")] * 3)
    async with running(stub) as bot:
        ana = stub.person("Ana Ruiz")
        outcome = await bot.teams.send(address_of(ana), CHECK_IN, "d1")
    assert isinstance(outcome, Refused)
    assert outcome.reason.startswith("no_token_")
    assert not outcome.for_good
    assert stub.calls.count("post") == 0


async def test_one_token_serves_many_messages_at_once(bot: ScriptedBot) -> None:
    ana = bot.stub.person("Ana Ruiz")
    sends = [bot.teams.send(address_of(ana), CHECK_IN, f"d{number}") for number in range(40)]
    assert all(isinstance(sent, Delivered) for sent in await asyncio.gather(*sends))
    assert bot.stub.tokens_given == 1


async def test_a_token_that_the_connector_refuses_is_renewed_for_the_next_message(bot: ScriptedBot) -> None:
    ana = bot.stub.person("Ana Ruiz")
    assert isinstance(await bot.teams.send(address_of(ana), CHECK_IN, "d1"), Delivered)
    bot.stub.tokens_given += 1  # what the bot holds is now an old token
    assert await bot.teams.send(address_of(ana), CHECK_IN, "d2") == Refused("Unauthorized")
    assert isinstance(await bot.teams.send(address_of(ana), CHECK_IN, "d3"), Delivered)


async def test_a_chat_is_opened_for_somebody_who_never_wrote_and_its_route_is_given_back(bot: ScriptedBot) -> None:
    ana = bot.stub.person("Ana Ruiz")
    sent = await bot.teams.send(address_of(ana, conversation=""), CHECK_IN, "d1")
    assert isinstance(sent, Delivered)
    assert Route.unpack(sent.route).conversation == ana.conversation
    await ana.sees("Did you meet?")


async def test_who_removed_the_app_cannot_be_reached(bot: ScriptedBot) -> None:
    ana = bot.stub.person("Ana Ruiz", installed=False)
    refused = await bot.teams.send(address_of(ana, conversation=""), CHECK_IN, "d1")
    assert refused == Refused("ForbiddenOperationException", for_good=True)
    refused = await bot.teams.send(address_of(ana), CHECK_IN, "d2")
    assert refused == Refused("BotNotInConversationRoster", for_good=True)


async def test_a_bot_cannot_begin_a_group_chat(bot: ScriptedBot) -> None:
    pair = (bot.stub.person("Ana Ruiz"), bot.stub.person("Tom Berg"))
    outcome = await bot.teams.send(Group(tuple(map(address_of, pair))), CHECK_IN, "d1")
    assert outcome == Refused("no_group_chats", for_good=True)


async def test_a_channel_is_written_to_where_the_command_was_typed(bot: ScriptedBot) -> None:
    route = Route(bot.stub.service_url, "19:general@thread.tacv2")
    place = Place("teams", TENANT, "19:general@thread.tacv2", route=route.pack())
    assert isinstance(await bot.teams.send(place, card("Sign-up is open"), "d1"), Delivered)
    assert bot.stub.messages[0].conversation == "19:general@thread.tacv2"


async def test_an_edit_of_a_message_that_is_gone_is_refused_for_good(bot: ScriptedBot) -> None:
    ana = bot.stub.person("Ana Ruiz")
    gone = MessageRef(ana.conversation, "170000").pack()
    outcome = await bot.teams.send(address_of(ana), CHECK_IN, "d1", update=gone)
    assert outcome == Refused("ActivityNotFoundInConversation", for_good=True)


async def test_a_very_long_card_still_goes_out(bot: ScriptedBot) -> None:
    ana = bot.stub.person("Ana Ruiz")
    long = card("Everybody", *(text("{words}", words="многослов " * 900) for _ in range(12)), *CHECK_IN.blocks)
    assert isinstance(await bot.teams.send(address_of(ana), long, "d1"), Delivered), bot.stub.refusals
    assert ana.messages[0].buttons == ("We met",)
    assert "…" in ana.messages[0].text
