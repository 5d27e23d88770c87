"""Approved pairs wait for the next permitted morning, and until then one click stops them."""

from datetime import UTC, date, datetime

import pytest

from storage.store import Store
from tests.conversations.flows.test_check import Ready
from tests.support.chat import Chat
from tests.support.company import program


@pytest.fixture
def ready(chat: Chat) -> Ready:
    found = Ready(chat)
    found.cora.command("program propose")
    return found


def made(ready: Ready) -> int:
    return len(ready.chat.look(lambda store: list(store.pairs.in_program(ready.program))))


@pytest.mark.slow
def test_nobody_is_paired_before_the_morning(ready: Ready) -> None:
    ready.cora.press("Approve 2 pairs")
    ready.cora.sees("I begin on Tuesday 3 March, 09:00", "Until then nobody is told")
    ready.chat.advance(hours=23)
    assert made(ready) == 0
    assert not ready.mentees[0].messages
    ready.chat.advance(hours=3)
    assert made(ready) == 2
    ready.mentees[0].sees("your mentor")


@pytest.mark.slow
def test_stopped_in_time_it_is_the_same_draft_again(ready: Ready) -> None:
    ready.cora.press("Review")
    ready.cora.press("Take out")
    ready.cora.press("Back to the summary")
    ready.cora.press("Approve 1 pair")
    ready.cora.press("Stop")
    ready.cora.sees("Stopped.", "1 pair is taken out", "[Approve 1 pair]")
    assert ready.pairs() == 0
    ready.cora.press("Approve 1 pair")
    ready.cora.sees("I begin on Monday 9 March, 09:00")
    assert ready.pairs() == 1


def test_the_other_coordinator_sees_that_it_waits_and_can_stop_it_too(ready: Ready) -> None:
    ready.omar.command("program review")
    theirs = ready.omar.last
    ready.cora.press("Approve 2 pairs")
    ready.omar.press("Take out", theirs)
    ready.omar.sees("approved already, so nothing happens twice", "Tuesday 3 March, 09:00")
    ready.omar.press("Stop")
    ready.omar.sees("Stopped.", "[Approve 2 pairs]")
    ready.cora.press("Stop")
    ready.cora.sees("Stopped.", "[Approve 2 pairs]")
    assert ready.pairs() == 0


@pytest.mark.slow
def test_after_the_morning_it_is_too_late_to_stop(ready: Ready) -> None:
    ready.cora.press("Approve 2 pairs")
    approved = ready.cora.last
    assert ready.pairs() == 2
    ready.cora.press("Stop", approved)
    ready.cora.sees("too late to stop", "[Put it on hold]")
    assert made(ready) == 2


def test_while_pairs_wait_nobody_proposes_others(ready: Ready) -> None:
    ready.cora.press("Approve 2 pairs")
    ready.omar.command("program propose")
    ready.omar.sees("are approved, and I begin on Tuesday 3 March, 09:00", "[Stop]")


def test_weekends_holidays_and_quiet_dates_are_no_permitted_mornings(ready: Ready) -> None:
    """Approved on Maundy Thursday in Berlin: Good Friday to Easter Monday are closed, and Tuesday is quiet."""
    ready.chat.now = datetime(2026, 4, 2, 14, 0, tzinfo=UTC)
    ready.change(ready.cora, country="DE", timezone="Europe/Berlin")
    ready.set(quiet_dates=[["2026-04-07", "2026-04-07"]], starts_on=date(2026, 4, 8))
    ready.cora.command("program approve")
    ready.cora.sees("I begin on Wednesday 8 April, 09:00")


@pytest.mark.slow
def test_who_left_overnight_is_not_introduced_and_the_coordinator_hears_it(ready: Ready) -> None:
    ready.cora.press("Approve 2 pairs")

    def leaves(store: Store) -> None:
        store.enrollments.required(store.people.get(ready.mentees[0].id), ready.program).status = "left"

    ready.chat.look(leaves)
    assert ready.pairs() == 1
    told = next(one.text for one in ready.cora.messages if "Not every pair was introduced" in one.text)
    assert "The other pair is on its way." in told
    assert not ready.mentees[0].messages


def test_a_program_that_closes_overnight_introduces_nobody(ready: Ready) -> None:
    ready.cora.press("Approve 2 pairs")
    ready.cora.command("program close")
    ready.cora.press("Close the program")
    assert ready.pairs() == 0
    ready.cora.press("Stop")
    ready.cora.sees("is closed")


@pytest.mark.slow
def test_two_programs_wait_for_one_morning_each_with_its_own_stop(ready: Ready) -> None:
    other = program(ready.chat, ready.cora, "Sustainability")
    ready.chat.join_all(other, ready.mentors, offers=["artificial_intelligence"])
    ready.chat.join_all(other, ready.mentees, role="mentee", wants=["artificial_intelligence"], offers=[])
    ready.cora.command("program approve digital fluency")
    ready.cora.command("program propose sustainability")
    ready.cora.press("Approve 2 pairs")
    ready.cora.sees("in Sustainability")
    ready.cora.press("Stop")
    assert ready.pairs() == 2
    assert not ready.chat.look(lambda store: list(store.pairs.in_program(other)))
