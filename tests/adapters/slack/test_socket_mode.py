"""The same conversations over a WebSocket that the bot opens."""

import asyncio

from conversations.actions import Action
from conversations.cards import Button, buttons, card, text
from conversations.contacts import Address
from conversations.events import Commanded, Inbound, Submitted
from conversations.forms import Form, Line
from conversations.replies import Ask, Correct, Replace, Say
from tests.adapters.slack.conftest import running
from tests.support.patience import SECONDS
from tests.support.slack_person import SlackPerson
from tests.support.slack_server import Fault, SlackStub

SEND = Action("sign_up", "about")
FORM = Form("About you", SEND, (Line(key="team", label="Your team"),))


async def test_commands_messages_buttons_and_forms_work_without_a_public_address(
    slack: SlackStub, ana: SlackPerson
) -> None:
    def script(inbound: Inbound) -> list[Ask | Correct | Replace | Say]:
        match inbound.event:
            case Submitted(values={"team": "?"}):
                return [Correct(FORM, {"team": "A word, please."})]
            case Submitted():
                return [Replace(card("", text("You are in.")))]
            case Commanded():
                return [Say(card("", text("Here you are."), buttons(Button("Join", SEND))))]
            case _:
                return [Ask(FORM)]

    async with running(slack, socket=True) as bot:
        bot.script = script
        await slack.connected()
        assert not list(bot.platform.routes())
        await ana.command("help", slack.add_channel("general"))
        assert (await ana.sees("Here you are.")).seen_by == ana.id
        await ana.press("Join")
        await ana.submit({"team": "?"})
        assert ana.form and ana.form.errors == {"team": "A word, please."}
        await ana.submit({"team": "Payments"})
        await ana.sees("You are in.")
        assert len(ana.messages) == 1


async def test_the_connection_is_renewed_when_slack_asks_for_it(slack: SlackStub, ana: SlackPerson) -> None:
    async with running(slack, socket=True) as bot:
        await slack.connected()
        await slack.disconnect_socket()
        await ana.command("help")
        assert [inbound.event for inbound in bot.received] == [Commanded("help")]
        assert isinstance(bot.received[0].address, Address)


async def test_an_event_that_met_a_fault_of_ours_is_not_acknowledged_and_comes_again(
    slack: SlackStub, ana: SlackPerson
) -> None:
    heard = asyncio.Event()
    async with running(slack, socket=True) as bot:

        def locked(_: Inbound) -> list[Say]:
            heard.set()
            raise OSError("database is locked")

        bot.script = locked
        await slack.connected()
        leaving = asyncio.ensure_future(ana.leave())
        await asyncio.wait_for(heard.wait(), SECONDS)
        bot.script = lambda inbound: []
        await ana.command("help")
        assert not leaving.done()
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)


async def test_a_start_does_not_fail_because_slack_does_not_answer_at_once(slack: SlackStub) -> None:
    slack.fail("auth.test", Fault("status", status=503))
    async with asyncio.timeout(SECONDS), running(slack, socket=True):
        await slack.connected()
