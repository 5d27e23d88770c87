"""What a summary may claim: the best there is only as long as it is what was proposed, and around what was locked."""

import pytest

from tests.conversations.flows.test_matching_pairs import Larkspur
from tests.support.chat import Chat

BEST = "no other matching has more pairs, or as many and a better total"
WAS_BEST = "What I proposed was the best that the rules allow; it has changed since."


@pytest.fixture
def larkspur(chat: Chat) -> Larkspur:
    return Larkspur(chat)


def summary_of(larkspur: Larkspur) -> str:
    """The summary as it stands now."""
    larkspur.cora.command("program review")
    larkspur.cora.press("Back to the summary")
    text: str = larkspur.cora.last.text
    return text


def test_after_a_swap_the_proposal_is_no_longer_called_the_best(larkspur: Larkspur) -> None:
    larkspur.proposes()
    larkspur.cora.sees(BEST)
    swaps(larkspur)
    text = summary_of(larkspur)
    assert WAS_BEST in text
    assert BEST not in text


def test_swapped_back_it_is_the_best_again(larkspur: Larkspur) -> None:
    larkspur.proposes()
    swaps(larkspur)
    swaps(larkspur)
    assert BEST in summary_of(larkspur)


def test_without_a_pair_that_was_taken_out_it_is_no_longer_called_the_best(larkspur: Larkspur) -> None:
    larkspur.proposes()
    larkspur.cora.press("Review")
    larkspur.cora.press("Take out")
    assert WAS_BEST in summary_of(larkspur)
    larkspur.cora.command("program review")
    larkspur.cora.press("Put back")
    assert BEST in summary_of(larkspur)


def test_a_forbidden_pair_and_one_added_by_hand_change_the_proposal(larkspur: Larkspur) -> None:
    larkspur.proposes()
    larkspur.closes_up(larkspur.ana)
    larkspur.cora.press("Never pair these two")
    assert WAS_BEST in summary_of(larkspur)
    larkspur.cora.press("Add a pair by hand")
    larkspur.cora.submit(mentor=larkspur.ana.email, mentee=larkspur.erik.email)
    larkspur.cora.submit(note="They asked for it.")
    assert BEST in summary_of(larkspur), "it is the same pairs again"


def test_a_lock_alone_changes_nothing(larkspur: Larkspur) -> None:
    larkspur.proposes()
    larkspur.closes_up(larkspur.ana)
    larkspur.cora.press("Lock")
    assert BEST in summary_of(larkspur)
    assert "around" not in larkspur.cora.last.text


def test_proposed_around_locked_pairs_only_the_rest_is_called_the_best(larkspur: Larkspur) -> None:
    larkspur.proposes()
    swaps(larkspur)
    larkspur.proposes()
    larkspur.cora.sees(f"around the pairs you locked, {BEST}")
    larkspur.cora.press("Review")
    larkspur.cora.press("Take out")
    assert "the best that the rules allow around the pairs you locked; it has changed since" in summary_of(larkspur)


def test_a_program_with_less_room_than_pairs_does_not_call_its_part_the_best(larkspur: Larkspur) -> None:
    larkspur.chat.look(lambda store: setattr(store.programs.required(larkspur.program), "most_pairs", 1))
    larkspur.proposes()
    larkspur.cora.sees(BEST, "This program has room for 1 of its 2 pairs.")
    larkspur.cora.press("Review")
    larkspur.cora.press("Take out")
    text = summary_of(larkspur)
    assert BEST not in text
    assert "What I proposed" not in text


def test_stopped_after_an_approval_of_some_it_is_no_longer_called_the_best(larkspur: Larkspur) -> None:
    larkspur.proposes()
    larkspur.closes_up(larkspur.ana)
    larkspur.cora.press("Lock")
    summary_of(larkspur)
    larkspur.cora.press("Approve some, or later")
    larkspur.cora.submit(which="locked")
    assert "best" not in larkspur.cora.sees("Approved: 1 pair")
    larkspur.cora.press("Stop")
    larkspur.cora.sees(WAS_BEST)


def swaps(larkspur: Larkspur) -> None:
    larkspur.closes_up(larkspur.ana)
    larkspur.cora.press("Swap")
    larkspur.cora.press("Swap with this pair")
