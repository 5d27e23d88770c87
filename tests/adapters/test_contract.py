"""What every platform does for the people in front of it, whatever its wire looks like. One suite, each platform."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from adapters.platform import Delivered, Refused
from conversations.cards import Button, Facts, buttons, card, text
from conversations.contacts import Group, Place
from conversations.events import Commanded, Inbound, Pressed, Said, Submitted
from conversations.files import File
from conversations.forms import Form, Line, Paragraph, Values, read
from conversations.replies import Ask, Correct, Home, Replace, Say
from tests.support.contract import (
    EVERYTHING,
    EVERYTHING_VISIBLE,
    FORM,
    FORM_VISIBLE,
    HOSTILE,
    LEARNED,
    MET,
    NEXT,
    QUESTION,
    SECOND,
    THANKS,
    TYPED,
)
from tests.support.patience import SECONDS
from tests.support.stages import STAGES, ShownForm, Someone, Stage

ACTS: dict[str, Callable[[Someone], Awaitable[object]]] = {
    "text": lambda person: person.say("hello"),
    "command": lambda person: person.command("help"),
    "home": lambda person: person.open_home(),
    "button": lambda person: person.press("We met"),
    "form": lambda person: person.submit(TYPED),
}


@pytest.fixture(params=STAGES)
async def stage(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    async with STAGES[request.param]() as made:
        yield made


async def opened(stage: Stage, title: str) -> ShownForm:
    """The form that Ana has in front of her, as soon as it is there."""

    def there() -> bool:
        form = stage.form(stage.ana)
        return form is not None and form.title == title

    await stage.until(there, f"a form {title!r}")
    form = stage.form(stage.ana)
    assert form is not None
    return form


async def ready(stage: Stage, act: str) -> None:
    """Ana has in front of her what this act needs."""
    if act in ("button", "form"):
        await stage.platform.send(stage.address(stage.ana), QUESTION, "d1")
        await stage.ana.sees("Did you two meet?")
    if act == "form":
        stage.bot.answers(Ask(FORM))
        await stage.ana.press("We met")
        await opened(stage, FORM.title)
    stage.bot.received.clear()
    stage.bot.entered.clear()


def shows(stage: Stage, person: Someone, words: str) -> bool:
    return any(words in each for each in stage.screen(person))


def plainly(words: str) -> str:
    """The words as eyes read them: without invisible characters, and look-alikes as what they look like."""
    table = str.maketrans("∗ˋ∼‹›∖∣ˍ", "*`~<>\\|_", "\u200b")
    return " ".join(words.translate(table).split())


# Cards ------------------------------------------------------------------------------------------------------------


async def test_every_block_of_a_card_is_on_the_screen(stage: Stage) -> None:
    stage.bot.answers(Say(EVERYTHING))
    await stage.ana.say("hello")
    seen = await stage.ana.sees("Next from me")
    shown = "\n".join([seen.text, *seen.buttons])
    assert [words for words in EVERYTHING_VISIBLE if words not in shown] == []


async def test_home_shows_every_block_too(stage: Stage) -> None:
    stage.bot.answers(Home(EVERYTHING))
    await stage.ana.open_home()
    await stage.until(lambda: shows(stage, stage.ana, "Next from me"), "home")
    assert all(shows(stage, stage.ana, words) for words in EVERYTHING_VISIBLE[:15])


async def test_only_the_links_that_we_wrote_can_be_opened(stage: Stage) -> None:
    stage.bot.answers(Say(EVERYTHING))
    await stage.ana.say("hello")
    await stage.ana.sees("Next from me")
    ours = {"https://larkspur.example/guide", "mailto:ben@larkspur.example"}
    assert stage.links(stage.ana) <= ours


async def test_a_card_sent_out_of_the_blue_is_seen_and_can_be_changed_later(stage: Stage) -> None:
    to = stage.address(stage.ana)
    sent = await stage.platform.send(to, QUESTION, "d1")
    assert isinstance(sent, Delivered)
    assert list((await stage.ana.sees("Did you two meet?")).buttons) == ["We met", "Not yet"]
    changed = await stage.platform.send(to, THANKS, "d2", update=sent.ref)
    assert isinstance(changed, Delivered)
    await stage.ana.sees("Good to hear")
    assert len(stage.ana.messages) == 1
    assert not shows(stage, stage.ana, "Did you two meet?")
    assert stage.screen(stage.ben) == []


async def test_the_route_that_a_delivery_gives_back_reaches_the_person(stage: Stage) -> None:
    inbound = await said(stage, "hello")
    sent = await stage.platform.send(inbound.address, QUESTION, "d1")
    assert isinstance(sent, Delivered)
    await stage.ana.sees("Did you two meet?")


async def test_a_card_for_a_group_reaches_all_of_it_or_is_refused_for_good(stage: Stage) -> None:
    group = Group((stage.address(stage.ana), stage.address(stage.ben)))
    match await stage.platform.send(group, THANKS, "d1"):
        case Delivered():
            await stage.ana.sees("Good to hear")
            assert shows(stage, stage.ben, "Good to hear")
        case Refused(for_good=for_good):
            assert for_good
            assert not shows(stage, stage.ana, "Good to hear")
        case uncertain:
            pytest.fail(f"{uncertain}")


async def test_what_is_for_nobody_and_for_no_channel_is_refused_for_good(stage: Stage) -> None:
    for target in (stage.nobody(), stage.nowhere()):
        sent = await stage.platform.send(target, THANKS, "d1")
        assert isinstance(sent, Refused), target
        assert sent.for_good, target
        assert sent.reason.replace("_", "").isalnum()
    assert not shows(stage, stage.ana, "Good to hear")


# Files ------------------------------------------------------------------------------------------------------------

PAIRS = File("pairs, spring.csv", "text/csv", "mentor,mentee\r\nAna Ruiz,Zoë Łąka\r\n".encode())
THEIRS = card("Your pairs", text("As they are *now*, for {name}.", name="*Ana*"), buttons(Button("We met", MET)))


async def link() -> str:
    return "/files/a-token"


async def test_a_file_comes_with_its_card_attached_or_by_a_link(stage: Stage) -> None:
    sent = await stage.platform.hand(stage.address(stage.ana), THEIRS, PAIRS, link, "d1")
    assert isinstance(sent, Delivered)
    seen = await stage.ana.sees("Your pairs")
    assert "for *Ana*." in plainly(seen.text)
    assert len(stage.ana.messages) == 1
    linked = [url for url in stage.links(stage.ana) if url.endswith("/files/a-token")]
    assert (stage.files(stage.ana), len(linked)) in [({PAIRS.name: PAIRS.content}, 0), ({}, 1)]
    assert stage.screen(stage.ben) == []
    assert stage.files(stage.ben) == {}


async def test_the_buttons_of_a_card_with_a_file_do_what_they_always_do(stage: Stage) -> None:
    await stage.platform.hand(stage.address(stage.ana), THEIRS, PAIRS, link, "d1")
    await stage.ana.press("We met")
    assert [(inbound.event, inbound.action) for inbound in stage.bot.received] == [(Pressed(), MET)]


async def test_a_file_for_nobody_is_refused_for_good(stage: Stage) -> None:
    sent = await stage.platform.hand(stage.nobody(), THEIRS, PAIRS, link, "d1")
    assert isinstance(sent, Refused)
    assert sent.for_good
    assert stage.screen(stage.ana) == []


# Buttons ----------------------------------------------------------------------------------------------------------


async def test_a_button_gives_back_the_very_action_it_was_made_with(stage: Stage) -> None:
    await ready(stage, "button")
    await stage.ana.press("We met")
    assert [(inbound.event, inbound.action) for inbound in stage.bot.received] == [(Pressed(), MET)]
    assert who(stage.bot.last) == who(Inbound("", stage.address(stage.ana), Pressed()))


async def test_a_pressed_card_becomes_its_answer(stage: Stage) -> None:
    await ready(stage, "button")
    stage.bot.answers(Replace(THANKS))
    await stage.ana.press("We met")
    await stage.ana.sees("Good to hear")
    assert len(stage.ana.messages) == 1
    assert not shows(stage, stage.ana, "Did you two meet?")


async def test_several_answers_come_in_their_order(stage: Stage) -> None:
    stage.bot.answers(*(Say(card("", text(f"Number {number}."))) for number in range(1, 4)))
    await stage.ana.say("hello")
    await stage.ana.sees("Number 3.")
    told = [seen.text for seen in stage.ana.messages if "Number" in seen.text]
    assert told == ["Number 1.", "Number 2.", "Number 3."]


async def test_in_a_channel_only_who_pressed_sees_the_answer_and_the_card_stays(stage: Stage) -> None:
    await stage.ana.command("open", stage.channel)
    place = where(stage.bot.last)
    join = card("Learn from each other", buttons(Button("Join", MET)))
    assert isinstance(await stage.platform.send(place, join, "d1"), Delivered)
    await stage.until(lambda: shows(stage, stage.ben, "Learn from each other"), "the announcement")
    stage.bot.answers(Replace(THANKS))
    await stage.press_in_channel(stage.ana, "Join")
    await stage.until(lambda: shows(stage, stage.ana, "Good to hear"), "the answer")
    assert not shows(stage, stage.ben, "Good to hear")
    assert shows(stage, stage.ben, "Learn from each other")


# Forms ------------------------------------------------------------------------------------------------------------


async def test_every_field_of_a_form_is_on_the_screen(stage: Stage) -> None:
    await ready(stage, "form")
    form = await opened(stage, FORM.title)
    assert [words for words in FORM_VISIBLE if words not in form.text] == []
    assert list(form.values) == [field.key for field in FORM.fields]


async def test_what_is_filled_in_already_stands_in_every_field(stage: Stage) -> None:
    await stage.ana.say("hello")  # Slack only opens a form by a click
    await ready(stage, "button")
    stage.bot.answers(Ask(FORM.filled(TYPED)))
    await stage.ana.press("We met")
    assert (await opened(stage, FORM.title)).values == TYPED


async def test_a_sent_form_brings_the_same_values_for_every_kind_of_field(stage: Stage) -> None:
    await ready(stage, "form")
    await stage.ana.submit(TYPED)
    assert [(inbound.event, inbound.action) for inbound in stage.bot.received] == [(Submitted(TYPED), LEARNED)]


async def test_what_is_left_empty_reads_as_not_answered(stage: Stage) -> None:
    await ready(stage, "form")
    filled = {key: value for key, value in TYPED.items() if key not in ("paragraph", "choice", "many")}
    await stage.ana.submit(filled)
    event = stage.bot.last.event
    assert isinstance(event, Submitted)
    answers = read(FORM, event.values)
    assert answers.errors == {}
    assert [answers.values[key] for key in ("paragraph", "choice", "many")] == [None, None, ()]


async def test_a_correction_shows_what_is_wrong_at_its_field_and_keeps_what_was_typed(stage: Stage) -> None:
    await ready(stage, "form")
    wrong = {"line": "Please say a little more.", "day": "Please pick a working day."}
    stage.bot.script = lambda inbound: [Correct(FORM.filled(values(inbound)), wrong)]
    await stage.ana.submit(TYPED)
    await stage.until(lambda: bool((form := stage.form(stage.ana)) and form.errors), "the correction")
    form = await opened(stage, FORM.title)
    assert form.errors == wrong
    assert form.values == TYPED
    stage.bot.answers(Replace(THANKS))
    await stage.ana.submit({"line": "Ask first, then listen"})
    await stage.ana.sees("Good to hear")
    assert values(stage.bot.last) == TYPED | {"line": "Ask first, then listen"}


async def test_a_second_screen_follows_the_first_and_the_card_changes_at_the_end(stage: Stage) -> None:
    await ready(stage, "form")
    stage.bot.answers(Ask(SECOND))
    await stage.ana.submit(TYPED)
    second = await opened(stage, SECOND.title)
    assert dict(second.values) == {"change": ""}
    stage.bot.answers(Replace(THANKS))
    await stage.ana.submit({"change": "Nothing"})
    await stage.ana.sees("Good to hear")
    assert (values(stage.bot.last), stage.bot.last.action) == ({"change": "Nothing"}, NEXT)
    assert stage.form(stage.ana) is None
    assert not shows(stage, stage.ana, "Did you two meet?")


async def test_after_a_form_the_card_that_it_came_from_becomes_the_answer(stage: Stage) -> None:
    await ready(stage, "form")
    stage.bot.answers(Replace(THANKS), Say(card("", text("See you then."))))
    await stage.ana.submit(TYPED)
    await stage.ana.sees("See you then.")
    await stage.until(lambda: not shows(stage, stage.ana, "Did you two meet?"), "the card to change")
    assert "Good to hear" in stage.ana.messages[0].text
    assert stage.form(stage.ana) is None


# What comes in ----------------------------------------------------------------------------------------------------


async def test_words_arrive_as_they_were_typed(stage: Stage) -> None:
    inbound = await said(stage, "R&D <3 & *more*")
    assert inbound.event == Said("R&D <3 & *more*")
    assert inbound.action is None


async def test_a_command_in_a_channel_tells_where_and_its_answer_is_seen_only_by_who_asked(stage: Stage) -> None:
    stage.bot.answers(Say(THANKS))
    await stage.ana.command("open spring", stage.channel)
    await stage.until(lambda: shows(stage, stage.ana, "Good to hear"), "the answer")
    assert isinstance(stage.bot.last.event, Commanded)
    assert stage.bot.last.event.words == "open spring"
    assert where(stage.bot.last).channel.endswith(stage.channel)
    assert not shows(stage, stage.ben, "Good to hear")


@pytest.mark.parametrize("act", ACTS)
async def test_nothing_is_acknowledged_before_it_is_stored(stage: Stage, act: str) -> None:
    await ready(stage, act)
    stage.bot.hold = asyncio.Event()
    doing = asyncio.ensure_future(ACTS[act](stage.ana))
    await asyncio.wait_for(stage.bot.entered.wait(), SECONDS)
    acknowledged, _ = await asyncio.wait({doing}, timeout=0.05)
    assert not acknowledged
    stage.bot.hold.set()
    await asyncio.wait_for(doing, SECONDS)


@pytest.mark.parametrize("act", ACTS)
async def test_s2_the_same_delivery_again_has_the_same_id_and_another_one_has_another(stage: Stage, act: str) -> None:
    await ready(stage, act)
    stage.bot.answers(Say(card("", text("Only once."))))
    await ACTS[act](stage.ana)
    await stage.until(lambda: shows(stage, stage.ana, "Only once."), "the answer")
    before = stage.screen(stage.ana)
    await stage.again()
    assert len({inbound.id for inbound in stage.bot.received}) == 1
    assert stage.screen(stage.ana) == before
    await stage.ana.say("something else")
    assert len({inbound.id for inbound in stage.bot.received}) == 2


async def test_a_payload_that_is_not_ours_does_nothing_and_is_no_fault(stage: Stage) -> None:
    statuses = await stage.strange(stage.ana)
    assert statuses
    # 501 is how the Bot Framework says that a bot has nothing for a kind of request.
    assert all(status < 500 or status == 501 for status in statuses), statuses
    assert stage.bot.received == []
    assert stage.screen(stage.ana) == []


async def test_s8_what_people_typed_is_shown_as_they_typed_it_wherever_it_stands(stage: Stage) -> None:
    for number, words in enumerate(HOSTILE):
        quote = text(f"Quote {number}: {{words}}", words=words)
        stage.bot.answers(Say(card(words, quote, Facts(((words, words),)), buttons(Button(words[:75], MET)))))
        await stage.ana.say("hello")
        seen = await stage.ana.sees(f"Quote {number}: ")
        shown = [plainly(line) for line in [seen.text, *seen.buttons]]
        assert sum(line.count(plainly(words)) for line in shown) >= 4, shown
    assert stage.links(stage.ana) == set()


async def test_s8_what_people_typed_stands_literally_in_their_form(stage: Stage) -> None:
    words = "\n".join(HOSTILE)
    form = Form(
        "Your words", LEARNED, (Line(key="line", label=HOSTILE[1]), Paragraph(key="more", label="More", value=words))
    )
    await ready(stage, "button")
    stage.bot.answers(Ask(form))
    await stage.ana.press("We met")
    shown = await opened(stage, form.title)
    assert shown.values["more"] == words
    assert plainly(HOSTILE[1]) in plainly(shown.text)
    await stage.ana.submit({"line": HOSTILE[0]})
    assert values(stage.bot.last) == {"line": HOSTILE[0], "more": words}
    assert stage.links(stage.ana) == set()


# People and life --------------------------------------------------------------------------------------------------


async def test_a_profile_says_who_somebody_is(stage: Stage) -> None:
    inbound = await said(stage, "hello")
    profile = await stage.platform.profile(inbound.address)
    assert profile is not None
    assert (profile.name, profile.email, profile.member) == ("Ana Ruiz", "ana@larkspur.example", True)
    assert profile.timezone == "Europe/Madrid"
    assert await stage.platform.profile(stage.nobody()) is None


async def test_somebody_found_by_e_mail_is_who_writes(stage: Stage) -> None:
    inbound = await said(stage, "hello")
    found = await stage.platform.find("ana@larkspur.example")
    assert found is None or (found.tenant, found.user) == (inbound.address.tenant, inbound.address.user)
    assert await stage.platform.find("nobody@larkspur.example") is None


async def test_answers_under_way_are_still_shown_when_the_platform_stops(stage: Stage) -> None:
    stage.bot.answers(Say(EVERYTHING), Say(THANKS))
    await stage.ana.say("hello")
    await asyncio.wait_for(stage.platform.stop(), SECONDS)
    assert shows(stage, stage.ana, "Good to hear")


async def said(stage: Stage, words: str) -> Inbound:
    await stage.ana.say(words)
    return stage.bot.last


def who(inbound: Inbound) -> tuple[str, str, str]:
    return inbound.address.platform, inbound.address.tenant, inbound.address.user


def values(inbound: Inbound) -> Values:
    assert isinstance(inbound.event, Submitted)
    return dict(inbound.event.values)


def where(inbound: Inbound) -> Place:
    assert isinstance(inbound.event, Commanded)
    assert inbound.event.place is not None
    return inbound.event.place
