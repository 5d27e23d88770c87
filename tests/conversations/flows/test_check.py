"""The ready-check: what stands in the way, the fix beside it, and no approval before it is green."""

from datetime import date, timedelta
from typing import Any

import pytest

from conversations.actions import Action
from conversations.events import Pressed
from conversations.flow import BadArguments
from storage.store import Store
from tests.support.chat import Chat, ChatPerson
from tests.support.company import MONDAY, mentee, mentor, program, with_matching


class Ready:
    """A program with three mentors and two mentees in which nothing is missing."""

    def __init__(self, chat: Chat) -> None:
        self.chat = with_matching(chat)
        self.cora = chat.person("cora.lind@larkspur.example", coordinator=True)
        self.omar = chat.person("omar.saleh@larkspur.example", coordinator=True)
        self.program = program(chat, self.cora, sponsor_email="ingrid@larkspur.example")
        self.mentors = [mentor(chat, name, self.program) for name in ("ana.costa", "bo.rossi", "chidi.abara")]
        self.mentees = [mentee(chat, name, self.program) for name in ("erik.berg", "farah.haddad")]

    def set(self, **columns: Any) -> None:
        def work(store: Store) -> None:
            for column, value in columns.items():
                setattr(store.programs.get(self.program), column, value)

        self.chat.look(work)

    def change(self, person: ChatPerson, **columns: Any) -> None:
        def work(store: Store) -> None:
            for column, value in columns.items():
                setattr(store.people.get(person.id), column, value)

        self.chat.look(work)

    def pairs(self) -> int:
        self.chat.advance(days=4)
        return len(self.chat.look(lambda store: list(store.pairs.in_program(self.program))))


@pytest.fixture
def ready(chat: Chat) -> Ready:
    return Ready(chat)


def test_a_program_in_which_nothing_is_missing_is_all_ticks(ready: Ready) -> None:
    ready.cora.command("program check")
    text = ready.cora.sees("Ready.", "✓ Coordinators: Cora Lind and Omar Saleh", "✓ 3 mentors and 2 mentees")
    assert "✗" not in text
    ready.cora.press("Propose pairs")
    ready.cora.sees("Proposed pairs")
    ready.cora.command("program check")
    ready.cora.sees("[Look at the pairs]")


def test_every_cross_has_its_fix_beside_it(ready: Ready) -> None:
    ready.set(contact_name="", contact_reach="", sponsor_email="")
    ready.chat.look(lambda store: store.coordinators.remove(ready.omar.email))
    ready.change(ready.mentors[0], unreachable_since=ready.chat.now)
    ready.cora.command("program check")
    ready.cora.sees(
        "3 things to put right",
        "✗ Only one coordinator",
        "✗ There is no confidential contact yet",
        "✗ I cannot reach Ana Costa",
        "• No sponsor is named",
    )
    ready.cora.press("People and dates")
    ready.cora.submit(contact_name="Ida Moss", contact_reach="ida@larkspur.example")
    ready.cora.sees("Confidential contact: Ida Moss, ida@larkspur.example")


def test_nothing_is_approved_while_a_cross_is_left_and_one_click_goes_on_after_the_fix(ready: Ready) -> None:
    ready.set(contact_name="")
    ready.cora.command("program propose")
    ready.cora.press("Approve 2 pairs")
    text = ready.cora.sees("Not yet", "Nobody was introduced", "no confidential contact", "[Approve again]")
    assert "Coordinators" not in text
    refused = ready.cora.last
    assert ready.pairs() == 0
    ready.cora.press("People and dates", refused)
    ready.cora.submit(contact_name="Ida Moss", contact_reach="ida@larkspur.example")
    ready.cora.press("Approve again", refused)
    ready.cora.sees("Approved: 2 pairs")
    assert ready.pairs() == 2


def test_pairs_with_somebody_who_cannot_be_reached_are_left_out_on_a_click(ready: Ready) -> None:
    ready.cora.command("program propose")
    ready.change(ready.mentees[0], unreachable_since=ready.chat.now)
    ready.cora.press("Approve 2 pairs")
    ready.cora.sees("I cannot reach Erik Berg", "[Leave their pairs out]")
    ready.cora.press("Leave their pairs out")
    ready.cora.sees("1 pair left out", "come first in the next matching")
    ready.cora.press("Approve 1 pair")
    ready.cora.sees("Approved: 1 pair")
    assert ready.pairs() == 1


def test_a_start_in_a_holiday_week_is_refused_and_a_better_day_is_one_click_away(ready: Ready) -> None:
    for person in (*ready.mentors, *ready.mentees):
        ready.change(person, country="DE")
    ready.set(starts_on=date(2026, 4, 3), matching_on=date(2026, 3, 23))
    ready.cora.command("program propose")
    ready.cora.press("Approve 2 pairs")
    ready.cora.sees("Introductions would begin on 3 April, when more than a third do not work", "[Begin on 7 April]")
    refused = ready.cora.last
    ready.cora.press("Begin on 7 April")
    ready.cora.sees("now begin on 7 April")
    assert refused.text == ready.cora.last.text
    ready.cora.command("program approve")
    ready.cora.sees("Approved: 2 pairs", "from 7 April on")


def test_a_day_in_the_past_or_made_up_moves_nothing(ready: Ready) -> None:
    starts_on = date(2026, 4, 7)
    ready.set(starts_on=starts_on)
    for day in ("2026-01-05", "2026-04-01"):
        ready.chat.press_action(ready.cora, "check", "begin_on", program=ready.program, day=day)
        ready.cora.sees("Is Digital fluency ready?")
    with pytest.raises(BadArguments):
        ready.chat.press_action(ready.cora, "check", "begin_on", program=ready.program, day="soon")
    assert ready.chat.look(lambda store: store.programs.get(ready.program).starts_on) == starts_on


def test_once_a_program_runs_later_pairs_move_nobodys_dates(ready: Ready) -> None:
    starts_on, ends_on = date(2026, 12, 22), date(2027, 6, 22)
    ready.set(status="running", starts_on=starts_on, ends_on=ends_on, quiet_dates=[["2026-12-21", "2027-01-03"]])
    ready.cora.command("program check")
    # Before the program runs this is a cross, with a button for a better day.
    assert "[Begin on" not in ready.cora.sees("Ready.", "in your quiet dates")
    ready.chat.press_action(ready.cora, "check", "begin_on", program=ready.program, day="2027-01-04")
    assert ready.chat.look(lambda store: store.programs.get(ready.program).starts_on) == starts_on
    assert ready.chat.look(lambda store: store.programs.get(ready.program).ends_on) == ends_on


def test_quiet_dates_over_the_start_are_a_cross(ready: Ready) -> None:
    ready.set(starts_on=date(2026, 12, 22), ends_on=date(2027, 6, 22), quiet_dates=[["2026-12-21", "2027-01-03"]])
    ready.cora.command("program check")
    ready.cora.sees("Introductions would begin on 22 December, in your quiet dates", "[Begin on 4 January 2027]")


def test_dates_that_have_passed_are_a_cross(ready: Ready) -> None:
    ready.set(matching_on=MONDAY - timedelta(days=3))
    ready.cora.command("program check")
    ready.cora.sees("The day of the matching, 27 February, has passed", "[Rhythm and dates]")
    ready.set(matching_on=MONDAY, ends_on=MONDAY + timedelta(days=9))
    ready.cora.press("Check again")
    ready.cora.sees("It ends on 11 March, before pairs could meet twice")


def test_one_side_only_says_which_side_is_missing(ready: Ready) -> None:
    other = program(ready.chat, ready.cora, "Sustainability")
    ready.chat.join_all(other, ready.mentors)
    ready.cora.command("program check sustainability")
    ready.cora.sees("✗ No mentees have joined yet", "[Invite people]")


def test_two_programs_at_once_are_checked_apart(ready: Ready) -> None:
    program(ready.chat, ready.cora, "Sustainability", contact_name="")
    ready.cora.command("program check")
    ready.cora.sees("Which program?")
    ready.cora.press("Digital fluency")
    ready.cora.sees("Is Digital fluency ready?", "Ready.")


def test_people_whose_manager_nobody_vouched_for_are_named(ready: Ready) -> None:
    ready.chat.look(
        lambda store: setattr(
            store.enrollments.of(store.people.get(ready.mentors[0].id), ready.program), "confirmed", False
        )
    )
    ready.cora.command("program check")
    ready.cora.sees("Nobody has vouched for the manager and level of Ana Costa yet", "[Check their details]")
    # They cannot be in a pair, so they hold up nobody else.
    ready.cora.command("program propose")
    ready.cora.press("Approve 2 pairs")
    ready.cora.sees("Approved: 2 pairs")


def test_a_closed_program_has_nothing_to_check(ready: Ready) -> None:
    ready.set(status="closed")
    ready.chat.run(ready.cora.id, Pressed(), Action("check", "show", {"program": ready.program}))
    ready.cora.sees("has ended")
