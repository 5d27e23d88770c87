"""The end of a program: a notice, a last word to each, and a program that closes by itself."""

from datetime import date, timedelta
from typing import Any

import pytest

from conversations.flows import (
    booking,
    check_in,
    closing,
    half_time,
    help,
    opening,
    parting,
    pulse,
    report,
    sign_up,
    skills,
    status,
)
from conversations.flows import (
    program as program_flow,
)
from storage.store import Store
from storage.subject import NotYours
from storage.tables import CheckIn, Session
from tests.support.chat import CHANNEL, Chat, ChatPerson
from tests.support.company import MONDAY, mentee, mentor, pair, program

pytestmark = pytest.mark.slow

# A Thursday, eight weeks on.
LAST = MONDAY + timedelta(days=59)
FLOWS = (
    check_in,
    half_time,
    closing,
    opening,
    parting,
    program_flow,
    booking,
    pulse,
    skills,
    report,
    status,
    sign_up,
    help,
)


class End:
    """Ana teaches Erik until the end; Zoe never had a partner, Max said no, and Cora and Omar coordinate."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        chat.flows = tuple(flow.FLOW for flow in FLOWS)
        chat.now += timedelta(hours=1, minutes=30)
        self.cora = chat.person("cora@larkspur.example", coordinator=True)
        self.omar = chat.person("omar@larkspur.example", coordinator=True)
        self.program = program(chat, self.cora, status="running", ends_on=LAST)
        self.ana = mentor(chat, "ana.costa", self.program, status="matched")
        self.erik = mentee(chat, "erik.berg", self.program, status="matched")
        self.zoe = mentor(chat, "zoe.waits", self.program)
        self.max = mentee(chat, "max.left", self.program, status="left")
        self.pair = pair(chat, self.program, self.ana, self.erik)

    def until(self, day: date, **more: float) -> None:
        self.chat.advance(days=(day - self.chat.now.date()).days, **more)

    def kinds(self, person: ChatPerson) -> list[tuple[str, date]]:
        return [
            (one.notice.kind, when) for one, when in zip(person.messages, self.days(person), strict=True) if one.notice
        ]

    def days(self, person: ChatPerson) -> list[date]:
        rows = {row.key: row.settled_at for row in self.chat.look(lambda store: store.outbox.everything())}
        return [settled.date() if (settled := rows.get(one.key)) else self.chat.now.date() for one in person.messages]

    def of(self, person: ChatPerson, kind: str) -> list[Any]:
        return [one for one in person.messages if one.notice and one.notice.kind == kind]

    def change(self, **columns: object) -> None:
        def set_columns(store: Store) -> None:
            for name, value in columns.items():
                setattr(store.programs.get(self.program), name, value)

        self.chat.look(set_columns)

    def status(self) -> str:
        found: str = self.chat.look(lambda store: store.programs.get(self.program).status)
        return found


@pytest.fixture
def end(chat: Chat) -> End:
    return End(chat)


# Two weeks before ------------------------------------------------------------------------------------------------


def test_everybody_with_a_partner_hears_two_weeks_before(end: End) -> None:
    end.until(LAST - timedelta(days=15))
    for person in (end.ana, end.erik):
        person.command("thanks")
    end.until(LAST - timedelta(days=14))
    for person, partner in ((end.ana, "Erik"), (end.erik, "Ana")):
        words = person.sees("Digital fluency: the last two weeks", "ends on 30 April", "time for one more session")
        assert f"[Write to {partner}]" in words
        assert "Next from me: 30 April" in words
    assert end.zoe.messages == end.max.messages == []


def test_the_last_answer_before_says_that_the_notice_comes_next(end: End) -> None:
    end.until(date(2026, 4, 14))
    end.ana.press("Met")
    assert "Next from me" not in end.ana.last.text, "half-time is still asked on this card"
    end.ana.press("Carry on")
    end.ana.sees("Next from me: 16 April, about the last two weeks.")
    end.until(date(2026, 4, 17))
    end.ana.command("thanks")
    end.ana.sees("Next from me: 30 April, when the program closes.")


def test_nobody_gets_two_messages_on_one_day_around_the_end(end: End) -> None:
    end.until(LAST + timedelta(days=3))
    days = [day for _, day in end.kinds(end.ana)]
    assert len(days) == len(set(days))
    assert [kind for kind, day in end.kinds(end.ana) if day > LAST - timedelta(days=10)] == ["closing"]


# The last day ----------------------------------------------------------------------------------------------------


def test_on_the_last_day_each_gets_their_own_words_and_numbers_and_nobody_elses(end: End) -> None:
    end.until(date(2026, 3, 18))
    end.ana.press("Met")
    end.ana.press("Add a note")
    end.ana.submit(learned="Ask for the *reason* first", change="Talk less")
    end.erik.press("Met")
    end.erik.press("Add a note")
    end.erik.submit(learned="Shortcuts save my mornings")
    end.until(LAST)
    words = end.ana.sees("has come to its end", "Thank you, Ana", "Ask for the *reason* first", "Sessions you had: 1")
    assert "Check-ins you answered: 1" in words
    assert "Talk less" not in words
    assert "Shortcuts" not in words
    assert {"Write to Erik", "Answer 3 questions", "Yes, again"} <= set(end.ana.last.labels)
    end.erik.sees("Thank you, Erik", "Shortcuts save my mornings")


def test_a_pair_that_never_met_is_not_thanked_for_its_sessions(end: End) -> None:
    end.until(LAST)
    for person, partner in ((end.ana, "Erik"), (end.erik, "Ana")):
        words = person.sees(
            "has come to its end", "I know of no session that you had", "We did not get round to meeting"
        )
        assert "our sessions" not in words
        assert "Sessions you had" not in words
        assert "courage" not in words
        assert f"Write to {partner}" in person.last.labels


def test_a_long_list_of_lines_stays_readable(end: End) -> None:
    def write(store: Store) -> None:
        for number in range(9):
            asked = store.check_ins.add(CheckIn(person_id=end.ana.id, period=MONDAY - timedelta(days=number)))
            answer = store.check_ins.record(asked, end.pair, "met", end.chat.now + timedelta(minutes=number))
            answer.learned = f"Lesson {number}: " + "word " * 110

    end.chat.look(write)
    end.until(LAST)
    words = end.ana.sees("Lesson 8", "Lesson 3", "And 3 more; type privacy to get them all")
    assert "Lesson 2:" not in words
    assert max(map(len, words.splitlines())) < 260


def test_the_closing_pulse_opens_from_the_last_word(end: End) -> None:
    end.until(LAST)
    end.ana.press("Answer 3 questions")
    assert end.ana.form is not None


def test_a_last_day_at_a_weekend_is_said_on_the_friday_before(end: End) -> None:
    end.change(ends_on=LAST + timedelta(days=3))
    end.until(LAST + timedelta(days=1))
    end.ana.sees("has come to its end")
    assert end.status() == "running"


def test_again_is_kept_for_the_next_program_and_shown_to_the_coordinators(end: End) -> None:
    end.until(LAST)
    end.ana.press("Yes, again")
    end.ana.sees("Glad to hear it", "Next from me")
    end.ana.press("Yes, again")
    end.erik.press("Yes, again")
    end.erik.press("I changed my mind")
    end.erik.sees("I took that back")
    end.until(LAST + timedelta(days=1))
    end.cora.press("Who would do it again")
    names = end.cora.sees("1 person would take part again", "Ana Costa")
    assert "Erik" not in names
    other = program(end.chat, end.cora, "Sustainability", starts_on=LAST + timedelta(days=40))
    end.ana.command("join")
    end.ana.submit(role="mentor", themes=("digital_tools",))
    end.ana.submit(capacity="1", agreement=("agreed",))
    rounds = end.chat.look(lambda store: store.enrollments.of(store.people.get(end.ana.id), other).unmatched_rounds)
    assert rounds == 1


def test_somebody_elses_again_button_does_nothing(end: End) -> None:
    stranger = end.chat.person("stranger@larkspur.example")
    for step in ("again", "not_again", "who_again"):
        with pytest.raises(NotYours):
            end.chat.press_action(stranger, "closing", step, program=end.program)


# The close -------------------------------------------------------------------------------------------------------


def test_the_program_closes_by_itself_the_morning_after(end: End) -> None:
    end.cora.command("program open", CHANNEL)
    end.until(LAST)
    assert end.status() == "running"
    end.until(LAST + timedelta(days=1))
    assert end.status() == "closed"
    assert end.chat.look(lambda store: store.pairs.get(end.pair).status) == "ended"
    assert "sign-up has ended" in end.chat.channel[0].text
    for coordinator in (end.cora, end.omar):
        coordinator.sees("Digital fluency is over", "Its last day was 30 April", "[Report]")
    end.zoe.sees("has ended", "no match for you this time")
    assert end.max.messages == []
    assert len(end.of(end.ana, "closing")) == 2
    end.until(LAST + timedelta(days=60))
    assert len(end.of(end.cora, "coordinator_closed")) == 1
    assert len(end.of(end.ana, "closing")) == 2
    assert not [when for kind, when in end.kinds(end.ana) if when > LAST]


def test_closing_by_hand_does_the_same_at_once(end: End) -> None:
    end.until(MONDAY + timedelta(days=20))
    end.cora.command("program close")
    end.cora.press("Close the program")
    end.cora.sees("is closed", "[Report]")
    end.chat.advance(hours=1)
    end.ana.sees("has come to its end", "Thank you, Ana")
    end.zoe.sees("no match for you this time")
    end.until(LAST + timedelta(days=5))
    assert len(end.of(end.ana, "closing")) == len(end.of(end.erik, "closing")) == 1


def test_a_program_on_hold_neither_says_goodbye_nor_closes_until_it_goes_on(end: End) -> None:
    end.change(held_since=end.chat.now)
    end.until(LAST + timedelta(days=5))
    assert end.status() == "running"
    assert end.of(end.ana, "closing") == []
    end.change(held_since=None)
    end.chat.advance(days=1)
    assert end.status() == "closed"
    end.ana.sees("has come to its end")


def test_one_sided_programs_end_as_kindly(end: End) -> None:
    """Only mentors signed up, and nobody was ever paired."""
    other = program(end.chat, end.cora, "Sustainability", status="open", ends_on=LAST)
    lone = mentor(end.chat, "liv.alone", other)
    end.until(LAST + timedelta(days=1))
    assert len(lone.messages) == 1
    lone.sees("Sustainability has ended", "it depends on who else signs up")


def test_somebody_in_two_programs_hears_of_the_one_that_ends(end: End) -> None:
    other = program(end.chat, end.cora, "Sustainability", status="running")
    finn = mentee(end.chat, "finn.okafor", other, status="matched")
    pair(end.chat, other, end.ana, finn)
    while end.chat.now.date() < LAST + timedelta(days=21):
        end.chat.advance(days=1)
        if end.ana.messages and end.ana.messages[-1].button("Met"):
            end.ana.press("Met", end.ana.messages[-1])
    farewell = end.of(end.ana, "closing")[-1]
    assert "Finn" not in farewell.text
    later = end.ana.messages[end.ana.messages.index(farewell) + 1 :]
    assert ["Finn Okafor" in one.text and "Erik" not in one.text for one in later] == [True]


def test_what_still_waits_from_the_program_is_not_sent_beside_the_farewell(end: End) -> None:
    end.until(LAST - timedelta(days=1))
    row = {"kind": "check_in_reminder", "delivery": "nudge", "person_id": end.ana.id, "program_id": end.program}
    end.chat.look(lambda store: store.outbox.add("late", end.chat.now, row))
    end.until(LAST)
    assert end.chat.look(lambda store: store.outbox.states(["late"])) == {"late": "dropped"}


# Afterwards ------------------------------------------------------------------------------------------------------


def test_an_answer_weeks_after_the_close_is_taken_kindly_and_nothing_is_lost(end: End) -> None:
    end.until(date(2026, 3, 18))
    question = end.ana.last
    end.until(LAST + timedelta(days=30))
    end.ana.press("Met", question)
    end.ana.sees("Thank you, noted", "You and Erik Berg met")
    end.ana.press("Add a note", question)
    end.ana.submit(learned="Better late than never")
    end.ana.sees("What you learned: Better late than never", "Only you can read it.")
    held: list[Session] = end.chat.look(lambda store: store.sessions.held(end.pair))
    assert len(held) == 1
    before = len(end.erik.messages)
    end.chat.press_action(end.ana, "check_in", "share", check_in=1, pair=end.pair)
    assert len(end.erik.messages) == before


def test_a_late_click_on_not_yet_offers_no_date_any_more(end: End) -> None:
    end.until(date(2026, 3, 18))
    question = end.erik.last
    end.until(LAST + timedelta(days=30))
    end.erik.press("Not yet", question)
    assert "Book a time" not in question.labels
    end.chat.press_action(end.erik, "check_in", "remind_me", check_in=2, pair=end.pair)
    assert end.erik.form is None


def test_a_last_word_that_a_pause_or_a_hold_stopped_comes_with_the_farewells(end: End) -> None:
    end.until(LAST)

    def stop(store: Store) -> None:
        row = next(one for one in store.outbox.everything() if one.key == f"farewell/{end.program}/{end.ana.id}")
        row.state, row.reason = "dropped", "paused"

    end.chat.look(stop)
    end.ana.messages = [one for one in end.ana.messages if "has come to its end" not in one.text]
    end.until(LAST + timedelta(days=2))
    for person in (end.ana, end.erik):
        assert len([one for one in person.messages if "Digital fluency has come to its end" in one.text]) == 1


def test_whoever_left_a_pair_before_the_note_is_not_pointed_back_to_it(end: End) -> None:
    end.until(LAST - timedelta(days=2))
    end.chat.press_action(end.ana, "parting", "new_partner", pair=end.pair)
    end.ana.press("End this pair")
    end.chat.press_action(end.cora, "opening", "closed", program=end.program)
    end.chat.advance(days=1)
    end.ana.sees("Digital fluency has come to its end")
    assert "Erik" not in end.ana.last.text
    # The other side has heard nothing, so nothing is different for them.
    end.erik.sees("Digital fluency has come to its end", "[Write to Ana]")


def test_after_an_early_close_the_last_questions_close_two_weeks_after_the_close(end: End) -> None:
    end.until(date(2026, 3, 18))
    end.chat.press_action(end.cora, "opening", "closed", program=end.program)
    end.chat.advance(days=1)
    end.ana.sees("Digital fluency has come to its end")
    end.ana.press("Answer 3 questions")
    end.ana.submit(often="4", useful="5", openly="3")
    end.ana.sees("From 2 April on you can see the figures")
    row = end.chat.look(lambda store: store.pulses.named(end.program, "closing"))
    assert (row.closes_on, row.status) == (date(2026, 4, 1), "open")
    end.until(date(2026, 4, 3))
    row = end.chat.look(lambda store: store.pulses.named(end.program, "closing"))
    assert row.status == "closed"


def report_of(end: End) -> str:
    end.cora.command("program report")
    return end.cora.sees("the report")


def test_pairs_that_the_close_ends_did_not_end_early(end: End) -> None:
    later = mentee(end.chat, "finn.roy", end.program, status="matched")
    pair(end.chat, end.program, end.zoe, later, started_on=date(2026, 3, 25))
    end.until(date(2026, 3, 18))
    end.chat.press_action(end.cora, "opening", "closed", program=end.program)
    for day in (date(2026, 3, 19), date(2026, 4, 30)):
        end.until(day)
        shown = report_of(end)
        # Nor was anybody introduced after it.
        assert "Pairs: 1\n" in shown
        assert "Pairs that ended early: 0" in shown


@pytest.mark.parametrize("who", ["one side", "the coordinator"])
def test_a_pair_that_was_over_shortly_before_the_close_ended_early_and_nobody_reads_it_who_had_not_heard(
    end: End, who: str
) -> None:
    end.until(date(2026, 3, 17))
    if who == "one side":
        end.chat.press_action(end.ana, "parting", "yes_new", pair=end.pair)
    else:
        end.chat.press_action(end.cora, "parting", "yes_rematch", pair=end.pair)
    assert "Pairs that ended early: 1" in report_of(end)
    end.chat.press_action(end.cora, "opening", "closed", program=end.program)
    assert "Pairs that ended early: 1" in report_of(end)
    end.chat.advance(days=1)
    end.erik.sees("Digital fluency has come to its end", "[Write to Ana]")
    row = end.chat.look(lambda store: store.pairs.get(end.pair))
    assert row.ended_at == end.chat.look(lambda store: store.programs.get(end.program)).closed_at
