"""What a coordinator decides about single pairs: locked, kept apart, swapped, made by hand; what is written down."""

from datetime import date, timedelta
from typing import Any

import pytest

from conversations.actions import Action
from conversations.events import Pressed
from storage.store import Store
from storage.subject import NotYours
from storage.tables import Pair, ProposedPair
from tests.support.chat import Chat, ChatPerson
from tests.support.company import MONDAY, mentee, mentor, program, with_matching


class Larkspur:
    """Cora's program with two mentors and two mentees; Ana fits Erik best, and Bo fits Farah."""

    def __init__(self, chat: Chat) -> None:
        self.chat = with_matching(chat)
        self.cora = chat.person("cora.lind@larkspur.example", coordinator=True)
        chat.person("omar.saleh@larkspur.example", coordinator=True)
        self.program = program(chat, self.cora)
        self.ana = mentor(chat, "ana.costa", self.program, interests=["Chess"])
        self.bo = mentor(chat, "bo.rossi", self.program, interests=["Rowing"])
        self.erik = mentee(chat, "erik.berg", self.program, interests=["Chess"])
        self.farah = mentee(chat, "farah.haddad", self.program, interests=["Rowing"])
        self.names = {one.id: one.email.partition(".")[0] for one in (self.ana, self.bo, self.erik, self.farah)}

    def proposes(self) -> None:
        self.cora.command("program propose")

    def closes_up(self, person: ChatPerson) -> None:
        """The pair of this mentor, close up."""
        row = next(row for row in self.rows() if row.mentor_id == person.id and row.kept)
        self.chat.run(self.cora.id, Pressed(), Action("matching_pairs", "pair", {"pair": row.id}))

    def rows(self) -> list[ProposedPair]:
        def read(store: Store) -> list[ProposedPair]:
            latest = store.proposals.latest(self.program)
            return list(store.proposals.pairs_of(latest.id)) if latest else []

        found: list[ProposedPair] = self.chat.look(read)
        return found

    def couples(self) -> set[tuple[str, str]]:
        return {(self.names[row.mentor_id], self.names[row.mentee_id]) for row in self.rows() if row.kept}

    def pairs(self) -> list[Pair]:
        found: list[Pair] = self.chat.look(lambda store: list(store.pairs.in_program(self.program)))
        return found

    def change_sign_up(self, person: ChatPerson, **columns: Any) -> None:
        def work(store: Store) -> None:
            for column, value in columns.items():
                setattr(store.enrollments.required(store.people.get(person.id), self.program), column, value)

        self.chat.look(work)

    def change(self, person: ChatPerson, **columns: Any) -> None:
        def work(store: Store) -> None:
            for column, value in columns.items():
                setattr(store.people.get(person.id), column, value)

        self.chat.look(work)


@pytest.fixture
def larkspur(chat: Chat) -> Larkspur:
    return Larkspur(chat)


BEST = {("ana", "erik"), ("bo", "farah")}
CROSSED = {("ana", "farah"), ("bo", "erik")}


def swaps(larkspur: Larkspur) -> None:
    larkspur.proposes()
    larkspur.closes_up(larkspur.ana)
    larkspur.cora.press("Swap")
    larkspur.cora.sees("The two mentors are exchanged", "Bo Rossi with Farah Haddad")
    larkspur.cora.press("Swap with this pair")


def test_a_pair_close_up_says_by_part_why_it_fits(larkspur: Larkspur) -> None:
    larkspur.proposes()
    assert larkspur.couples() == BEST
    larkspur.closes_up(larkspur.ana)
    larkspur.cora.sees("Ana Costa teaches Erik Berg", "Both care about", "What the mentee wants to learn: ", "points")


def test_two_pairs_are_swapped_and_stay_so_in_the_next_proposal(larkspur: Larkspur) -> None:
    swaps(larkspur)
    larkspur.cora.sees("Ana Costa teaches Farah Haddad", "You made this pair by hand", "Locked")
    assert larkspur.couples() == CROSSED
    larkspur.proposes()
    larkspur.cora.sees("Locked by you: 2")
    assert larkspur.couples() == CROSSED


def test_swapped_back_it_is_as_it_was(larkspur: Larkspur) -> None:
    swaps(larkspur)
    larkspur.cora.press("Swap")
    larkspur.cora.press("Swap with this pair")
    assert larkspur.couples() == BEST


def test_a_pair_that_is_unlocked_may_change_in_the_next_proposal(larkspur: Larkspur) -> None:
    swaps(larkspur)
    for person in (larkspur.ana, larkspur.bo):
        larkspur.closes_up(person)
        larkspur.cora.press("Unlock")
    larkspur.proposes()
    assert larkspur.couples() == BEST


def test_a_forbidden_pair_comes_again_only_when_it_is_allowed_again(larkspur: Larkspur) -> None:
    larkspur.proposes()
    larkspur.closes_up(larkspur.ana)
    larkspur.cora.press("Never pair these two")
    larkspur.cora.sees("Not to be paired: Ana Costa and Erik Berg")
    larkspur.proposes()
    assert larkspur.couples() == CROSSED
    larkspur.cora.command("program forbidden")
    larkspur.cora.sees("Ana Costa and Erik Berg", "1 pair is kept apart")
    larkspur.cora.press("Allow again")
    larkspur.cora.sees("Nobody is kept apart by hand")
    larkspur.proposes()
    assert larkspur.couples() == BEST


def test_forbidding_can_be_undone_on_the_spot(larkspur: Larkspur) -> None:
    larkspur.proposes()
    larkspur.closes_up(larkspur.ana)
    larkspur.cora.press("Never pair these two")
    larkspur.cora.press("Allow again")
    assert larkspur.couples() == BEST


def test_a_swap_against_a_rule_names_it_and_needs_a_note(larkspur: Larkspur) -> None:
    larkspur.change(larkspur.ana, team="Growth")
    larkspur.change(larkspur.farah, team="Growth")
    swaps(larkspur)
    form = larkspur.cora.form
    assert form is not None
    assert "Ana Costa with Farah Haddad. This pair breaks a rule: they are in the same team." in form.intro
    larkspur.cora.submit(note="")
    assert larkspur.cora.errors == {"note": "Please answer this one."}
    assert larkspur.couples() == BEST
    larkspur.cora.submit(note="They asked for it, and HR agrees.")
    larkspur.cora.sees("Against a rule: they are in the same team now. Your note: They asked for it")
    assert larkspur.couples() == CROSSED


def adds_across_the_reporting_line(larkspur: Larkspur) -> None:
    larkspur.change(larkspur.ana, manager_email="erik.berg@larkspur.example")
    larkspur.change(larkspur.erik, manager_email="president@larkspur.example")
    larkspur.proposes()
    assert larkspur.couples() == {("ana", "farah"), ("bo", "erik")}
    for _ in range(2):
        larkspur.cora.command("program review")
        larkspur.cora.press("Take out")
    larkspur.cora.command("program add pair")
    larkspur.cora.submit(mentor="ana.costa@larkspur.example", mentee="erik.berg@larkspur.example")


def test_the_conflict_firewall_is_set_aside_only_with_a_note_and_a_plain_warning(larkspur: Larkspur) -> None:
    adds_across_the_reporting_line(larkspur)
    form = larkspur.cora.form
    assert form is not None
    for words in ("in one reporting line", "conflict firewall", "what is said may count against them"):
        assert words in form.intro
    larkspur.cora.submit(note="Erik leaves the line in May.")
    assert larkspur.couples() == {("ana", "erik")}


@pytest.mark.slow
def test_a_pair_against_a_rule_is_shown_once_more_before_it_is_approved(larkspur: Larkspur) -> None:
    adds_across_the_reporting_line(larkspur)
    larkspur.cora.submit(note="Erik leaves the line in May.")
    larkspur.cora.command("program approve")
    larkspur.cora.sees("Pairs against a rule", "Ana Costa with Erik Berg: they are in one reporting line now")
    larkspur.cora.press("Approve 1 pair")
    larkspur.cora.sees("Approved: 1 pair")
    larkspur.chat.advance(days=1, hours=2)
    assert [(pair.mentor_id, pair.mentee_id) for pair in larkspur.pairs()] == [(larkspur.ana.id, larkspur.erik.id)]


def test_who_cannot_be_in_a_pair_is_said_beside_their_field_and_nothing_is_lost(larkspur: Larkspur) -> None:
    larkspur.proposes()
    larkspur.cora.press("Add a pair by hand")
    larkspur.cora.submit(mentor="erik.berg@larkspur.example", mentee="nobody@larkspur.example")
    assert "Erik Berg has not signed up as a mentor" in larkspur.cora.errors["mentor"]
    assert "I know nobody" in larkspur.cora.errors["mentee"]
    larkspur.cora.submit(mentor="ana.costa@larkspur.example", mentee="farah.haddad@larkspur.example")
    assert "Ana Costa is proposed with Erik Berg. Take that pair out first" in larkspur.cora.errors["mentor"]
    assert larkspur.couples() == BEST


def test_somebody_is_found_by_the_beginning_of_a_name(larkspur: Larkspur) -> None:
    larkspur.proposes()
    larkspur.cora.press("Review")
    larkspur.cora.press("Find somebody")
    larkspur.cora.submit(name="fara")
    text = larkspur.cora.sees("Found in the proposal", "Farah Haddad")
    assert "Erik" not in text


@pytest.mark.slow
def test_only_the_locked_pairs_are_approved_and_on_a_later_day(larkspur: Larkspur) -> None:
    larkspur.proposes()
    larkspur.closes_up(larkspur.ana)
    larkspur.cora.press("Lock")
    larkspur.cora.press("Back to the list")
    larkspur.cora.press("Back to the summary")
    larkspur.cora.press("Approve some, or later")
    larkspur.cora.submit(which="locked", day=(MONDAY + timedelta(days=10)).isoformat())
    larkspur.cora.sees("Approved: 1 pair", "Thursday 12 March, 09:00")
    larkspur.chat.advance(days=9)
    assert larkspur.pairs() == []
    larkspur.chat.advance(days=2)
    assert [pair.mentor_id for pair in larkspur.pairs()] == [larkspur.ana.id]


def test_a_proposal_is_compared_with_the_last_one(larkspur: Larkspur) -> None:
    larkspur.proposes()
    first = larkspur.cora.last
    assert "Compare with the last one" not in first.labels
    larkspur.closes_up(larkspur.ana)
    larkspur.cora.press("Never pair these two")
    larkspur.proposes()
    larkspur.cora.press("Compare with the last one")
    larkspur.cora.sees("Pairs: 2, before 1", "New pairs (2)", "Ana Costa with Farah Haddad", "Gone (1)")
    larkspur.cora.sees("Have a partner now: Ana Costa and Erik Berg")


def test_an_old_card_that_offers_to_compare_the_first_proposal_gets_an_answer(larkspur: Larkspur) -> None:
    larkspur.proposes()
    proposal = larkspur.rows()[0].proposal_id
    larkspur.chat.run(larkspur.cora.id, Pressed(), Action("matching", "compare", {"proposal": proposal}))
    larkspur.cora.sees("This is the first proposal")


def test_the_history_tells_who_decided_what_and_holds_no_note(larkspur: Larkspur) -> None:
    adds_across_the_reporting_line(larkspur)
    larkspur.cora.submit(note="Erik leaves the line in May.")
    larkspur.closes_up(larkspur.ana)
    larkspur.cora.press("Unlock")
    larkspur.cora.command("program audit")
    text = larkspur.cora.sees(
        "Newest first",
        "2 March, 09:30, Cora Lind: unlocked Ana Costa with Erik Berg",
        "added Ana Costa with Erik Berg by hand, against the rule “reporting line” (with a note)",
        "proposed 2 pairs",
    )
    assert text.index("unlocked") < text.index("by hand") < text.index("proposed")
    assert "May" not in text


def test_a_wish_not_to_be_paired_is_named_nowhere(larkspur: Larkspur) -> None:
    larkspur.proposes()
    larkspur.change_sign_up(larkspur.ana, avoid=[larkspur.farah.email])
    larkspur.closes_up(larkspur.ana)
    larkspur.cora.press("Swap")
    larkspur.cora.press("Swap with this pair")
    assert larkspur.cora.form is not None
    assert "an earlier pairing or wish" in larkspur.cora.form.intro
    larkspur.cora.submit(note="Both were asked.")
    larkspur.cora.command("program history")
    history = larkspur.cora.sees("Ana Costa with Farah Haddad by a swap, against the rule “an earlier pairing or wish”")
    assert "avoid" not in history


def test_somebody_on_leave_or_paused_is_left_out_until_they_are_back(larkspur: Larkspur) -> None:
    larkspur.change(larkspur.erik, away_until=date(2026, 4, 1))
    larkspur.change(larkspur.bo, paused_until=date(2026, 4, 1))
    larkspur.proposes()
    assert larkspur.couples() == {("ana", "farah")}
    larkspur.change(larkspur.erik, away_until=date(2026, 3, 2))
    larkspur.change(larkspur.bo, paused_until=None)
    larkspur.proposes()
    assert larkspur.couples() == BEST


def test_a_decided_proposal_cannot_be_changed_by_an_old_card(larkspur: Larkspur) -> None:
    larkspur.proposes()
    pair = next(row for row in larkspur.rows() if row.mentor_id == larkspur.ana.id)
    larkspur.cora.press("Approve 2 pairs")
    for step in ("lock", "forbid", "pair"):
        larkspur.chat.press_action(larkspur.cora, "matching_pairs", step, pair=pair.id)
        larkspur.cora.sees("approved already")
    assert larkspur.couples() == BEST
    assert not larkspur.chat.look(lambda store: store.forbidden_pairs.in_program(larkspur.program))


@pytest.mark.parametrize("words", ["program rules", "program history", "program forbidden", "program add pair"])
def test_s5_nobody_but_coordinators_decides_on_pairs(larkspur: Larkspur, words: str) -> None:
    with pytest.raises(NotYours):
        larkspur.ana.command(words)
