"""From "who fits whom" to the introductions: what a coordinator sees, decides, and what follows for everybody."""

from datetime import date, timedelta
from typing import Any

import pytest

from conversations.actions import Action
from conversations.events import Consulted, Due, Pressed
from conversations.matching import Proposal as Matched
from conversations.matching import ProposedPair as MatchedPair
from storage.store import Store
from storage.subject import NotYours
from storage.tables import Enrollment, Pair, Proposal
from tests.support.chat import Chat, ChatPerson
from tests.support.company import MONDAY, joins, mentee, mentor, pair, program, with_matching


class Larkspur:
    """An open program that Cora runs: three mentors, two mentees."""

    def __init__(self, chat: Chat) -> None:
        self.chat = with_matching(chat)
        self.cora = chat.person("cora.lind@larkspur.example", coordinator=True)
        self.omar = chat.person("omar.saleh@larkspur.example", coordinator=True)
        self.program = program(chat, self.cora)
        self.ana, self.bo, self.chidi = (
            mentor(chat, name, self.program) for name in ("ana.costa", "bo.rossi", "chidi.abara")
        )
        self.erik, self.farah = (mentee(chat, name, self.program) for name in ("erik.berg", "farah.haddad"))

    @property
    def juniors(self) -> list[ChatPerson]:
        return [self.ana, self.bo, self.chidi]

    @property
    def everybody(self) -> list[ChatPerson]:
        return [*self.juniors, self.erik, self.farah]

    def publish(self) -> None:
        """To the next working morning, when the introductions are out."""
        self.chat.advance(days=1, hours=2)

    def pairs(self) -> list[Pair]:
        rows: list[Pair] = self.chat.look(lambda store: list(store.pairs.in_program(self.program)))
        return rows

    def enrollment(self, person: ChatPerson) -> Enrollment:
        row: Enrollment = self.chat.look(lambda store: store.enrollments.of(store.people.get(person.id), self.program))
        return row

    def change(self, person: ChatPerson, **columns: Any) -> None:
        def work(store: Any) -> None:
            row = store.people.get(person.id)
            for column, value in columns.items():
                setattr(row, column, value)

        self.chat.look(work)

    def alone(self) -> ChatPerson:
        paired = {pair.mentor_id for pair in self.pairs()}
        return next(person for person in self.juniors if person.id not in paired)


@pytest.fixture
def larkspur(chat: Chat) -> Larkspur:
    return Larkspur(chat)


def test_the_coordinator_sees_that_it_is_worked_out_and_then_the_summary(larkspur: Larkspur) -> None:
    larkspur.cora.command("program propose")
    working, summary = larkspur.cora.messages
    assert "3 mentors with 2 mentees" in working.text
    assert "Pairs: 2 (4 people)" in summary.text
    assert "Without a partner: 1" in summary.text
    assert "so this mentor comes first next time" in summary.text
    assert "until then you can stop it" in summary.text
    assert summary.labels[:4] == ("Approve 2 pairs", "Approve some, or later", "Review", "Discard")
    assert "no other matching has more pairs, or as many and a better total" in summary.text


def test_nothing_happens_to_anybody_before_the_approval(larkspur: Larkspur) -> None:
    larkspur.cora.command("program propose")
    larkspur.chat.advance(days=3)
    assert larkspur.pairs() == []
    assert not any(person.messages for person in larkspur.everybody)


@pytest.mark.slow
def test_approved_pairs_are_introduced_in_working_hours(larkspur: Larkspur) -> None:
    larkspur.cora.command("program propose")
    larkspur.cora.press("Approve 2 pairs")
    larkspur.cora.sees("Approved: 2 pairs", "I begin on Tuesday 3 March, 09:00", "[Stop]", "Next from me")
    larkspur.publish()
    assert len(larkspur.pairs()) == len(larkspur.chat.introductions) == 2
    larkspur.erik.sees("your mentor", "Both care about AI in daily work")
    larkspur.farah.sees("your mentor")
    assert {larkspur.enrollment(person).status for person in (larkspur.erik, larkspur.farah)} == {"matched"}


@pytest.mark.slow
def test_u3_whoever_has_no_partner_is_told_kindly_once(larkspur: Larkspur) -> None:
    larkspur.cora.command("program propose")
    larkspur.cora.press("Approve 2 pairs")
    larkspur.chat.advance(days=3)
    alone = larkspur.alone()
    assert len(alone.messages) == 1
    alone.sees("No partner yet", "you come first in the next matching", "Next from me")
    assert alone.last.notice is not None
    assert not alone.last.notice.prompted
    assert larkspur.enrollment(alone).status == "joined"


@pytest.mark.slow
def test_u25_the_unmatched_come_first_next_time(larkspur: Larkspur) -> None:
    larkspur.cora.command("program propose")
    larkspur.cora.press("Approve 2 pairs")
    larkspur.publish()
    alone = larkspur.alone()
    mentor(larkspur.chat, "dana.late", larkspur.program, interests=["Chess"])
    mentee(larkspur.chat, "grace.late", larkspur.program, interests=["Chess"])
    larkspur.cora.command("program propose")
    larkspur.cora.press("Approve 1 pair")
    larkspur.publish()
    assert alone.id in {pair.mentor_id for pair in larkspur.pairs()}
    alone.sees("Grace Late, your mentee")


def test_u3_who_waits_through_several_matchings_hears_it_twice_in_other_words_and_then_no_more(
    larkspur: Larkspur,
) -> None:
    larkspur.cora.command("program propose")
    larkspur.cora.press("Approve 2 pairs")
    larkspur.publish()
    alone = larkspur.alone()
    chat = larkspur.chat
    for _ in range(3):
        number = chat.look(lambda store: _approved_without(store, larkspur, alone.id))
        chat.due(larkspur.cora, Action("pairing", "tell_unmatched", {"proposal": number}))
    told = [one.text for one in alone.messages if one.notice and one.notice.kind == "unmatched"]
    assert len(told) == 2
    assert "New pairs, and still none for you" in told[1]


def _approved_without(store: Store, larkspur: Larkspur, person: int) -> int:
    row = Proposal(
        program_id=larkspur.program,
        status="approved",
        total=0.0,
        unmatched=[{"person": person, "reason": "nobody fits"}],
        made_by=larkspur.cora.id,
        made_at=larkspur.chat.now,
    )
    return store.proposals.add(row, []).id


def test_approving_twice_does_nothing_twice(larkspur: Larkspur) -> None:
    larkspur.cora.command("program propose")
    button = larkspur.cora.last.button("Approve 2 pairs")
    assert button is not None
    larkspur.cora.press("Approve 2 pairs")
    larkspur.chat.run(larkspur.cora.id, Pressed(), button.action)
    larkspur.cora.sees("approved already, so nothing happens twice", "Tuesday 3 March, 09:00")
    larkspur.publish()
    larkspur.cora.command("program approve")
    larkspur.cora.sees("no proposal that waits for a decision")
    assert len(larkspur.pairs()) == 2
    assert len(larkspur.erik.messages) == 1


def test_a_batch_that_runs_again_makes_no_second_pair(larkspur: Larkspur) -> None:
    larkspur.cora.command("program propose")
    larkspur.cora.press("Approve 2 pairs")
    larkspur.publish()
    nudge = next(one for one in larkspur.chat.nudges.values() if one.action.name == "pairing.pair_up")
    larkspur.chat.run(larkspur.cora.id, Due(), nudge.action)
    assert len(larkspur.pairs()) == 2


@pytest.mark.slow
def test_a_pair_can_be_taken_out_and_put_back(larkspur: Larkspur) -> None:
    larkspur.cora.command("program propose")
    larkspur.cora.press("Review")
    larkspur.cora.sees("Page 1 of 1", "good fit", "Both care about AI in daily work")
    larkspur.cora.press("Take out")
    larkspur.cora.sees("Taken out:", "[Put back]")
    larkspur.cora.press("Put back")
    assert "Taken out" not in larkspur.cora.last.text
    larkspur.cora.press("Take out")
    larkspur.cora.press("Back to the summary")
    larkspur.cora.sees("1 pair is taken out", "Approve 1 pair", "Without a partner: 3")
    larkspur.cora.press("Approve 1 pair")
    larkspur.publish()
    assert len(larkspur.pairs()) == 1
    assert sum("No partner yet" in person.last.text for person in larkspur.everybody) == 3


def test_many_pairs_come_in_pages_with_the_weakest_first(larkspur: Larkspur) -> None:
    for number in range(8):
        mentor(larkspur.chat, f"junior.{number}", larkspur.program)
        wants = ["cybersecurity" if number < 4 else "artificial_intelligence"]
        mentee(larkspur.chat, f"senior.{number}", larkspur.program, wants=wants)
    larkspur.cora.command("program propose")
    larkspur.cora.sees("Look at these first: the weakest pairs")
    larkspur.cora.command("program review")
    larkspur.cora.sees("Page 1 of 2, the weakest first", "loose fit")
    larkspur.cora.press("Next page")
    larkspur.cora.sees("Page 2 of 2", "good fit")
    larkspur.cora.press("Previous page")
    larkspur.cora.sees("Page 1 of 2")


def test_a_new_proposal_takes_the_place_of_the_old_draft(larkspur: Larkspur) -> None:
    larkspur.cora.command("program propose")
    old = larkspur.cora.last
    larkspur.cora.command("program propose")
    larkspur.cora.sees("I threw the earlier draft away")
    larkspur.cora.press("Approve 2 pairs", old)
    assert "This proposal was discarded" in old.text
    larkspur.chat.advance(days=1)
    assert larkspur.pairs() == []


def test_discarding_tells_nobody(larkspur: Larkspur) -> None:
    larkspur.cora.command("program propose")
    larkspur.cora.press("Discard")
    larkspur.cora.sees("Nobody was told anything")
    larkspur.cora.command("program approve")
    larkspur.cora.sees("no proposal that waits for a decision")
    larkspur.chat.advance(days=1)
    assert not any(person.messages for person in larkspur.everybody)


@pytest.mark.parametrize("decision", ["Lock", "Swap"])
def test_a_draft_with_work_by_hand_is_not_thrown_away_at_one_press(larkspur: Larkspur, decision: str) -> None:
    larkspur.cora.command("program propose")
    larkspur.cora.press("Review")
    larkspur.cora.press("Close up")
    larkspur.cora.press(decision)
    if decision == "Swap":
        larkspur.cora.press("Swap with this pair")
        larkspur.cora.press("Unlock")
    larkspur.cora.press("Back to the list")
    larkspur.cora.press("Back to the summary")
    larkspur.cora.press("Discard")
    count = "1 pair" if decision == "Lock" else "2 pairs"
    larkspur.cora.sees("Discard this draft?", f"It holds {count} that you made or locked by hand")
    larkspur.cora.press("Keep it")
    larkspur.cora.sees("Proposed pairs: Digital fluency")
    larkspur.cora.press("Discard")
    larkspur.cora.press("Discard it")
    larkspur.cora.sees("Draft discarded", "Nobody was told anything")


def test_what_was_locked_and_taken_out_again_is_no_work_to_ask_about(larkspur: Larkspur) -> None:
    larkspur.cora.command("program propose")
    larkspur.cora.press("Review")
    larkspur.cora.press("Lock")
    larkspur.cora.press("Take out")
    larkspur.cora.press("Back to the summary")
    larkspur.cora.press("Discard")
    larkspur.cora.sees("Draft discarded")


@pytest.mark.slow
def test_what_changed_since_the_proposal_is_shown_before_anybody_is_introduced(larkspur: Larkspur) -> None:
    larkspur.cora.command("program propose")
    for junior in larkspur.juniors:
        larkspur.change(junior, team="Growth")
    larkspur.change(larkspur.erik, team="Growth")
    larkspur.cora.press("Approve 2 pairs")
    larkspur.cora.sees("Something changed meanwhile", "Erik Berg: they are in the same team now")
    assert larkspur.pairs() == []
    larkspur.cora.press("Approve 1 pair")
    larkspur.publish()
    assert [pair.mentee_id for pair in larkspur.pairs()] == [larkspur.farah.id]


def test_somebody_who_left_since_the_proposal_is_not_introduced(larkspur: Larkspur) -> None:
    larkspur.cora.command("program propose")
    larkspur.chat.look(
        lambda store: setattr(
            store.enrollments.of(store.people.get(larkspur.erik.id), larkspur.program), "status", "left"
        )
    )
    larkspur.cora.press("Approve 2 pairs")
    larkspur.cora.sees("one of them is no longer waiting for a partner")
    larkspur.cora.press("Approve 1 pair")
    larkspur.chat.advance(days=2)
    assert not larkspur.erik.messages


def test_a_wish_not_to_be_paired_is_kept_and_named_to_nobody(larkspur: Larkspur) -> None:
    emails = [junior.email for junior in larkspur.juniors]
    larkspur.chat.look(
        lambda store: setattr(
            store.enrollments.of(store.people.get(larkspur.erik.id), larkspur.program), "avoid", emails
        )
    )
    larkspur.cora.command("program propose")
    text = larkspur.cora.sees("Pairs: 1")
    assert "avoid" not in text
    assert "an earlier pairing or wish" in text


def test_u1_past_partners_are_never_proposed_again(larkspur: Larkspur) -> None:
    before = program(larkspur.chat, larkspur.cora, "Last year", status="closed")
    for junior in larkspur.juniors:
        pair(larkspur.chat, before, junior, larkspur.erik, date(2025, 3, 3), status="ended")
    larkspur.cora.command("program propose")
    larkspur.cora.sees("Pairs: 1", "Erik Berg: None of the 3 mentors can be proposed")


def test_people_who_wait_for_confirmation_or_did_not_answer_are_left_out_and_listed(larkspur: Larkspur) -> None:
    hana = larkspur.chat.person("hana.ito@larkspur.example", level=7, department="Legal")
    joins(larkspur.chat, hana, larkspur.program, "mentee", confirmed=False)
    ivo = larkspur.chat.person("ivo.petrov@larkspur.example", level=7, department="Legal")
    joins(larkspur.chat, ivo, larkspur.program, "mentee", status="invited", agreed_at=None)
    larkspur.cora.command("program propose")
    larkspur.cora.sees("Hana Ito waits for you to confirm", "1 person has not answered the invitation", "Pairs: 2")


def test_only_mentors_get_a_text_that_helps(larkspur: Larkspur) -> None:
    other = program(larkspur.chat, larkspur.cora, "Sustainability")
    joins(larkspur.chat, larkspur.ana, other, "mentor")
    larkspur.chat.run(larkspur.cora.id, Pressed(), Action("matching", "propose", {"program": other}))
    larkspur.cora.sees("Nobody to match yet", "1 mentor ready, but no mentees yet", "program open")


def test_mentors_who_wait_while_every_mentee_has_a_partner_are_told_so(larkspur: Larkspur) -> None:
    pair(larkspur.chat, larkspur.program, larkspur.ana, larkspur.erik)
    pair(larkspur.chat, larkspur.program, larkspur.bo, larkspur.farah)
    larkspur.cora.command("program propose")
    text = larkspur.cora.sees("1 mentor ready", "every mentee who takes part has a partner", "waits for new mentees")
    assert "no mentees yet" not in text


def test_mentees_who_wait_while_every_mentor_has_enough_are_told_so(larkspur: Larkspur) -> None:
    other = program(larkspur.chat, larkspur.cora, "Sustainability")
    for person, role in ((larkspur.ana, "mentor"), (larkspur.erik, "mentee"), (larkspur.farah, "mentee")):
        joins(larkspur.chat, person, other, role)
    pair(larkspur.chat, other, larkspur.ana, larkspur.erik)
    larkspur.chat.run(larkspur.cora.id, Pressed(), Action("matching", "propose", {"program": other}))
    text = larkspur.cora.sees(
        "1 mentee ready", "every mentor who takes part has as many mentees as they offered to take"
    )
    assert "waits for new mentors" in text
    assert "no mentors yet" not in text


def test_when_everybody_has_a_partner_that_is_said(larkspur: Larkspur) -> None:
    other = program(larkspur.chat, larkspur.cora, "Sustainability")
    joins(larkspur.chat, larkspur.ana, other, "mentor")
    joins(larkspur.chat, larkspur.erik, other, "mentee")
    pair(larkspur.chat, other, larkspur.ana, larkspur.erik)
    larkspur.chat.run(larkspur.cora.id, Pressed(), Action("matching", "propose", {"program": other}))
    larkspur.cora.sees("Everybody who takes part in Sustainability has a partner")


def test_nobody_at_all_gets_a_text_that_helps(larkspur: Larkspur) -> None:
    other = program(larkspur.chat, larkspur.cora, "Sustainability")
    larkspur.chat.run(larkspur.cora.id, Pressed(), Action("matching", "propose", {"program": other}))
    larkspur.cora.sees("Nobody in Sustainability is ready to be paired yet")


def test_with_several_programs_the_coordinator_is_asked_which(larkspur: Larkspur) -> None:
    program(larkspur.chat, larkspur.cora, "Sustainability")
    larkspur.cora.command("program propose")
    larkspur.cora.sees("Which program?", "Digital fluency", "Sustainability")
    larkspur.cora.command("program propose digital fluency")
    larkspur.cora.sees("Proposed pairs: Digital fluency")


def test_a_matching_that_fails_says_so_and_can_be_tried_again(larkspur: Larkspur) -> None:
    action = Action("matching", "proposed", {"program": larkspur.program})
    larkspur.chat.run(larkspur.cora.id, Consulted(fault="Too slow"), action)
    larkspur.cora.sees("I could not work it out", "Nothing was changed", "Try again")
    larkspur.cora.press("Try again")
    larkspur.cora.sees("Proposed pairs")


def test_a_program_that_closed_meanwhile_gets_no_proposal(larkspur: Larkspur) -> None:
    larkspur.chat.look(lambda store: setattr(store.programs.get(larkspur.program), "status", "closed"))
    action = Action("matching", "proposed", {"program": larkspur.program})
    answer = Matched((MatchedPair(str(larkspur.ana.id), str(larkspur.erik.id), 50, "A reason."),))
    larkspur.chat.run(larkspur.cora.id, Consulted(answer), action)
    larkspur.cora.sees("is closed")


def test_the_program_takes_at_most_so_many_pairs(larkspur: Larkspur) -> None:
    larkspur.chat.look(lambda store: setattr(store.programs.get(larkspur.program), "most_pairs", 1))
    larkspur.cora.command("program propose")
    larkspur.cora.sees("Pairs: 1", "1 pair is taken out", "at most 1 pairs")


def test_whoever_had_no_partner_before_is_kept_when_the_program_takes_few_pairs(larkspur: Larkspur) -> None:
    larkspur.chat.look(lambda store: setattr(store.programs.get(larkspur.program), "most_pairs", 1))
    larkspur.chat.look(
        lambda store: setattr(
            store.enrollments.of(store.people.get(larkspur.farah.id), larkspur.program), "unmatched_rounds", 1
        )
    )
    larkspur.cora.command("program propose")
    larkspur.cora.press("Approve 1 pair")
    larkspur.publish()
    assert [pair.mentee_id for pair in larkspur.pairs()] == [larkspur.farah.id]


@pytest.mark.slow
def test_a_mentor_with_a_place_left_takes_part_in_the_next_matching(larkspur: Larkspur) -> None:
    other = program(larkspur.chat, larkspur.cora, "Sustainability")
    joins(larkspur.chat, larkspur.ana, other, "mentor", capacity=2)
    joins(larkspur.chat, larkspur.erik, other, "mentee")
    for _ in range(2):
        larkspur.chat.run(larkspur.cora.id, Pressed(), Action("matching", "propose", {"program": other}))
        larkspur.cora.press("Approve 1 pair")
        larkspur.publish()
        if len(larkspur.ana.messages) == 1:
            joins(larkspur.chat, larkspur.farah, other, "mentee")
    assert len(larkspur.ana.messages) == 2
    larkspur.ana.sees("Meet Farah Haddad")


@pytest.mark.slow
def test_nobody_is_introduced_to_two_people_on_one_day(larkspur: Larkspur) -> None:
    other = program(larkspur.chat, larkspur.cora, "Sustainability")
    joins(larkspur.chat, larkspur.ana, other, "mentor", capacity=3)
    for name in ("grace.late", "hana.ito", "ivo.petrov"):
        mentee(larkspur.chat, name, other)
    larkspur.chat.run(larkspur.cora.id, Pressed(), Action("matching", "propose", {"program": other}))
    larkspur.cora.press("Approve 3 pairs")
    larkspur.chat.advance(days=1)
    for day in range(1, 4):
        larkspur.chat.advance(hours=3)
        assert len(larkspur.ana.messages) == day
        larkspur.chat.advance(hours=21)
    days: set[date] = larkspur.chat.look(lambda store: {pair.started_on for pair in store.pairs.in_program(other)})
    assert days == {MONDAY + timedelta(days=offset) for offset in range(1, 4)}


@pytest.mark.slow
def test_introductions_wait_for_the_start_of_the_program(larkspur: Larkspur) -> None:
    start = MONDAY + timedelta(days=14)
    larkspur.chat.look(lambda store: setattr(store.programs.get(larkspur.program), "starts_on", start))
    larkspur.cora.command("program propose")
    larkspur.cora.sees("I introduce the two of each pair from 16 March on")
    larkspur.cora.press("Approve 2 pairs")
    larkspur.chat.advance(days=13)
    assert not larkspur.erik.messages
    larkspur.chat.advance(days=2)
    larkspur.erik.sees("your mentor")


@pytest.mark.slow
def test_more_pairs_than_fit_one_batch_are_all_set_up(larkspur: Larkspur) -> None:
    other = program(larkspur.chat, larkspur.cora, "Company wide")
    pairs = 60
    juniors = [mentor(larkspur.chat, f"junior.{number}", other) for number in range(pairs)]
    seniors = [mentee(larkspur.chat, f"senior.{number}", other) for number in range(pairs)]
    larkspur.chat.run(larkspur.cora.id, Pressed(), Action("matching", "propose", {"program": other}))
    larkspur.cora.press(f"Approve {pairs} pairs")
    larkspur.publish()
    assert all(len(person.messages) == 1 for person in [*juniors, *seniors])
    assert not larkspur.chat.look(lambda store: store.proposals.is_under_way(other))


@pytest.mark.parametrize("words", ["program propose", "program review", "program approve"])
def test_s5_nobody_but_coordinators_may_match(larkspur: Larkspur, words: str) -> None:
    with pytest.raises(NotYours):
        larkspur.ana.command(words)


def test_setting_up_runs_by_the_clock_and_never_by_a_click(larkspur: Larkspur) -> None:
    larkspur.cora.command("program propose")
    larkspur.chat.run(larkspur.ana.id, Pressed(), Action("pairing", "pair_up", {"proposal": 1}))
    larkspur.chat.run(larkspur.ana.id, Pressed(), Action("pairing", "tell_unmatched", {"proposal": 1}))
    assert larkspur.pairs() == []
