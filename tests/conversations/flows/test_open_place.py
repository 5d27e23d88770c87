"""Late joiners are offered the best open place: the coordinator decides with one click, and is not asked every day."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from storage.store import Store
from storage.tables import Pair
from tests.support import company
from tests.support.chat import Chat, ChatPerson

FEBRUARY = date(2026, 2, 16)


@dataclass(frozen=True, slots=True)
class Running:
    """A program that runs, with one pair in it; Amara coordinates."""

    chat: Chat
    amara: ChatPerson
    program: int

    def offers(self) -> list[str]:
        kinds = {"coordinator_open_place"}
        return [one.text for one in self.amara.messages if one.notice and one.notice.kind in kinds]

    def pairs(self) -> list[tuple[int, int]]:
        def read(store: Store) -> list[tuple[int, int]]:
            active = [pair for pair in store.pairs.in_program(self.program) if pair.status == "active"]
            return [(pair.mentor_id, pair.mentee_id) for pair in active]

        found: list[tuple[int, int]] = self.chat.look(read)
        return found


@pytest.fixture
def running(chat: Chat) -> Running:
    company.with_matching(chat)
    amara = chat.person("amara@larkspur.example", coordinator=True, name="Amara Okafor")
    chat.person("ben@larkspur.example", coordinator=True)
    program = company.program(chat, amara, status="running", starts_on=FEBRUARY, matching_on=FEBRUARY)
    noor = company.mentor(chat, "noor", program, status="matched", row={"name": "Noor Haddad"})
    rosalind = company.mentee(chat, "rosalind", program, status="matched", row={"name": "Rosalind Meyer"})
    company.pair(chat, program, noor, rosalind, started_on=FEBRUARY)
    return Running(chat, amara, program)


@pytest.mark.slow
def test_somebody_who_joins_late_gets_the_open_place_with_one_click_of_the_coordinator(running: Running) -> None:
    liam = company.mentor(running.chat, "liam", running.program, row={"name": "Liam Byrne"})
    running.chat.advance(days=2)
    assert running.offers() == []
    zofia = company.mentee(running.chat, "zofia", running.program, row={"name": "Zofia Nowak"})
    running.chat.advance(days=1)
    running.amara.sees("A place is open", "Liam Byrne could teach Zofia Nowak")
    running.amara.press("Look at it")
    assert "no other matching" not in running.amara.sees("Proposed pairs"), "it is a part of a matching"
    running.amara.press("Approve 1 pair")
    running.chat.advance(days=4)
    assert (liam.id, zofia.id) in running.pairs()
    assert any("Liam Byrne" in one.text for one in zofia.messages)


@pytest.mark.slow
def test_a_mentor_with_a_place_left_counts_as_an_open_place(running: Running) -> None:
    company.mentee(running.chat, "zofia", running.program, row={"name": "Zofia Nowak"})
    running.chat.advance(days=2)
    assert running.offers() == []
    running.chat.look(lambda store: setattr(store.enrollments.in_program(running.program)[0][0], "capacity", 2))
    running.chat.advance(days=1)
    assert "Noor Haddad could teach Zofia Nowak" in running.offers()[0]


@pytest.mark.slow
def test_the_same_people_are_suggested_once_and_not_again_after_a_no(running: Running) -> None:
    company.mentor(running.chat, "liam", running.program)
    company.mentee(running.chat, "zofia", running.program)
    running.chat.advance(days=10)
    assert len(running.offers()) == 1
    running.amara.press("Not now")
    running.amara.sees("I left it. Whoever has no partner yet keeps waiting", "the same two again")
    company.mentee(running.chat, "tomas", running.program, row={"name": "Tomas Lind"})
    running.chat.advance(days=5)
    shown = running.offers()
    assert len(shown) == 1 or "Tomas Lind" in shown[1]
    assert len(shown) <= 2


@pytest.mark.slow
def test_a_suggestion_nobody_decided_on_gives_way_to_a_better_one(running: Running) -> None:
    company.mentor(running.chat, "liam", running.program)
    company.mentee(running.chat, "zofia", running.program)
    running.chat.advance(days=1)
    first = running.amara.last
    company.mentor(running.chat, "omar", running.program)
    company.mentee(running.chat, "tomas", running.program)
    running.chat.advance(days=1)
    assert "2 places are open" in running.offers()[1]
    running.amara.press("Not now", first)
    running.amara.sees("settled already")
    running.amara.press("Not now")
    running.amara.sees("I left them. Whoever has no partner yet keeps waiting", "the same pairs again")


@pytest.mark.slow
def test_nobody_is_suggested_who_is_away_on_leave_or_whom_a_coordinator_left_to_the_next_matching(
    running: Running,
) -> None:
    liam = company.mentor(running.chat, "liam", running.program, row={"away_until": date(2026, 4, 1)})
    zofia = company.mentee(running.chat, "zofia", running.program)
    running.chat.advance(days=3)
    assert running.offers() == []

    def back(store: Store) -> None:
        store.people.get(liam.id).away_until = None
        tomas = store.people.by_email("noor@larkspur.example")
        assert tomas is not None
        old = Pair(program_id=running.program, mentor_id=tomas.id, mentee_id=zofia.id, started_on=FEBRUARY)
        old.status, old.no_search, old.created_at = "ended", True, running.chat.now
        liams = Pair(
            program_id=running.program,
            mentor_id=liam.id,
            mentee_id=store.people.by_email("rosalind@larkspur.example").id,
            started_on=FEBRUARY,
        )
        liams.status, liams.no_search, liams.created_at = "ended", True, running.chat.now
        store.pairs.add(old)
        store.pairs.add(liams)

    running.chat.look(back)
    running.chat.advance(days=3)
    assert running.offers() == []


@pytest.mark.slow
def test_somebody_whose_pair_ended_is_suggested_again_once_they_have_read_it(running: Running) -> None:
    company.mentor(running.chat, "liam", running.program, row={"name": "Liam Byrne"})
    noor = running.chat.look(lambda store: store.people.by_email("noor@larkspur.example").id)
    running.chat.people[noor].command("leave")
    running.chat.people[noor].press("Leave")
    running.chat.advance(days=2)
    assert running.offers() == []
    running.chat.advance(days=3)
    assert "Liam Byrne could teach Rosalind Meyer" in running.offers()[0]


def test_nothing_is_suggested_beside_a_proposal_on_hold_or_near_the_end(running: Running) -> None:
    running.chat.look(lambda store: setattr(store.programs.get(running.program), "held_since", running.chat.now))
    company.mentor(running.chat, "liam", running.program)
    company.mentee(running.chat, "zofia", running.program)
    running.chat.advance(days=2)
    ends = running.chat.now.date() + timedelta(days=20)
    running.chat.look(lambda store: setattr(store.programs.get(running.program), "ends_on", ends))
    running.chat.look(lambda store: setattr(store.programs.get(running.program), "held_since", None))
    running.chat.advance(days=2)
    assert running.offers() == []
