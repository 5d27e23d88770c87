"""One attempt a message, and an honest word about what became of it (guarantees, section 2)."""

import logging

import pytest

from adapters.platform import Delivered, Refused, Uncertain
from conversations.cards import Card, Picture, card, text
from conversations.contacts import Address, Group, Place
from tests.adapters.slack.conftest import ScriptedBot, running
from tests.support.slack_person import SlackPerson
from tests.support.slack_server import Fault, SlackStub

HELLO = card("Hello", text("Your check-in is on Thursday."))


def at(slack: SlackStub, person: SlackPerson, route: str = "") -> Address:
    return Address("slack", slack.team, person.id, route)


async def test_a_message_arrives_once_with_its_id_and_a_way_back(
    slack: SlackStub, bot: ScriptedBot, ana: SlackPerson
) -> None:
    sent = await bot.platform.send(at(slack, ana), HELLO, "outbox-7")
    message = ana.messages[0]
    assert sent == Delivered(f"{ana.dm}:{message.ts}", ana.dm)
    assert message.raw["metadata"] == {"event_type": "flipside_delivery", "event_payload": {"id": "outbox-7"}}
    assert message.raw["text"] == "Hello\nYour check-in is on Thursday."
    assert "Your check-in is on Thursday." in message.text
    assert (message.raw["unfurl_links"], message.raw["link_names"]) == (False, False)
    again = await bot.platform.send(at(slack, ana, ana.dm), HELLO, "outbox-8")
    assert isinstance(again, Delivered)
    assert len(ana.messages) == 2
    assert not slack.called("conversations.open")


async def test_an_update_changes_the_message_that_was_sent(
    slack: SlackStub, bot: ScriptedBot, ana: SlackPerson
) -> None:
    sent = await bot.platform.send(at(slack, ana), HELLO, "d1")
    assert isinstance(sent, Delivered)
    changed = await bot.platform.send(at(slack, ana), card("", text("Answered.")), "d2", update=sent.ref)
    assert isinstance(changed, Delivered)
    assert changed.ref == sent.ref
    assert [message.text for message in ana.messages] == ["Answered."]
    gone = await bot.platform.send(at(slack, ana), HELLO, "d3", update=f"{ana.dm}:1.000")
    assert gone == Refused("message_not_found", for_good=True)


async def test_a_pair_is_introduced_in_a_group_chat_of_their_own(
    slack: SlackStub, bot: ScriptedBot, ana: SlackPerson, ben: SlackPerson
) -> None:
    both = Group((at(slack, ana), at(slack, ben)))
    sent = await bot.platform.send(both, HELLO, "i1")
    assert isinstance(sent, Delivered)
    assert not sent.route
    assert [message.text for message in ana.messages] == [message.text for message in ben.messages]
    assert ana.messages[0].channel.startswith("G")


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (Fault("error", "user_disabled"), Refused("cannot_open_group", for_good=True)),
        (Fault("error", "missing_scope"), Refused("cannot_open_group", for_good=True)),
        (
            Fault("ratelimited", retry_after=12),
            Refused("ratelimited", retry_after=12.0, method="conversations.open"),
        ),
        (Fault("error", "internal_error"), Refused("internal_error")),
        (Fault("error", "invalid_auth"), Refused("invalid_auth")),
        (Fault("status", status=503), Refused("http_503")),
        (Fault("drop"), Refused("ServerDisconnectedError")),
    ],
)
async def test_a_group_that_cannot_be_opened_is_proof_that_nothing_was_sent(
    slack: SlackStub, bot: ScriptedBot, ana: SlackPerson, fault: Fault, told: Refused
) -> None:
    both = Group((at(slack, ana), at(slack, slack.add_person("Ben Okafor"))))
    slack.fail("conversations.open", fault)
    assert await bot.platform.send(both, HELLO, "i1") == told
    assert slack.messages == []


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (Fault("ratelimited", retry_after=3), Refused("ratelimited", retry_after=3.0, method="chat.postMessage")),
        (Fault("error", "channel_not_found"), Refused("channel_not_found", for_good=True)),
        (Fault("error", "account_inactive"), Refused("account_inactive", for_good=True)),
        (Fault("error", "user_disabled"), Refused("user_disabled", for_good=True)),
        (Fault("error", "cannot_dm_bot"), Refused("cannot_dm_bot", for_good=True)),
        (Fault("error", "token_revoked"), Refused("token_revoked")),
        (Fault("error", "internal_error"), Uncertain("internal_error")),
        (Fault("error", "fatal_error", taken=True), Uncertain("fatal_error")),
        (Fault("error", "service_unavailable"), Uncertain("service_unavailable")),
        (Fault("error", "request_timeout"), Uncertain("request_timeout")),
        (Fault("status", status=500, taken=True), Uncertain("http_500")),
        (Fault("status", status=502), Uncertain("http_502")),
        (Fault("drop", taken=True), Uncertain("ServerDisconnectedError")),
        (Fault("drop"), Uncertain("ServerDisconnectedError")),
        (Fault("truncate", taken=True), Uncertain("ClientPayloadError")),
        (Fault("garbage", taken=True), Uncertain("http_200")),
    ],
)
async def test_d4_each_failure_is_one_post_and_told_as_what_it_is(
    slack: SlackStub, bot: ScriptedBot, ana: SlackPerson, fault: Fault, told: Refused | Uncertain
) -> None:
    await bot.platform.send(at(slack, ana), HELLO, "warm")  # the connection is in use already, as in life
    slack.fail("chat.postMessage", fault)
    assert await bot.platform.send(at(slack, ana), HELLO, "d1") == told
    assert len(slack.called("chat.postMessage")) == 2
    assert len(ana.messages) == 1 + fault.taken


async def test_nobody_is_taken_to_be_gone_because_the_app_is_out_of_the_workspace(
    slack: SlackStub, bot: ScriptedBot, ana: SlackPerson
) -> None:
    for method in ("chat.postMessage", "auth.test"):
        slack.fail(method, Fault("error", "account_inactive"))
    assert await bot.platform.send(at(slack, ana), HELLO, "d1") == Refused("account_inactive")


@pytest.mark.slow
async def test_d4_an_answer_that_never_comes_is_uncertain(slack: SlackStub, ana: SlackPerson) -> None:
    async with running(slack, longest_call=3) as bot:
        slack.fail("chat.postMessage", Fault("hang", taken=True))
        assert await bot.platform.send(at(slack, ana), HELLO, "d1") == Uncertain("TimeoutError")
    assert len(slack.called("chat.postMessage")) == 1


async def test_a_slack_that_is_not_there_is_proof_that_nothing_was_sent(slack: SlackStub, ana: SlackPerson) -> None:
    async with running(slack, api_url="http://127.0.0.1:9/api") as bot:
        assert await bot.platform.send(at(slack, ana), HELLO, "d1") == Refused("not_connected")
        assert await bot.platform.profile(at(slack, ana)) is None
        assert await bot.platform.find("ana@larkspur.example") is None


async def test_messages_to_people_and_places_that_are_gone_are_refused_for_good(
    slack: SlackStub, bot: ScriptedBot, ana: SlackPerson
) -> None:
    ana.account["deleted"] = True
    assert await bot.platform.send(at(slack, ana), HELLO, "d1") == Refused("user_disabled", for_good=True)
    secret = Place("slack", slack.team, slack.add_channel("board", private=True))
    assert await bot.platform.send(secret, HELLO, "d2") == Refused("channel_not_found", for_good=True)
    invited = Place("slack", slack.team, slack.add_channel("hr", private=True, bot_in=True))
    assert isinstance(await bot.platform.send(invited, HELLO, "d3"), Delivered)


async def test_a_picture_that_slack_does_not_know_yet_is_sent_as_its_words(
    slack: SlackStub, bot: ScriptedBot, ana: SlackPerson
) -> None:
    chart: Card = card("Sign-ups", Picture(b"png", "24 people"))
    slack.fail("chat.postMessage", Fault("error", "invalid_blocks"))
    assert isinstance(await bot.platform.send(at(slack, ana), chart, "d1"), Delivered)
    assert [message.text for message in ana.messages] == ["Sign-ups\n24 people"]


async def test_the_log_of_a_refusal_holds_neither_text_nor_token(
    slack: SlackStub, bot: ScriptedBot, ana: SlackPerson, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        slack.fail("chat.postMessage", Fault("error", "restricted_action"), Fault("garbage"))
        await bot.platform.send(at(slack, ana), HELLO, "outbox-9")
        await bot.platform.send(at(slack, ana), HELLO, "outbox-9")
        await ana.command("help")
        await ana.say("my secret")
    ours = [record.getMessage() for record in caplog.records if record.name.startswith(("flipside", "slack"))]
    assert "not sent: restricted_action delivery=outbox-9" in ours
    for private in ("Thursday", slack.bot_token, "Ana", "ana@", "secret", "help"):
        assert private not in "\n".join(ours)
