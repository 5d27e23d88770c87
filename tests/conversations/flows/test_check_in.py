"""The check-in: one card a person, one click, and nothing that anybody else can read."""

from datetime import UTC, date, datetime, timedelta

import pytest

from conversations.actions import Action
from conversations.events import Due, Pressed
from conversations.flows import check_in, half_time, help
from conversations.replies import Planned, Update
from storage.store import Store
from storage.subject import NotYours
from storage.tables import CheckIn, Session
from tests.support.chat import Chat, ChatPerson
from tests.support.company import MONDAY, mentee, mentor, pair, program

FIRST = "It is about two weeks since I introduced you"


class Pairs:
    """A program with Ana, who teaches Erik, and Bo, who stands by for a second pair."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        # The other stories of a program have their own days, and their own tests.
        chat.flows = (check_in.FLOW, half_time.FLOW, help.FLOW)
        # After ten o'clock, so that a day later is after the moment of a check-in.
        chat.now += timedelta(hours=1, minutes=30)
        self.cora = chat.person("cora@larkspur.example", coordinator=True)
        self.program = program(chat, self.cora, status="running")
        self.ana = mentor(chat, "ana.costa", self.program)
        self.erik = mentee(chat, "erik.berg", self.program)
        self.pair = pair(chat, self.program, self.ana, self.erik)

    def held(self) -> list[date]:
        days: list[date] = self.chat.look(lambda store: [session.held_on for session in store.sessions.held(self.pair)])
        return days

    def check_ins(self, person: ChatPerson) -> list[CheckIn]:
        rows: list[CheckIn] = self.chat.look(
            lambda store: [
                check_in
                for _, period in store.check_ins.periods_since(MONDAY, person.id, person.id)
                if (check_in := store.check_ins.of_period(person.id, period))
            ]
        )
        return rows


@pytest.fixture
def pairs(chat: Chat) -> Pairs:
    return Pairs(chat)


def test_both_are_asked_two_weeks_after_the_introduction_on_a_tuesday(pairs: Pairs) -> None:
    pairs.chat.advance(days=14)
    assert not pairs.ana.messages
    pairs.chat.advance(days=1)
    pairs.ana.sees("Have you two met?", FIRST, "Erik Berg", "Only you see what you answer")
    pairs.erik.sees("Ana Costa")
    assert pairs.ana.last.labels == ("Met", "Date set", "Not yet", "Skip")


def test_one_click_records_a_session_and_says_what_comes_next(pairs: Pairs) -> None:
    pairs.chat.advance(days=15)
    pairs.ana.press("Met")
    pairs.ana.sees("Thank you, noted", "You and Erik Berg met", "Next from me: 31 March")
    assert len(pairs.held()) == 1


def test_both_sides_saying_met_is_one_session(pairs: Pairs) -> None:
    pairs.chat.advance(days=15)
    pairs.ana.press("Met")
    pairs.chat.advance(days=1)
    pairs.erik.press("Met")
    assert len(pairs.held()) == 1
    pairs.chat.advance(days=14)
    pairs.ana.press("Met")
    pairs.erik.press("Met")
    assert len(pairs.held()) == 2


def test_neither_side_learns_what_the_other_answered(pairs: Pairs) -> None:
    pairs.chat.advance(days=15)
    asked = pairs.erik.last.text
    pairs.ana.press("Not yet")
    pairs.ana.press("Add a note")
    pairs.ana.submit(learned="He is afraid of spreadsheets", change="Shorter", closer="2")
    assert pairs.erik.last.text == asked
    pairs.erik.press("Met")
    assert "spreadsheets" not in pairs.erik.last.text
    assert "You and Erik" not in pairs.ana.last.text


def test_not_yet_offers_a_way_to_write_to_the_partner(pairs: Pairs) -> None:
    pairs.chat.advance(days=15)
    pairs.erik.press("Not yet")
    pairs.erik.sees("Not yet with Ana Costa", "Write to Ana", "Next from me: 31 March")
    assert pairs.held() == []


def test_an_answer_can_be_changed_and_takes_its_session_back(pairs: Pairs) -> None:
    pairs.chat.advance(days=15)
    pairs.ana.press("Met")
    pairs.ana.press("Change my answer")
    assert pairs.ana.last.labels == ("Met", "Date set", "Not yet", "Skip")
    pairs.ana.press("Date set")
    pairs.ana.sees("have set a day")
    assert pairs.held() == []


def test_a_session_stays_when_the_other_side_says_that_they_met(pairs: Pairs) -> None:
    pairs.chat.advance(days=15)
    pairs.ana.press("Met")
    pairs.erik.press("Met")
    pairs.ana.press("Change my answer")
    pairs.ana.press("Not yet")
    assert len(pairs.held()) == 1


def test_pressing_twice_changes_nothing(pairs: Pairs) -> None:
    pairs.chat.advance(days=15)
    action = pairs.ana.last.button("Met")
    assert action is not None
    for _ in range(3):
        pairs.chat.run(pairs.ana.id, Pressed(), action.action)
    assert len(pairs.held()) == 1


def test_the_note_is_optional_and_kept_for_its_author(pairs: Pairs) -> None:
    pairs.chat.advance(days=15)
    pairs.ana.press("Met")
    pairs.ana.press("Add a note")
    pairs.ana.submit()
    pairs.ana.sees("A line about it")
    pairs.ana.press("Add a note")
    pairs.ana.submit(change="Meet in the morning", closer="4")
    pairs.ana.sees("Your note is saved; only you can read it.")
    pairs.ana.press("Edit my note")
    assert pairs.ana.field("change").value == "Meet in the morning"
    assert pairs.ana.field("closer").value == "4"


def test_what_does_not_fit_is_asked_again_with_everything_typed(pairs: Pairs) -> None:
    pairs.chat.advance(days=15)
    pairs.ana.press("Met")
    pairs.ana.press("Add a note")
    pairs.ana.submit(learned="x" * 601, change="Shorter", closer="9")
    assert set(pairs.ana.errors) == {"learned", "closer"}
    assert pairs.ana.field("change").value == "Shorter"


def test_a_pasted_novel_is_asked_for_shorter_and_nothing_of_it_is_lost(pairs: Pairs) -> None:
    pairs.chat.advance(days=15)
    pairs.ana.press("Met")
    pairs.ana.press("Add a note")
    novel = "It was the best of times, it was the worst of times. " * 4_000
    pairs.ana.submit(learned=novel, change="")
    assert "at most 600 fit" in pairs.ana.errors["learned"]
    assert pairs.ana.field("learned").value == novel
    pairs.ana.submit(learned="The best of times")
    pairs.ana.sees("What you learned: The best of times")


def test_an_emoji_alone_is_an_answer_like_any_other(pairs: Pairs) -> None:
    pairs.chat.advance(days=15)
    pairs.ana.press("Met")
    pairs.ana.press("Add a note")
    pairs.ana.submit(learned="👍🏽")
    pairs.ana.sees("What you learned: 👍🏽")
    pairs.ana.press("Share with Erik")
    pairs.erik.sees("A line from Ana", "👍🏽")


def test_an_emoji_in_the_chat_instead_of_a_click_gets_a_useful_answer(pairs: Pairs) -> None:
    pairs.chat.advance(days=15)
    pairs.ana.say("👍")
    pairs.ana.sees("What I can do")
    assert pairs.held() == []


# Not yet ---------------------------------------------------------------------------------------------------------


def not_yet(pairs: Pairs) -> None:
    pairs.chat.advance(days=15)
    pairs.ana.press("Not yet")


def test_not_yet_offers_a_time_or_a_reminder_on_a_day(pairs: Pairs) -> None:
    not_yet(pairs)
    assert {"Book a time", "Remind me on a day", "Write to Erik"} <= set(pairs.ana.last.labels)
    pairs.ana.press("Remind me on a day")
    pairs.ana.submit(day="2026-03-24")
    pairs.ana.sees("I remind you on 24 March, as you asked.")
    pairs.chat.advance(days=6)
    assert len(pairs.ana.messages) == 1
    pairs.chat.advance(days=1)
    pairs.ana.sees("A time with Erik", "You asked me to remind you today")
    notice = pairs.ana.last.notice
    assert notice is not None
    assert notice.prompted
    before = len(pairs.ana.messages)
    pairs.chat.advance(days=3)
    assert len(pairs.ana.messages) == before


def test_a_reminder_for_a_day_that_has_passed_is_asked_again(pairs: Pairs) -> None:
    not_yet(pairs)
    for wrong in ("2026-03-10", "2026-03-17", "someday", "2031-01-01"):
        pairs.ana.press("Remind me on a day")
        pairs.ana.submit(day=wrong)
        assert set(pairs.ana.errors) == {"day"}


def test_another_day_takes_the_place_of_the_first(pairs: Pairs) -> None:
    not_yet(pairs)
    pairs.ana.press("Remind me on a day")
    pairs.ana.submit(day="2026-03-20")
    pairs.ana.press("Another day")
    pairs.ana.submit(day="2026-03-23")
    pairs.chat.advance(days=10)
    assert sum("You asked me" in one.text for one in pairs.ana.messages) == 1


def test_no_reminder_comes_when_they_met_or_the_pair_has_ended_meanwhile(pairs: Pairs) -> None:
    not_yet(pairs)
    pairs.ana.press("Remind me on a day")
    pairs.ana.submit(day="2026-03-20")
    pairs.ana.press("Change my answer")
    pairs.ana.press("Met")
    pairs.erik.press("Not yet")
    pairs.erik.press("Remind me on a day")
    pairs.erik.submit(day="2026-03-24")
    pairs.chat.advance(days=5)
    pairs.chat.look(lambda store: store.pairs.end_all(pairs.program, pairs.chat.now))
    pairs.chat.advance(days=4)
    assert not [one for person in (pairs.ana, pairs.erik) for one in person.messages if "You asked me" in one.text]


def test_a_pair_that_rests_is_not_asked_about_until_it_goes_on(pairs: Pairs) -> None:
    rest = MONDAY + timedelta(days=30)
    pairs.chat.look(lambda store: setattr(store.pairs.get(pairs.pair), "rests_until", rest))
    pairs.chat.advance(days=40)
    assert not pairs.ana.messages
    pairs.chat.advance(days=5)
    pairs.ana.sees("Have you two met?")


def test_a_pair_that_is_ending_is_not_asked_about(pairs: Pairs) -> None:
    pairs.chat.look(lambda store: setattr(store.pairs.get(pairs.pair), "status", "ending"))
    pairs.chat.advance(days=20)
    assert not pairs.ana.messages


def test_a_program_on_hold_asks_nothing_and_makes_nothing_up(pairs: Pairs) -> None:
    pairs.chat.look(lambda store: setattr(store.programs.get(pairs.program), "held_since", pairs.chat.now))
    pairs.chat.advance(days=20)

    def resume(store: Store) -> None:
        program = store.programs.get(pairs.program)
        program.held_since, program.resumed_on = None, pairs.chat.now.date()

    pairs.chat.look(resume)
    pairs.chat.advance(days=5)
    assert not pairs.ana.messages
    pairs.chat.advance(days=5)
    assert len(pairs.ana.messages) == 1


# A quiet pair ----------------------------------------------------------------------------------------------------


def test_a_pair_that_has_been_quiet_for_three_weeks_is_asked_what_would_help(pairs: Pairs) -> None:
    pairs.chat.advance(days=30)
    pairs.ana.sees("What would help?", "nobody's fault")
    assert pairs.ana.last.labels == ("Met", "Book a time", "Another rhythm", "New partner", "Stop")
    pairs.ana.press("Met")
    pairs.ana.sees("You and Erik Berg met")


def test_a_date_after_the_question_makes_the_reminder_needless(pairs: Pairs) -> None:
    pairs.chat.advance(days=15)
    booked = {"planned_on": pairs.chat.now.date() + timedelta(days=3), "planned_at": pairs.chat.now + timedelta(days=3)}

    def book(store: Store) -> None:
        store.sessions._add(Session(pair_id=pairs.pair, recorded_at=pairs.chat.now, **booked))

    pairs.chat.look(book)
    pairs.chat.advance(days=5)
    assert len(pairs.ana.messages) == 1


def test_a_line_is_shared_only_when_its_author_presses_share(pairs: Pairs) -> None:
    pairs.chat.advance(days=15)
    pairs.ana.press("Met")
    pairs.ana.press("Add a note")
    pairs.ana.submit(learned="Ask for the *reason* first", change="Talk less")
    before = len(pairs.erik.messages)
    pairs.ana.press("Share with Erik")
    pairs.ana.sees("You shared this line with Erik Berg")
    assert len(pairs.erik.messages) == before + 1
    told = pairs.erik.sees("A line from Ana", "Ask for the *reason* first", "Next from me")
    assert "Talk less" not in told
    notice = pairs.erik.last.notice
    assert notice is not None
    assert not notice.prompted


def test_what_was_shared_stays_as_it_was_read(pairs: Pairs) -> None:
    pairs.chat.advance(days=15)
    pairs.ana.press("Met")
    pairs.ana.press("Add a note")
    note = pairs.ana.form
    pairs.ana.submit(learned="First thought")
    pairs.ana.press("Share with Erik")
    pairs.ana.form = note
    pairs.ana.submit(learned="Second thought")
    pairs.ana.sees("First thought")
    assert len([one for one in pairs.erik.messages if "A line from" in one.text]) == 1


def test_one_reminder_two_working_days_later_and_no_second(pairs: Pairs) -> None:
    pairs.chat.advance(days=16)
    assert len(pairs.ana.messages) == 1
    pairs.chat.advance(days=1)
    pairs.ana.sees("In case my question about")
    assert pairs.ana.last.notice is not None
    assert pairs.ana.last.notice.kind == "check_in_reminder"
    pairs.chat.advance(days=11)
    assert len(pairs.ana.messages) == 2


def test_an_answered_question_needs_no_reminder(pairs: Pairs) -> None:
    pairs.chat.advance(days=15)
    pairs.ana.press("Skip")
    pairs.ana.sees("skipped this time", "Next from me")
    pairs.chat.advance(days=5)
    assert len(pairs.ana.messages) == 1


def test_answering_the_reminder_settles_the_question_too(pairs: Pairs) -> None:
    pairs.chat.advance(days=18)
    question, reminder = pairs.ana.messages
    pairs.ana.press("Met", reminder)
    assert "Thank you, noted" in reminder.text
    assert "Thank you, noted" in question.text


def test_an_edit_that_is_still_on_its_way_does_not_take_the_buttons_of_a_change_away(
    pairs: Pairs, monkeypatch: pytest.MonkeyPatch
) -> None:
    pairs.chat.advance(days=17)
    _, reminder = pairs.ana.messages
    late: list[Update] = []
    with monkeypatch.context() as slow:
        slow.setattr(Chat, "_update", lambda _, edit: late.append(edit))
        pairs.ana.press("Not yet", reminder)
        pairs.ana.press("Change my answer", reminder)
    for edit in late:
        pairs.chat._update(edit)
    assert "Met" in reminder.labels


def test_answering_the_question_settles_the_reminder_too(pairs: Pairs) -> None:
    pairs.chat.advance(days=18)
    question, reminder = pairs.ana.messages
    pairs.ana.press("Not yet", question)
    assert "Not yet with Erik Berg" in reminder.text


def test_two_pairs_share_one_card_with_a_row_each(pairs: Pairs) -> None:
    finn = mentee(pairs.chat, "finn.okafor", pairs.program)
    pair(pairs.chat, pairs.program, pairs.ana, finn, MONDAY + timedelta(days=1))
    pairs.chat.advance(days=16)
    assert len(pairs.ana.messages) == 1
    text = pairs.ana.sees("How is it going?", "Erik Berg", "Finn Okafor")
    assert text.count("[Met]") == 2
    pairs.ana.press("Met")
    pairs.ana.sees("met. It counts as a session", "[Met]", "One row for each of your pairs")
    pairs.ana.press("Not yet")
    pairs.ana.sees("Thank you, noted", "Next from me")


def test_pairs_of_two_programs_are_asked_about_on_one_card(pairs: Pairs) -> None:
    other = program(pairs.chat, pairs.cora, "Sustainability", status="running")
    finn = mentee(pairs.chat, "finn.okafor", other)
    pair(pairs.chat, other, pairs.ana, finn, MONDAY + timedelta(days=3))
    pairs.chat.advance(days=40)
    asked = [one for one in pairs.ana.messages if one.notice and one.notice.kind == "check_in"]
    assert len(asked) == 2


@pytest.mark.slow
def test_d11_everybody_is_asked_exactly_once_a_period_whatever_the_clock_does(pairs: Pairs) -> None:
    # Ana answers, so that nobody asks her whether she would like to be asked less often.
    for step in (13, 7, 1, 6, 2, 12, 13, 0.5, 13, 13, 13, 13, 13, 3.5):
        pairs.chat.advance(days=step)
        if pairs.ana.messages and pairs.ana.messages[-1].button("Met"):
            pairs.ana.press("Met", pairs.ana.messages[-1])
    rows = pairs.check_ins(pairs.ana)
    assert [row.period for row in rows] == [MONDAY + timedelta(days=14 * k) for k in range(1, len(rows) + 1)]
    asked = [one for one in pairs.ana.messages if one.notice and one.notice.kind == "check_in"]
    assert len(asked) == len(rows) == 8


def test_d10_running_a_nudge_again_asks_nothing_twice(pairs: Pairs) -> None:
    pairs.chat.advance(days=15)
    pairs.ana.press("Met")
    for period in ("2026-03-16", "2026-03-30"):
        pairs.chat.run(pairs.ana.id, Due(), Action("check_in", "ask", {"period": period}))
    assert len(pairs.ana.messages) == 1
    pairs.ana.sees("Thank you, noted")


def test_nobody_is_asked_after_the_end_of_the_program(pairs: Pairs) -> None:
    pairs.chat.look(lambda store: setattr(store.programs.get(pairs.program), "ends_on", MONDAY + timedelta(days=28)))
    pairs.chat.advance(days=60)
    asked = [one for one in pairs.ana.messages if one.notice and one.notice.kind == "check_in"]
    assert len(asked) == 1


def test_the_last_answer_says_when_the_program_closes(pairs: Pairs) -> None:
    pairs.chat.look(lambda store: setattr(store.programs.get(pairs.program), "ends_on", MONDAY + timedelta(days=28)))
    pairs.chat.advance(days=15)
    pairs.ana.press("Met")
    pairs.ana.sees("Next from me: 30 March, when the program closes.")


def test_an_ended_pair_is_not_asked_about(pairs: Pairs) -> None:
    pairs.chat.advance(days=10)
    pairs.chat.look(lambda store: setattr(store.pairs.get(pairs.pair), "status", "ended"))
    pairs.chat.advance(days=10)
    assert not pairs.ana.messages


def test_a_check_in_after_a_long_outage_is_skipped_and_the_next_one_comes_as_usual(pairs: Pairs) -> None:
    # Nothing ran from 2 March until Thursday, 26 March: two of the working days of that fortnight are left.
    pairs.chat.now += timedelta(days=24)
    pairs.chat.advance(hours=1)
    assert not pairs.ana.messages
    assert pairs.check_ins(pairs.ana)[0].skipped_at is not None
    pairs.chat.advance(days=5)
    pairs.ana.sees("How is it going?", "[Met]")


def test_a_check_in_missed_for_a_week_is_caught_up_with_once(pairs: Pairs) -> None:
    pairs.chat.now += timedelta(days=19, hours=3)
    pairs.chat.advance(days=3)
    assert [one.key for one in pairs.ana.messages] == [f"check_in/{pairs.ana.id}/2026-03-16"]


def test_an_answer_that_comes_weeks_late_still_counts_for_its_period(pairs: Pairs) -> None:
    pairs.chat.advance(days=15)
    question = pairs.ana.last
    pairs.chat.advance(days=21)
    pairs.ana.press("Met", question)
    assert "I noted it for the time up to 16 March, so it still counts." in question.text
    assert pairs.held() == [date(2026, 3, 16)]


def test_a_late_answer_after_the_pair_has_ended_is_taken_kindly(pairs: Pairs) -> None:
    pairs.chat.advance(days=15)
    pairs.chat.look(lambda store: store.pairs.end_all(pairs.program, pairs.chat.now))
    pairs.ana.press("Met")
    pairs.ana.sees("Thank you, noted", "Next from me: when there is a match for you.")
    assert len(pairs.held()) == 1


def test_a_forwarded_card_does_nothing_for_somebody_else(pairs: Pairs) -> None:
    pairs.chat.advance(days=15)
    button = pairs.ana.last.button("Met")
    assert button is not None
    for stranger in (pairs.erik, pairs.cora):
        with pytest.raises(NotYours):
            pairs.chat.run(stranger.id, Pressed(), button.action)
    assert pairs.held() == []


def test_the_pair_can_have_a_rhythm_of_its_own(pairs: Pairs) -> None:
    pairs.chat.look(lambda store: setattr(store.pairs.get(pairs.pair), "cadence_days", 28))
    pairs.chat.advance(days=27)
    assert not pairs.ana.messages
    pairs.chat.advance(days=2)
    pairs.ana.sees("Have you two met?")


def test_what_the_clock_holds_is_one_nudge_a_person_and_period(pairs: Pairs) -> None:
    pairs.chat.advance(hours=1)
    planned: list[Planned] = [one for one in pairs.chat.nudges.values() if one.person == pairs.ana.id]
    assert {one.key for one in planned} == {
        f"check_in/{pairs.ana.id}/2026-03-16",
        f"check_in/{pairs.ana.id}/2026-03-30",
    }


def test_n13_a_line_that_is_shared_while_the_pair_ends_is_kept_and_told_to_nobody(pairs: Pairs) -> None:
    pairs.chat.advance(days=15)
    pairs.ana.press("Met")
    pairs.ana.press("Add a note")
    pairs.ana.submit(learned="Ask for the reason first")

    def part(store: Store) -> None:
        row = store.pairs.get(pairs.pair)
        row.status, row.known_to = "ending", pairs.erik.id

    pairs.chat.look(part)
    before = [one.text for one in pairs.erik.messages]
    pairs.ana.press("Share with Erik")
    pairs.ana.sees("You shared this line with Erik Berg")
    assert [one.text for one in pairs.erik.messages] == before


def test_a_booked_date_that_has_passed_stands_in_the_question(pairs: Pairs) -> None:
    begins = datetime(2026, 3, 12, 11, tzinfo=UTC)
    pairs.chat.look(
        lambda store: store.sessions.book(pairs.pair, (begins.date(), begins), pairs.ana.id, pairs.chat.now)
    )
    pairs.chat.advance(days=15)
    for person in (pairs.ana, pairs.erik):
        person.sees("Have you two met?", "You had a session planned for 12 March.")
    pairs.ana.press("Met")
    assert "You had a session planned" not in pairs.ana.last.text
    assert pairs.held() == [date(2026, 3, 12)]
