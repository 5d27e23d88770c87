"""What people see when they type, press, fill in and look: the bot's answers through real signed requests."""

import pytest

from conversations.actions import Action
from conversations.cards import Button, LinkButton, Picture, buttons, card, text
from conversations.contacts import Address, Place
from conversations.events import Arrived, Commanded, Inbound, Left, OpenedHome, Pressed, Said, Submitted
from conversations.forms import Choice, Choices, Form, Line, Option, PersonPick
from conversations.replies import Ask, Correct, Home, Replace, Say
from tests.adapters.slack.conftest import ScriptedBot
from tests.support.slack_person import SlackPerson
from tests.support.slack_server import Fault, SlackStub

MET = Action("check_in", "met", {"pair": 3})
LEARNED = Action("check_in", "learned", {"pair": 3})
QUESTION = card("How is it going?", text("Did you two meet?"), buttons(Button("We met", MET, "primary")))
FORM = Form("What did you learn?", LEARNED, (Line(key="learned", label="In one line", required=False),), "Send")


async def test_a_command_is_answered_where_it_was_typed_and_only_its_author_sees_it(
    slack: SlackStub, bot: ScriptedBot, ana: SlackPerson, ben: SlackPerson
) -> None:
    general = slack.add_channel("general")
    bot.script = lambda inbound: [Say(card("", text("Here is what I can do.")))]
    await ana.command("help", general)
    assert (await ana.sees("Here is what I can do.")).channel == general
    assert ben.messages == []
    assert bot.received[0].event == Commanded("help", Place("slack", slack.team, general))
    assert bot.received[0].address == Address("slack", slack.team, ana.id)


async def test_a_command_says_in_what_kind_of_place_it_was_typed(
    slack: SlackStub, bot: ScriptedBot, ana: SlackPerson
) -> None:
    await ana.command("open", secret := slack.add_channel("board", private=True))
    await ana.command("help")
    assert [inbound.event for inbound in bot.received] == [
        Commanded("open", Place("slack", slack.team, secret, private=True)),
        Commanded("help", None),
    ]


async def test_in_the_chat_with_the_bot_the_answer_to_a_command_stays(bot: ScriptedBot, ana: SlackPerson) -> None:
    bot.script = lambda inbound: [Say(QUESTION), Say(QUESTION)] if isinstance(inbound.event, Commanded) else []
    await ana.command("status")  # for all we know this chat is with a colleague
    await ana.slack.until(lambda: len(ana.messages) == 2, "both answers")
    assert ana.messages[0].seen_by == ana.id
    await ana.open_home(tab="messages")
    await ana.command("status")
    await ana.slack.until(lambda: len(ana.messages) == 4, "two answers each time")
    assert [message.seen_by for message in ana.messages[-2:]] == ["", ""]
    assert {message.channel for message in ana.messages} == {ana.dm}


async def test_all_answers_to_a_command_arrive_and_in_order(
    slack: SlackStub, bot: ScriptedBot, ana: SlackPerson
) -> None:
    bot.script = lambda inbound: [Say(card("", text(words))) for words in ("one", "two", "three")]
    await ana.command("help", slack.add_channel("general"))
    await ana.sees("three")
    assert [message.text for message in ana.messages] == ["one", "two", "three"]
    assert all(message.seen_by == ana.id for message in ana.messages)


async def test_after_the_fifth_use_of_an_address_the_answers_go_on_in_the_direct_message(
    slack: SlackStub, bot: ScriptedBot, ana: SlackPerson
) -> None:
    bot.script = lambda inbound: [Say(card("", text(f"answer {number}"))) for number in range(7)]
    await ana.command("help", slack.add_channel("general"))
    assert (await ana.sees("answer 6")).channel == ana.dm


async def test_what_people_write_reaches_the_bot_as_they_wrote_it(bot: ScriptedBot, ana: SlackPerson) -> None:
    bot.script = lambda inbound: [Say(card("", text("I heard you.")))]
    await ana.say("R&D <3 & more")
    assert (await ana.sees("I heard you.")).channel == ana.dm
    assert bot.received[0].event == Said("R&D <3 & more")
    assert bot.received[0].address.route == ana.dm


async def test_the_bot_does_not_talk_to_itself_or_to_other_bots(
    slack: SlackStub, bot: ScriptedBot, ana: SlackPerson
) -> None:
    await ana.say("I am a bot", bot_id="B0OTHER")
    await ana.say("edited", subtype="message_changed")
    await ana.say("in a channel", channel_type="channel")
    await slack.event({"type": "message", "channel_type": "im", "channel": ana.dm, "user": slack.bot_user, "text": "x"})
    await slack.event({"type": "reaction_added", "user": ana.id})
    assert bot.received == []


async def test_a_mentioned_colleague_becomes_their_work_e_mail(
    bot: ScriptedBot, ana: SlackPerson, ben: SlackPerson
) -> None:
    await ana.command(f"avoid {ben.mention()}", escaped=True)
    await ana.command("see <https://larkspur.example/x|the page> &amp; <#C1|general>", escaped=True)
    await ana.command("avoid <@U99999999|gone>", escaped=True)
    words = [inbound.event.words for inbound in bot.received if isinstance(inbound.event, Commanded)]
    assert words == ["avoid ben@larkspur.example", "see the page & general", "avoid @U99999999"]


async def test_a_pressed_button_changes_its_card(slack: SlackStub, bot: ScriptedBot, ana: SlackPerson) -> None:
    await bot.platform.send(Address("slack", slack.team, ana.id), QUESTION, "d1")
    bot.script = lambda inbound: [Replace(card("", text("Lovely. Next from me: 28 May.")))]
    await ana.press("We met")
    await ana.sees("Next from me: 28 May.")
    assert [message.text for message in ana.messages] == ["Lovely. Next from me: 28 May."]
    assert (bot.received[0].event, bot.received[0].action) == (Pressed(), MET)
    assert bot.received[0].address.route == ana.dm


async def test_an_old_card_still_changes_when_its_answer_address_has_expired(
    slack: SlackStub, bot: ScriptedBot, ana: SlackPerson
) -> None:
    await bot.platform.send(Address("slack", slack.team, ana.id), QUESTION, "d1")

    def late(inbound: Inbound) -> list[Replace]:
        slack.expire_response_urls()
        return [Replace(card("", text("Thank you.")))]

    bot.script = late
    await ana.press("We met")
    await ana.sees("Thank you.")
    assert len(ana.messages) == 1


async def test_a_button_in_a_channel_answers_only_who_pressed_it_and_stays_for_the_others(
    slack: SlackStub, bot: ScriptedBot, ana: SlackPerson, ben: SlackPerson
) -> None:
    general = slack.add_channel("general")
    join = card("Join in", buttons(Button("Join", Action("sign_up", "join"))))
    await bot.platform.send(Place("slack", slack.team, general), join, "a1")
    bot.script = lambda inbound: [Replace(card("", text("You are in.")))]
    await ana.press("Join")
    assert (await ana.sees("You are in.")).seen_by == ana.id
    assert [message.buttons for message in ben.messages] == [["Join"]]


async def test_a_button_opens_a_form_whose_sending_changes_the_card_it_came_from(
    slack: SlackStub, bot: ScriptedBot, ana: SlackPerson
) -> None:
    await bot.platform.send(Address("slack", slack.team, ana.id), QUESTION, "d1")

    def script(inbound: Inbound) -> list[Ask | Replace | Say]:
        if inbound.action == MET:
            return [Replace(card("", text("Good."))), Ask(FORM)]
        return [Replace(card("", text("Noted: thank you."))), Say(card("", text("Next from me: 28 May.")))]

    bot.script = script
    await ana.press("We met")
    await ana.submit({"learned": "Ask <b> & wait"}, button="Send")
    await ana.sees("Next from me")
    assert ana.form is None
    assert [message.text for message in ana.messages] == ["Noted: thank you.", "Next from me: 28 May."]
    assert bot.received[1].event == Submitted({"learned": "Ask <b> & wait"})
    assert bot.received[1].action == LEARNED


async def test_a_command_opens_a_form_and_its_receipt_comes_as_a_direct_message(
    slack: SlackStub, bot: ScriptedBot, ana: SlackPerson
) -> None:
    bot.script = lambda inbound: [Ask(FORM)] if isinstance(inbound.event, Commanded) else [Say(card("", text("In.")))]
    await ana.command("join", slack.add_channel("general"))
    await ana.opens_form("What did you learn?")
    await ana.submit()
    assert (await ana.sees("In.")).channel == ana.dm


async def test_the_next_screen_follows_in_the_same_modal(bot: ScriptedBot, ana: SlackPerson) -> None:
    second = Form("About you", Action("sign_up", "about"), (Line(key="learned", label="Your team"),), "Done")

    def script(inbound: Inbound) -> list[Ask]:
        if isinstance(inbound.event, Commanded):
            return [Ask(FORM)]
        return [Ask(second)] if inbound.action == LEARNED else []

    bot.script = script
    await ana.command("join")
    await ana.submit({"learned": "Prompts"})
    opened = await ana.opens_form("About you")
    assert opened.values == {"learned": ""}  # same key, another screen: nothing slips over
    await ana.submit({"learned": "Payments"}, button="Done")
    assert ana.form is None
    assert [inbound.action and inbound.action.name for inbound in bot.received[1:]] == [
        "check_in.learned",
        "sign_up.about",
    ]


async def test_a_mistake_is_shown_at_its_field_and_nothing_typed_is_lost(bot: ScriptedBot, ana: SlackPerson) -> None:
    def script(inbound: Inbound) -> list[Ask | Correct]:
        if isinstance(inbound.event, Submitted):
            return [Correct(FORM.filled(inbound.event.values), {"learned": "A little longer, please."})]
        return [Ask(FORM)]

    bot.script = script
    await ana.command("join")
    await ana.submit({"learned": "Hm"})
    assert ana.form and ana.form.errors == {"learned": "A little longer, please."}
    assert ana.form.values == {"learned": "Hm"}


async def test_a_mistake_without_a_field_is_shown_above_the_fields_and_nothing_typed_is_lost(
    bot: ScriptedBot, ana: SlackPerson
) -> None:
    def script(inbound: Inbound) -> list[Ask | Correct]:
        if isinstance(inbound.event, Submitted):
            return [Correct(FORM.filled(inbound.event.values), {"": "Joining has just closed."})]
        return [Ask(FORM)]

    bot.script = script
    await ana.command("join")
    await ana.submit({"learned": "Hm"})
    await ana.sees("Joining has just closed.")
    assert ana.form and ana.form.values == {"learned": "Hm"}


async def test_a_form_that_cannot_open_from_words_is_one_press_away(bot: ScriptedBot, ana: SlackPerson) -> None:
    bot.script = lambda inbound: [Ask(FORM)]
    await ana.say("join")
    await ana.press("Open")
    await ana.opens_form("What did you learn?")
    assert bot.received[1].event == Commanded("join", None)


async def test_a_form_that_came_too_late_is_one_press_away(
    slack: SlackStub, bot: ScriptedBot, ana: SlackPerson
) -> None:
    general = slack.add_channel("board", private=True)
    bot.script = lambda inbound: [Ask(FORM)]
    slack.trigger_life = -1
    await ana.command("join", general)
    await ana.sees("It is ready for you.")
    slack.trigger_life = 3
    await ana.press("Open")
    await ana.opens_form("What did you learn?")
    assert bot.received[1].event == Commanded("join", Place("slack", slack.team, general, private=True))


async def test_a_form_from_a_late_button_repeats_that_buttons_action(
    slack: SlackStub, bot: ScriptedBot, ana: SlackPerson
) -> None:
    await bot.platform.send(Address("slack", slack.team, ana.id), QUESTION, "d1")
    bot.script = lambda inbound: [Ask(FORM)]
    slack.trigger_life = -1
    await ana.press("We met")
    await ana.sees("It is ready for you.")
    slack.trigger_life = 3
    await ana.press("Open")
    await ana.opens_form()
    assert [inbound.action for inbound in bot.received] == [MET, MET]


async def test_home_shows_the_card_and_its_buttons_work_and_answer_in_the_chat(
    bot: ScriptedBot, ana: SlackPerson
) -> None:
    home = card("Your program", text("Your mentor is **Ben**."), buttons(Button("We met", MET)))
    bot.script = lambda inbound: [Home(home)] if isinstance(inbound.event, OpenedHome) else [Replace(QUESTION)]
    await ana.open_home()
    await ana.sees("Your mentor is Ben.")
    await ana.press("We met")
    assert (await ana.sees("Did you two meet?")).channel == ana.dm
    assert ana.home and "Your mentor is Ben." in ana.home.text
    assert bot.received[0].address.route == ana.dm


async def test_the_first_look_at_the_chat_is_an_arrival_and_a_closed_account_a_leaving(
    bot: ScriptedBot, ana: SlackPerson
) -> None:
    await ana.open_home(tab="messages")
    await ana.leave()
    assert [inbound.event for inbound in bot.received] == [Arrived(), Left(disabled=True)]


@pytest.mark.parametrize("flag", ["is_restricted", "is_ultra_restricted"])
async def test_s5_whoever_is_made_a_guest_left_as_a_colleague(
    slack: SlackStub, bot: ScriptedBot, ana: SlackPerson, flag: str
) -> None:
    await slack.event({"type": "user_change", "user": {**ana.account, "tz": "Asia/Tokyo"}})
    await slack.event({"type": "user_change", "user": {**ana.account, flag: True}})
    assert [inbound.event for inbound in bot.received] == [Left()]


async def test_a_picked_person_is_handed_in_as_their_work_e_mail_and_shown_again(
    slack: SlackStub, bot: ScriptedBot, ana: SlackPerson, ben: SlackPerson
) -> None:
    form = Form("Who?", LEARNED, (PersonPick(key="manager", label="Your manager", value="ben@larkspur.example"),))
    bot.script = lambda inbound: [Ask(form)] if isinstance(inbound.event, Commanded) else []
    await ana.command("join")
    opened = await ana.opens_form()
    assert opened.values == {"manager": ben.id}
    await ana.submit({"manager": "ana@larkspur.example"})
    assert bot.received[-1].event == Submitted({"manager": "ana@larkspur.example"})


async def test_when_slack_does_not_say_who_was_picked_the_form_stays_and_says_so(
    slack: SlackStub, bot: ScriptedBot, ana: SlackPerson, ben: SlackPerson
) -> None:
    form = Form("Who?", LEARNED, (PersonPick(key="manager", label="Your manager"),))
    bot.script = lambda inbound: [Ask(form)] if isinstance(inbound.event, Commanded) else []
    await ana.command("join")
    slack.fail("users.info", Fault("error", "internal_error"))
    await ana.submit({"manager": "ben@larkspur.example"})
    assert ana.form and "once more" in ana.form.errors["manager"]
    await ana.submit({"manager": "ben@larkspur.example"})
    assert bot.received[-1].event == Submitted({"manager": "ben@larkspur.example"})


async def test_whoever_has_no_e_mail_to_be_named_by_is_not_asked_for_again_and_again(
    slack: SlackStub, bot: ScriptedBot, ana: SlackPerson, ben: SlackPerson
) -> None:
    """An app, or an account whose e-mail Slack hides: pressing once more would never help."""
    helper = slack.add_person("Helper App", is_bot=True)
    form = Form("Who?", LEARNED, (PersonPick(key="manager", label="Your manager"),))
    bot.script = lambda inbound: [Ask(form)] if isinstance(inbound.event, Commanded) else []
    await ana.command("join")
    await ana.submit({"manager": helper.id})
    assert ana.form and "pick somebody else" in ana.form.errors["manager"]
    await ana.submit({"manager": "ben@larkspur.example"})
    assert bot.received[-1].event == Submitted({"manager": "ben@larkspur.example"})
    await ana.command(f"avoid {helper.mention()}", escaped=True)
    assert bot.received[-1].event == Commanded(f"avoid @{helper.id}")


async def test_choices_come_in_as_option_ids(bot: ScriptedBot, ana: SlackPerson) -> None:
    days = tuple(Option(f"d{number}", f"Day {number}") for number in range(3))
    fields = (Choice(key="role", label="You", options=days), Choices(key="days", label="Days", options=days, most=2))
    bot.script = lambda inbound: [Ask(Form("Days", LEARNED, fields))] if isinstance(inbound.event, Commanded) else []
    await ana.command("join")
    await ana.submit({"role": "Day 1", "days": ("d0", "d2")})
    assert bot.received[-1].event == Submitted({"role": "d1", "days": ("d0", "d2")})


async def test_a_link_button_is_taken_without_a_word(slack: SlackStub, bot: ScriptedBot, ana: SlackPerson) -> None:
    guide = card("", buttons(LinkButton("The guide", "https://larkspur.example/guide")))
    await bot.platform.send(Address("slack", slack.team, ana.id), guide, "d1")
    await ana.press("The guide")
    assert ana.opened_links == ["https://larkspur.example/guide"]
    assert bot.received == []


async def test_an_answer_waits_out_slacks_limit_once(slack: SlackStub, bot: ScriptedBot, ana: SlackPerson) -> None:
    bot.script = lambda inbound: [Say(card("", text("I heard you.")))]
    slack.fail("chat.postMessage", Fault("ratelimited", retry_after=0))
    await ana.say("hello")
    await ana.sees("I heard you.")


async def test_a_picture_in_an_answer_is_uploaded_or_else_told_in_words(
    slack: SlackStub, bot: ScriptedBot, ana: SlackPerson
) -> None:
    chart = card("Sign-ups", Picture(b"png bytes", "24 people signed up"))
    bot.script = lambda inbound: [Say(chart)]
    await ana.command("status")
    shown = await ana.sees("24 people signed up")
    assert shown.raw["blocks"][1]["type"] == "image"
    assert list(slack.files.values()) == [b"png bytes"]
    slack.fail("files.getUploadURLExternal", Fault("error", "missing_scope"))
    await ana.command("status")
    told = await slack.until(lambda: ana.messages[-1] if len(ana.messages) == 2 else None, "the second answer")
    assert "24 people signed up" in told.text
    assert told.raw["blocks"][1]["type"] == "rich_text"


async def test_a_repeated_delivery_has_the_id_of_the_first_and_two_clicks_have_two(
    slack: SlackStub, bot: ScriptedBot, ana: SlackPerson
) -> None:
    await bot.platform.send(Address("slack", slack.team, ana.id), QUESTION, "d1")
    for do in (ana.command("help"), ana.say("hello"), ana.press("We met"), ana.press("We met"), ana.open_home()):
        await do
        assert await slack.deliver_again() == 200
    bot.script = lambda inbound: [Ask(FORM)] if isinstance(inbound.event, Commanded) else []
    await ana.command("join")
    await ana.submit()
    assert await slack.deliver_again() == 200
    ids = [inbound.id for inbound in bot.received]
    assert len(ids) == 13
    assert len(set(ids)) == 7
    assert ids[-1] == ids[-2]


async def test_what_is_not_ours_is_taken_politely(slack: SlackStub, bot: ScriptedBot, ana: SlackPerson) -> None:
    await bot.platform.send(Address("slack", slack.team, ana.id), QUESTION, "d1")
    message = ana.messages[0]
    message.button_elements[0]["value"] = "somebody else's button"
    await ana.press_on(message, "We met")
    assert bot.received == []
