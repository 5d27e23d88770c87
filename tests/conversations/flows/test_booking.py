"""A date for a session: in both calendars, in each one's own zone, moved and called off without any fuss."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from icalendar import Calendar, Event

from conversations.actions import Action
from conversations.cards import Buttons, LinkButton
from conversations.events import Pressed, Submitted
from storage.subject import NotYours
from tests.support.chat import Chat, ChatPerson, Message
from tests.support.company import mentee, mentor, pair, program


class Office:
    """Ana in Lisbon teaches Erik in Berlin since Monday, and it is Wednesday, 10:30 in Berlin."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self.cora = chat.person("cora@larkspur.example", coordinator=True)
        self.program = program(chat, self.cora, status="running")
        self.ana: ChatPerson = mentor(chat, "ana.costa", self.program, row={"timezone": "Europe/Lisbon"})
        self.erik: ChatPerson = mentee(chat, "erik.berg", self.program, row={"timezone": "Europe/Berlin"})
        self.pair = pair(chat, self.program, self.ana, self.erik)
        chat.now += timedelta(days=2)

    def book(self, who: ChatPerson, day: str = "2026-03-10", time: str = "11:00") -> None:
        who.command("book")
        if who.form is None:
            who.press("Book another")
        who.submit(day=day, time=time)

    def dates(self) -> list[datetime]:
        moments: list[datetime] = self.chat.look(
            lambda store: [one.planned_at for one in store.sessions.ahead([self.pair], self.chat.now)]
        )
        return moments

    def state(self) -> str:
        states: dict[int, str] = self.chat.look(lambda store: store.pairs.states(self.program, self.chat.now))
        return states[self.pair]


@pytest.fixture
def office(chat: Chat) -> Office:
    return Office(chat)


def event(person: ChatPerson) -> Event:
    """The entry in the file that somebody got last."""
    calendar = Calendar.from_ical(person.files[-1].content)
    assert calendar["METHOD"] == "PUBLISH"
    (found,) = calendar.walk("VEVENT")
    assert isinstance(found, Event)
    return found


def links(person: ChatPerson) -> dict[str, dict[str, Any]]:
    """What each calendar link of the date says, taken apart as a browser would."""
    rows = [block.buttons for block in date_card(person).card.blocks if isinstance(block, Buttons)]
    found = [button for row in rows for button in row if isinstance(button, LinkButton)]
    return {urlsplit(one.url).netloc: parse_qs(urlsplit(one.url).query, strict_parsing=True) for one in found}


def date_card(person: ChatPerson) -> Message:
    """The newest card of a date; the line with its file is below it."""
    return next(one for one in reversed(person.messages) if "Call it off" in one.labels)


def reads(person: ChatPerson, *words: str) -> str:
    shown = date_card(person).text
    for one in words:
        assert one in shown, f"“{one}” is not in:\n{shown}"
    return shown


# Booking ---------------------------------------------------------------------------------------------------------


def test_both_get_the_date_each_in_their_own_time_zone(office: Office) -> None:
    office.book(office.erik)
    reads(office.erik, "Tuesday, 10 March, 11:00 (Berlin time)", "45 minutes with Ana Costa", "Ana Costa hears of it")
    reads(office.ana, "Tuesday, 10 March, 10:00 (Lisbon time)", "45 minutes with Erik Berg", "[Works for me]")


def test_the_form_begins_with_the_first_hour_that_suits_both(office: Office) -> None:
    office.erik.command("book")
    assert office.erik.form is not None
    assert "Ana Costa" in office.erik.form.intro
    assert office.erik.field("day").value == "2026-03-06"
    assert office.erik.field("time").value == "10:00"
    office.erik.submit()
    assert office.dates() == [datetime(2026, 3, 6, 9, tzinfo=UTC)]


def test_both_get_a_file_titled_with_their_two_names_and_nothing_about_what_for(office: Office) -> None:
    office.book(office.erik)
    for person in (office.ana, office.erik):
        entry = event(person)
        assert entry["SUMMARY"] == "Ana Costa and Erik Berg"
        assert entry["DTSTART"].dt == datetime(2026, 3, 10, 10, tzinfo=UTC)
        assert entry["DTEND"].dt - entry["DTSTART"].dt == timedelta(minutes=45)
        assert b"mentor" not in person.files[-1].content.lower()
        assert "DESCRIPTION" not in entry
        assert person.files[-1].name == "2026-03-10.ics"
    assert event(office.ana)["UID"] == event(office.erik)["UID"]


def test_google_and_outlook_links_carry_the_same_entry(office: Office) -> None:
    office.book(office.erik)
    found = links(office.ana)
    google, outlook = found["calendar.google.com"], found["outlook.office.com"]
    assert google["text"] == outlook["subject"] == ["Ana Costa and Erik Berg"]
    assert google["dates"] == ["20260310T100000Z/20260310T104500Z"]
    assert (outlook["startdt"], outlook["enddt"]) == (["2026-03-10T10:00:00Z"], ["2026-03-10T10:45:00Z"])


def test_whoever_booked_is_answered_at_once_and_the_other_side_in_their_working_hours(office: Office) -> None:
    office.book(office.erik)
    mine, theirs = office.erik.last.notice, office.ana.last.notice
    assert mine is not None
    assert theirs is not None
    assert (mine.kind, mine.prompted, theirs.kind, theirs.prompted) == ("booked", True, "booked", False)
    assert theirs.expires_at == datetime(2026, 3, 10, 10, tzinfo=UTC)


def test_a_date_before_the_other_sides_next_working_hour_is_told_at_once(office: Office) -> None:
    office.chat.now = datetime(2026, 3, 6, 18, tzinfo=UTC)
    office.book(office.erik, "2026-03-08", "12:00")
    notice = office.ana.last.notice
    assert notice is not None
    assert notice.prompted


def test_the_pair_counts_as_having_a_date_until_it_has_passed(office: Office) -> None:
    office.book(office.erik)
    assert office.state() == "date_set"
    office.chat.now += timedelta(days=30)
    assert office.state() == "quiet"


def test_booked_and_held_is_one_session(office: Office) -> None:
    office.book(office.erik)
    office.chat.now += timedelta(days=7)
    office.ana.command("met")
    office.ana.submit(day="2026-03-10")
    assert office.chat.look(lambda store: [one.held_on for one in store.sessions.held(office.pair)]) == [
        date(2026, 3, 10)
    ]
    assert office.chat.look(lambda store: store.sessions.untold([office.pair], office.chat.now)) == []


def test_somebody_with_two_partners_is_asked_whom(office: Office) -> None:
    finn = mentee(office.chat, "finn.okafor", office.program)
    pair(office.chat, office.program, office.ana, finn)
    office.ana.command("book")
    office.ana.sees("Who would you like to meet?", "Erik Berg", "Finn Okafor")
    office.ana.press("Finn Okafor")
    assert office.ana.form is not None
    assert "Finn Okafor" in office.ana.form.intro


def test_booked_from_a_check_in_that_said_not_yet_there_is_a_date_now(office: Office) -> None:
    office.chat.advance(days=14)
    office.erik.press("Not yet")
    check_in = office.chat.look(lambda store: store.check_ins.latest_of(office.erik.id).id)
    office.chat.press_action(office.erik, "booking", "start", pair=office.pair, check_in=check_in)
    office.erik.submit()
    answers = office.chat.look(
        lambda store: [one.state for one in store.check_ins.answers(store.check_ins.latest_of(office.erik.id))]
    )
    assert answers == ["date_set"]


# What cannot be booked -------------------------------------------------------------------------------------------


def test_a_day_in_the_past_or_after_the_program_is_asked_again(office: Office) -> None:
    office.book(office.erik, "2026-03-03")
    assert "4 March 2026 or later" in office.erik.errors["day"]
    office.erik.submit(day="2027-03-03")
    assert "2 September 2026 or earlier" in office.erik.errors["day"]
    assert office.dates() == []


def test_an_hour_of_today_that_has_passed_is_asked_again(office: Office) -> None:
    office.book(office.erik, "2026-03-04", "09:00")
    assert "has passed" in office.erik.errors["time"]
    assert office.dates() == []


def test_words_instead_of_a_time_are_asked_again_and_nothing_is_lost(office: Office) -> None:
    office.book(office.erik, "2026-03-10", "after lunch 🍜")
    assert "such as 09:30" in office.erik.errors["time"]
    assert office.erik.field("day").value == "2026-03-10"


def test_an_hour_that_the_clocks_skip_does_not_exist(office: Office) -> None:
    office.book(office.erik, "2026-03-29", "02:30")
    assert "clocks go forward" in office.erik.errors["time"]
    office.erik.submit(day="2026-03-29", time="03:30")
    assert office.dates() == [datetime(2026, 3, 29, 1, 30, tzinfo=UTC)]


def test_the_same_hour_is_another_moment_once_the_clocks_have_changed(office: Office) -> None:
    office.book(office.erik, "2026-03-27", "10:00")
    office.book(office.erik, "2026-03-30", "10:00")
    assert [moment.hour for moment in office.dates()] == [9, 8]


def test_the_same_slot_twice_is_one_date(office: Office) -> None:
    office.erik.command("book")
    office.ana.command("book")
    office.erik.submit(day="2026-03-10", time="11:00")
    office.ana.submit(day="2026-03-10", time="10:00")
    office.ana.sees("10:00 (Lisbon time)", "[Works for me]")
    assert len(office.dates()) == 1
    assert len(office.erik.files) == 1


def test_a_slot_that_overlaps_another_session_of_either_is_asked_again(office: Office) -> None:
    office.book(office.erik, "2026-03-10", "11:00")
    finn = mentee(office.chat, "finn.okafor", office.program)
    pair(office.chat, office.program, office.ana, finn)
    office.book(finn, "2026-03-10", "10:30")
    assert finn.errors["time"] == "Your partner is taken at that time. Please pick another one."
    assert "Erik" not in str(finn.errors)
    finn.submit(day="2026-03-10", time="10:45")
    office.book(office.erik, "2026-03-10", "11:15")
    assert "You two have a session" in office.erik.errors["time"]


def test_a_pair_that_rests_is_booked_for_afterwards(office: Office) -> None:
    def rest(store: Any) -> None:
        store.pairs.get(office.pair).rests_until = date(2026, 3, 20)

    office.chat.look(rest)
    office.book(office.erik, "2026-03-18")
    assert "21 March 2026 or later" in office.erik.errors["day"]


def test_somebody_who_is_away_is_booked_for_when_they_are_back(office: Office) -> None:
    def pause(store: Any) -> None:
        store.people.get(office.ana.id).paused_until = date(2026, 4, 1)

    office.chat.look(pause)
    office.erik.command("book")
    assert office.erik.field("day").value == "2026-04-01"


def test_a_pair_that_has_ended_or_a_program_that_is_closed_has_nothing_to_book(office: Office) -> None:
    office.erik.command("book")
    office.chat.look(lambda store: store.pairs.end_all(office.program, office.chat.now))
    office.erik.submit()
    office.erik.sees("nothing to book", "Next from me: when there is a match for you.")
    office.chat.press_action(office.erik, "booking", "start", pair=office.pair)
    office.erik.sees("nothing to book")
    assert office.dates() == []


def test_a_date_whose_other_side_has_left_says_only_that_it_is_not_open(office: Office) -> None:
    office.book(office.ana)
    office.ana.command("leave")
    office.ana.press("Leave")
    office.erik.press("Works for me")
    office.erik.sees("This session has passed, or is not booked any more", "[Book a new time]")
    assert "left" not in office.erik.last.text


def test_somebody_without_a_partner_gets_a_kind_answer(office: Office) -> None:
    office.cora.command("book")
    office.cora.sees("nobody to book a time with", "Next from me")


def test_a_forwarded_card_books_moves_and_tells_nothing(office: Office) -> None:
    office.book(office.erik)
    session = office.chat.look(lambda store: store.sessions.ahead([office.pair], office.chat.now)[0].id)
    for step in ("show", "confirm", "move", "call_off", "called_off"):
        with pytest.raises(NotYours):
            office.chat.run(office.cora.id, Pressed(), Action("booking", step, {"session": session}))
    with pytest.raises(NotYours):
        values = Submitted({"day": "2026-03-11", "time": "11:00"})
        office.chat.run(office.cora.id, values, Action("booking", "save", {"pair": office.pair}))
    assert len(office.dates()) == 1


# What happens to a date ------------------------------------------------------------------------------------------


def test_works_for_me_is_seen_by_whoever_booked_without_a_message(office: Office) -> None:
    office.book(office.erik)
    before = len(office.erik.messages)
    office.ana.press("Works for me")
    office.ana.sees("You said that it works.")
    assert "Next from me: 9 March" in reads(office.erik, "Ana Costa said that it works.")
    assert len(office.erik.messages) == before
    assert "Works for me" not in office.ana.last.labels


def test_a_moved_date_changes_the_entry_that_calendars_have(office: Office) -> None:
    office.book(office.erik)
    before = event(office.erik)
    office.ana.press("Move it")
    office.ana.submit(day="2026-03-11", time="14:00")
    reads(office.erik, "a new time", "Wednesday, 11 March, 15:00 (Berlin time)", "Ana Costa chose the time")
    after = event(office.erik)
    assert after["UID"] == before["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert after["DTSTART"].dt == datetime(2026, 3, 11, 14, tzinfo=UTC)
    assert office.dates() == [datetime(2026, 3, 11, 14, tzinfo=UTC)]
    assert sum("This session has changed" in one.text for one in office.erik.messages) == 1
    assert sum("This file is out of date" in one.text for one in office.erik.messages) == 1


def test_after_three_messages_a_day_the_partners_card_changes_and_whoever_moves_hears_that(office: Office) -> None:
    office.book(office.erik)
    move_again(office, range(12, 18))
    told = [one for one in office.ana.messages if one.notice and not one.key.endswith("/file")]
    assert len(told) == 3
    office.erik.sees(
        "Ana Costa has heard from me three times today",
        "I only bring the message that is there up to date",
        "[Write to Ana]",
    )
    reads(office.ana, "16:00 (Lisbon time)")
    assert sum("Call it off" in one.labels for one in office.ana.messages) == 1
    office.ana.press("Works for me")
    reads(office.erik, "17:00 (Berlin time)", "that it works")
    office.chat.advance(days=1)
    move_again(office, [12])
    assert len([one for one in office.ana.messages if "Call it off" in one.labels]) == 1
    reads(office.ana, "11:00 (Lisbon time)", "[Works for me]")


def test_a_date_called_off_after_three_messages_is_off_on_the_card_that_is_there(office: Office) -> None:
    office.book(office.erik)
    move_again(office, range(12, 15))
    seen = len(office.ana.messages)
    office.erik.press("Call it off", date_card(office.erik))
    office.erik.press("Call it off")
    assert len(office.ana.messages) == seen
    assert [one.text for one in office.ana.messages if "[Book a new time]" in one.text]
    assert not [one for one in office.ana.messages if "Move it" in one.labels]


def test_a_further_date_after_three_messages_reaches_the_partner_a_day_later(office: Office) -> None:
    for day in (10, 11, 12, 13):
        office.book(office.erik, f"2026-03-{day}")
    office.erik.sees("this one arrives tomorrow")
    assert sum("Call it off" in one.labels for one in office.ana.messages) == 3
    office.chat.advance(days=1)
    assert sum("Call it off" in one.labels for one in office.ana.messages) == 4


def move_again(office: Office, hours: Iterable[int]) -> None:
    for hour in hours:
        office.chat.now += timedelta(minutes=1)
        office.erik.press("Move it", date_card(office.erik))
        office.erik.submit(day="2026-03-11", time=f"{hour}:00")


def test_before_a_date_is_called_off_another_day_is_offered(office: Office) -> None:
    office.book(office.erik)
    office.ana.press("Call it off")
    office.ana.sees("Call it off?", "Another day may be easier", "[Move it]", "[Keep it]")
    office.ana.press("Keep it")
    office.ana.sees("Your session is booked", "[Works for me]")
    assert len(office.dates()) == 1


def test_both_read_the_same_neutral_words_when_a_date_is_off(office: Office) -> None:
    office.book(office.erik)
    office.ana.press("Call it off")
    office.ana.press("Call it off")
    office.ana.sees("Your session is off", "Tuesday, 10 March, 10:00 (Lisbon time)", "[Book a new time]")
    said = office.erik.sees("Your session is off", "Tuesday, 10 March, 11:00 (Berlin time)", "[Book a new time]")
    assert "called" not in said.lower()
    assert office.dates() == []
    office.erik.press("Book a new time")
    office.erik.submit(day="2026-03-12", time="11:00")
    assert event(office.ana)["SEQUENCE"] == 2
    assert len(office.dates()) == 1


def test_a_button_of_a_date_that_has_passed_offers_what_still_makes_sense(office: Office) -> None:
    office.book(office.erik)
    office.chat.now += timedelta(days=10)
    office.ana.press("Move it")
    office.ana.sees("has passed, or is not booked any more", "[Record a session]", "[Book a new time]")
    office.erik.press("Call it off")
    office.erik.sees("has passed, or is not booked any more")


def test_a_second_click_on_a_date_that_is_off_calls_nothing_off_again(office: Office) -> None:
    office.book(office.erik)
    session = office.chat.look(lambda store: store.sessions.ahead([office.pair], office.chat.now)[0].id)
    office.chat.press_action(office.ana, "booking", "called_off", session=session)
    office.chat.press_action(office.ana, "booking", "called_off", session=session)
    assert len([one for one in office.erik.messages if "Your session is off" in one.text]) == 1


# The reminder ----------------------------------------------------------------------------------------------------


def test_the_working_morning_before_only_those_are_reminded_who_booked_or_said_yes(office: Office) -> None:
    office.book(office.erik, "2026-03-09", "15:00")
    office.chat.advance(days=3)
    office.erik.sees("Soon: you and Ana", "Monday, 9 March, 15:00 (Berlin time)")
    notice = office.erik.last.notice
    assert notice is not None
    assert (notice.kind, notice.delivery) == ("session_reminder", "nudge")
    assert not any("Soon:" in one.text for one in office.ana.messages)


def test_the_other_side_is_reminded_once_they_said_that_it_works(office: Office) -> None:
    office.book(office.erik, "2026-03-09", "15:00")
    office.ana.press("Works for me")
    office.chat.advance(days=8)
    assert len([one for one in office.ana.messages if "Soon: you and Erik" in one.text]) == 1


def test_a_date_that_was_called_off_is_not_reminded_of(office: Office) -> None:
    office.book(office.erik, "2026-03-12", "15:00")
    office.erik.press("Call it off")
    office.erik.press("Call it off")
    office.chat.advance(days=8)
    assert not any("Soon:" in one.text for one in office.erik.messages)


def test_a_held_program_reminds_of_nothing(office: Office) -> None:
    office.book(office.erik, "2026-03-12", "15:00")

    def hold(store: Any) -> None:
        store.programs.get(office.program).held_since = office.chat.now

    office.chat.look(hold)
    office.chat.advance(days=8)
    assert not any("Soon:" in one.text for one in office.erik.messages)


def test_a_side_that_has_not_heard_of_the_end_books_as_ever_and_the_other_hears_nothing(office: Office) -> None:
    def ends(store: Any) -> None:
        row = store.pairs.get(office.pair)
        row.status, row.known_to = "ending", office.ana.id

    office.chat.look(ends)
    office.book(office.erik)
    reads(office.erik, "Your session is booked")
    office.erik.press("Call it off")
    office.erik.press("Call it off")
    office.erik.sees("Your session is off")
    assert office.ana.messages == []


def test_the_card_of_the_check_in_shows_the_date_that_was_booked_from_it(office: Office) -> None:
    office.chat.advance(days=14)
    office.erik.press("Not yet")
    question = office.erik.last
    office.erik.press("Book a time", question)
    office.erik.submit(day=str(office.chat.now.date() + timedelta(days=3)), time="11:00")
    assert "You and Ana Costa have set a day. Enjoy it." in question.text
    assert "Next from me" in question.text
