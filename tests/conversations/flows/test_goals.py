"""Week one: what each side wants, kept in their own words, for the two of them only."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from conversations.actions import Action
from conversations.events import Pressed, Submitted
from storage.subject import NotYours
from tests.support.chat import Chat, ChatPerson
from tests.support.company import MONDAY, mentee, mentor, pair, program


class Office:
    """Ana teaches Erik since Monday, 2 March."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self.cora = chat.person("cora@larkspur.example", coordinator=True)
        self.program = program(chat, self.cora, status="running")
        self.ana: ChatPerson = mentor(chat, "ana.costa", self.program)
        self.erik: ChatPerson = mentee(chat, "erik.berg", self.program)
        self.pair = pair(chat, self.program, self.ana, self.erik)

    def kept(self, number: int = 0) -> Mapping[int, Sequence[str]]:
        goals: Mapping[int, Sequence[str]] = self.chat.look(lambda store: store.goals.of_pair(number or self.pair))
        return goals

    def asked(self, person: ChatPerson) -> list[str]:
        return [one.text for one in person.messages if one.notice and one.notice.kind == "goals"]


@pytest.fixture
def office(chat: Chat) -> Office:
    return Office(chat)


@pytest.mark.slow
def test_after_a_week_each_side_is_asked_once(office: Office) -> None:
    office.chat.advance(days=6)
    assert office.asked(office.ana) == office.asked(office.erik) == []
    office.chat.advance(days=1, hours=2)
    office.ana.sees("what would you like from this?", "I ask Erik Berg the same", "[Set my goals]", "[Book a time]")
    office.erik.sees("I ask Ana Costa the same", "nobody else does")
    office.chat.advance(days=20)
    assert len(office.asked(office.ana)) == len(office.asked(office.erik)) == 1


def test_it_is_a_nudge_for_one_working_week(office: Office) -> None:
    office.chat.advance(days=8)
    notice = office.ana.last.notice
    assert notice is not None
    assert (notice.kind, notice.delivery, notice.program) == ("goals", "nudge", office.program)
    assert notice.expires_at is not None
    assert notice.expires_at.date() == date(2026, 3, 16)


def test_the_first_date_is_asked_only_where_it_is_missing(office: Office) -> None:
    office.erik.command("book")
    office.erik.submit(day="2026-03-12")
    office.chat.advance(days=8)
    assert "Book a time" not in office.asked(office.ana)[0]


def test_goals_are_kept_in_order_and_shown_to_their_author(office: Office) -> None:
    office.chat.advance(days=8)
    office.ana.press("Set my goals")
    office.ana.submit(goal_1="See how a decision is made", goal_2="  ", goal_3="Speak up")
    assert office.kept() == {office.ana.id: ["See how a decision is made", "Speak up"]}
    said = "\n".join(one.text for one in office.ana.messages[-2:])
    assert "• See how a decision is made\n• Speak up" in said
    assert "Erik Berg sees them, too" in said
    assert "[Rate three skills]" in said
    assert "See how" not in "".join(one.text for one in office.erik.messages)


def test_the_question_shows_the_goals_once_they_are_kept(office: Office) -> None:
    office.chat.advance(days=8)
    office.ana.press("Set my goals")
    office.ana.submit(goal_1="See how a decision is made")
    question = next(one for one in office.ana.messages if one.notice and one.notice.kind == "goals")
    assert "See how a decision is made" in question.text
    assert "Set my goals" not in question.labels


def test_goals_are_changed_later_and_the_old_ones_are_gone(office: Office) -> None:
    office.ana.command("goals")
    office.ana.submit(goal_1="One", goal_2="Two", goal_3="Three")
    office.ana.press("Change them")
    assert office.ana.field("goal_3").value == "Three"
    office.ana.submit(goal_1="One", goal_2="", goal_3="")
    assert office.kept() == {office.ana.id: ["One"]}


def test_each_side_keeps_its_own(office: Office) -> None:
    for person, goal in ((office.ana, "Teach"), (office.erik, "Learn")):
        person.command("goals")
        person.submit(goal_1=goal)
    assert office.kept() == {office.ana.id: ["Teach"], office.erik.id: ["Learn"]}


def test_whoever_has_goals_already_is_not_asked(office: Office) -> None:
    office.ana.command("goals")
    office.ana.submit(goal_1="Teach")
    office.chat.advance(days=10)
    assert office.asked(office.ana) == []
    assert len(office.asked(office.erik)) == 1


def test_an_empty_goal_a_pasted_novel_and_the_same_goal_twice(office: Office) -> None:
    office.ana.command("goals")
    office.ana.submit(goal_1="   ")
    assert office.ana.errors["goal_1"] == "Please answer this one."
    office.ana.submit(goal_1="Call me Ishmael. " * 500)
    assert "at most 150 fit" in office.ana.errors["goal_1"]
    office.ana.submit(goal_1="🚀", goal_2="🚀")
    assert office.kept() == {office.ana.id: ["🚀"]}


@pytest.mark.slow
def test_a_mentor_with_two_mentees_of_one_week_gets_one_card(office: Office) -> None:
    finn = mentee(office.chat, "finn.okafor", office.program)
    second = pair(office.chat, office.program, office.ana, finn, MONDAY + timedelta(days=2))
    office.chat.advance(days=12)
    (question,) = office.asked(office.ana)
    assert "Erik Berg" in question
    assert "Finn Okafor" in question
    assert len(office.asked(finn)) == 1
    office.chat.press_action(office.ana, "goals", "start", pair=second)
    office.ana.submit(goal_1="Listen")
    assert office.kept(second) == {office.ana.id: ["Listen"]}
    card = next(one for one in office.ana.messages if one.notice and one.notice.kind == "goals")
    assert "Listen" in card.text
    assert "Set my goals" in card.labels


@pytest.mark.slow
def test_a_partner_introduced_a_week_later_is_asked_about_in_turn(office: Office) -> None:
    finn = mentee(office.chat, "finn.okafor", office.program)
    pair(office.chat, office.program, office.ana, finn, MONDAY + timedelta(days=7))
    office.chat.advance(days=8)
    assert len(office.asked(office.ana)) == 1
    assert "Finn" not in office.asked(office.ana)[0]
    office.chat.advance(days=8)
    assert "Finn Okafor" in office.asked(office.ana)[1]


def test_somebody_with_two_partners_is_asked_which(office: Office) -> None:
    finn = mentee(office.chat, "finn.okafor", office.program)
    pair(office.chat, office.program, office.ana, finn)
    office.ana.command("goals")
    office.ana.press("Finn Okafor")
    assert office.ana.form is not None
    assert "Finn Okafor" in office.ana.form.intro


@pytest.mark.slow
def test_nobody_is_asked_on_the_day_of_a_hello(office: Office) -> None:
    late = mentor(office.chat, "bo.rossi", office.program)
    second = pair(office.chat, office.program, late, office.erik, MONDAY + timedelta(days=6))

    def arrived(store: Any) -> None:
        row = {"kind": "introduction", "delivery": "must_arrive", "person_id": office.erik.id, "state": "sent"}
        store.outbox.add(
            f"introduction/{second}/{office.erik.id}", office.chat.now, {**row, "settled_at": office.chat.now}
        )

    office.chat.look(arrived)
    office.chat.advance(days=7, hours=8)
    kinds = [one.notice.kind for one in office.erik.messages if one.notice]
    assert kinds == ["hello"]
    office.chat.advance(days=1)
    assert [one.notice.kind for one in office.erik.messages if one.notice] == ["hello", "goals"]


@pytest.mark.parametrize("what", ["ended", "closed", "held", "rests"])
@pytest.mark.slow
def test_nobody_is_asked_where_it_would_be_out_of_place(office: Office, what: str) -> None:
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
                store.pairs.get(office.pair).rests_until = date(2026, 3, 31)

    office.chat.look(change)
    office.chat.advance(days=12)
    assert office.asked(office.ana) == []


def test_an_ended_pair_keeps_no_new_goals(office: Office) -> None:
    office.ana.command("goals")
    office.chat.look(lambda store: store.pairs.end_all(office.program, office.chat.now))
    office.ana.submit(goal_1="Too late")
    office.ana.sees("you are in none at the moment")
    assert office.kept() == {}


def test_a_forwarded_card_keeps_nothing(office: Office) -> None:
    for step in ("start", "save"):
        with pytest.raises(NotYours):
            office.chat.run(office.cora.id, Submitted({"goal_1": "Mine"}), Action("goals", step, {"pair": office.pair}))
    with pytest.raises(NotYours):
        office.chat.run(office.cora.id, Pressed(), Action("goals", "start", {"pair": office.pair}))
    assert office.kept() == {}
