"""A program on hold: nothing goes out unasked from that moment, and going on replays nothing."""

from datetime import timedelta

import pytest

from conversations.flows import digest, hold, introduction, quiet_pair, status
from storage.store import Store
from tests.conversations.flows.test_check import Ready
from tests.support.chat import Chat, ChatPerson
from tests.support.company import pair, program


@pytest.fixture
def ready(chat: Chat) -> Ready:
    return Ready(chat)


def asked(person: ChatPerson) -> int:
    return sum(message.notice is not None and message.notice.kind == "check_in" for message in person.messages)


@pytest.mark.slow
def test_on_hold_nobody_is_asked_and_nothing_is_made_up_for(ready: Ready) -> None:
    pair(ready.chat, ready.program, ready.mentors[0], ready.mentees[0])
    ready.set(status="running")
    ready.chat.advance(days=10)
    ready.cora.command("program hold")
    ready.cora.sees("is on hold", "nobody gets anything unasked", "[Go on]")
    before = len(ready.mentors[0].messages)
    ready.chat.advance(days=25)
    assert len(ready.mentors[0].messages) == before
    ready.cora.press("Go on")
    ready.cora.sees("goes on", "does not come later")
    ready.chat.advance(days=3)
    assert asked(ready.mentors[0]) == 0
    ready.chat.advance(days=14)
    assert asked(ready.mentors[0]) == 1


def test_the_other_coordinators_hear_of_both(ready: Ready) -> None:
    ready.cora.command("program hold")
    ready.chat.advance(hours=1)
    ready.omar.sees("is on hold", "Cora Lind put it on hold")
    ready.omar.press("Go on")
    ready.omar.sees("goes on")
    ready.chat.advance(hours=1)
    ready.cora.sees("Omar Saleh let it go on")


def test_holding_twice_and_resuming_what_is_not_on_hold_say_so(ready: Ready) -> None:
    ready.cora.command("program resume")
    ready.cora.sees("is not on hold")
    ready.cora.command("program hold")
    ready.cora.command("program hold")
    ready.cora.sees("On hold since 2 March")
    ready.cora.command("program resume")
    ready.cora.sees("goes on")


def test_status_home_plan_and_list_say_since_when(ready: Ready) -> None:
    ready.cora.command("program hold")
    for words in ("program status", "program show", "program list", "home"):
        ready.cora.command(words)
        ready.cora.sees("On hold since 2 March")


@pytest.mark.slow
def test_introductions_that_fell_into_the_hold_come_after_it(ready: Ready) -> None:
    ready.cora.command("program propose")
    ready.cora.press("Approve 2 pairs")
    ready.chat.advance(hours=23, minutes=45)
    ready.cora.command("program hold")
    ready.chat.advance(days=8)
    assert ready.chat.introductions == []
    ready.cora.command("program resume")
    ready.cora.sees("Introductions that had not gone out come in the next working days")
    ready.chat.advance(days=2)
    assert len(ready.chat.introductions) == 2
    assert any("your mentor" in message.text for message in ready.mentees[0].messages)
    ready.chat.advance(days=5)
    assert len(ready.chat.introductions) == 2


@pytest.mark.slow
def test_a_morning_that_fell_into_the_hold_is_another_one_with_time_to_stop(ready: Ready) -> None:
    ready.cora.command("program propose")
    ready.cora.press("Approve 2 pairs")
    ready.cora.command("program hold")
    ready.chat.advance(days=3)
    assert ready.chat.look(lambda store: list(store.pairs.in_program(ready.program))) == []
    ready.cora.command("program resume")
    ready.cora.command("program propose")
    ready.cora.sees("I begin on Friday 6 March, 09:00")
    assert ready.pairs() == 2


@pytest.mark.slow
def test_the_other_program_goes_on(ready: Ready) -> None:
    other = program(ready.chat, ready.cora, "Sustainability", status="running")
    pair(ready.chat, other, ready.mentors[0], ready.mentees[0])
    ready.cora.command("program hold digital fluency")
    ready.chat.advance(days=16)
    assert asked(ready.mentors[0]) == 1


def test_who_waits_for_a_matching_that_passed_during_the_hold_gets_a_new_day(ready: Ready) -> None:
    ready.set(matching_on=ready.chat.now.date() + timedelta(days=2))
    ready.cora.command("program hold")
    ready.chat.advance(days=7)
    assert not any(person.messages for person in (*ready.mentors, *ready.mentees))
    ready.cora.command("program resume")
    ready.cora.sees("The day of the matching has passed", "[Rhythm and dates]")


def test_a_draft_and_a_closed_program_send_nothing_to_hold(ready: Ready) -> None:
    ready.set(status="draft")
    ready.chat.press_action(ready.cora, "hold", "start", program=ready.program)
    ready.cora.sees("still being prepared")
    ready.set(status="closed")
    ready.chat.press_action(ready.cora, "hold", "start", program=ready.program)
    ready.cora.sees("has ended")


def test_a_hold_ends_with_its_program_so_that_the_last_word_reaches_everybody(ready: Ready) -> None:
    ready.cora.command("program hold")
    ready.chat.press_action(ready.cora, "opening", "closed", program=ready.program)
    found = ready.chat.look(lambda store: store.programs.get(ready.program))
    assert (found.status, found.held_since) == ("closed", None)


# Home ------------------------------------------------------------------------------------------------------------


def test_home_says_to_everybody_in_it_that_the_program_is_on_hold(ready: Ready) -> None:
    paired, waits, matched, asked_in = ready.mentors[0], ready.mentors[1], ready.mentors[2], ready.mentees[1]
    pair(ready.chat, ready.program, paired, ready.mentees[0])
    state(ready, matched, "matched")
    state(ready, asked_in, "invited")
    ready.cora.command("program hold")
    shown = paired.open_home()
    assert "On hold since 2 March. You can meet all the same; I ask and remind again when it goes on." in shown
    assert "Next from me: when your program goes on." in shown
    assert "On hold since 2 March.\nYou are in, and your place is kept." in (shown := waits.open_home())
    assert "You hear from me on" not in shown
    assert "On hold since 2 March.\nYou have a match. I introduce you when" in matched.open_home()
    assert "On hold since 2 March.\nYou are invited." in asked_in.open_home()
    ready.cora.command("program resume")
    for person in (paired, waits, matched, asked_in):
        assert "On hold" not in person.open_home()


def state(ready: Ready, person: ChatPerson, status: str) -> None:
    def work(store: Store) -> None:
        enrollment = store.enrollments.of(store.people.get(person.id), ready.program)
        assert enrollment is not None
        enrollment.status = status

    ready.chat.look(work)


# Quiet pairs -----------------------------------------------------------------------------------------------------


def quiet(ready: Ready) -> int:
    """How many pairs the status calls quiet, having looked at it."""
    ready.cora.command("program status")
    words = ready.cora.last.text
    return int(words.partition("quiet for 21 days: ")[2].partition("\n")[0] or 0)


def test_days_on_hold_are_no_silence_and_nobody_is_asked_for_a_friendly_word(ready: Ready) -> None:
    # The check-ins meanwhile have tests of their own.
    ready.chat.flows = (digest.FLOW, hold.FLOW, introduction.FLOW, quiet_pair.FLOW, status.FLOW)
    pair(ready.chat, ready.program, ready.mentors[0], ready.mentees[0])
    ready.set(status="running")
    ready.chat.advance(days=15)
    ready.cora.command("program hold")
    ready.chat.advance(days=30)
    assert quiet(ready) == 0
    assert "friendly word" not in ready.cora.sees("On hold since 17 March")
    assert ready.cora.last.button("Quiet pairs") is None
    ready.cora.command("program quiet")
    ready.cora.sees("No quiet pairs", "no day counts as silence")
    ready.cora.command("program resume")
    ready.chat.advance(days=21)
    assert quiet(ready) == 0
    assert not any("quiet for 21 days" in message.text for message in ready.cora.messages)
    ready.chat.advance(days=1)
    assert quiet(ready) == 1


def test_pairs_that_were_quiet_before_the_hold_are_no_matter_during_it(ready: Ready) -> None:
    ready.chat.flows = (digest.FLOW, hold.FLOW, quiet_pair.FLOW, status.FLOW)
    pair(ready.chat, ready.program, ready.mentors[0], ready.mentees[0])
    ready.set(status="running")
    ready.chat.advance(days=25)
    assert quiet(ready) == 1
    ready.cora.command("program hold")
    assert quiet(ready) == 0
