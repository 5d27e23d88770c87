"""What is stored about you: read it, take it, erase it."""

import json

import pytest

from storage.store import Store
from tests.support import company
from tests.support.chat import Chat, ChatPerson


@pytest.fixture
def amara(chat: Chat) -> ChatPerson:
    return chat.person("amara@larkspur.example", coordinator=True, name="Amara Okafor")


@pytest.fixture
def program(chat: Chat, amara: ChatPerson) -> int:
    return company.program(chat, amara, status="running")


@pytest.fixture
def noor(chat: Chat, program: int) -> ChatPerson:
    return company.mentor(chat, "noor", program, status="matched", row={"name": "Noor Haddad"}, own_words="Short video")


@pytest.fixture
def rosalind(chat: Chat, program: int, noor: ChatPerson) -> ChatPerson:
    person = company.mentee(
        chat, "rosalind", program, status="matched", row={"name": "Rosalind Meyer"}, avoid=["noor@larkspur.example"]
    )
    company.pair(chat, program, noor, person)
    return person


def test_it_says_in_plain_words_what_is_kept_who_sees_it_and_for_how_long(noor: ChatPerson) -> None:
    noor.command("privacy")
    noor.sees("What I keep about you.", "Who sees it.", "For how long.", "Who else gets it.")
    noor.sees("until 90 days after the pair ends", "24 months", "Nothing goes to anybody else")
    noor.command("my data")
    noor.sees("What I keep about you.")


def test_p1_the_file_is_made_for_the_person_alone(chat: Chat, noor: ChatPerson, rosalind: ChatPerson) -> None:
    noor.command("privacy")
    noor.press("Give me a file")
    noor.sees("Everything I have about you", "I keep no copy", "Next from me")
    (file,) = noor.files
    assert (file.name, file.kind) == ("what-flipside-knows-about-you.json", "application/json")
    about = json.loads(file.content)["about you"]
    assert about["people"][0]["email"] == "noor@larkspur.example"
    assert about["enrollments"][0]["own words"] == "Short video"
    assert about["enrollments"][0]["program"] == "Digital fluency"
    assert about["pairs"][0]["with"] == "Rosalind Meyer"
    assert b"rosalind@larkspur.example" not in file.content
    rosalind.command("privacy")
    rosalind.press("Give me a file")
    assert b"noor@larkspur.example" in rosalind.files[0].content


def test_p2_erasing_takes_two_clicks_and_the_last_word_is_an_answer_and_no_message(
    chat: Chat, noor: ChatPerson, rosalind: ChatPerson
) -> None:
    noor.command("privacy")
    noor.press("Erase everything")
    noor.sees(
        "What goes, at once and for good",
        "What stays",
        "You leave Digital fluency",
        "Rosalind will hear that the pair has ended",
    )
    assert noor.row.name == "Noor Haddad"
    noor.press("Erase it for good")
    noor.sees("It is all gone", "Next from me: nothing")
    assert (noor.row.name, noor.row.email) == ("A former colleague", None)
    assert all(row.person_id != noor.id for row in chat.look(lambda store: store.outbox.everything()))
    assert chat.look(lambda store: store.accounts.logins(noor.id)) == []


def test_thinking_again_erases_nothing(noor: ChatPerson, rosalind: ChatPerson) -> None:
    noor.command("erase me")
    noor.press("Erase everything")
    noor.press("Keep my data")
    noor.sees("Nothing was erased", "Next from me")
    assert noor.row.name == "Noor Haddad"


def test_the_last_coordinator_appoints_another_one_first(chat: Chat, amara: ChatPerson, program: int) -> None:
    amara.command("privacy")
    amara.press("Erase everything")
    amara.sees("You are the only one who can run programs", "Add a colleague and ask them to write to me")
    chat.press_action(amara, "privacy", "erased")
    amara.sees("You are the only one who can run programs")
    assert amara.row.name == "Amara Okafor"
    kenji = chat.person("kenji@larkspur.example", coordinator=True)
    amara.command("privacy")
    amara.press("Erase everything")
    amara.press("Erase it for good")
    amara.sees("It is all gone")
    assert chat.look(lambda store: store.programs.get(program).created_by) == kenji.id


def test_a_coordinator_who_never_wrote_takes_over_from_nobody(chat: Chat, amara: ChatPerson, program: int) -> None:
    chat.person("kenji@larkspur.example", coordinator=True, account=False)
    amara.command("privacy")
    amara.press("Erase everything")
    amara.sees("You are the only one who can run programs", "[Coordinators]")
    chat.press_action(amara, "privacy", "erased")
    assert amara.row.name == "Amara Okafor"
    assert chat.look(lambda store: store.programs.get(program).created_by) == amara.id


def test_whoever_comes_back_later_is_a_newcomer(chat: Chat, noor: ChatPerson, rosalind: ChatPerson) -> None:
    noor.command("privacy")
    noor.press("Erase everything")
    noor.press("Erase it for good")
    again = chat.person("noor@larkspur.example", name="Noor Haddad")
    assert again.id != noor.id
    again.command("join")
    again.submit(role="mentor", themes=("digital_tools",))
    assert again.form is not None
    assert chat.look(lambda store: enrolled(store, again)) == []


def enrolled(store: Store, person: ChatPerson) -> list[str]:
    return [one.status for one, _ in store.enrollments.of_person(store.people.get(person.id))]
