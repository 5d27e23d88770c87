"""Naming a colleague: they are asked, and what they answer is theirs."""

import pytest

from tests.support.chat import Chat, ChatPerson
from tests.support.programs import an_open_program


@pytest.fixture
def noor(chat: Chat) -> ChatPerson:
    return chat.person("noor@larkspur.example", name="Noor Haddad", coordinator=True)


@pytest.fixture
def program(chat: Chat, noor: ChatPerson) -> int:
    return an_open_program(chat, noor)


def status(chat: Chat, program: int, person: ChatPerson) -> str:
    found: str = chat.look(lambda store: store.enrollments.required(store.people.get(person.id), program).status)
    return found


def test_whoever_is_named_reads_who_thought_of_them_and_why_and_nobody_else_does(
    chat: Chat, noor: ChatPerson, program: int
) -> None:
    ana, bo = chat.person("ana@larkspur.example", name="Ana Ruiz"), chat.person("bo@larkspur.example", name="Bo Lind")
    bo.command("nominate ana@larkspur.example")
    assert bo.form is not None
    assert "only the coordinators know" in bo.form.intro
    bo.submit(role="mentor", why="She showed me pivot tables.")
    bo.sees("Thank you", "I ask Ana about Digital fluency 2026", "Next from me")
    ana.sees("A colleague thought of you, Ana", "Bo Lind thought of you", "as a mentor", "She showed me pivot tables.")
    ana.sees("Answer by: 23 March", "Bo does not hear what you answer")
    assert status(chat, program, ana) == "nominated"
    noor.command("program who")
    assert "pivot" not in noor.last.text
    ana.press("Join")
    assert ana.field("role").value == "mentor"
    ana.submit(themes=("digital_tools",))
    ana.submit(capacity="1", agreement=("agreed",))
    assert status(chat, program, ana) == "joined"
    assert len(bo.messages) == 1


def test_whoever_named_somebody_hears_nothing_of_a_no_and_the_same_words_the_next_time(
    chat: Chat, noor: ChatPerson, program: int
) -> None:
    ana, bo = chat.person("ana@larkspur.example"), chat.person("bo@larkspur.example")
    bo.command("nominate")
    bo.submit(person="ana@larkspur.example", role="mentor")
    first = bo.last.text
    ana.press("Not for me")
    assert status(chat, program, ana) == "declined"
    chat.advance(days=30)
    bo.command("nominate")
    bo.submit(person="ana@larkspur.example", role="mentee")
    assert bo.last.text == first
    assert [len(bo.messages), len(ana.messages), status(chat, program, ana)] == [2, 1, "declined"]


def test_naming_somebody_who_takes_part_already_tells_nobody_so(chat: Chat, noor: ChatPerson, program: int) -> None:
    ana, bo = chat.person("ana@larkspur.example"), chat.person("bo@larkspur.example")
    chat.join_all(program, [ana])
    bo.command("nominate")
    bo.submit(person="ana@larkspur.example", role="mentor")
    bo.sees("Thank you", "unless somebody has asked before")
    assert [ana.messages, status(chat, program, ana)] == [[], "joined"]


def test_nobody_writes_to_the_whole_company_through_us(chat: Chat, noor: ChatPerson, program: int) -> None:
    bo, zoe = chat.person("bo@larkspur.example"), chat.person("zoe@larkspur.example")
    chat.join_all(program, [zoe])
    for number in range(10):
        chat.person(f"colleague{number}@larkspur.example")
        bo.command("nominate")
        bo.submit(person=f"colleague{number}@larkspur.example", role="mentor", why="Look at this.")
    ana = chat.person("ana@larkspur.example")
    bo.command("nominate")
    for person in (ana, zoe):
        bo.submit(person=person.email, role="mentor", why="Look at this.")
        assert "You have named 10 colleagues, the most that one person can name." in bo.errors["person"]
    assert ana.messages == []
    noor.command("nominate")
    noor.submit(person="ana@larkspur.example", role="mentor")
    assert len(ana.messages) == 1


def test_naming_yourself_leads_to_joining(chat: Chat, noor: ChatPerson, program: int) -> None:
    bo = chat.person("bo@larkspur.example")
    bo.command("nominate")
    bo.submit(person="bo@larkspur.example", role="mentor")
    bo.sees("That is you")
    bo.press("Join")
    assert bo.form is not None
    assert bo.form.title == "Join: 1 of 2"


def test_strangers_guests_and_leavers_cannot_be_named_nor_people_whom_the_program_is_not_for(
    chat: Chat, noor: ChatPerson
) -> None:
    an_open_program(chat, noor, departments=["Sales"])
    bo = chat.person("bo@larkspur.example")
    chat.person("guest@larkspur.example", source="platform", account=False)
    chat.person("gone@larkspur.example", gone_since=chat.now)
    chat.person("elsewhere@larkspur.example", department="Legal")
    bo.command("nominate")
    for user in ("nobody", "guest", "gone"):
        bo.submit(person=f"{user}@larkspur.example", role="mentor")
        assert "I do not know anybody with this work e-mail" in bo.errors["person"]
    bo.submit(person="elsewhere@larkspur.example")
    assert bo.errors["person"] == "This program is for Sales for now."
    assert len(bo.messages) == 0


def test_without_an_open_program_nobody_can_be_named_and_an_old_form_asks_nobody(
    chat: Chat, noor: ChatPerson, program: int
) -> None:
    ana, bo = chat.person("ana@larkspur.example"), chat.person("bo@larkspur.example")
    bo.command("nominate")
    chat.look(lambda store: setattr(store.programs.get(program), "status", "closed"))
    bo.submit(person="ana@larkspur.example", role="mentor")
    bo.sees("is over, so I asked nobody")
    bo.command("nominate")
    bo.sees("No program is running")
    assert ana.messages == []


def test_a_boss_can_be_named_and_is_reminded_once_at_most(chat: Chat, noor: ChatPerson, program: int) -> None:
    boss = chat.person("boss@larkspur.example", level=6)
    bo = chat.person("bo@larkspur.example", manager_email="boss@larkspur.example")
    bo.command("nominate")
    bo.submit(person="boss@larkspur.example", role="mentee")
    assert status(chat, program, boss) == "nominated"
    assert "You are invited. Answer by 23 March." in boss.open_home()
    chat.advance(days=40)
    assert len(boss.messages) == 2
    boss.sees("Still time to join", "as a mentee")
