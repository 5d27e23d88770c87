"""Leaving a program: two clicks, no reason, in every state (U4), and nothing comes afterwards."""

import pytest

from storage.store import Store
from tests.support import company
from tests.support.chat import Chat, ChatPerson


@pytest.fixture
def amara(chat: Chat) -> ChatPerson:
    return chat.person("amara@larkspur.example", coordinator=True, name="Amara Okafor")


@pytest.fixture
def program(chat: Chat, amara: ChatPerson) -> int:
    return company.program(chat, amara, contact_name="Ines Duarte", contact_reach="ines@larkspur.example")


def status(chat: Chat, person: ChatPerson, program: int) -> str:
    def work(store: Store) -> str:
        return store.enrollments.required(store.people.get(person.id), program).status

    said: str = chat.look(work)
    return said


@pytest.mark.parametrize(
    ("before", "after"),
    [("invited", "declined"), ("nominated", "declined"), ("joined", "left"), ("matched", "left")],
)
def test_u4_leaving_takes_two_clicks_in_every_state(chat: Chat, program: int, before: str, after: str) -> None:
    liam = company.mentor(chat, "liam", program, status=before)
    liam.command("leave")
    liam.sees("Leave Digital fluency?", "No reason is needed")
    liam.press("Leave")
    liam.sees("That is fine", "nobody is told why", "Ines Duarte, ines@larkspur.example")
    liam.sees("Next from me: nothing about this program.")
    assert status(chat, liam, program) == after
    seen = len(liam.messages)
    chat.advance(days=30)
    assert len(liam.messages) == seen
    liam.press("Join after all")
    assert liam.form is not None


@pytest.mark.parametrize("words", ["stop", "quit", "unsubscribe", "not for me", "Stop by my desk"])
def test_the_usual_words_ask_first(chat: Chat, program: int, words: str) -> None:
    liam = company.mentor(chat, "liam", program)
    liam.say(words)
    liam.sees("Leave Digital fluency?")
    liam.press("Stay")
    liam.sees("Nothing has changed", "Next from me")
    assert status(chat, liam, program) == "joined"


def test_with_a_match_one_reads_what_the_partner_will_read(chat: Chat, program: int) -> None:
    noor = company.mentor(chat, "noor", program, status="matched")
    rosalind = company.mentee(chat, "rosalind", program, status="matched", row={"name": "Rosalind Meyer"})
    company.pair(chat, program, noor, rosalind)
    noor.command("leave")
    noor.sees("On a Thursday Rosalind will hear that the pair has ended", "never why or through whom")
    noor.press("Leave")
    noor.sees("That is fine", "Rosalind will hear that the pair has ended")
    assert "Your mentee" not in noor.open_home()


def test_in_two_programs_one_picks_which_or_both(chat: Chat, amara: ChatPerson, program: int) -> None:
    second = company.program(chat, amara, "Culture")
    liam = company.mentor(chat, "liam", program)
    company.joins(chat, liam, second, "mentor")
    liam.command("leave")
    liam.sees("Which program would you like to leave?")
    liam.press("Culture")
    liam.press("Leave")
    assert (status(chat, liam, program), status(chat, liam, second)) == ("joined", "left")
    assert "nothing about this program" not in liam.last.text
    liam.command("leave")
    liam.press("Leave")
    assert status(chat, liam, program) == "left"


def test_both_at_once(chat: Chat, amara: ChatPerson, program: int) -> None:
    second = company.program(chat, amara, "Culture")
    liam = company.mentor(chat, "liam", program)
    company.joins(chat, liam, second, "mentor")
    liam.command("leave")
    liam.press("Both")
    liam.sees("You are not taking part in Culture and Digital fluency any more")
    assert (status(chat, liam, program), status(chat, liam, second)) == ("left", "left")
    chat.press_action(liam, "leaving", "all")
    liam.sees("nothing to leave")


def test_a_program_named_after_the_word_is_the_one(chat: Chat, amara: ChatPerson, program: int) -> None:
    second = company.program(chat, amara, "Culture")
    liam = company.mentor(chat, "liam", program)
    company.joins(chat, liam, second, "mentor")
    liam.command("leave culture")
    liam.sees("Leave Culture?")


def test_d14_what_waits_for_somebody_who_leaves_is_cancelled(chat: Chat, program: int) -> None:
    liam = company.mentor(chat, "liam", program)

    def queue(store: Store) -> None:
        values = {"kind": "moved", "delivery": "must_arrive", "person_id": liam.id, "card": "[]"}
        store.outbox.add("moved/waits", chat.now, values)

    chat.look(queue)
    liam.command("leave")
    liam.press("Leave")
    waits = chat.look(lambda store: store.outbox.with_key("moved/waits"))
    assert (waits.state, waits.reason) == ("dropped", "left")


def test_a_forwarded_card_and_a_program_of_others_lead_nowhere(chat: Chat, program: int) -> None:
    liam = chat.person("liam@larkspur.example")
    for step in ("start", "leave"):
        with pytest.raises(LookupError):
            chat.press_action(liam, "leaving", step, program=program)
    liam.command("leave")
    liam.sees("nothing to leave", "Next from me")


def test_not_for_me_on_an_invitation_is_one_click(chat: Chat, program: int) -> None:
    liam = company.mentor(chat, "liam", program, status="invited")
    chat.press_action(liam, "sign_up", "leave", program=program)
    liam.sees("That is fine", "You can join later")
    assert status(chat, liam, program) == "declined"


def test_a_button_of_a_closed_program_is_answered_kindly(chat: Chat, amara: ChatPerson, program: int) -> None:
    liam = company.mentor(chat, "liam", program)
    chat.press_action(amara, "opening", "closed", program=program)
    for flow in ("leaving", "sign_up"):
        chat.press_action(liam, flow, "leave", program=program)
        words = liam.sees("has ended already, so there is nothing more for you to do", "Next from me: when you write")
        assert "ou can join later" not in words
        assert not liam.last.button("Join after all")
    assert status(chat, liam, program) == "joined"
