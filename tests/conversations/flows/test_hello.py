"""One working day after the introduction: a hello to copy, for whoever has not begun."""

from datetime import date, timedelta
from typing import Any

import pytest

from conversations.actions import Action
from conversations.events import Due, Pressed
from storage.subject import NotYours
from tests.support.chat import Chat, ChatPerson
from tests.support.company import MONDAY, mentee, mentor, pair, program


class Office:
    """Ana and Erik are introduced on Tuesday, 3 March."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self.cora = chat.person("cora@larkspur.example", coordinator=True)
        self.program = program(chat, self.cora, status="running")
        self.ana: ChatPerson = mentor(chat, "ana.costa", self.program)
        self.erik: ChatPerson = mentee(chat, "erik.berg", self.program)
        self.pair = pair(chat, self.program, self.ana, self.erik, MONDAY + timedelta(days=1))
        chat.advance(days=1)

    def introduce(self) -> None:
        self.chat.run(self.ana.id, Due(), Action("introduction", "introduce", {"pair": self.pair}))

    def hellos(self, person: ChatPerson) -> list[str]:
        return [one.text for one in person.messages if one.notice and one.notice.kind == "hello"]


@pytest.fixture
def office(chat: Chat) -> Office:
    return Office(chat)


def test_the_mentee_gets_a_line_to_copy_the_next_working_day(office: Office) -> None:
    office.introduce()
    office.chat.advance(days=1, hours=1)
    office.erik.sees("A first line to Ana", "“Hi Ana, we are a pair in Digital fluency", "ignore this")
    office.erik.sees("[Write to Ana]", "[Book a time]", "[We're in touch]", "45 minutes")
    topic = office.chat.look(lambda store: store.pairs.get(office.pair).topic)
    office.erik.sees(topic)
    assert office.hellos(office.ana) == []


def test_it_is_a_nudge_that_falls_away_after_a_week(office: Office) -> None:
    office.introduce()
    office.chat.advance(days=1, hours=1)
    notice = office.erik.last.notice
    assert notice is not None
    assert (notice.delivery, notice.program) == ("nudge", office.program)
    assert notice.expires_at is not None
    assert notice.expires_at.date() == date(2026, 3, 11)


def test_after_were_in_touch_from_either_side_there_is_none(office: Office) -> None:
    office.introduce()
    office.ana.press("We're in touch")
    office.ana.sees("Good to know", "[Book a time]", "Next from me")
    office.chat.advance(days=6)
    assert office.hellos(office.erik) == []


def test_a_second_click_changes_nothing(office: Office) -> None:
    office.introduce()
    office.ana.press("We're in touch")
    first = office.chat.look(lambda store: store.pairs.get(office.pair).in_touch_at)
    office.chat.now += timedelta(hours=1)
    office.erik.press("We're in touch")
    office.erik.sees("Good to know")
    assert office.chat.look(lambda store: store.pairs.get(office.pair).in_touch_at) == first


def test_after_a_date_is_booked_there_is_none(office: Office) -> None:
    office.introduce()
    office.ana.press("Book a time")
    office.ana.submit()
    office.chat.advance(days=6)
    assert office.hellos(office.erik) == []


def test_a_hello_on_the_screen_says_that_it_is_not_needed_any_more(office: Office) -> None:
    office.introduce()
    office.chat.advance(days=1, hours=1)
    office.ana.press("We're in touch")
    office.erik.sees("You two are in touch", "Next from me")


def test_it_waits_until_the_introduction_has_arrived(office: Office) -> None:
    office.chat.advance(days=3)
    assert office.hellos(office.erik) == []
    office.introduce()
    office.chat.advance(hours=2)
    assert office.hellos(office.erik) == []
    office.chat.advance(days=4)
    assert len(office.hellos(office.erik)) == 1


def test_it_comes_once(office: Office) -> None:
    office.introduce()
    office.chat.advance(days=20)
    assert len(office.hellos(office.erik)) == 1


@pytest.mark.parametrize("what", ["ended", "closed", "held", "met"])
def test_there_is_none_where_it_would_be_out_of_place(office: Office, what: str) -> None:
    office.introduce()

    def change(store: Any) -> None:
        row = store.programs.get(office.program)
        match what:
            case "ended":
                store.pairs.end_all(office.program, office.chat.now)
            case "closed":
                row.status = "closed"
            case "held":
                row.held_since = office.chat.now
            case _:
                store.sessions.record_held(office.pair, MONDAY, (MONDAY, MONDAY), office.chat.now)

    office.chat.look(change)
    office.chat.advance(days=6)
    assert office.hellos(office.erik) == []


def test_an_old_button_of_an_ended_pair_gets_a_kind_answer(office: Office) -> None:
    office.introduce()
    office.chat.look(lambda store: store.pairs.end_all(office.program, office.chat.now))
    office.ana.press("We're in touch")
    office.ana.sees("nothing to do for this pair", "Next from me: when there is a match for you.")


def test_a_forwarded_card_tells_nothing(office: Office) -> None:
    with pytest.raises(NotYours):
        office.chat.run(office.cora.id, Pressed(), Action("hello", "in_touch", {"pair": office.pair}))
