"""Who runs programs: added and removed in the chat, never down to nobody."""

from datetime import timedelta

import pytest

from storage.store import Store
from storage.subject import NotYours
from tests.support.chat import Chat, ChatPerson
from tests.support.programs import an_open_program


@pytest.fixture
def noor(chat: Chat) -> ChatPerson:
    return chat.person("noor@larkspur.example", name="Noor Haddad", coordinator=True)


@pytest.fixture
def omar(chat: Chat) -> ChatPerson:
    return chat.person("omar@larkspur.example", name="Omar Saleh", coordinator=True)


def test_a_colleague_is_added_and_may_run_programs_from_their_next_message_on(chat: Chat, noor: ChatPerson) -> None:
    ana = chat.person("ana@larkspur.example", name="Ana Ruiz")
    with pytest.raises(NotYours):
        ana.command("program list")
    noor.command("program coordinators")
    noor.sees("Noor Haddad (noor@larkspur.example)", "Two or more is wise")
    noor.press("Add a coordinator")
    noor.submit(email="Ana@larkspur.example")
    noor.sees("Ana Ruiz can run programs now, and hears of it from me")
    chat.advance(hours=1)
    ana.sees("You can run programs now", "Noor Haddad made you a coordinator", "Next from me")
    ana.command("program list")
    ana.sees("No programs yet")


def test_somebody_whom_the_bot_does_not_know_is_on_the_list_until_they_write(chat: Chat, noor: ChatPerson) -> None:
    noor.command("coordinators")
    noor.press("Add a coordinator")
    noor.submit(email="mei@larkspur.example")
    noor.sees("mei@larkspur.example is on the list. I do not know them yet")
    noor.press("Who runs programs")
    noor.sees("mei@larkspur.example, who has not written to me yet")


def test_nobody_is_added_twice_or_after_they_left(chat: Chat, noor: ChatPerson, omar: ChatPerson) -> None:
    chat.person("gone@larkspur.example", gone_since=chat.now)
    noor.command("program coordinators")
    noor.press("Add a coordinator")
    for email, fault in (
        ("omar@larkspur.example", "is a coordinator already"),
        ("gone@larkspur.example", "has left the company"),
        ("nobody", "work e-mail"),
    ):
        noor.submit(email=email)
        assert fault in noor.errors["email"]


def test_removing_says_what_happens_and_hands_the_programs_over(chat: Chat, noor: ChatPerson, omar: ChatPerson) -> None:
    program = an_open_program(chat, omar)
    noor.command("program coordinators")
    chat.press_action(noor, "coordinators", "remove", coordinator=2)
    noor.sees("Remove Omar Saleh?", "1 program goes to Noor Haddad", "[Keep]")
    noor.press("Remove")
    noor.sees("Omar Saleh runs no program any more", "The programs are with Noor now")
    assert chat.look(lambda store: store.programs.get(program).created_by) == noor.id
    with pytest.raises(NotYours):
        omar.command("program list")
    chat.press_action(noor, "coordinators", "removed", coordinator=2)
    noor.sees("not on the list any more")


def test_whoever_removes_themselves_is_told_so_and_another_takes_over(
    chat: Chat, noor: ChatPerson, omar: ChatPerson
) -> None:
    program = an_open_program(chat, noor)
    chat.press_action(noor, "coordinators", "remove", coordinator=1)
    noor.sees("Remove yourself?", "only another coordinator can add you again")
    noor.press("Remove")
    noor.sees("You run no program any more")
    assert chat.look(lambda store: store.programs.get(program).created_by) == omar.id


def test_the_last_one_who_can_act_stays(chat: Chat, noor: ChatPerson) -> None:
    chat.look(lambda store: store.people.appoint(["mei@larkspur.example"]))
    chat.press_action(noor, "coordinators", "remove", coordinator=1)
    noor.sees("Somebody has to run it", "Add a colleague first")
    chat.press_action(noor, "coordinators", "removed", coordinator=1)
    noor.command("program list")
    noor.sees("No programs yet")


def test_what_a_coordinator_who_left_would_have_read_another_reads(
    chat: Chat, noor: ChatPerson, omar: ChatPerson
) -> None:
    program = an_open_program(chat, noor)
    chat.join_all(program, [chat.person("ana@larkspur.example")])

    def leaves(store: Store) -> None:
        store.people.get(noor.id).gone_since = chat.now

    chat.look(leaves)
    chat.advance(days=22)
    omar.sees("Today is the matching for Digital fluency 2026")
    assert noor.messages == []
    ben = chat.person("ben@larkspur.example", source="platform", department="", team="", manager_email="", level=None)
    ben.command("join")
    ben.submit(role="mentor", themes=("digital_tools",), department="Sales", level="1", manager_email=omar.email)
    ben.submit(capacity="1", agreement=("agreed",))
    omar.sees("Please check: Ben")


def test_the_settings_name_the_first_coordinators_only(chat: Chat) -> None:
    """A slip can be put right until somebody is at work; later the chat decides."""
    chat.look(lambda store: store.coordinators.appoint_first(["slip@larkspur.example"]))
    chat.look(lambda store: store.coordinators.appoint_first(["noor@larkspur.example"]))
    noor = chat.person("noor@larkspur.example")
    noor.command("program list")
    chat.now += timedelta(days=1)
    chat.look(lambda store: store.coordinators.appoint_first(["omar@larkspur.example"]))
    omar = chat.person("omar@larkspur.example")
    with pytest.raises(NotYours):
        omar.command("program list")


def test_everybody_on_a_long_list_can_be_removed(chat: Chat, noor: ChatPerson) -> None:
    for number in range(1, 21):
        chat.person(f"team.{number:02}@larkspur.example", name=f"Team Member {number:02}", coordinator=True)
    noor.command("program coordinators")
    noor.sees("Page 1 of 2")
    noor.press("Next page")
    noor.sees("Page 2 of 2", "team.20@larkspur.example")
    noor.press("Remove")
    name = noor.last.card.title.removeprefix("Remove ").removesuffix("?")
    noor.press("Remove")
    noor.sees(f"{name} runs no program any more")
