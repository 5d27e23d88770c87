"""Rules are tried out before they are saved, and whoever has no partner gets an advice that can be followed."""

from typing import Any

import pytest

from conversations.actions import Action
from conversations.events import Pressed
from conversations.matching import from_store
from conversations.matching.request import MatchingRequest
from storage.store import Store
from storage.tables import Program
from tests.support.chat import Chat, ChatPerson
from tests.support.company import mentee, mentor, program, with_matching


class Larkspur:
    """Ana and Erik are in one team, so that the usual rules leave both without a partner; Bo and Farah fit."""

    def __init__(self, chat: Chat) -> None:
        self.chat = with_matching(chat)
        self.cora = chat.person("cora.lind@larkspur.example", coordinator=True)
        self.program = program(chat, self.cora)
        growth = {"team": "Growth", "department": "Marketing"}
        self.ana = mentor(chat, "ana.costa", self.program, row=growth)
        self.erik = mentee(chat, "erik.berg", self.program, row=growth)
        self.bo = mentor(chat, "bo.rossi", self.program, row={"languages": ["en", "it"]})
        self.farah = mentee(chat, "farah.haddad", self.program, row={"team": "Team bo.rossi"})

    def row(self) -> Program:
        found: Program = self.chat.look(lambda store: store.programs.get(self.program))
        return found

    def request(self) -> MatchingRequest:
        asked: MatchingRequest = self.chat.look(
            lambda store: from_store.request(store, self.program, self.chat.content)
        )
        return asked


@pytest.fixture
def larkspur(chat: Chat) -> Larkspur:
    return Larkspur(chat)


def tries(larkspur: Larkspur, **values: Any) -> None:
    larkspur.cora.command("program rules")
    larkspur.cora.press("Change the rules")
    larkspur.cora.submit(values)


def test_what_if_tells_what_would_differ_and_saves_nothing(larkspur: Larkspur) -> None:
    tries(larkspur, preset="same hours", hours="3")
    text = larkspur.cora.sees(
        "What if: Digital fluency", "“same hours” counting most", "at least 3 shared working hours"
    )
    assert "Nothing is saved yet" in text
    assert not larkspur.row().matching
    larkspur.cora.press("Leave it")
    larkspur.cora.sees("Nothing was changed")
    assert not larkspur.row().matching
    larkspur.cora.command("program rules")
    larkspur.cora.press("Change the rules")
    assert larkspur.cora.field("preset").value == "balanced"


def test_rules_that_are_saved_hold_in_the_next_matching_and_are_in_the_history(larkspur: Larkspur) -> None:
    tries(larkspur, preset="skills first", hours="2", levels="2", past="12", apart="Selling > marketing")
    assert "Nobody is in a department called “Selling”" in larkspur.cora.errors["apart"]
    larkspur.cora.submit(apart="engineering > MARKETING")
    larkspur.cora.press("Save this")
    larkspur.cora.sees("Rules saved")
    asked = larkspur.request()
    assert (asked.rules.min_level_gap, asked.rules.min_shared_hours, asked.rules.past_pair_months) == (2, 2.0, 12)
    assert asked.rules.excluded_department_pairs == {("Engineering", "Marketing")}
    assert asked.weights.wants[0] == 60
    larkspur.cora.command("program history")
    larkspur.cora.sees("Cora Lind: changed the rules of the matching")
    larkspur.chat.press_action(larkspur.cora, "matching_rules", "save", program=larkspur.program)
    larkspur.cora.sees("This was decided already")


def test_a_rule_that_is_switched_off_matches_more_people_in_the_what_if(larkspur: Larkspur) -> None:
    larkspur.cora.command("program propose")
    larkspur.cora.sees("Pairs: 2")

    def one_team(store: Store) -> None:
        for person in (larkspur.ana, larkspur.bo, larkspur.erik, larkspur.farah):
            store.people.get(person.id).team = "Growth"

    larkspur.chat.look(one_team)
    tries(larkspur, switches=("language", "guests"))
    larkspur.cora.sees("pairs within a team allowed: yes", "2 would be new", "Matched then: ")


def test_points_are_changed_on_a_screen_of_their_own(larkspur: Larkspur) -> None:
    larkspur.cora.command("program rules")
    larkspur.cora.press("Change the points")
    larkspur.cora.submit(other_location="30", working_style="20", style="alike")
    larkspur.cora.sees("different places: 30 points", "working styles that go together: 20 points")
    larkspur.cora.press("Save this")
    weights = larkspur.request().weights
    assert (weights.other_location, weights.working_style, weights.style_alike) == (30, 20, True)


def test_with_nobody_ready_the_rules_can_be_saved_all_the_same(larkspur: Larkspur) -> None:
    def nobody(store: Store) -> None:
        for enrollment, _ in store.enrollments.in_program(larkspur.program):
            enrollment.status = "left"

    larkspur.chat.look(nobody)
    tries(larkspur, hours="0.5")
    larkspur.cora.sees("Not enough people are ready yet")
    larkspur.cora.press("Save this")
    assert larkspur.row().matching["rules"] == {"min_shared_hours": 0.5}


def test_a_what_if_that_fails_changes_nothing_and_can_be_tried_again(larkspur: Larkspur) -> None:
    working = larkspur.chat.consultants["what_if"]
    larkspur.chat.consultants["what_if"] = lambda store, about: None
    tries(larkspur, hours="2")
    larkspur.cora.sees("I could not work it out", "Nothing was changed")
    larkspur.chat.consultants["what_if"] = working
    larkspur.cora.press("Try again")
    larkspur.cora.sees("What if: Digital fluency", "at least 2 shared working hours")


def alone(larkspur: Larkspur) -> ChatPerson:
    """Grace shares a team with both mentors, so that only setting that rule aside would match her."""
    grace = mentee(larkspur.chat, "grace.late", larkspur.program, row={"team": "Growth", "department": "Marketing"})
    larkspur.chat.look(lambda store: setattr(store.people.get(larkspur.bo.id), "team", "Growth"))
    return grace


def test_n10_an_advice_names_the_smallest_change_and_can_be_followed_by_a_click(larkspur: Larkspur) -> None:
    larkspur.chat.look(lambda store: setattr(store.people.get(larkspur.bo.id), "team", "Growth"))
    larkspur.cora.command("program propose")
    larkspur.cora.sees("Pairs: 1", "Erik Berg: None of the 2 mentors can be proposed")
    larkspur.cora.press("Who has no partner")
    larkspur.cora.sees("Without a partner: Digital fluency", "the same team")
    help_erik = Action("unmatched", "help", {"proposal": 1, "person": larkspur.erik.id})
    larkspur.chat.run(larkspur.cora.id, Pressed(), help_erik)
    text = larkspur.cora.sees("What would help Erik Berg", "New then")
    assert "same team" in text
    larkspur.cora.press("Put these two together")
    assert larkspur.cora.form is not None
    assert "they are in the same team" in larkspur.cora.form.intro
    larkspur.cora.submit(note="Their team is large, and they hardly meet.")
    larkspur.cora.sees("Erik Berg", "Against a rule: they are in the same team now")
    larkspur.cora.command("program propose")
    larkspur.cora.sees("Pairs: 2", "By hand, against a rule")


def test_an_advice_that_could_not_be_worked_out_is_said_kindly(larkspur: Larkspur) -> None:
    alone(larkspur)
    larkspur.cora.command("program propose")
    larkspur.chat.consultants["advice"] = lambda store, about: None
    larkspur.cora.press("Who has no partner")
    larkspur.cora.press("What would help?")
    larkspur.cora.sees("I could not look that up", "Try again")
