"""How somebody likes to work: asked once, optional, and theirs to change, read and forget."""

from datetime import date

import pytest

from conversations.content import load
from conversations.matching.from_store import request
from conversations.working_style_forms import STATEMENTS
from storage.subject import NotYours
from tests.support import company
from tests.support.chat import Chat, ChatPerson

FIVE = dict(zip([key for key, *_ in STATEMENTS], "24351", strict=True))


@pytest.fixture
def program(chat: Chat) -> int:
    return company.program(chat, chat.person("amara@larkspur.example", coordinator=True, name="Amara Okafor"))


@pytest.fixture
def noor(chat: Chat, program: int) -> ChatPerson:
    return company.mentor(chat, "noor", program, row={"name": "Noor Haddad"})


def style(chat: Chat, person: ChatPerson, program: int) -> tuple[int, ...]:
    """As the matching reads it."""
    asked = chat.look(lambda store: request(store, program, load(), date(2026, 3, 2)))
    return next(one.working_style for one in asked.candidates if one.key == str(person.id))


def test_five_short_answers_reach_the_matching_and_the_own_export(chat: Chat, noor: ChatPerson, program: int) -> None:
    noor.command("join")
    noor.press("How I like to work")
    assert noor.form is not None
    assert "nobody reads your answers" in noor.form.intro
    noor.submit(**FIVE)
    noor.sees("Saved", "Next from me")
    assert style(chat, noor, program) == (2, 4, 3, 5, 1)
    exported = chat.look(lambda store: store.export.about(store.people.get(noor.id)))
    assert "[2, 4, 3, 5, 1]" in str(exported)


def test_it_can_be_changed_skipped_and_forgotten(chat: Chat, noor: ChatPerson, program: int) -> None:
    noor.command("working style")
    noor.submit(**FIVE)
    noor.press("Change it")
    assert noor.field("plan").value == "3"
    noor.submit(plan="5")
    assert style(chat, noor, program) == (2, 4, 5, 5, 1)
    noor.press("Forget it")
    noor.sees("nothing about how you like to work")
    assert style(chat, noor, program) == ()
    noor.press("Say how I like to work")
    noor.submit()
    assert style(chat, noor, program) == ()


def test_a_half_filled_screen_says_what_is_missing_and_keeps_the_rest(chat: Chat, noor: ChatPerson) -> None:
    noor.command("working style")
    noor.submit(decide="2", think="4")
    assert set(noor.errors) == {"plan", "detail", "feedback"}
    assert noor.field("decide").value == "2"


def test_nobody_answers_for_a_program_that_is_not_theirs(chat: Chat, noor: ChatPerson, program: int) -> None:
    stranger = chat.person("zoe@larkspur.example")
    stranger.command("working style")
    stranger.sees("You are in no program yet")
    with pytest.raises(NotYours):
        chat.press_action(stranger, "working_style", "start", program=program)
