"""The preview: every message by role, with names filled in, and nothing in it can be pressed."""

import pytest

from conversations.cards import Button
from conversations.flow import BadArguments
from tests.support.chat import Chat, ChatPerson
from tests.support.programs import an_open_program


@pytest.fixture
def noor(chat: Chat) -> ChatPerson:
    return chat.person("noor@larkspur.example", name="Noor Haddad", coordinator=True)


def leaf_through(noor: ChatPerson) -> list[str]:
    pages = [noor.last.text]
    while noor.last.button("Next"):
        noor.press("Next")
        pages.append(noor.last.text)
    return pages


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (
            "mentor",
            ("An invitation, Ana", "You are in, Ana", "Meet Erik Berg, your mentee", "Half-time", "Thank you, Ana"),
        ),
        ("mentee", ("An invitation, Erik", "Meet Ana Costa, your mentor", "A first line to Ana", "Thank you, Erik")),
        ("coordinator", ("sign-up is open", "Today is the matching")),
    ],
)
def test_each_role_reads_its_messages_in_order(chat: Chat, noor: ChatPerson, role: str, words: tuple[str, ...]) -> None:
    an_open_program(chat, noor)
    noor.command("program preview")
    if role != "mentor":
        noor.press(f"As a {role}")
    pages = leaf_through(noor)
    where = [next(number for number, page in enumerate(pages) if one in page) for one in words]
    assert where == sorted(where)
    assert f"Preview for a {role}: {len(pages)} of {len(pages)}" in pages[-1]
    assert len(noor.messages) == 1


def test_real_people_of_the_program_stand_in_it(chat: Chat, noor: ChatPerson) -> None:
    program = an_open_program(chat, noor)
    chat.join_all(program, [chat.person("zofia@larkspur.example", name="Zofia Kaminska")])
    noor.command("program preview")
    noor.sees("An invitation, Zofia")
    noor.press("As a mentee")
    assert any("Meet Zofia Kaminska, your mentor" in page for page in leaf_through(noor))


def test_its_buttons_only_leaf_through(chat: Chat, noor: ChatPerson) -> None:
    an_open_program(chat, noor)
    noor.command("program preview")
    noor.sees("Buttons: Join")
    while True:
        buttons = [noor.last.button(label) for label in noor.last.labels]
        assert all(isinstance(one, Button) and one.action.name == "preview.show" for one in buttons)
        if not noor.last.button("Next"):
            break
        noor.press("Next")
    noor.press("Back")
    noor.sees("Nothing of this is sent")


def test_leafing_through_writes_nothing_down_and_tells_nobody(chat: Chat, noor: ChatPerson) -> None:
    program = an_open_program(chat, noor)
    ana = chat.person("ana@larkspur.example")
    chat.join_all(program, [ana])
    people = chat.look(lambda store: len(store.people.everybody()))
    noor.command("program preview")
    leaf_through(noor)
    assert chat.look(lambda store: len(store.people.everybody())) == people
    assert ana.messages == []


def test_a_page_that_is_not_there_is_the_last_one_and_a_role_that_is_not_there_nothing(
    chat: Chat, noor: ChatPerson
) -> None:
    program = an_open_program(chat, noor)
    chat.press_action(noor, "preview", "show", program=program, role="coordinator", page=99)
    noor.sees("Preview for a coordinator: 4 of 4")
    with pytest.raises(BadArguments):
        chat.press_action(noor, "preview", "show", program=program, role="board")
