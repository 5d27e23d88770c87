"""Home, for somebody without a program, waiting, paired, and for a coordinator."""

from datetime import date

from storage.store import Store
from storage.tables import Pair
from tests.support.chat import Chat
from tests.support.programs import an_open_program


def test_home_without_a_program_offers_what_is_open(chat: Chat) -> None:
    ana = chat.person("ana@larkspur.example", name="Ana Ruiz")
    assert "none is open right now" in ana.open_home()
    noor = chat.person("noor@larkspur.example", coordinator=True)
    an_open_program(chat, noor)
    assert "Digital fluency 2026 takes sign-ups" in ana.open_home()
    ana.press("Join")
    assert ana.form is not None


def test_home_while_waiting_says_when_pairs_are_made(chat: Chat) -> None:
    noor = chat.person("noor@larkspur.example", coordinator=True)
    program = an_open_program(chat, noor)
    ana = chat.person("ana@larkspur.example")
    chat.join_all(program, [ana])
    assert "Pairs are made on 23 March" in ana.open_home()
    ana.command("home")
    ana.sees("You are in. Pairs are made on 23 March", "[Edit my answers]", "[Not for me]")


def test_home_of_a_pair_shows_the_partner_what_they_would_like_back_and_the_next_check_in(chat: Chat) -> None:
    noor = chat.person("noor@larkspur.example", coordinator=True)
    program = an_open_program(chat, noor, status="running", matching_on=date(2026, 2, 20))
    ana = chat.person("ana@larkspur.example", name="Ana Ruiz")
    mei = chat.person("mei@larkspur.example", name="Mei Chen", department="Board", location="Lisbon", level=6)
    chat.join_all(program, [ana], status="matched", want_back="A look at the budget round")
    chat.join_all(program, [mei], role="mentee", status="matched")

    def pair(store: Store) -> None:
        made = Pair(program_id=program, mentor_id=ana.id, mentee_id=mei.id, started_on=chat.now.date())
        made.created_at = chat.now
        store.pairs.add(made)

    chat.look(pair)
    assert "Your mentee is Mei Chen (Board, Lisbon)." in ana.open_home()
    assert "Next from me: 17 March" in ana.open_home()
    shown = mei.open_home()
    assert "Your mentor is Ana Ruiz" in shown
    assert "What Ana would like back: A look at the budget round" in shown
    mei.press("Record a session")
    assert mei.form is not None


def test_home_of_a_coordinator_lists_programs_with_counts_and_the_next_step(chat: Chat) -> None:
    noor = chat.person("noor@larkspur.example", coordinator=True)
    assert "Your programs" in noor.open_home()
    program = an_open_program(chat, noor)
    chat.join_all(program, [chat.person("ana@larkspur.example")])
    assert "Sign-up until 23 March: 1 mentor, 0 mentees" in noor.open_home()
    noor.press("Who signed up")
    noor.sees("Mentors: 1 joined")


def test_somebody_paired_but_not_introduced_is_told_to_expect_it(chat: Chat) -> None:
    noor = chat.person("noor@larkspur.example", coordinator=True)
    program = an_open_program(chat, noor, status="running")
    ana = chat.person("ana@larkspur.example")
    chat.join_all(program, [ana], status="matched")
    assert "I introduce you within the next working days" in ana.open_home()
