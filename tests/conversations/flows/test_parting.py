"""The end of a pair (N13): whatever the cause, the other side reads the same words on the same day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from conversations.flows import FLOWS
from storage.store import Store
from storage.tables import Pair, Session
from tests.support import company
from tests.support.chat import Chat, ChatPerson

THURSDAY = date(2026, 3, 5)


@dataclass(frozen=True, slots=True)
class Duo:
    """Noor, who teaches Rosalind in a program that Amara runs."""

    chat: Chat
    amara: ChatPerson
    program: int
    noor: ChatPerson
    rosalind: ChatPerson
    pair: int


@pytest.fixture
def duo(chat: Chat) -> Duo:
    # A free place is offered to others at once: that has tests of its own.
    chat.flows = [flow for flow in FLOWS if flow.name != "open_place"]
    amara = chat.person("amara@larkspur.example", coordinator=True, name="Amara Okafor")
    contact = {"contact_name": "Ines Duarte", "contact_reach": "ines@larkspur.example"}
    program = company.program(chat, amara, status="running", **contact)
    noor = company.mentor(chat, "noor", program, status="matched", row={"name": "Noor Haddad"})
    rosalind = company.mentee(chat, "rosalind", program, status="matched", row={"name": "Rosalind Meyer"})
    pair = company.pair(chat, program, noor, rosalind, started_on=date(2026, 2, 16))
    return Duo(chat, amara, program, noor, rosalind, pair)


def row(chat: Chat, pair: int) -> Pair:
    found: Pair = chat.look(lambda store: store.pairs.get(pair))
    return found


def status_of(chat: Chat, person: ChatPerson, program: int) -> tuple[str, int]:
    def work(store: Store) -> tuple[str, int]:
        found = store.enrollments.required(store.people.get(person.id), program)
        return found.status, found.unmatched_rounds

    answer: tuple[str, int] = chat.look(work)
    return answer


def set_person(chat: Chat, person: ChatPerson, **columns: Any) -> None:
    def work(store: Store) -> None:
        found = store.people.get(person.id)
        for name, value in columns.items():
            setattr(found, name, value)

    chat.look(work)


# Every way in which a pair can end ---------------------------------------------------------------------------------

Cause = Callable[[Duo], None]


def leaves(duo: Duo) -> None:
    duo.noor.command("leave")
    duo.noor.press("Leave")


def wishes_a_new_partner(duo: Duo) -> None:
    duo.chat.press_action(duo.noor, "parting", "new_partner", pair=duo.pair)
    duo.noor.press("Find me a new partner")


def stops(duo: Duo) -> None:
    duo.chat.press_action(duo.noor, "parting", "stop", pair=duo.pair)
    duo.noor.press("Stop")


def is_gone(duo: Duo) -> None:
    set_person(duo.chat, duo.noor, gone_since=duo.chat.now)


def is_erased(duo: Duo) -> None:
    duo.noor.command("privacy")
    duo.noor.press("Erase everything")
    duo.noor.press("Erase it for good")


def is_rematched(duo: Duo) -> None:
    duo.chat.press_action(duo.amara, "parting", "rematch", pair=duo.pair)
    duo.amara.press("Re-match")


CAUSES: tuple[Cause, ...] = (leaves, wishes_a_new_partner, stops, is_gone, is_erased, is_rematched)


@pytest.mark.parametrize("cause", CAUSES)
@pytest.mark.slow
def test_n13_the_partner_reads_the_same_words_on_the_same_day_whatever_the_cause(duo: Duo, cause: Cause) -> None:
    cause(duo)
    duo.chat.advance(days=2)
    assert kinds(duo.rosalind) == ["check_in"]
    duo.chat.advance(days=2)
    note = duo.rosalind.last
    assert note.text == NOTE
    assert note.notice is not None
    assert (note.notice.kind, note.notice.delivery) == ("rotation", "must_arrive")
    assert row(duo.chat, duo.pair).status == "ended"
    assert row(duo.chat, duo.pair).ended_at == datetime(2026, 3, 5, 10, tzinfo=UTC)
    assert status_of(duo.chat, duo.rosalind, duo.program) == ("joined", 1)
    duo.chat.advance(days=21)
    assert kinds(duo.rosalind) == ["check_in", "rotation"]


@pytest.mark.parametrize("cause", CAUSES)
@pytest.mark.slow
def test_n13_until_then_the_partner_is_asked_as_ever_and_answers_as_ever(duo: Duo, cause: Cause) -> None:
    cause(duo)
    duo.chat.advance(days=2)
    name = "your mentor" if cause is is_erased else "Noor Haddad"
    duo.rosalind.sees("Have you two met?", name, "[Met] [Date set] [Not yet] [Skip]")
    duo.rosalind.press("Not yet")
    asked = duo.rosalind.sees(f"Not yet with {name}", "[Book a time] [Remind me on a day]")
    assert "colleague" not in asked
    duo.rosalind.press("Change my answer")
    duo.rosalind.press("Met")
    duo.rosalind.sees(f"You and {name} met")
    duo.chat.advance(days=2)
    assert duo.rosalind.last.text == NOTE


def test_n13_a_check_in_that_waits_to_be_sent_does_not_come_after_the_note(duo: Duo) -> None:
    leaves(duo)
    duo.chat.advance(days=2)

    def hold_back(store: Store) -> None:
        store.outbox.with_key(f"check_in/{duo.rosalind.id}/2026-03-02").state = "waiting"  # type: ignore[union-attr]

    duo.chat.look(hold_back)
    duo.chat.advance(days=2)
    states = duo.chat.look(lambda store: {one.kind: one.state for one in store.outbox.everything()})
    assert (states["check_in"], states["rotation"]) == ("dropped", "sent")


def kinds(person: ChatPerson) -> list[str]:
    """Of everything that came unasked, the oldest first."""
    return [one.notice.kind for one in person.messages if one.notice]


NOTE = """A change of partner
Pairs change from time to time, and with this week's changes your pair in Digital fluency has ended. There can be \
many reasons. I never give one, and everybody reads these same words, so they say nothing about you. Thank you for the \
time you gave. What the two of you talked about stays between you.
You come first in the next matching. There is nothing you need to do.
[My program] [Leave the program]
Next from me: when there is a match for you."""


@pytest.mark.parametrize("cause", [leaves, wishes_a_new_partner, stops, is_gone, is_rematched])
def test_n13_until_then_home_shows_the_partner_as_usual(duo: Duo, cause: Cause) -> None:
    before = duo.rosalind.open_home()
    assert "Your mentor is Noor Haddad" in before
    cause(duo)
    duo.chat.advance(hours=3)
    assert duo.rosalind.open_home() == before
    duo.rosalind.command("met")
    assert duo.rosalind.form is not None


@pytest.mark.parametrize("cause", [leaves, wishes_a_new_partner, stops, is_gone, is_erased])
def test_d14_whoever_ended_it_gets_nothing_more_about_it(duo: Duo, cause: Cause) -> None:
    cause(duo)
    seen = len(duo.noor.messages)
    duo.chat.advance(days=30)
    assert len(duo.noor.messages) == seen


def test_a_coordinator_re_matches_in_two_clicks_and_both_read_the_note(duo: Duo) -> None:
    duo.chat.press_action(duo.amara, "parting", "rematch", pair=duo.pair)
    duo.amara.sees("Noor Haddad and Rosalind Meyer", "same neutral note on 5 March")
    assert row(duo.chat, duo.pair).status == "active"
    duo.amara.press("Re-match")
    duo.amara.sees("Both come first in the next matching", "5 March")
    duo.chat.advance(days=4)
    assert duo.noor.last.text == duo.rosalind.last.text == NOTE
    assert status_of(duo.chat, duo.noor, duo.program) == status_of(duo.chat, duo.rosalind, duo.program) == ("joined", 1)


def test_nobody_but_a_coordinator_re_matches_and_nobody_ends_somebody_elses_pair(duo: Duo) -> None:
    liam = company.mentor(duo.chat, "liam", duo.program)
    with pytest.raises(LookupError):
        duo.chat.press_action(duo.noor, "parting", "yes_rematch", pair=duo.pair)
    for step in ("new_partner", "yes_new", "stop", "yes_stop", "keep"):
        with pytest.raises(LookupError):
            duo.chat.press_action(liam, "parting", step, pair=duo.pair)
    assert row(duo.chat, duo.pair).status == "active"


# Details -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("decided_on", "told_on"),
    [
        (date(2026, 3, 2), THURSDAY),
        (date(2026, 3, 4), THURSDAY),
        (THURSDAY, date(2026, 3, 12)),
        (date(2026, 3, 6), date(2026, 3, 12)),
    ],
)
def test_the_note_waits_for_a_thursday_that_is_a_working_day_ahead(duo: Duo, decided_on: date, told_on: date) -> None:
    duo.chat.now = company.at(decided_on)
    leaves(duo)
    assert row(duo.chat, duo.pair).tell_on == told_on
    duo.chat.advance(days=(told_on - decided_on).days, hours=-1)
    assert "rotation" not in kinds(duo.rosalind)
    duo.chat.advance(hours=1)
    assert duo.rosalind.last.text == NOTE


def test_when_both_go_in_the_same_week_nobody_gets_a_note(duo: Duo) -> None:
    leaves(duo)
    duo.rosalind.command("leave")
    duo.rosalind.press("Leave")
    duo.chat.advance(days=14)
    duo.rosalind.sees("That is fine")
    duo.noor.sees("That is fine")
    assert row(duo.chat, duo.pair).status == "ended"


def test_whoever_wants_a_new_partner_comes_first_next_time_and_reads_what_happens(duo: Duo) -> None:
    duo.chat.press_action(duo.noor, "parting", "new_partner", pair=duo.pair)
    duo.noor.sees("A new partner instead of Rosalind?", "No reason is needed", "never why or through whom")
    duo.noor.sees("Ines Duarte, ines@larkspur.example")
    duo.noor.press("Find me a new partner")
    duo.noor.sees("You are not paired with Rosalind Meyer any more", "Next from me: when there is a match for you")
    assert status_of(duo.chat, duo.noor, duo.program) == ("joined", 1)
    assert "Rosalind" not in duo.noor.open_home()


def test_keeping_the_pair_changes_nothing(duo: Duo) -> None:
    duo.chat.press_action(duo.noor, "parting", "stop", pair=duo.pair)
    duo.noor.press("Keep meeting")
    duo.noor.sees("You and Rosalind Meyer go on as before", "Next from me")
    assert row(duo.chat, duo.pair).status == "active"


def test_a_button_of_a_pair_that_has_ended_says_so(duo: Duo) -> None:
    leaves(duo)
    for step in ("new_partner", "yes_new", "stop", "yes_stop"):
        duo.chat.press_action(duo.noor, "parting", step, pair=duo.pair)
        duo.noor.sees("That pair has already ended")
    duo.chat.press_action(duo.amara, "parting", "rematch", pair=duo.pair)
    duo.amara.sees("That pair has already ended")


def test_shortly_before_the_end_of_the_program_the_note_says_that_no_new_partner_comes(duo: Duo) -> None:
    duo.chat.look(lambda store: setattr(store.programs.get(duo.program), "ends_on", date(2026, 3, 30)))
    leaves(duo)
    duo.chat.advance(days=4)
    duo.rosalind.sees("The program ends on 30 March", "this time I do not look for a new partner")
    duo.rosalind.sees("Next from me: 30 March, when the program closes.")
    assert status_of(duo.chat, duo.rosalind, duo.program) == ("matched", 0)


def test_a_mentor_with_several_pairs_reads_who_stays_and_one_pair_ends_alone(duo: Duo) -> None:
    tomas = company.mentee(duo.chat, "tomas", duo.program, status="matched", row={"name": "Tomas Lind"})
    company.pair(duo.chat, duo.program, duo.noor, tomas, started_on=date(2026, 2, 16))
    duo.chat.press_action(duo.rosalind, "parting", "stop", pair=duo.pair)
    duo.rosalind.press("Stop")
    duo.chat.advance(days=4)
    note = next(one for one in duo.noor.messages if one.notice and one.notice.kind == "rotation")
    assert "one of your pairs in Digital fluency has ended" in note.text
    assert "With Tomas Lind everything goes on as before." in note.text
    assert "Rosalind" not in note.text
    assert status_of(duo.chat, duo.noor, duo.program) == ("matched", 1)


def test_stopping_one_of_two_pairs_keeps_the_other(duo: Duo) -> None:
    tomas = company.mentee(duo.chat, "tomas", duo.program, status="matched", row={"name": "Tomas Lind"})
    company.pair(duo.chat, duo.program, duo.noor, tomas, started_on=date(2026, 2, 16))
    duo.chat.press_action(duo.noor, "parting", "stop", pair=duo.pair)
    duo.noor.sees("your other meetings go on as before")
    duo.noor.press("Stop")
    assert status_of(duo.chat, duo.noor, duo.program)[0] == "matched"
    assert "Tomas Lind" in duo.noor.open_home()


def test_somebody_who_was_not_introduced_yet_reads_of_a_change_and_meets_nobody(duo: Duo) -> None:
    duo.chat.look(lambda store: setattr(store.pairs.get(duo.pair), "started_on", date(2026, 3, 9)))
    duo.noor.command("leave")
    duo.noor.press("Leave")
    duo.chat.advance(days=4)
    duo.rosalind.sees("A change before your introduction", "before I could introduce you", "You come first")
    assert "Noor" not in duo.rosalind.last.text


def test_booked_sessions_are_called_off_without_a_word(duo: Duo) -> None:
    def book(store: Store) -> None:
        at = duo.chat.now + timedelta(days=2)
        store._session.add(Session(pair_id=duo.pair, planned_on=at.date(), planned_at=at, recorded_at=duo.chat.now))

    duo.chat.look(book)
    leaves(duo)
    duo.chat.advance(days=2)
    assert kinds(duo.rosalind) == ["check_in"]
    assert duo.chat.look(lambda store: store.export.about(store.people.get(duo.rosalind.id))).get("sessions") is None


def test_a_note_that_falls_into_a_pause_waits_until_they_are_back(duo: Duo) -> None:
    set_person(duo.chat, duo.rosalind, paused_until=date(2026, 3, 16))
    leaves(duo)
    duo.chat.advance(days=13)
    assert [one.notice.kind for one in duo.rosalind.messages if one.notice] == []
    duo.chat.advance(days=2)
    assert {one.notice.kind for one in duo.rosalind.messages if one.notice} == {"rotation", "welcome_back"}


def test_a_closed_program_tells_no_more_of_changes(duo: Duo) -> None:
    leaves(duo)
    duo.chat.press_action(duo.amara, "opening", "closed", program=duo.program)
    duo.chat.advance(days=7)
    assert "rotation" not in {one.notice.kind for one in duo.rosalind.messages if one.notice}
    assert row(duo.chat, duo.pair).status == "ended"


def test_the_coordinator_sees_that_a_pair_has_ended_and_not_through_whom(duo: Duo) -> None:
    duo.chat.press_action(duo.noor, "parting", "new_partner", pair=duo.pair)
    duo.noor.press("Find me a new partner")
    duo.chat.advance(days=7)
    duo.amara.command("program status")
    duo.amara.sees("Pairs ended: 1")
    assert "Noor" not in "".join(one.text for one in duo.amara.messages)


def test_somebody_gone_leaves_even_a_pair_that_is_ending(duo: Duo) -> None:
    leaves(duo)
    set_person(duo.chat, duo.rosalind, gone_since=duo.chat.now)
    duo.chat.advance(days=7)
    assert duo.rosalind.messages == []
    assert row(duo.chat, duo.pair).status == "ended"


def test_two_pairs_that_end_in_one_week_do_not_vouch_for_each_other(duo: Duo) -> None:
    tomas = company.mentee(duo.chat, "tomas", duo.program, status="matched", row={"name": "Tomas Lind"})
    company.pair(duo.chat, duo.program, duo.noor, tomas, started_on=date(2026, 2, 16))
    for mentee in (duo.rosalind, tomas):
        mentee.command("leave")
        mentee.press("Leave")
    duo.chat.advance(days=4)
    notes = [one for one in duo.noor.messages if one.notice and one.notice.kind == "rotation"]
    assert len(notes) == 2
    assert "goes on as before" not in "".join(one.text for one in notes)


def test_the_list_of_people_does_not_tell_which_of_two_asked_for_somebody_else(duo: Duo) -> None:
    def listed() -> str:
        duo.amara.command("program who")
        return duo.amara.last.text

    before = listed()
    wishes_a_new_partner(duo)
    assert listed() == before
    duo.chat.advance(days=4)
    assert "Noor Haddad: mentor, joined" in listed()
    assert "Rosalind Meyer: mentee, joined" in listed()


def test_n13_home_shows_no_trace_of_a_partner_who_erased_themselves(duo: Duo) -> None:
    is_erased(duo)
    home = duo.rosalind.open_home()
    assert "Your mentor and you are a pair." in home
    assert "colleague" not in home.split("Your mentor")[1]
    assert "[Write to" not in home


def test_n13_a_coordinator_whose_own_pair_ends_sees_it_go_on_until_the_note(duo: Duo) -> None:
    duo.chat.look(lambda store: store.people.appoint(["rosalind@larkspur.example"]))
    leaves(duo)
    for person, state in ((duo.rosalind, "Pairs introduced: 1"), (duo.amara, "Pairs ended: 1")):
        person.command("program status")
        person.sees(state)
    duo.chat.advance(days=4)
    duo.rosalind.command("program status")
    duo.rosalind.sees("Pairs ended: 1")
