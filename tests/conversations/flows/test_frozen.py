"""The conflict firewall: a pair that the roster brings into a conflict rests until a coordinator decides."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from conversations.actions import Action
from conversations.firewall import checked_pairs
from conversations.matching import from_store
from conversations.matching.request import broken
from storage.store import Store
from storage.tables import Pair, Proposal, ProposedPair
from tests.support import company
from tests.support.chat import Chat, ChatPerson

LONG_AGO = date(2026, 2, 9)


@dataclass(frozen=True, slots=True)
class Duo:
    """Noor, who teaches Rosalind in a program that Amara runs. Both report to somebody of their own."""

    chat: Chat
    amara: ChatPerson
    program: int
    noor: ChatPerson
    rosalind: ChatPerson
    pair: int

    def row(self) -> Pair:
        found: Pair = self.chat.look(lambda store: store.pairs.get(self.pair))
        return found

    def reorganize(self, person: ChatPerson, **columns: Any) -> None:
        self.chat.look(lambda store: [setattr(store.people.get(person.id), *each) for each in columns.items()])

    def check(self) -> None:
        self.chat.due(self.amara, Action("frozen", "check"))

    def freeze(self) -> None:
        self.reorganize(self.noor, manager_email="rosalind@larkspur.example")
        self.check()


@pytest.fixture
def duo(chat: Chat) -> Duo:
    amara = chat.person("amara@larkspur.example", coordinator=True, name="Amara Okafor")
    program = company.program(chat, amara, status="running", starts_on=LONG_AGO)
    noor = company.mentor(chat, "noor", program, status="matched", row={"name": "Noor Haddad"})
    rosalind = company.mentee(chat, "rosalind", program, status="matched", row={"name": "Rosalind Meyer"})
    pair = company.pair(chat, program, noor, rosalind, started_on=LONG_AGO)
    return Duo(chat, amara, program, noor, rosalind, pair)


def test_a_new_conflict_freezes_the_pair_the_next_night_and_names_the_rule_to_the_coordinator(duo: Duo) -> None:
    duo.reorganize(duo.noor, manager_email="rosalind@larkspur.example")
    duo.chat.advance(days=1)
    duo.amara.sees(
        "1 pair needs your decision",
        "Noor Haddad teaches Rosalind Meyer",
        "in one reporting line now and they share a manager now",
    )
    assert duo.amara.last.labels == ("Re-match both", "Keep the pair", "End it")
    assert (duo.row().status, duo.row().frozen_by_rule) == ("active", "reporting line")
    cards = [one for one in duo.amara.messages if "needs your decision" in one.text]
    duo.chat.advance(days=3)
    assert [one for one in duo.amara.messages if "needs your decision" in one.text] == cards


@pytest.mark.parametrize(
    ("who", "columns", "rule"),
    [
        ("noor", {"manager_email": "board@larkspur.example"}, "shared manager"),
        ("noor", {"reviewers": ["rosalind@larkspur.example"]}, "reviewer"),
        ("noor", {"team": "Team  ROSALIND"}, "team"),
        ("noor", {"level": 7}, "level"),
        ("rosalind", {"manager_email": "noor@larkspur.example"}, "reporting line"),
    ],
)
def test_each_hard_rule_of_a_conflict_freezes(duo: Duo, who: str, columns: dict[str, Any], rule: str) -> None:
    duo.reorganize(getattr(duo, who), **columns)
    duo.check()
    assert duo.row().frozen_by_rule == rule


@pytest.mark.parametrize("columns", [{"level": 6}, {"department": "Finance"}, {"manager_email": ""}, {"team": ""}])
def test_a_promotion_a_move_and_a_gap_in_the_roster_freeze_nothing(duo: Duo, columns: dict[str, Any]) -> None:
    duo.reorganize(duo.noor, **columns)
    duo.check()
    assert duo.row().frozen_at is None


def test_what_a_program_allows_is_no_conflict_in_it(duo: Duo) -> None:
    duo.chat.look(lambda store: setattr(store.programs.get(duo.program), "matching", {"same_team_allowed": True}))
    duo.reorganize(duo.noor, team="Team rosalind")
    allowed = duo.chat.look(lambda store: from_store.rules_of(store.programs.get(duo.program)).same_team_allowed)
    duo.check()
    assert (duo.row().frozen_at is None) is allowed


@pytest.mark.slow
def test_nobody_is_asked_anything_about_a_frozen_pair_and_home_looks_as_ever(duo: Duo) -> None:
    before = duo.rosalind.open_home()
    duo.freeze()
    shown = duo.rosalind.open_home()
    assert shown.split("Nothing more is planned")[0] == before.split("Next from me")[0]
    duo.chat.advance(days=40)
    came = {one.notice.kind for person in (duo.noor, duo.rosalind) for one in person.messages if one.notice}
    # A pulse asks about the program.
    assert came <= {"pulse", "pulse_reminder"}
    duo.rosalind.press("Book a time", duo.rosalind.home)
    duo.rosalind.sees("Your coordinator is looking at this pair", "not about either of you", "Nothing more is planned")
    duo.rosalind.command("met")
    assert duo.rosalind.form is not None


def test_re_matching_ends_it_on_the_neutral_note(duo: Duo) -> None:
    duo.freeze()
    duo.amara.press("Re-match both")
    duo.amara.sees("No conflict is open", "read the neutral note on 5 March", "look for somebody new")
    duo.chat.advance(days=4)
    for one in (duo.noor, duo.rosalind):
        one.sees("A change of partner", "You come first in the next matching")
    assert (duo.row().status, duo.row().no_search) == ("ended", False)


def test_ending_it_says_that_both_wait_for_the_next_matching(duo: Duo) -> None:
    duo.freeze()
    duo.amara.press("End it")
    duo.amara.sees("wait for the next matching")
    assert (duo.row().status, duo.row().no_search) == ("ending", True)
    duo.chat.press_action(duo.amara, "frozen", "rematch", pair=duo.pair)
    duo.amara.sees("No conflict is open")
    assert duo.row().no_search


def test_keeping_it_takes_a_note_and_the_same_rule_freezes_it_no_more(duo: Duo) -> None:
    duo.freeze()
    duo.amara.press("Keep the pair")
    duo.amara.submit(note="")
    assert duo.amara.errors and duo.row().frozen_at is not None
    duo.amara.submit(note="Interim for one month only")
    duo.amara.sees("go on", "I do not come back to it for this reason")
    duo.check()
    assert duo.row().frozen_at is None
    duo.reorganize(duo.noor, level=8)
    duo.check()
    assert duo.row().frozen_by_rule == "level"


def test_after_keeping_it_check_ins_go_on_and_none_is_made_up_for(duo: Duo) -> None:
    duo.freeze()
    duo.chat.advance(days=15)
    duo.amara.press("Keep the pair")
    duo.amara.submit(note="It is right all the same")
    asked = [one for one in duo.noor.messages if one.notice and one.notice.kind == "check_in"]
    assert asked == []
    duo.chat.advance(days=21)
    asked = [one for one in duo.noor.messages if one.notice and one.notice.kind == "check_in"]
    assert len(asked) in (1, 2)


def test_a_roster_that_is_put_right_lets_the_pair_go_on_by_itself(duo: Duo) -> None:
    duo.freeze()
    duo.reorganize(duo.noor, manager_email="lead@larkspur.example")
    duo.check()
    duo.amara.sees("A conflict is gone", "Noor Haddad and Rosalind Meyer")
    assert duo.row().frozen_at is None
    assert duo.noor.messages == duo.rosalind.messages == []


def test_an_introduction_that_was_kept_back_comes_once_the_pair_is_kept(duo: Duo) -> None:
    duo.chat.look(lambda store: setattr(store.pairs.get(duo.pair), "started_on", duo.chat.now.date()))
    duo.freeze()
    duo.chat.due(duo.noor, Action("introduction", "introduce", {"pair": duo.pair}))
    assert duo.chat.introductions == []
    duo.amara.press("Keep the pair")
    duo.amara.submit(note="It is right all the same")
    duo.chat.advance(days=2)
    assert len(duo.chat.introductions) == 1


def test_a_pair_that_was_made_by_hand_against_a_rule_is_not_frozen_for_it(duo: Duo) -> None:
    def by_hand(store: Store) -> None:
        store.pairs.get(duo.pair).created_at = duo.chat.now - timedelta(hours=12)
        proposal = Proposal(program_id=duo.program, total=0, unmatched=[], made_by=duo.amara.id, made_at=duo.chat.now)
        row = ProposedPair(mentor_id=duo.noor.id, mentee_id=duo.rosalind.id, score=0, reason="", by_hand=True)
        row.note = "They asked for it"
        store.proposals.add(proposal, [row])

    duo.chat.look(by_hand)
    duo.freeze()
    assert duo.row().frozen_at is None
    duo.chat.now += timedelta(days=30)
    duo.reorganize(duo.noor, level=9)
    duo.check()
    assert duo.row().frozen_by_rule == "level"


def test_a_coordinator_who_is_one_of_the_two_neither_reads_of_it_nor_decides(duo: Duo) -> None:
    ben = duo.chat.person("ben@larkspur.example", coordinator=True, name="Ben Novak")
    duo.chat.look(lambda store: store.people.appoint(["rosalind@larkspur.example"]))
    duo.freeze()
    assert "Noor Haddad" in ben.last.text
    assert duo.rosalind.messages == []
    with pytest.raises(LookupError):
        duo.chat.press_action(duo.rosalind, "frozen", "keep", pair=duo.pair)
    duo.rosalind.command("program conflicts")
    duo.rosalind.sees("No conflict is open")


def test_a_pasted_roster_is_looked_at_the_same_minute(duo: Duo) -> None:
    duo.amara.command("program import")
    duo.amara.press("Paste rows")
    head = "email,name,department,team,manager_email,level"
    row = "noor@larkspur.example,Noor Haddad,Engineering,Team noor,rosalind@larkspur.example,2"
    duo.amara.submit(rows=f"{head}\n{row}")
    duo.chat.advance(minutes=1)
    duo.amara.sees("1 pair needs your decision")


def test_the_firewall_agrees_with_the_matching_about_every_pair_of_a_company(chat: Chat) -> None:
    """Pair by pair and by arrays: two ways that must never tell different things."""
    amara = chat.person("amara@larkspur.example", coordinator=True)
    program = company.program(chat, amara, status="running")
    bosses = ["", "m0", "m1", "m2", "e0", "e1", "e2", "lost"]
    mentors = [
        company.mentor(
            chat,
            f"m{n}",
            program,
            row={"team": f"T{n % 3}", "level": 1 + n, "manager_email": _mail(bosses[(n * 5) % 8])},
        )
        for n in range(6)
    ]
    mentees = [
        company.mentee(
            chat,
            f"e{n}",
            program,
            row={"team": f"T{n % 4}", "level": 3 + n, "manager_email": _mail(bosses[(n * 3) % 8])},
        )
        for n in range(6)
    ]
    asked = chat.look(lambda store: from_store.request(store, program, chat.content))
    keys = [(str(one.id), str(other.id)) for one in mentors for other in mentees]
    by_arrays = broken(asked, keys)
    for one in mentors:
        for other in mentees:
            company.pair(chat, program, one, other)
    found = chat.look(
        lambda store: {(str(c.pair.mentor_id), str(c.pair.mentee_id)): c.broken for c in checked_pairs(store)}
    )
    conflicts = ("reporting line", "shared manager", "reviewer", "team")
    assert len(found) == 36
    for key in keys:
        if (rule := by_arrays.get(key)) in conflicts:
            assert rule in found[key], key
        elif rule is None:
            assert not found[key], key


def _mail(name: str) -> str:
    return f"{name}@larkspur.example" if name else ""
