"""What a visitor does in the playground, and what the people of the company see."""

from uuid import uuid4

from adapters.platform import Delivered, Refused
from conversations.cards import Card, card, text
from conversations.contacts import Address, Group, Place
from conversations.events import Arrived, Commanded, OpenedHome, Pressed, Said, Submitted
from tests.support.web_gallery import PEOPLE

from .conftest import Scene

CARD = card("Hello", text("A first word."))


def changed(words: str) -> Card:
    return card("Changed", text("{words}", words=words))


async def test_a_person_writes_and_sees_their_words_and_the_answer(scene: Scene) -> None:
    tom = scene.person("tom")
    await tom.say("what is <b>this</b>?")
    own, answer = tom.messages
    assert (own.author, own.text) == ("tom", "what is <b>this</b>?")
    assert (answer.author, answer.text) == ("bot", "You said: what is <b>this</b>?")
    assert scene.bot.heard[0].event == Said("what is <b>this</b>?")
    assert scene.person("jun").messages == []


async def test_a_command_in_the_chat_has_no_place_and_in_a_channel_it_has_one(scene: Scene) -> None:
    tom = scene.person("tom")
    await tom.command("status now")
    await tom.command("status", channel="announcements")
    await tom.say("@flipside help", conversation="channel:announcements")
    place = Place("web", "playground", "announcements")
    assert [inbound.event for inbound in scene.bot.heard] == [
        Commanded("status now"),
        Commanded("status", place),
        Commanded("help", place),
    ]


async def test_only_who_asked_in_a_channel_sees_the_question_and_the_answer(scene: Scene) -> None:
    tom, jun = scene.person("tom"), scene.person("jun")
    await tom.command("help", channel="announcements")
    await tom.sees("You asked for help in announcements.")
    assert jun.messages == []


async def test_an_announcement_is_for_everybody_and_each_answers_it_alone(scene: Scene) -> None:
    ines, tom, jun = scene.person("ines"), scene.person("tom"), scene.person("jun")
    await ines.command("open", channel="announcements")
    await tom.sees("Learn from each other")
    await tom.press("Join")
    await tom.submit({"themes": ("ai",), "ease": "3", "start": "2026-03-10", "words": "charts"})
    await tom.sees("Thank you, charts.")
    await jun.sees("The spring program is open")
    assert all("Thank you" not in message.text for message in jun.messages)


async def test_colleagues_write_to_each_other_and_the_bot_hears_nothing(scene: Scene) -> None:
    tom, marta, jun = scene.person("tom"), scene.person("marta"), scene.person("jun")
    await tom.say("good morning all", conversation="channel:announcements")
    await jun.sees("good morning all")
    await scene.stage.post("chat", person="tom", **{"with": "marta"})
    await tom.say("shall we meet on Thursday?", conversation="people:marta+tom")
    await marta.sees("shall we meet on Thursday?")
    assert all("Thursday" not in message.text for message in jun.messages)
    assert scene.bot.heard == []


async def test_a_button_changes_the_message_it_is_on(scene: Scene) -> None:
    tom = scene.person("tom")
    await tom.command("show")
    await tom.press("We met")
    assert scene.bot.heard[-1].event == Pressed()
    assert str(scene.bot.heard[-1].action and scene.bot.heard[-1].action.pack()) == "gallery.met?pair=3"
    assert [message.text.split("\n")[0] for message in tom.messages] == ["/mentor show", "Good to hear"]


async def test_a_button_on_the_home_answers_in_the_chat(scene: Scene) -> None:
    tom = scene.person("tom")
    await tom.open_home()
    assert scene.bot.heard[-1].event == OpenedHome()
    assert tom.home is not None
    assert tom.home.text.startswith("Meet your partner")
    await tom.press("We met")
    await tom.sees("I noted that you met.")


async def test_a_form_opens_is_corrected_with_everything_typed_and_closes_when_it_is_right(scene: Scene) -> None:
    tom = scene.person("tom")
    await tom.command("join")
    assert tom.form is not None
    assert tom.form.title == "Share what you know"
    await tom.submit({"words": "spreadsheets & <charts>", "themes": ("ai", "social"), "ease": "4"}, button="Sign me up")
    assert tom.form.errors == {"start": "Please answer this one."}
    assert tom.form.values["words"] == "spreadsheets & <charts>"
    assert tom.form.values["themes"] == ("ai", "social")
    await tom.submit({"start": "2026-04-01"})
    assert tom.form is None
    event = scene.bot.heard[-1].event
    assert isinstance(event, Submitted)
    assert event.values["start"] == "2026-04-01"
    await tom.sees("Thank you, spreadsheets & <charts>.")


async def test_a_form_changes_the_message_it_came_from(scene: Scene) -> None:
    tom = scene.person("tom")
    await tom.command("show")
    await tom.press("Find a date")
    await tom.submit({"themes": ("ai",), "ease": "3", "start": "2026-03-10"})
    assert [message.text.split("\n")[0] for message in tom.messages] == ["/mentor show", "You are in"]


async def test_a_form_can_be_closed_without_telling_the_bot(scene: Scene) -> None:
    tom = scene.person("tom")
    await tom.command("join")
    assert tom.form is not None
    await scene.stage.post("close", person="tom", form=tom.form.id)
    assert tom.form is None
    assert len(scene.bot.heard) == 1


async def test_the_same_delivery_twice_does_nothing_twice(scene: Scene) -> None:
    tom, same = scene.person("tom"), str(uuid4())
    await tom.say("hello", delivery=same)
    await tom.say("hello", delivery=same)
    assert [message.text for message in tom.messages] == ["hello", "You said: hello"]
    await tom.command("show")
    pressed = str(uuid4())
    show = tom.messages[-1]
    for _ in range(2):
        await scene.stage.post(
            "press", id=pressed, person="tom", message=show.raw["id"], action=show.actions["Change partner"]
        )
    assert [inbound.id for inbound in scene.bot.heard].count(pressed) == 1
    assert len([message for message in tom.messages if "Nothing changes" in message.text]) == 1


async def test_a_correction_survives_the_same_form_posted_twice(scene: Scene) -> None:
    tom = scene.person("tom")
    await tom.command("join")
    assert tom.form is not None
    body = {"id": str(uuid4()), "person": "tom", "form": tom.form.id, "values": {"words": "typed"}}
    await scene.stage.post("submit", **body)
    await scene.stage.post("submit", **body)
    assert tom.form is not None
    assert tom.form.values["words"] == "typed"


async def test_a_person_arrives_once_however_often_a_visitor_looks(scene: Scene) -> None:
    tom = scene.person("tom")
    await tom.arrive()
    await tom.arrive()
    await tom.sees("Hello, I am Flipside")
    assert [inbound.event for inbound in scene.bot.heard] == [Arrived()]


async def test_a_button_that_is_not_ours_is_taken_and_does_nothing(scene: Scene) -> None:
    body = {"id": str(uuid4()), "person": "tom", "message": "m1"}
    for action in ("", "nonsense", "a.b.c?x", "x" * 400):
        assert await scene.stage.post("press", action=action, **body) == 200
    assert scene.bot.heard == []


async def test_what_no_database_stores_is_taken_out_of_a_text(scene: Scene) -> None:
    await scene.person("tom").say("a\x00b \ud800 c")
    assert scene.bot.heard[0].event == Said("ab ? c")


async def test_a_message_reaches_one_person_and_can_be_changed_later(scene: Scene) -> None:
    tom, jun = scene.person("tom"), scene.person("jun")
    sent = await scene.platform.send(PEOPLE[1].address, CARD, "d1")
    assert isinstance(sent, Delivered)
    await tom.sees("A first word.")
    again = await scene.platform.send(PEOPLE[1].address, changed("A second word."), "d1", update=sent.ref)
    assert again == Delivered(sent.ref)
    await tom.sees("A second word.")
    assert len(tom.messages) == 1
    assert jun.messages == []


async def test_a_group_chat_is_seen_by_its_members_and_is_the_same_the_second_time(scene: Scene) -> None:
    tom, marta, jun = scene.person("tom"), scene.person("marta"), scene.person("jun")
    pair = Group((PEOPLE[1].address, PEOPLE[2].address))
    await scene.platform.send(pair, CARD, "d1")
    await scene.platform.send(Group(pair.members[::-1]), CARD, "d2")
    await marta.sees("A first word.")
    assert len(tom.messages) == len(marta.messages) == 2
    assert jun.messages == []
    assert len({message.raw["conversation"] for message in tom.messages}) == 1


async def test_a_message_to_nobody_we_know_is_refused_for_good(scene: Scene) -> None:
    stranger = Address("web", "playground", "nobody")
    nowhere = Place("web", "playground", "secret")
    elsewhere = Address("slack", "T1", "tom")
    for to in (stranger, nowhere, elsewhere, Group((stranger, PEOPLE[0].address))):
        assert await scene.platform.send(to, CARD, "d1") == Refused("channel_not_found", for_good=True)
    missing = await scene.platform.send(PEOPLE[0].address, CARD, "d1", update="m99")
    assert missing == Refused("message_not_found", for_good=True)


async def test_a_person_is_known_by_account_and_by_mail(scene: Scene) -> None:
    profile = await scene.platform.profile(PEOPLE[1].address)
    assert profile is not None
    assert (profile.name, profile.email, profile.timezone) == (
        "Tom Okafor",
        "tom.okafor@larkspur.example",
        "Europe/London",
    )
    assert profile.member
    assert await scene.platform.find("TOM.Okafor@larkspur.example ") == PEOPLE[1].address
    assert await scene.platform.find("nobody@larkspur.example") is None
    assert await scene.platform.profile(Address("web", "playground", "nobody")) is None
