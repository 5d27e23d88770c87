"""Re-matching while a program runs: one pair, the leavers, or everybody with as few pairs broken as can be."""

from dataclasses import dataclass
from datetime import date

import pytest

from storage.store import Store
from tests.support import company
from tests.support.chat import Chat, ChatPerson

FEBRUARY = date(2026, 2, 16)


@dataclass(frozen=True, slots=True)
class Running:
    """Two pairs that meet, and two people who wait and cannot be paired with each other; Amara coordinates."""

    chat: Chat
    amara: ChatPerson
    program: int
    people: dict[str, ChatPerson]

    def active(self) -> set[tuple[str, str]]:
        names = {one.id: name for name, one in self.people.items()}

        def read(store: Store) -> set[tuple[str, str]]:
            pairs = [pair for pair in store.pairs.in_program(self.program) if pair.status == "active"]
            return {(names[pair.mentor_id], names[pair.mentee_id]) for pair in pairs}

        found: set[tuple[str, str]] = self.chat.look(read)
        return found


@pytest.fixture
def running(chat: Chat) -> Running:
    company.with_matching(chat)
    amara = chat.person("amara@larkspur.example", coordinator=True, name="Amara Okafor")
    chat.person("ben@larkspur.example", coordinator=True)
    program = company.program(chat, amara, status="running", starts_on=FEBRUARY, matching_on=FEBRUARY)
    people = {name: company.mentor(chat, name, program, status="matched") for name in ("noor", "omar")}
    people |= {name: company.mentee(chat, name, program, status="matched") for name in ("rosalind", "tomas")}
    for teacher, learner in (("noor", "rosalind"), ("omar", "tomas")):
        company.pair(chat, program, people[teacher], people[learner], started_on=FEBRUARY)
    return Running(chat, amara, program, people)


def wait(running: Running) -> None:
    """Liam and Zofia wait; they share a team, so that two pairs have to make room or two people stay alone."""
    team = {"team": "One team"}
    running.people["liam"] = company.mentor(running.chat, "liam", running.program, row=team)
    running.people["zofia"] = company.mentee(running.chat, "zofia", running.program, row=team)
    # Nobody else would do for them either, so that a single change is enough.
    running.chat.look(
        lambda store: store.forbidden_pairs.add(
            running.program,
            running.people["omar"].id,
            running.people["zofia"].id,
            store.people.get(running.amara.id),
            running.chat.now,
        )
    )


def propose_everybody(running: Running) -> None:
    running.amara.command("program rematch")
    running.amara.press("Everybody")
    running.amara.press("Make it a proposal")
    running.amara.press("Approve the re-match")


def test_a_look_at_everybody_shows_what_would_break_and_saves_nothing(running: Running) -> None:
    wait(running)
    running.amara.command("program rematch")
    running.amara.sees("Pairs: 2", "Without a partner: 2")
    running.amara.press("Everybody")
    running.amara.sees("Pairs that stay: 1", "Pairs that would end: 1", "New pairs: 2", "Nothing is saved")
    assert running.chat.look(lambda store: store.proposals.latest(running.program)) is None
    running.amara.press("Leave it as it is")
    running.chat.advance(days=8)
    assert running.active() == {("noor", "rosalind"), ("omar", "tomas")}


def test_an_approved_re_match_ends_the_broken_pairs_on_the_note_and_then_introduces_the_new_ones(
    running: Running,
) -> None:
    wait(running)
    running.amara.command("program rematch")
    running.amara.press("Everybody")
    running.amara.press("Make it a proposal")
    running.amara.sees("Proposed re-match", "Pairs that would end: 1", "the one neutral note on 5 March")
    running.amara.press("Approve the re-match")
    running.amara.sees("Approved: re-match", "until then you can stop it")
    assert running.active() == {("noor", "rosalind"), ("omar", "tomas")}
    running.chat.advance(days=2)
    assert len(running.active()) == 1
    noor = running.people["noor"]
    assert [one for one in noor.messages if one.notice and one.notice.kind == "rotation"] == []
    running.chat.advance(days=7)
    assert running.active() == {("noor", "zofia"), ("liam", "rosalind"), ("omar", "tomas")}
    kinds = [one.notice.kind for one in noor.messages if one.notice]
    assert kinds.index("rotation") < kinds.index("introduction")
    assert [one for one in running.people["tomas"].messages if one.notice and one.notice.kind == "rotation"] == []


def test_it_can_be_stopped_until_the_next_morning_and_not_any_more_then(running: Running) -> None:
    wait(running)
    propose_everybody(running)
    running.amara.press("Stop")
    running.amara.sees("every pair of Digital fluency is as it was")
    running.chat.advance(days=3)
    assert len(running.active()) == 2
    propose_everybody(running)
    approved = running.amara.last
    running.chat.advance(days=4)
    running.amara.press("Stop", approved)
    running.amara.sees("too late to stop")


def test_whoever_proposes_beside_an_approved_re_match_can_stop_just_that(running: Running) -> None:
    wait(running)
    propose_everybody(running)
    running.amara.command("program propose")
    running.amara.press("Stop")
    running.amara.sees("every pair of Digital fluency is as it was")
    assert running.chat.look(lambda store: store.proposals.draft(running.program)) is None


def test_where_both_are_asked_first_the_cards_promise_no_introduction(running: Running) -> None:
    wait(running)
    running.amara.command("program ask-first on")
    running.amara.command("program rematch")
    running.amara.press("Everybody")
    running.amara.press("Make it a proposal")
    running.amara.sees("After that I ask both of each new pair")
    running.amara.press("Approve the re-match")
    running.amara.sees("The new pairs are asked from")


def test_where_nothing_gets_better_nothing_changes(running: Running) -> None:
    running.amara.command("program rematch")
    running.amara.press("Everybody")
    running.amara.sees("Pairs that stay: 2", "I would change nothing")
    assert "Make it a proposal" not in running.amara.last.labels


def test_a_pair_that_a_coordinator_kept_or_of_whom_one_is_away_stays(running: Running) -> None:
    def arrange(store: Store) -> None:
        first, second = store.pairs.in_program(running.program)
        first.kept_despite = [["team", "They asked for it"]]
        store.people.get(first.mentor_id).team = store.people.get(first.mentee_id).team = "One team"
        store.people.get(second.mentor_id).away_until = date(2026, 6, 1)

    running.chat.look(arrange)
    running.amara.command("program rematch")
    running.amara.press("Everybody")
    running.amara.sees("Pairs that stay: 2", "Pairs that would end: 0")


def test_one_pair_and_the_leavers_use_what_there_is(running: Running) -> None:
    running.amara.command("program rematch")
    running.amara.press("One pair")
    running.amara.sees("Noor teaches Rosalind", "Omar teaches Tomas")
    running.amara.press("Re-match both")
    running.amara.sees("Find both a new partner?")
    wait(running)
    running.amara.command("program rematch")
    running.amara.press("Those without a partner")
    running.amara.sees("Without a partner")


def test_nobody_begins_one_beside_an_open_proposal(running: Running) -> None:
    wait(running)
    running.amara.command("program rematch")
    card = running.amara.last
    running.amara.command("propose")
    running.amara.press("Everybody", card)
    running.amara.sees("can begin once that is settled")


def test_nobody_begins_one_near_the_end(running: Running) -> None:
    running.amara.command("program rematch")
    running.chat.look(lambda store: setattr(store.programs.get(running.program), "ends_on", date(2026, 3, 10)))
    running.amara.press("Everybody")
    running.amara.sees("ends on 10 March", "too soon to begin well with somebody new")


# A pair of the coordinator's own ---------------------------------------------------------------------------------


def test_nobody_learns_by_a_list_or_a_figure_who_asked_for_somebody_else(running: Running) -> None:
    """Cora teaches Una, who asks for somebody new; Cora is to hear of it by the note."""
    chat, amara = running.chat, running.amara
    una = company.mentee(chat, "una", running.program, status="matched")
    cora = chat.person("cora@larkspur.example", coordinator=True)
    company.joins(chat, cora, running.program, "mentor", status="matched", confirmed=True)
    own = company.pair(chat, running.program, cora, una, started_on=FEBRUARY)
    cora.command("program rematch")
    before = cora.last.text
    cora.press("One pair")
    listed = cora.last.text
    assert "Cora" not in listed
    assert "A pair of your own is not listed here" in listed
    amara.command("program status")
    counted = amara.last.text.partition("Pairs")[0]
    chat.press_action(una, "parting", "new_partner", pair=own)
    una.press("Find me a new partner")
    cora.command("program rematch")
    assert cora.last.text == before
    cora.press("One pair")
    assert cora.last.text == listed
    amara.command("program status")
    assert amara.last.text.partition("Pairs")[0] == counted
