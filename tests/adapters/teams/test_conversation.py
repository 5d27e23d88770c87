"""What a person sees in their chat with the bot on Teams."""

from conversations.actions import Action
from conversations.cards import Button, ChatButton, buttons, card, text
from conversations.contacts import Contact, Place
from conversations.events import Commanded, Pressed, Said, Submitted
from conversations.forms import Choices, Form, Line, Option, Typed
from conversations.replies import Ask, Correct, Replace, Say
from tests.adapters.teams.conftest import ScriptedBot
from tests.support.teams_server import Fault

CHANNEL = "19:announcements@thread.tacv2"
MET = Action("check_in", "met", {"pair": 3})
LEARNED = Action("check_in", "learned", {"pair": 3})

QUESTION = card("Did you meet Ana?", buttons(Button("We met", MET), Button("Not yet", MET)))
THANKS = card("Good to hear", text("Next from me: 28 May."))
FORM = Form(
    "What did you learn?",
    LEARNED,
    (
        Line(key="learned", label="One thing you learned"),
        Choices(key="themes", label="Themes", options=(Option("ai", "AI"), Option("law", "Law")), required=False),
    ),
)


async def test_a_text_in_the_own_chat_is_said_and_answered_there(bot: ScriptedBot) -> None:
    ana = bot.stub.person("Ana Ruiz")
    bot.answers(Say(card("Hello Ana", text("I pair people up."))))
    await ana.say(" help \n")
    seen = await ana.sees("I pair people up.")
    assert bot.last.event == Said("help")
    assert seen.text == "Hello Ana\nI pair people up."
    assert bot.last.address.user == ana.aad_id
    assert bot.last.action is None


async def test_a_pressed_button_changes_its_card_at_once_and_for_good(bot: ScriptedBot) -> None:
    ana = bot.stub.person("Ana Ruiz")
    bot.answers(Say(QUESTION))
    await ana.say("check in")
    await ana.sees("Did you meet Ana?")
    bot.answers(Replace(THANKS))
    answer = await ana.press("We met")
    assert answer["type"] == "application/vnd.microsoft.card.adaptive"
    assert ana.messages[-1].text == "Good to hear\nNext from me: 28 May."
    await bot.stub.until(lambda: bot.stub.messages[-1].edits == 1, what="the message to be edited for good")
    assert len(ana.messages) == 1
    assert bot.last.event == Pressed()
    assert bot.last.action == MET


async def test_an_old_client_that_only_knows_submit_gets_the_same(bot: ScriptedBot) -> None:
    ana = bot.stub.person("Ana Ruiz", old_client=True)
    bot.answers(Say(QUESTION))
    await ana.say("check in")
    await ana.sees("Did you meet Ana?")
    bot.answers(Replace(THANKS))
    await ana.press("We met")
    await ana.sees("Good to hear")
    assert len(ana.messages) == 1
    assert bot.last.action == MET


async def test_a_form_comes_below_its_card_and_closes_when_it_was_sent(bot: ScriptedBot) -> None:
    ana = bot.stub.person("Ana Ruiz")
    bot.answers(Say(QUESTION))
    await ana.say("check in")
    await ana.sees("Did you meet Ana?")
    bot.answers(Replace(THANKS), Ask(FORM))
    await ana.press("We met")
    await ana.sees_form("What did you learn?")
    bot.answers(Replace(card("Saved", text("See you on 28 May."))))
    await ana.submit({"learned": "Ask, then listen", "themes": ("ai", "law")})
    await ana.sees("See you on 28 May.")
    assert bot.last.event == Submitted({"learned": "Ask, then listen", "themes": ("ai", "law")})
    assert bot.last.action == LEARNED
    assert [message.text for message in ana.messages] == ["Saved\nSee you on 28 May.", "Thank you, got it."]
    assert ana.form is None


async def test_a_form_without_a_card_before_it_becomes_the_answer(bot: ScriptedBot) -> None:
    ana = bot.stub.person("Ana Ruiz")
    bot.answers(Ask(FORM))
    await ana.say("met")
    await ana.sees_form("What did you learn?")
    bot.answers(Replace(THANKS))
    await ana.submit({"learned": "Patience"})
    await ana.sees("Good to hear")
    assert len(ana.messages) == 1


async def test_a_correction_keeps_what_was_typed_and_is_not_stored_as_a_message(bot: ScriptedBot) -> None:
    ana = bot.stub.person("Ana Ruiz")
    bot.answers(Ask(FORM))
    await ana.say("met")
    await ana.sees_form("What did you learn?")
    typed: dict[str, Typed] = {"learned": "x" * 120, "themes": ("law",)}
    bot.answers(Correct(FORM.filled(typed), {"learned": "Please keep it under 100."}))
    await ana.submit(typed)
    form = ana.form
    assert form is not None
    assert form.values == {"learned": "x" * 120, "themes": "law"}
    assert "Please keep it under 100." in form.errors
    bot.answers(Replace(THANKS))
    await ana.submit({"learned": "Short"})
    await ana.sees("Good to hear")
    assert "xxx" not in str(bot.stub.messages)


async def test_a_correction_reaches_an_old_client_too(bot: ScriptedBot) -> None:
    ana = bot.stub.person("Ana Ruiz", old_client=True)
    bot.answers(Ask(FORM))
    await ana.say("met")
    await ana.sees_form("What did you learn?")
    bot.answers(Correct(FORM.filled({"learned": "Hm"}), {"learned": "Please say a little more."}))
    await ana.submit({"learned": "Hm"})
    await ana.sees("Please say a little more.")
    assert ana.form is not None
    assert ana.form.values["learned"] == "Hm"


async def test_the_second_screen_takes_the_place_of_the_first_and_remembers_the_card(bot: ScriptedBot) -> None:
    ana = bot.stub.person("Ana Ruiz")
    bot.answers(Say(QUESTION))
    await ana.say("join")
    await ana.sees("Did you meet Ana?")
    bot.answers(Ask(FORM))
    await ana.press("We met")
    await ana.sees_form("What did you learn?")
    bot.answers(Ask(Form("A second page", LEARNED, (Line(key="goal", label="Your goal"),))))
    await ana.submit({"learned": "Patience"})
    await ana.sees_form("A second page")
    bot.answers(Replace(THANKS))
    await ana.submit({"goal": "Listen more"})
    # Two edits, one after the other.
    await ana.sees("Good to hear")
    await ana.sees("Thank you, got it.")
    assert [message.text.partition("\n")[0] for message in ana.messages] == ["Good to hear", "Thank you, got it."]


async def test_a_screen_that_teams_held_up_does_not_cover_the_next_one(bot: ScriptedBot) -> None:
    ana = bot.stub.person("Ana Ruiz")
    bot.answers(Ask(FORM))
    await ana.say("met")
    await ana.sees_form("What did you learn?")
    bot.answers(Ask(Form("A second page", LEARNED, (Line(key="goal", label="Your goal"),))))
    bot.stub.fail("edit", Fault(429, "Throttled", retry_after="0.2"))
    await ana.submit({"learned": "Patience"})
    await ana.sees_form("A second page")
    bot.answers(Replace(THANKS))
    await ana.submit({"goal": "Listen more"})
    await bot.stub.until(lambda: bot.stub.messages[0].edits == 2, what="both edits")
    assert [message.text.partition("\n")[0] for message in ana.messages] == ["Good to hear"]


async def test_a_screen_that_teams_held_up_does_not_wipe_out_a_correction(bot: ScriptedBot) -> None:
    ana = bot.stub.person("Ana Ruiz")
    bot.answers(Ask(FORM))
    await ana.say("met")
    await ana.sees_form("What did you learn?")
    second = Form("A second page", LEARNED, (Line(key="goal", label="Your goal"),))
    bot.answers(Ask(second))
    bot.stub.fail("edit", Fault(429, "Throttled", retry_after="0.2"))
    await ana.submit({"learned": "Patience"})
    await ana.sees_form("A second page")
    bot.answers(Correct(second.filled({"goal": "Hm"}), {"goal": "Please say a little more."}))
    await ana.submit({"goal": "Hm"})
    await bot.stub.until(lambda: bot.stub.messages[0].edits == 1, what="the edit that was held up")
    assert ana.form is not None
    assert ana.form.values == {"goal": "Hm"}
    assert "Please say a little more." in ana.form.errors


async def test_a_repeated_delivery_shows_nothing_twice(bot: ScriptedBot) -> None:
    ana = bot.stub.person("Ana Ruiz")
    bot.answers(Say(THANKS))
    activity = {**ana._activity("message"), "text": "met"}
    for _ in range(3):
        assert (await bot.stub.deliver(activity))[0] == 201
    await ana.sees("Good to hear")
    await ana.say("met")
    await bot.stub.until(lambda: len(ana.messages) == 2, what="the answer to the second text")
    assert len({inbound.id for inbound in bot.came_in}) == 2


async def test_a_command_in_a_channel_is_answered_in_private(bot: ScriptedBot) -> None:
    ana = bot.stub.person("Ana Ruiz")
    bot.answers(Say(THANKS))
    await ana.command("open <now> & here", channel=f"{CHANNEL};messageid=1700")
    await ana.sees("Good to hear")
    event = bot.last.event
    assert isinstance(event, Commanded)
    assert event.words == "open <now> & here"
    assert isinstance(event.place, Place)
    assert event.place.channel == CHANNEL
    await bot.stub.until(lambda: len(bot.stub.messages) == 2, what="the word in the channel")
    assert bot.stub.messages[-1].activity["text"] == "I wrote to you in our own chat."
    assert bot.stub.messages[-1].conversation == f"{CHANNEL};messageid=1700"


async def test_who_has_no_chat_with_the_bot_is_told_how_to_open_one(bot: ScriptedBot) -> None:
    ana = bot.stub.person("Ana Ruiz", installed=False)
    bot.answers(Say(THANKS))
    await ana.command("help", channel=CHANNEL)
    await bot.stub.until(lambda: bool(bot.stub.messages), what="the word in the channel")
    assert "find me under Apps" in bot.stub.messages[-1].activity["text"]


async def test_a_button_on_an_announcement_leaves_the_announcement_for_the_others(bot: ScriptedBot) -> None:
    ana = bot.stub.person("Ana Ruiz")
    bot.answers()
    await ana.command("open", channel=CHANNEL)
    assert isinstance(bot.last.event, Commanded)
    assert bot.last.event.place is not None
    await bot.teams.send(bot.last.event.place, card("Join us", buttons(Button("Join", MET))), "d1")
    bot.answers(Replace(THANKS), Ask(FORM))
    answer = await ana.press_announced(CHANNEL, "Join")
    assert answer["value"] == "I wrote to you in our own chat."
    await ana.sees_form("What did you learn?")
    announcement = next(one for one in bot.stub.messages if one.conversation == CHANNEL)
    assert announcement.edits == 0
    bot.answers(Replace(card("You are in")))
    await ana.submit({"learned": "Patience"})
    await ana.sees("You are in")


async def test_a_card_from_somebody_else_is_acknowledged_and_ignored(bot: ScriptedBot) -> None:
    ana = bot.stub.person("Ana Ruiz")
    for data in ({}, {"flipside": {"press": "no action"}}, {"flipside": "x"}, {"flipside": {"submit": 7}}, "x", None):
        value = {"action": {"type": "Action.Execute", "verb": "press", "data": data}}
        activity = {**ana._activity("invoke"), "name": "adaptiveCard/action", "value": value, "replyToId": "1"}
        status, answer = await bot.stub.deliver(activity)
        assert status == 200
        assert "out of date" in answer["value"]
    assert bot.came_in == []


async def test_what_does_not_concern_us_is_acknowledged(bot: ScriptedBot) -> None:
    ana = bot.stub.person("Ana Ruiz")
    for kind in ("typing", "messageReaction", "messageUpdate", "event", "conversationUpdate", "endOfConversation"):
        assert (await bot.stub.deliver(ana._activity(kind)))[0] == 201
    unknown = {**ana._activity("invoke"), "name": "composeExtension/query", "value": {}}
    assert (await bot.stub.deliver(unknown))[0] == 501
    assert bot.came_in == []


async def test_a_chat_button_opens_a_teams_chat_or_shows_the_mail_address(bot: ScriptedBot) -> None:
    ana = bot.stub.person("Ana Ruiz")
    tom = Contact("Tom Berg", "tom@larkspur.example", "tom.berg@larkspur.example")
    kim = Contact("Kim Lund", "kim@larkspur.example")
    bot.answers(Say(card("Your pairs", buttons(ChatButton("Chat with Tom", tom), ChatButton("Mail Kim", kim)))))
    await ana.say("pairs")
    seen = await ana.sees("Your pairs")
    assert seen.links == (
        "https://teams.microsoft.com/l/chat/0/0?users=tom.berg@larkspur.example",
        "mailto:kim@larkspur.example",
    )
    assert "Kim Lund: kim@larkspur.example" in seen.text


async def test_an_answer_waits_briefly_when_teams_asks_for_it(bot: ScriptedBot) -> None:
    ana = bot.stub.person("Ana Ruiz")
    bot.stub.fail("post", Fault(429, "Throttled", retry_after="0.05"))
    bot.answers(Say(THANKS))
    await ana.say("met")
    await ana.sees("Good to hear")
    assert bot.stub.calls.count("post") == 2


async def test_a_message_after_a_form_takes_the_place_of_the_form(bot: ScriptedBot) -> None:
    ana = bot.stub.person("Ana Ruiz")
    bot.answers(Ask(FORM))
    await ana.say("met")
    await ana.sees_form("What did you learn?")
    bot.answers(Say(THANKS), Say(card("One more thing")))
    await ana.submit({"learned": "Patience"})
    await ana.sees("One more thing")
    assert [message.text.partition("\n")[0] for message in ana.messages] == ["Good to hear", "One more thing"]


async def test_a_press_that_only_opens_something_below_says_so(bot: ScriptedBot) -> None:
    ana = bot.stub.person("Ana Ruiz")
    bot.answers(Say(QUESTION))
    await ana.say("check in")
    await ana.sees("Did you meet Ana?")
    bot.answers(Ask(FORM))
    answer = await ana.press("We met")
    assert answer["value"] == "Please see below."
    await ana.sees_form("What did you learn?")
    assert ana.messages[0].buttons == ("We met", "Not yet")


async def test_a_text_without_words_is_heard_all_the_same(bot: ScriptedBot) -> None:
    ana = bot.stub.person("Ana Ruiz")
    await bot.stub.deliver({**ana._activity("message"), "attachments": [{"contentType": "image/png"}]})
    assert bot.last.event == Said("")
