"""A program ends on its day, or because a coordinator said so: no form and no button ends it by accident."""

from datetime import date, timedelta
from typing import Any

import pytest

from storage.store import Store
from tests.support.chat import CHANNEL, Chat
from tests.support.company import MONDAY, mentee, mentor, pair, program


class Running:
    """Ana teaches Erik from 2 March for six months, and Cora coordinates."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self.cora = chat.person("cora@larkspur.example", coordinator=True)
        self.program = program(chat, self.cora, status="running", ends_on=date(2026, 9, 2))
        self.ana = mentor(chat, "ana.costa", self.program, status="matched")
        pair(chat, self.program, self.ana, mentee(chat, "erik.berg", self.program, status="matched"))

    def it_is(self, day: date) -> None:
        """Without living through the days before."""
        self.chat.now += timedelta(days=(day - self.chat.now.date()).days)

    def goes_on(self) -> bool:
        self.chat.advance(days=1)
        return self.status() == "running" and not any("has come to its end" in one.text for one in self.ana.messages)

    def set(self, **columns: Any) -> None:
        def work(store: Store) -> None:
            for name, value in columns.items():
                setattr(store.programs.get(self.program), name, value)

        self.chat.look(work)

    def status(self) -> str:
        found: str = self.chat.look(lambda store: store.programs.get(self.program).status)
        return found


@pytest.fixture
def running(chat: Chat) -> Running:
    return Running(chat)


@pytest.mark.parametrize("day", [date(2026, 6, 2), date(2026, 7, 16)], ids=["today", "weeks ago"])
def test_a_shorter_length_that_is_over_already_is_not_saved(running: Running, day: date) -> None:
    running.it_is(day)
    running.cora.command("program adjust")
    running.cora.submit(months="3")
    assert running.cora.errors == {
        "months": "With 3 months, its last day would be 2 June. Please pick more; to end it now, type program close."
    }
    assert running.goes_on()
    running.cora.submit(months="6", cadence="28")
    running.cora.sees("Ends: 2 September", "every four weeks")


def test_an_earlier_start_that_ends_it_already_is_not_saved(running: Running) -> None:
    running.it_is(date(2026, 7, 16))
    running.cora.command("program adjust")
    running.cora.submit(starts_on="2026-01-16")
    assert running.cora.errors == {
        "starts_on": "With 6 months from then, its last day would be 16 July. "
        "Please pick a later day; to end it now, type program close."
    }
    assert running.goes_on()


def test_a_shorter_length_that_still_lies_ahead_is_saved(running: Running) -> None:
    running.it_is(date(2026, 6, 1))
    running.cora.command("program adjust")
    running.cora.submit(months="3")
    running.cora.sees("Ends: 2 June")


def test_on_its_last_day_everything_else_can_still_be_changed(running: Running) -> None:
    running.it_is(date(2026, 9, 2))
    running.cora.command("program adjust")
    running.cora.submit(minutes="30")
    running.cora.sees("30 minutes", "Ends: 2 September")


@pytest.mark.parametrize("step", ["quietly", "announce"])
def test_an_old_button_opens_no_program_that_would_end_at_once(running: Running, step: str) -> None:
    running.set(status="draft", place=CHANNEL.pack())
    running.it_is(date(2026, 9, 3))
    running.chat.press_action(running.cora, "opening", step, program=running.program)
    running.cora.sees("The day of the matching has passed", "[Rhythm and dates]")
    assert running.chat.channel == []
    running.chat.advance(days=2)
    assert running.status() == "draft"


@pytest.mark.parametrize("key", ["matching_on", "starts_on"])
def test_a_day_that_nobody_plans_for_is_answered_with_the_last_that_can_be_picked(running: Running, key: str) -> None:
    running.cora.command("program adjust")
    running.cora.submit({key: "9999-12-01"})
    assert running.cora.errors == {key: "Please pick 2 March 2028 or earlier."}


def test_a_hold_that_outlasted_the_program_ends_nothing_without_a_question(running: Running) -> None:
    running.cora.command("program hold")
    running.it_is(date(2026, 9, 2))
    running.cora.press("Go on")
    running.cora.sees("is still on hold", "last day, 2 September, fell into the hold", "[Close the program]")
    assert running.goes_on()
    running.cora.press("Rhythm and dates")
    running.cora.submit(months="12")
    running.cora.sees("Ends: 2 March 2027")
    running.cora.press("Go on")
    running.cora.sees("From today on I ask and remind as before")
    assert running.goes_on()


def test_after_a_year_on_hold_only_a_later_start_gives_it_more_time(running: Running) -> None:
    running.cora.command("program hold")
    running.it_is(date(2027, 5, 3))
    running.cora.command("program resume")
    running.cora.sees("a longer length or a later day of the first introductions")
    running.cora.press("Rhythm and dates")
    running.cora.submit(months="12")
    assert running.cora.errors == {
        "starts_on": "With 12 months from then, its last day would be 2 March. "
        "Please pick a later day; to end it now, type program close."
    }
    running.cora.submit(months="12", starts_on="2026-11-02")
    running.cora.press("Go on")
    running.cora.sees("From today on I ask and remind as before")


def test_a_hold_that_outlasted_the_program_can_end_with_it(running: Running) -> None:
    running.cora.command("program hold")
    running.it_is(MONDAY + timedelta(days=200))
    running.cora.command("program resume")
    running.cora.press("Close the program")
    running.cora.sees("Close Digital fluency?", "[Keep it]")
    running.cora.press("Close the program")
    assert running.status() == "closed"
