"""Half-time: one check-in in the middle of the run asks whether it is good as it is."""

from datetime import timedelta

import pytest

from conversations.flows import check_in, half_time, help
from storage.store import Store
from storage.subject import NotYours
from tests.support.chat import Chat, ChatPerson
from tests.support.company import MONDAY, mentee, mentor, pair, program

pytestmark = pytest.mark.slow

QUESTION = "Half-time with"


class Half:
    """Ana teaches Erik for 26 weeks; both answer every check-in."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        chat.flows = (check_in.FLOW, half_time.FLOW, help.FLOW)
        chat.now += timedelta(hours=1, minutes=30)
        self.cora = chat.person("cora@larkspur.example", coordinator=True)
        self.program = program(chat, self.cora, status="running", ends_on=MONDAY + timedelta(days=182))
        self.ana = mentor(chat, "ana.costa", self.program)
        self.erik = mentee(chat, "erik.berg", self.program)
        self.pair = pair(chat, self.program, self.ana, self.erik)

    def live(self, weeks: int, *, answering: bool = True) -> None:
        for _ in range(weeks * 7):
            self.chat.advance(days=1)
            for person in (self.ana, self.erik):
                if answering and person.messages and person.messages[-1].button("Met"):
                    person.press("Met", person.messages[-1])

    def asked(self, person: ChatPerson) -> list[int]:
        """On which check-in, by number, half-time was asked about."""
        questions = [one for one in person.messages if one.notice and one.notice.kind == "check_in"]
        return [number for number, one in enumerate(questions, start=1) if QUESTION in one.text]


@pytest.fixture
def half(chat: Chat) -> Half:
    return Half(chat)


def test_half_time_takes_the_place_of_the_sixth_of_twelve_check_ins_once(half: Half) -> None:
    half.live(26)
    assert half.asked(half.ana) == half.asked(half.erik) == [6]
    kinds = [one.notice.kind for one in half.ana.messages if one.notice]
    assert kinds == ["check_in"] * 12


def test_it_asks_in_one_card_whether_they_met_and_whether_it_is_good_as_it_is(half: Half) -> None:
    half.live(12)
    half.chat.advance(days=1)
    half.ana.sees("Have you two met?", "Half-time with Erik Berg", "Nobody else sees what you choose here")
    labels = half.ana.last.labels
    assert labels[:4] == ("Met", "Date set", "Not yet", "Skip")
    assert labels[4:] == ("Carry on", "Another rhythm", "New partner", "Stop")
    half.ana.press("Carry on")
    half.ana.sees("you carry on as before", "[Met]")
    half.ana.press("Met")
    half.ana.sees("Thank you, noted", "you carry on as before", "Next from me")


def test_what_one_side_chooses_is_not_seen_by_the_other(half: Half) -> None:
    half.live(12)
    half.chat.advance(days=1)
    before = half.erik.last.text
    half.ana.press("Carry on")
    assert half.erik.last.text == before


def test_it_shows_what_the_two_set_out_to_do(half: Half) -> None:
    def goals(store: Store) -> None:
        store.goals.replace(half.pair, half.ana.id, ["Learn how a budget is made"], half.chat.now)
        store.goals.replace(half.pair, half.erik.id, ["Use *our* tools daily"], half.chat.now)

    half.chat.look(goals)
    half.live(12)
    half.chat.advance(days=1)
    half.ana.sees("You: Learn how a budget is made", "Erik: Use *our* tools daily")


def test_a_second_pair_has_its_half_time_in_its_own_row(half: Half) -> None:
    finn = mentee(half.chat, "finn.okafor", half.program)
    pair(half.chat, half.program, half.ana, finn, MONDAY + timedelta(days=56))
    half.live(26)
    cards = [one for one in half.ana.messages if one.notice and one.notice.kind == "check_in"]
    about = [("Erik" in part, "Finn" in part) for one in cards for part in one.text.splitlines() if QUESTION in part]
    assert about == [(True, False), (False, True)]


def test_carry_on_counts_as_a_word_so_that_no_reminder_follows(half: Half) -> None:
    half.live(12)
    half.chat.advance(days=1)
    half.ana.press("Carry on")
    half.chat.advance(days=5)
    assert not [one for one in half.ana.messages if one.notice and one.notice.kind == "check_in_reminder"]


def test_somebody_elses_half_time_is_not_answered(half: Half) -> None:
    half.live(12)
    half.chat.advance(days=1)
    button = half.ana.last.button("Carry on")
    assert button is not None
    with pytest.raises(NotYours):
        half.chat.press_action(half.erik, "half_time", "carry_on", **button.action.args)


def test_a_short_run_has_no_half_time(half: Half) -> None:
    half.chat.look(lambda store: setattr(store.programs.get(half.program), "ends_on", MONDAY + timedelta(days=50)))
    half.live(8)
    assert half.asked(half.ana) == []
