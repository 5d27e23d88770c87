"""Home, for somebody without a program, waiting, paired, and for a coordinator."""

from datetime import UTC, date, datetime

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
    ana.sees("You are in. Pairs are made on 23 March", "[Edit my answers]", "[Leave the program]")


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
    assert "Next from me: 9 March, a question about your goals." in ana.open_home()
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
    assert "Sign-up until 23 March, 1 mentor, 0 mentees" in noor.open_home()
    noor.press("Who signed up")
    noor.sees("Mentors: 1 joined")


def test_somebody_paired_but_not_introduced_is_told_to_expect_it(chat: Chat) -> None:
    noor = chat.person("noor@larkspur.example", coordinator=True)
    program = an_open_program(chat, noor, status="running")
    ana = chat.person("ana@larkspur.example")
    chat.join_all(program, [ana], status="matched")
    assert "I introduce you within the next working days" in ana.open_home()


def a_pair(chat: Chat, program: int, mentor: int, mentee: int) -> int:
    def add(store: Store) -> int:
        made = Pair(program_id=program, mentor_id=mentor, mentee_id=mentee, started_on=chat.now.date())
        made.created_at = chat.now
        return store.pairs.add(made).id

    number: int = chat.look(add)
    return number


def test_home_of_a_pair_has_its_goals_the_booked_session_and_the_ways_on(chat: Chat) -> None:
    noor = chat.person("noor@larkspur.example", coordinator=True)
    program = an_open_program(chat, noor, status="running", matching_on=date(2026, 2, 20))
    ana = chat.person("ana@larkspur.example", name="Ana Ruiz", timezone="Europe/Lisbon")
    mei = chat.person("mei@larkspur.example", name="Mei Chen", level=6)
    chat.join_all(program, [ana], status="matched")
    chat.join_all(program, [mei], role="mentee", status="matched")
    pair = a_pair(chat, program, ana.id, mei.id)
    begins = datetime(2026, 3, 12, 10, 0, tzinfo=UTC)

    def lived(store: Store) -> None:
        store.goals.replace(pair, ana.id, ["Speak up in large rooms"], chat.now)
        store.goals.replace(pair, mei.id, ["Try one new tool", "Ask more"], chat.now)
        store.sessions.book(pair, (begins.date(), begins), ana.id, chat.now)

    chat.look(lived)
    shown = ana.open_home()
    assert "What you want from it: Speak up in large rooms" in shown
    assert "What Mei wants from it: Try one new tool; Ask more" in shown
    assert "You meet on Thursday, 12 March, 10:00" in shown
    for label in ("Record a session", "Book a time", "Topics", "I need help", "Pause", "What you know about me"):
        assert label in shown
    ana.press("Topics")
    ana.sees("Three topics for you and Mei")


def test_home_during_a_pause_says_until_when_and_how_to_end_it(chat: Chat) -> None:
    noor = chat.person("noor@larkspur.example", coordinator=True)
    ana = chat.person("ana@larkspur.example")
    chat.join_all(an_open_program(chat, noor), [ana])

    def pause(store: Store) -> None:
        store.people.get(ana.id).paused_until = date(2026, 3, 20)

    chat.look(pause)
    assert "You are on a pause until 20 March" in ana.open_home()
    assert ana.home is not None
    assert "Change or end it" in ana.home.labels
    chat.advance(days=18)
    assert "You are away" not in ana.open_home()


def test_home_of_somebody_in_no_program_offers_no_pause(chat: Chat) -> None:
    ana = chat.person("ana@larkspur.example")
    shown = ana.open_home()
    assert "Pause" not in shown
    assert "What you know about me" in shown
