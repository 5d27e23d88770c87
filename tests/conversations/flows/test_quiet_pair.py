"""A quiet pair: after four weeks the coordinators may write to both, or find them new partners."""

from datetime import timedelta

import pytest

from conversations.flows import booking, help, need, parting, quiet_pair, rhythm
from storage.store import Store
from storage.subject import NotYours
from tests.support.chat import Chat, ChatPerson
from tests.support.company import MONDAY, mentee, mentor, pair, program


class Quiet:
    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        # The check-ins meanwhile have tests of their own.
        chat.flows = (quiet_pair.FLOW, parting.FLOW, rhythm.FLOW, booking.FLOW, need.FLOW, help.FLOW)
        self.cora = chat.person("cora@larkspur.example", coordinator=True)
        self.omar = chat.person("omar@larkspur.example", coordinator=True)
        self.program = program(chat, self.cora, status="running")
        self.ana = mentor(chat, "ana.costa", self.program, status="matched")
        self.erik = mentee(chat, "erik.berg", self.program, status="matched")
        self.pair = pair(chat, self.program, self.ana, self.erik)

    def meet(self, days: int) -> None:
        on = MONDAY + timedelta(days=days)
        self.chat.look(lambda store: store.sessions.record_held(self.pair, on, (MONDAY, on), self.chat.now))

    def told(self, person: ChatPerson) -> int:
        return sum(one.notice is not None and one.notice.kind == "coordinator_quiet" for one in person.messages)


@pytest.fixture
def quiet(chat: Chat) -> Quiet:
    return Quiet(chat)


def test_after_four_weeks_every_coordinator_gets_a_card_once(quiet: Quiet) -> None:
    quiet.chat.advance(days=28)
    assert quiet.told(quiet.cora) == 0
    quiet.chat.advance(days=2)
    quiet.cora.sees("A quiet pair", "Ana Costa (mentor) and Erik Berg (mentee)", "4 weeks")
    assert quiet.told(quiet.omar) == 1
    quiet.chat.advance(days=60)
    assert quiet.told(quiet.cora) == quiet.told(quiet.omar) == 1
    assert quiet.ana.messages == quiet.erik.messages == []


def test_several_quiet_pairs_of_one_morning_are_one_card_over_all_programs(quiet: Quiet) -> None:
    other = program(quiet.chat, quiet.omar, "Sustainability", status="running")
    teachers = [mentor(quiet.chat, f"t{number}", other) for number in range(2)]
    learners = [mentee(quiet.chat, f"l{number}", other) for number in range(2)]
    for teacher, learner in zip(teachers, learners, strict=True):
        pair(quiet.chat, other, teacher, learner)
    quiet.chat.advance(days=30)
    for coordinator in (quiet.cora, quiet.omar):
        assert quiet.told(coordinator) == 1
        coordinator.sees("3 quiet pairs", "Ana Costa and Erik Berg in Digital fluency", "T0 and L0 in Sustainability")
    card = quiet.cora.last
    quiet.cora.press("Write to both", card)
    quiet.cora.sees("I write to")
    assert "3 quiet pairs" in card.text
    quiet.chat.advance(days=30)
    assert quiet.told(quiet.cora) == 1


def test_a_session_begins_the_count_anew_and_a_second_silence_is_told_again(quiet: Quiet) -> None:
    quiet.chat.advance(days=20)
    quiet.meet(20)
    quiet.chat.advance(days=20)
    assert quiet.told(quiet.cora) == 0
    quiet.chat.advance(days=12)
    assert quiet.told(quiet.cora) == 1
    quiet.meet(52)
    quiet.chat.advance(days=35)
    assert quiet.told(quiet.cora) == 2


def test_a_date_that_is_booked_or_a_rest_is_no_silence(quiet: Quiet) -> None:
    quiet.chat.look(lambda store: setattr(store.pairs.get(quiet.pair), "rests_until", MONDAY + timedelta(days=40)))
    quiet.chat.advance(days=45)
    assert quiet.told(quiet.cora) == 0


def test_a_program_on_hold_or_closed_tells_of_no_quiet_pair(quiet: Quiet) -> None:
    quiet.chat.look(lambda store: setattr(store.programs.get(quiet.program), "held_since", quiet.chat.now))
    quiet.chat.advance(days=60)
    assert quiet.told(quiet.cora) == 0


def test_a_pair_that_means_to_meet_every_four_weeks_has_more_time(quiet: Quiet) -> None:
    quiet.chat.look(lambda store: setattr(store.pairs.get(quiet.pair), "cadence_days", 28))
    quiet.chat.advance(days=42)
    assert quiet.told(quiet.cora) == 0
    quiet.chat.advance(days=3)
    assert quiet.told(quiet.cora) == 1


def test_write_to_both_sends_a_kind_word_in_the_coordinators_name_once(quiet: Quiet) -> None:
    quiet.chat.advance(days=30)
    quiet.cora.press("Write to both")
    quiet.cora.sees("I write to Ana Costa and Erik Berg in your name")
    for person, partner in ((quiet.ana, "Erik Berg"), (quiet.erik, "Ana Costa")):
        words = person.sees("A word from your coordinator", "Cora", partner, "half an hour is plenty")
        assert "4 weeks" not in words
        notice = person.last.notice
        assert notice is not None
        assert (notice.kind, notice.prompted, notice.delivery) == ("from_coordinator", False, "nudge")
    quiet.omar.press("Write to both")
    assert len(quiet.ana.messages) == 1


def test_re_match_asks_first_and_then_ends_the_pair(quiet: Quiet) -> None:
    quiet.chat.advance(days=30)
    quiet.cora.press("Re-match")
    quiet.cora.sees("Find both a new partner?")
    assert quiet.chat.look(lambda store: store.pairs.get(quiet.pair).status) == "active"
    quiet.cora.press("Re-match")
    assert quiet.chat.look(lambda store: store.pairs.get(quiet.pair).status) != "active"
    quiet.omar.press("Write to both")
    quiet.omar.sees("That is settled")
    assert not [one for one in quiet.ana.messages if one.notice and one.notice.kind == "from_coordinator"]


def test_a_pair_that_met_meanwhile_is_left_alone(quiet: Quiet) -> None:
    quiet.chat.advance(days=30)
    quiet.meet(30)
    quiet.cora.press("Write to both")
    quiet.cora.sees("not quiet any more")
    assert quiet.ana.messages == []


def test_the_list_shows_ten_a_page_with_the_longest_silence_first(quiet: Quiet) -> None:
    for number in range(11):
        name = f"{'Maximiliana-Josephine ' * 8}{number}"
        one = mentee(quiet.chat, f"m{number}", quiet.program, row={"name": name[:200]})
        pair(quiet.chat, quiet.program, quiet.ana, one, MONDAY + timedelta(days=number))
    quiet.chat.advance(days=50)
    quiet.cora.command("program quiet")
    quiet.cora.sees("Quiet pairs: Digital fluency", "Erik Berg: quiet for 7 weeks")
    assert quiet.cora.last.text.count("[Write to both]") == 10
    quiet.cora.press("More pairs (1 of 2)")
    assert quiet.cora.last.text.count("[Write to both]") == 2


def test_an_empty_list_says_so_and_nobody_else_may_look(quiet: Quiet) -> None:
    quiet.cora.command("program quiet")
    quiet.cora.sees("No quiet pairs", "Next from me")
    for step, args in (("show", {"program": 1}), ("write", {"pair": 1})):
        with pytest.raises(NotYours):
            quiet.chat.press_action(quiet.ana, "quiet_pair", step, **args)
    with pytest.raises(NotYours):
        quiet.chat.press_action(quiet.cora, "quiet_pair", "write", pair=99)


def test_the_coordinator_who_left_the_company_is_not_written_to(quiet: Quiet) -> None:
    def leave(store: Store) -> None:
        store.people.mark_gone([quiet.cora.id], quiet.chat.now)

    quiet.chat.look(leave)
    quiet.chat.advance(days=31)
    assert (quiet.told(quiet.cora), quiet.told(quiet.omar)) == (0, 1)


def test_a_coordinator_reads_nothing_about_a_pair_of_their_own(quiet: Quiet) -> None:
    """The other coordinators get it; where there is none, it stands in the list alone."""
    uma = mentee(quiet.chat, "uma.lind", quiet.program, status="matched")
    pair(quiet.chat, quiet.program, quiet.omar, uma)
    quiet.chat.advance(days=30)
    quiet.cora.sees("2 quiet pairs", "Ana Costa and Erik Berg", "Omar and Uma Lind")
    assert "Uma Lind" not in quiet.omar.sees("A quiet pair", "Ana Costa (mentor) and Erik Berg (mentee)")


def test_the_only_coordinator_gets_no_card_about_their_own_pair(chat: Chat) -> None:
    chat.flows = (quiet_pair.FLOW,)
    cora = chat.person("cora@larkspur.example", coordinator=True)
    run = program(chat, cora, status="running")
    pair(chat, run, cora, mentee(chat, "erik.berg", run))
    chat.advance(days=40)
    assert cora.messages == []
    cora.command("program quiet")
    cora.sees("Erik Berg: quiet for 5 weeks")
