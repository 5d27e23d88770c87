"""The pulse: who is asked when, and that nothing but figures ever comes out of it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from conversations.actions import Action
from conversations.events import Due, Pressed, Submitted
from conversations.forms import Scale
from storage.database import Database
from storage.store import Store
from storage.subject import NotYours
from storage.tables import PulseRound, Table
from tests.support.chat import Chat, ChatPerson, Message
from tests.support.company import MONDAY, mentee, mentor, pair, program

pytestmark = pytest.mark.slow

PROMISE = (
    "Your answers are confidential. Nobody in the company, also not the coordinator, can see them one by one in this "
    "tool. Results appear only for groups of at least 5. We record that you answered, separately from what you said. "
    "A server administrator who watches the running process could see an answer as it arrives; afterwards it cannot be "
    "linked to you."
)
ANSWER = "Answer 3 questions"
SIXTH_OF_APRIL, CLOSES = date(2026, 4, 6), date(2026, 4, 20)


class Office:
    """A program since 2 March, with three pairs: Ana and Erik, Bo and Finn, Cleo and Gita."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self.cora = chat.person("cora.lind@larkspur.example", coordinator=True)
        self.program = program(chat, self.cora, status="running")
        mentors = [mentor(chat, name, self.program, status="matched") for name in ("ana.costa", "bo.rossi", "cleo.ito")]
        mentees = [mentee(chat, name, self.program, status="matched") for name in ("erik.berg", "finn.roy", "gita.rao")]
        self.pairs = [pair(chat, self.program, one, other) for one, other in zip(mentors, mentees, strict=True)]
        self.everybody: Sequence[ChatPerson] = [*mentors, *mentees]
        self.ana, self.erik = mentors[0], mentees[0]

    @property
    def round(self) -> PulseRound:
        row: PulseRound = self.chat.look(lambda store: store.pulses.named(self.program, "early"))
        return row

    def until(self, day: date, hour: int = 15) -> None:
        moment = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
        self.chat.advance(seconds=(moment - self.chat.now).total_seconds())

    def asked(self, person: ChatPerson) -> list[Message]:
        return pulses_of(person)

    def answer(self, person: ChatPerson, *values: int) -> None:
        often, useful, openly = (str(value) for value in values)
        person.press(ANSWER, self.asked(person)[-1])
        person.submit(often=often, useful=useful, openly=openly)

    def change(self, **columns: Any) -> None:
        def work(store: Store) -> None:
            for name, value in columns.items():
                setattr(store.programs.get(self.program), name, value)

        self.chat.look(work)

    def person(self, person: ChatPerson, **columns: Any) -> None:
        def work(store: Store) -> None:
            for name, value in columns.items():
                setattr(store.people.get(person.id), name, value)

        self.chat.look(work)


def pulses_of(person: ChatPerson) -> list[Message]:
    return [message for message in person.messages if message.notice and message.notice.kind.startswith("pulse")]


@pytest.fixture
def office(chat: Chat) -> Office:
    return Office(chat)


# Who is asked, and when ------------------------------------------------------------------------------------------


def test_everybody_is_asked_after_five_weeks_with_the_promise_before_the_first_question(office: Office) -> None:
    office.until(SIXTH_OF_APRIL, 8)
    assert not any(office.asked(person) for person in office.everybody)
    office.until(date(2026, 4, 10))
    for person in office.everybody:
        (message,) = office.asked(person)
        assert PROMISE in message.text
        assert "Digital fluency" in message.text
        assert "until 20 April" in message.text
        assert message.labels == (ANSWER,)


def test_the_message_is_a_nudge_that_ends_with_the_round_and_stops_with_the_program(office: Office) -> None:
    office.until(date(2026, 4, 10))
    notice = office.asked(office.ana)[0].notice
    assert notice is not None
    assert (notice.kind, notice.delivery, notice.program) == ("pulse", "nudge", office.program)
    assert notice.expires_at == datetime(2026, 4, 20, 17, tzinfo=UTC)


def test_a_working_day_lies_between_the_pulse_and_a_check_in(office: Office) -> None:
    office.change(starts_on=MONDAY - timedelta(days=7))
    # The program began a week before these pairs, so day 35 is the Monday on which their second check-in is due.
    days: dict[str, list[date]] = {"check_in": [], "pulse": []}
    for _ in range(40):
        seen = len(office.ana.messages)
        office.chat.advance(days=1)
        for message in office.ana.messages[seen:]:
            if message.notice and message.notice.kind in days:
                days[message.notice.kind].append(office.chat.now.date())
    (asked,) = days["pulse"]
    assert len(days["check_in"]) >= 2
    assert all(abs((asked - day).days) >= 2 for day in days["check_in"])


def test_whoever_was_introduced_less_than_three_weeks_before_waits_for_the_next_round(office: Office) -> None:
    dora, hugo = mentor(office.chat, "dora.may", office.program), mentee(office.chat, "hugo.lee", office.program)
    pair(office.chat, office.program, dora, hugo, SIXTH_OF_APRIL - timedelta(days=20))
    office.until(CLOSES)
    assert not office.asked(dora)
    assert office.asked(office.ana)
    office.until(MONDAY + timedelta(days=118))
    # She has ignored everything so far, and was left in peace for it.
    dora.open_home()
    office.until(MONDAY + timedelta(days=126))
    assert len(office.asked(dora)) == 1


def test_one_reminder_comes_and_none_to_whoever_answered(office: Office) -> None:
    office.until(date(2026, 3, 18))
    office.erik.press("Met")
    office.until(date(2026, 4, 10))
    office.answer(office.ana, 4, 4, 4)
    office.until(CLOSES)
    kinds = [message.notice.kind for message in office.asked(office.erik) if message.notice]
    assert kinds == ["pulse", "pulse_reminder"]
    assert "once more" in office.asked(office.erik)[-1].text
    assert len(office.asked(office.ana)) == 1


def test_nobody_is_asked_who_is_away_silent_or_gone(office: Office) -> None:
    bo, cleo = office.everybody[1], office.everybody[2]
    office.person(office.ana, paused_until=date(2026, 5, 4))
    office.person(bo, silent_since=office.chat.now)
    office.person(cleo, gone_since=office.chat.now)
    office.until(CLOSES + timedelta(days=20))
    assert not any(office.asked(person) for person in (office.ana, bo, cleo))
    assert office.asked(office.erik)


def test_whoever_is_back_within_the_round_is_asked_then(office: Office) -> None:
    office.person(office.ana, paused_until=date(2026, 4, 13))
    office.until(date(2026, 4, 11))
    assert not office.asked(office.ana)
    office.until(date(2026, 4, 16))
    assert len(office.asked(office.ana)) == 1


def test_a_round_that_falls_into_a_hold_is_not_made_up_for(office: Office) -> None:
    office.change(held_since=office.chat.now)
    office.until(date(2026, 4, 9))
    office.change(held_since=None, resumed_on=date(2026, 4, 9))
    office.until(CLOSES)
    assert not any(office.asked(person) for person in office.everybody)


def test_a_program_of_three_months_has_no_late_round(office: Office) -> None:
    office.change(ends_on=MONDAY + timedelta(days=92))
    office.until(MONDAY + timedelta(days=91))
    assert [row.name for row, _ in office.chat.look(lambda store: store.pulses.published(office.program))] == ["early"]


def test_somebody_in_two_programs_is_asked_about_each(office: Office) -> None:
    other = program(office.chat, office.cora, "Sustainability", status="running")
    pair(office.chat, other, office.ana, office.everybody[4])
    office.until(date(2026, 4, 14))
    titles = [message.text for message in office.asked(office.ana) if message.notice and message.notice.kind == "pulse"]
    assert len(titles) == 2
    assert any("Sustainability" in words for words in titles)


# Answering -------------------------------------------------------------------------------------------------------


def test_three_numbers_are_picked_in_a_form_and_the_card_becomes_a_receipt(office: Office) -> None:
    office.until(date(2026, 4, 10))
    office.ana.press(ANSWER, office.asked(office.ana)[-1])
    assert office.ana.form is not None
    assert [type(field) for field in office.ana.form.fields] == [Scale] * 3
    office.ana.submit(often="4", useful="5", openly="3")
    receipt = office.ana.sees("Recorded, thank you", "21 April", "Next from me")
    assert not any(character in receipt for character in ("4,", "5,", "3,"))
    assert ANSWER not in receipt


def test_a_second_click_says_that_it_is_recorded_and_cannot_be_found_again(office: Office) -> None:
    office.until(date(2026, 4, 10))
    office.ana.press(ANSWER, office.asked(office.ana)[-1])
    twice = office.ana.form
    office.ana.submit(often="4", useful="5", openly="3")
    office.chat.press_action(office.ana, "pulse", "start", round=office.round.id)
    office.ana.sees("recorded already", "can't be changed", "Next from me")
    assert twice is not None
    office.ana.form = twice
    office.ana.submit(often="1", useful="1", openly="1")
    office.ana.sees("recorded already")
    assert office.chat.look(lambda store: store.pulses.answers(office.round.id)) == {
        "often": [4],
        "openly": [3],
        "useful": [5],
    }


def test_what_is_missing_is_asked_again_without_what_was_picked(office: Office) -> None:
    office.until(date(2026, 4, 10))
    office.ana.press(ANSWER, office.asked(office.ana)[-1])
    office.ana.submit(often="4", useful="", openly="9")
    assert set(office.ana.errors) == {"useful", "openly"}
    assert office.ana.form is not None
    assert [field.value for field in office.ana.form.fields] == ["", "", ""]


def test_a_forwarded_card_is_nobody_elses(office: Office) -> None:
    office.until(date(2026, 4, 10))
    for step in ("start", "record"):
        with pytest.raises(NotYours):
            office.chat.run(
                office.cora.id,
                Submitted({"often": "1", "useful": "1", "openly": "1"}),
                Action("pulse", step, {"round": office.round.id}),
            )
    assert office.chat.look(lambda store: store.pulses.answers(office.round.id)) == {}


def test_an_answer_counts_while_the_round_is_open_though_the_program_has_closed(office: Office) -> None:
    office.until(date(2026, 4, 10))
    office.change(status="closed")
    office.chat.look(lambda store: store.pairs.end_all(office.program, office.chat.now))
    office.answer(office.ana, 2, 2, 2)
    office.ana.sees("Recorded, thank you")


def test_after_the_round_a_late_click_reads_that_it_is_over(office: Office) -> None:
    office.until(date(2026, 4, 10))
    card = office.asked(office.ana)[-1]
    office.ana.press(ANSWER, card)
    office.until(date(2026, 4, 22))
    office.ana.submit(often="4", useful="5", openly="3")
    office.ana.sees("These three questions are closed", "results", "Next from me")


def test_a_made_up_round_leads_nowhere(office: Office) -> None:
    with pytest.raises(NotYours):
        office.chat.run(office.ana.id, Pressed(), Action("pulse", "start", {"round": 999}))


def test_the_clocks_steps_do_nothing_before_their_time_or_twice(office: Office) -> None:
    office.until(date(2026, 4, 10))
    seen = len(office.ana.messages)
    office.chat.due(office.ana, Action("pulse", "ask", {"program": office.program, "name": "early"}))
    office.chat.due(office.ana, Action("pulse", "ask", {"program": office.program, "name": "late"}))
    office.chat.due(office.ana, Action("pulse", "close", {"round": office.round.id}))
    assert len(office.ana.messages) == seen
    assert office.round.status == "open"


# The closing round -----------------------------------------------------------------------------------------------


def at_the_end(office: Office) -> PulseRound:
    def opened(store: Store) -> PulseRound:
        return store.pulses.closing_round(store.programs.get(office.program), date(2026, 9, 2))

    office.until(date(2026, 9, 2))
    row: PulseRound = office.chat.look(opened)
    return row


def test_the_closing_round_starts_from_another_card_which_stays_and_holds_the_promise_itself(office: Office) -> None:
    row = at_the_end(office)
    seen = len(office.ana.messages)
    office.chat.press_action(office.ana, "pulse", "start", round=row.id)
    assert office.ana.form is not None
    assert office.ana.form.intro.startswith(PROMISE)
    office.ana.submit(often="4", useful="5", openly="3")
    office.ana.sees("Recorded, thank you")
    assert len(office.ana.messages) == seen + 1


def test_the_closing_round_closes_two_weeks_after_the_end(office: Office) -> None:
    row = at_the_end(office)
    for person in office.everybody:
        office.chat.press_action(person, "pulse", "start", round=row.id)
        person.submit(often="4", useful="5", openly="3")
    office.change(status="closed")
    office.until(date(2026, 9, 18))
    office.ana.command("results")
    office.ana.sees("At the end", "●●●●○ 4.0 of 5, 6 answers")


def test_whoever_never_had_a_pair_is_not_asked_at_the_end(office: Office) -> None:
    row = at_the_end(office)
    dora = mentor(office.chat, "dora.may", office.program)
    with pytest.raises(NotYours):
        office.chat.press_action(dora, "pulse", "start", round=row.id)


# What must never come out ----------------------------------------------------------------------------------------


def everything_but_the_answers(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table save the answers, without what is random on purpose: ids of deliveries, their secret."""

    def work(store: Store) -> dict[str, list[tuple[Any, ...]]]:
        return {
            table.name: [
                tuple(row)
                for row in store._session.execute(select(*(each for each in table.c if each.name != "delivery_id")))
            ]
            for table in Table.metadata.sorted_tables
            if table.name not in {"pulse_answers", "installation_state"}
        }

    return database.read_now(work)


def screens(office: Office) -> list[list[str]]:
    return [[message.text for message in person.messages] for person in (*office.everybody, office.cora)]


def lived_through(database: Database, values: tuple[int, int, int], until: date) -> Office:
    office = Office(Chat(database))
    office.until(date(2026, 4, 10))
    for person in office.everybody:
        office.answer(person, *values)
    office.until(until)
    return office


def test_a7_no_table_and_no_screen_tells_the_lowest_answers_from_the_highest(
    sqlite_database: Database, sqlite_template: Any, tmp_path: Any
) -> None:
    """Drafts, outbox, inbox, audit, buttons, messages: byte for byte the same, until the round closes."""
    path = tmp_path / "other.db"
    path.write_bytes(sqlite_template.read_bytes())
    other = Database(f"sqlite:///{path}")
    low = lived_through(sqlite_database, (1, 1, 1), date(2026, 4, 20))
    high = lived_through(other, (5, 5, 5), date(2026, 4, 20))
    assert everything_but_the_answers(sqlite_database) == everything_but_the_answers(other)
    assert screens(low) == screens(high)
    other.close()


def test_a4_after_each_single_answer_every_results_surface_is_byte_identical_until_the_close(office: Office) -> None:
    office.until(date(2026, 4, 10))
    shown: set[str] = set()
    for person in office.everybody:
        office.answer(person, 1, 5, 3)
        for reader in (office.everybody[5], office.cora):
            for words in ("results", "program status", "home"):
                if reader is office.cora or not words.startswith("program"):
                    reader.command(words)
                    shown.add(f"{reader.email} {words}: {reader.last.text}")
    assert len(shown) == 5


def test_a4_four_answers_read_like_none(office: Office) -> None:
    office.until(date(2026, 4, 10))
    for person in office.everybody[:4]:
        office.answer(person, 5, 5, 5)
    office.until(date(2026, 4, 22))
    office.ana.command("results")
    assert office.ana.last.text.count("fewer than 5 answers, so no figure") == 3
    assert "4 answers" not in office.ana.last.text


def test_a3_no_command_gives_a_score_of_a_pair_a_role_or_a_department(office: Office) -> None:
    office.until(date(2026, 4, 10))
    for person in office.everybody:
        office.answer(person, *((5, 5, 5) if person.email.startswith(("ana", "bo", "cleo")) else (2, 2, 2)))
    office.until(date(2026, 4, 22))
    for reader in (office.ana, office.erik, office.cora):
        reader.command("results")
        reader.sees("●●●●○ 3.5 of 5, 6 answers")
        # Mentors gave 5 and mentees 2: neither is anywhere.
        assert not any(mean in reader.last.text for mean in ("5.0", "4.9", "2.0"))
        assert not any(word in reader.last.text for word in ("mentor", "mentee", "Finance", "Engineering", "Ana"))


def test_a8_whoever_leaves_afterwards_changes_no_figure(office: Office) -> None:
    office.until(date(2026, 4, 10))
    for person in office.everybody:
        office.answer(person, 4, 3, 2)
    office.until(date(2026, 4, 22))
    office.cora.command("results")
    before = office.cora.last.text

    def leave(store: Store) -> None:
        for enrollment, _ in store.enrollments.in_program(office.program)[:3]:
            enrollment.status = "left"

    office.chat.look(leave)
    office.cora.command("results")
    assert office.cora.last.text == before


def test_coordinators_get_no_message_of_the_close_and_their_digest_can_find_it(office: Office) -> None:
    office.until(date(2026, 4, 10))
    office.until(date(2026, 4, 22))
    assert not pulses_of(office.cora)
    since = datetime(2026, 4, 20, tzinfo=UTC)
    found = office.chat.look(lambda store: store.pulses.published_since(since))
    assert [row.name for row in found] == ["early"]


def test_the_close_of_a_made_up_round_leads_nowhere(office: Office) -> None:
    with pytest.raises(NotYours):
        office.chat.run(office.cora.id, Due(), Action("pulse", "close", {"round": 12}))
