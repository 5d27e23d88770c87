"""Recording a session at any time, also one that was held elsewhere."""

from datetime import date, timedelta

import pytest

from conversations.actions import Action
from conversations.events import Pressed, Submitted
from storage.subject import NotYours
from tests.support.chat import Chat, ChatPerson
from tests.support.company import MONDAY, mentee, mentor, pair, program


class Pairs:
    """Ana teaches Erik since Monday, and it is Wednesday of the week after."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self.cora = chat.person("cora@larkspur.example", coordinator=True)
        self.program = program(chat, self.cora, status="running")
        self.ana: ChatPerson = mentor(chat, "ana.costa", self.program)
        self.erik: ChatPerson = mentee(chat, "erik.berg", self.program)
        self.pair = pair(chat, self.program, self.ana, self.erik)
        chat.now += timedelta(days=9)

    def held(self) -> list[tuple[date, bool]]:
        days: list[tuple[date, bool]] = self.chat.look(
            lambda store: [(one.held_on, one.exact) for one in store.sessions.held(self.pair)]
        )
        return days


@pytest.fixture
def pairs(chat: Chat) -> Pairs:
    return Pairs(chat)


def test_today_is_filled_in_and_counts(pairs: Pairs) -> None:
    pairs.ana.command("met")
    assert pairs.ana.form is not None
    assert "Erik Berg" in pairs.ana.form.intro
    pairs.ana.submit()
    pairs.ana.sees("Your session with Erik Berg on 11 March counts", "Next from me: 17 March")
    assert pairs.held() == [(date(2026, 3, 11), True)]


def test_the_same_meeting_told_by_both_counts_once(pairs: Pairs) -> None:
    pairs.ana.command("met")
    pairs.ana.submit(day="2026-03-10")
    pairs.erik.command("met")
    pairs.erik.submit(day="2026-03-10")
    assert len(pairs.held()) == 1


def test_two_meetings_on_two_days_count_twice(pairs: Pairs) -> None:
    for day in ("2026-03-05", "2026-03-10"):
        pairs.ana.command("met")
        pairs.ana.submit(day=day)
    assert len(pairs.held()) == 2


def test_a_check_in_about_a_recorded_session_adds_none(pairs: Pairs) -> None:
    pairs.ana.command("met")
    pairs.ana.submit(day="2026-03-10")
    pairs.chat.advance(days=7)
    pairs.erik.press("Met")
    assert pairs.held() == [(date(2026, 3, 10), True)]


def test_the_true_day_takes_the_place_of_the_one_a_check_in_guessed(pairs: Pairs) -> None:
    pairs.chat.advance(days=7)
    pairs.erik.press("Met")
    assert pairs.held() == [(date(2026, 3, 16), False)]
    pairs.ana.command("met")
    pairs.ana.submit(day="2026-03-12")
    assert pairs.held() == [(date(2026, 3, 12), True)]


def test_a_day_to_come_or_before_the_introduction_is_asked_again(pairs: Pairs) -> None:
    pairs.ana.command("met")
    pairs.ana.submit(day="2026-03-20")
    assert "11 March 2026 or earlier" in pairs.ana.errors["day"]
    pairs.ana.submit(day="2026-02-20")
    assert "2 March 2026 or later" in pairs.ana.errors["day"]
    assert pairs.held() == []


def test_somebody_with_two_partners_is_asked_which(pairs: Pairs) -> None:
    finn = mentee(pairs.chat, "finn.okafor", pairs.program)
    pair(pairs.chat, pairs.program, pairs.ana, finn)
    pairs.ana.command("met")
    pairs.ana.sees("Who did you meet?", "Erik Berg", "Finn Okafor")
    pairs.ana.press("Finn Okafor")
    pairs.ana.submit()
    pairs.ana.sees("Your session with Finn Okafor")
    assert pairs.held() == []


def test_somebody_without_a_partner_gets_a_kind_answer(pairs: Pairs) -> None:
    pairs.cora.command("met")
    pairs.cora.sees(
        "no partner with whom a session could be recorded", "Next from me: the daily digest, if there is news."
    )


def test_a_partner_who_was_not_introduced_yet_is_not_offered(pairs: Pairs) -> None:
    finn = mentee(pairs.chat, "finn.okafor", pairs.program)
    pair(pairs.chat, pairs.program, mentor(pairs.chat, "bo.rossi", pairs.program), finn, MONDAY + timedelta(days=30))
    finn.command("met")
    finn.sees("no partner with whom a session could be recorded", "Next from me: 1 April, when I introduce you.")


def test_an_ended_pair_has_nothing_more_to_record(pairs: Pairs) -> None:
    pairs.ana.command("met")
    pairs.chat.look(lambda store: store.pairs.end_all(pairs.program, pairs.chat.now))
    pairs.ana.submit()
    pairs.ana.sees("This pair has ended")
    pairs.chat.run(pairs.ana.id, Pressed(), Action("met", "start", {"pair": pairs.pair}))
    assert pairs.held() == []


def test_a_form_of_somebody_elses_pair_does_nothing(pairs: Pairs) -> None:
    for step in ("start", "save"):
        with pytest.raises(NotYours):
            pairs.chat.run(pairs.cora.id, Submitted({"day": "2026-03-10"}), Action("met", step, {"pair": pairs.pair}))
    assert pairs.held() == []
