"""Results: the same few figures for everybody, and none before their day."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest

from conversations.disclosure import figures
from conversations.pulse_forms import KEYS
from storage.store import Store
from storage.subject import NotYours
from tests.support.chat import Chat, ChatPerson
from tests.support.company import mentee, mentor, program


class Office:
    """A program since 2 March with Ana in it; Dora takes no part; Cora coordinates."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self.cora = chat.person("cora.lind@larkspur.example", coordinator=True)
        self.dora = chat.person("dora.may@larkspur.example")
        self.program = program(chat, self.cora, status="running")
        self.ana: ChatPerson = mentor(chat, "ana.costa", self.program, status="matched")

    def closed(self, name: str, values: Sequence[int]) -> None:
        """A round that has closed with these answers to each of its questions."""

        def work(store: Store) -> None:
            row = store.pulses.round(self.program, name, date(2026, 4, 6), date(2026, 4, 20))
            person = store.people.get(self.cora.id)
            store.pulses.publish(row, figures(dict.fromkeys(KEYS, values), KEYS), person, self.chat.now)

        self.chat.look(work)


@pytest.fixture
def office(chat: Chat) -> Office:
    return Office(chat)


def test_before_the_first_round_everybody_reads_when_it_comes(office: Office) -> None:
    for person in (office.ana, office.cora):
        person.command("results")
        person.sees("How Digital fluency is going", "No figures yet", "21 April", "Next from me")


def test_each_question_has_one_line_a_round(office: Office) -> None:
    office.closed("early", [4, 4, 3, 5, 4])
    office.closed("late", [5, 5, 4, 5, 4, 5])
    office.ana.command("results")
    shown = office.ana.sees(
        "Meeting often enough",
        "Learning something useful",
        "Speaking openly",
        "After five weeks: ●●●●○ 4.0 of 5, 5 answers",
        "After four months: ●●●●● 4.7 of 5, 6 answers",
        "The next figures come on 17 September",
    )
    office.cora.command("results")
    assert [line for line in office.cora.last.text.splitlines() if "of 5" in line] == [
        line for line in shown.splitlines() if "of 5" in line
    ]


def test_a_round_with_too_few_answers_says_so_and_no_more(office: Office) -> None:
    office.closed("early", [1, 1, 1, 1])
    office.ana.command("results")
    assert office.ana.last.text.count("fewer than 5 answers, so no figure") == 3


def test_a_figure_at_the_end_of_the_scale_does_not_say_that_all_agreed(office: Office) -> None:
    office.closed("early", [5] * 9)
    office.ana.command("results")
    office.ana.sees("4.9 or more of 5, 9 answers")


def test_a_coordinator_who_takes_no_part_is_not_told_to_wait_for_an_invitation(office: Office) -> None:
    office.cora.command("results")
    assert "invites you" not in office.cora.sees("Next from me: the daily digest")


def test_whoever_takes_no_part_reads_what_there_would_be(office: Office) -> None:
    office.dora.command("results")
    office.dora.sees("You are in no program yet", "Next from me")


def test_a_forwarded_button_shows_nothing_of_somebody_elses_program(office: Office) -> None:
    with pytest.raises(NotYours):
        office.chat.press_action(office.dora, "results", "show", program=office.program)


def test_whoever_left_does_not_see_them_any_more(office: Office) -> None:
    erik = mentee(office.chat, "erik.berg", office.program, status="left")
    erik.command("results")
    erik.sees("You are in no program yet")


def test_somebody_in_two_programs_picks_one_or_names_it(office: Office) -> None:
    other = program(office.chat, office.cora, "Sustainability", status="running")
    office.chat.join_all(other, [office.ana])
    office.ana.command("results")
    office.ana.sees("Which program?")
    office.ana.press("Sustainability")
    office.ana.sees("How Sustainability is going")
    office.ana.command("results digital fluency")
    office.ana.sees("How Digital fluency is going")


def test_the_results_of_a_closed_program_stay_for_those_who_took_part(office: Office) -> None:
    office.closed("early", [3, 3, 3, 4, 3])

    def close(store: Store) -> None:
        store.programs.get(office.program).status = "closed"

    office.chat.look(close)
    office.chat.now = datetime(2026, 11, 2, 9, tzinfo=UTC)
    office.ana.command("results")
    assert "next figures" not in office.ana.sees("3.2 of 5")


def test_a_program_that_closed_without_a_pulse_says_so(office: Office) -> None:
    def close(store: Store) -> None:
        store.programs.get(office.program).status = "closed"

    office.chat.look(close)
    office.ana.command("results")
    office.ana.sees("Nobody was surveyed in this program")
