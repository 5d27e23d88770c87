"""A pause (U5): until a day, back by itself, with nothing sent meanwhile, and a neutral word to the partner."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from storage.store import Store
from storage.tables import Pair
from tests.support import company
from tests.support.chat import Chat, ChatPerson

MONDAY = date(2026, 3, 2)


@pytest.fixture
def amara(chat: Chat) -> ChatPerson:
    return chat.person("amara@larkspur.example", coordinator=True, name="Amara Okafor")


@pytest.fixture
def program(chat: Chat, amara: ChatPerson) -> int:
    return company.program(chat, amara, status="running")


@pytest.fixture
def noor(chat: Chat, program: int) -> ChatPerson:
    return company.mentor(chat, "noor", program, status="matched", row={"name": "Noor Haddad"})


@pytest.fixture
def rosalind(chat: Chat, program: int) -> ChatPerson:
    return company.mentee(chat, "rosalind", program, status="matched", row={"name": "Rosalind Meyer"})


@pytest.fixture
def pair(chat: Chat, program: int, noor: ChatPerson, rosalind: ChatPerson) -> int:
    return company.pair(chat, program, noor, rosalind)


def row(chat: Chat, pair: int) -> Pair:
    found: Pair = chat.look(lambda store: store.pairs.get(pair))
    return found


def kinds(person: ChatPerson) -> list[str]:
    return [one.notice.kind for one in person.messages if one.notice]


@pytest.mark.slow
def test_u5_a_pause_ends_by_itself_with_one_short_word(chat: Chat, noor: ChatPerson, pair: int) -> None:
    noor.command("pause")
    noor.sees("Take a pause", "nobody is told why", "Rosalind hears on a Thursday")
    noor.press("4 weeks")
    noor.sees("You are on a pause", "until 30 March", "Next from me: 30 March")
    chat.advance(days=27)
    assert kinds(noor) == []
    chat.advance(days=2)
    assert kinds(noor)[0] == "welcome_back"
    welcome = next(one for one in noor.messages if one.notice and one.notice.kind == "welcome_back")
    assert "Back from your pause, Noor" in welcome.text
    assert "Next from me" in welcome.text
    assert noor.row.paused_until is None
    chat.advance(days=10)
    assert kinds(noor).count("welcome_back") == 1


@pytest.mark.slow
def test_a_day_of_ones_own_is_checked_and_can_be_changed(chat: Chat, noor: ChatPerson, pair: int) -> None:
    noor.command("pause")
    noor.press("Until a date")
    noor.submit(back="2026-03-01")
    assert noor.errors == {"back": "Please pick 3 March 2026 or later."}
    noor.submit(back="2026-11-01")
    assert noor.errors == {"back": "Please pick 1 September 2026 or earlier."}
    noor.submit(back="soon")
    assert noor.errors == {"back": "Please give a day, such as 2026-05-28."}
    noor.submit(back="2026-03-20")
    noor.sees("until 20 March")
    noor.command("pause")
    noor.sees("You are on a pause", "until 20 March")
    noor.press("Another day")
    assert noor.form is not None
    assert noor.form.fields[0].value == "2026-03-20"
    noor.submit(back="2026-04-10")
    assert noor.row.paused_until == date(2026, 4, 10)
    chat.advance(days=30)
    assert kinds(noor) == []


@pytest.mark.slow
def test_the_partner_hears_on_the_thursday_that_the_meetings_rest_and_nothing_of_why(
    chat: Chat, noor: ChatPerson, rosalind: ChatPerson, pair: int
) -> None:
    noor.command("pause")
    noor.press("4 weeks")
    assert row(chat, pair).rests_until == date(2026, 3, 30)
    chat.advance(days=2)
    assert "update" not in kinds(rosalind)
    chat.advance(days=2)
    note = next(one for one in rosalind.messages if one.notice and one.notice.kind == "update")
    assert "Your meetings with Noor take a break" in note.text
    assert "The break lasts until 30 March. Until then I ask nothing about your meetings." in note.text
    assert "pause" not in note.text.lower()
    chat.advance(days=20)
    assert kinds(rosalind).count("update") == 1


@pytest.mark.slow
def test_a_pause_that_is_over_by_the_thursday_needs_no_word(
    chat: Chat, noor: ChatPerson, rosalind: ChatPerson, pair: int
) -> None:
    noor.command("pause")
    noor.press("Until a date")
    noor.submit(back="2026-03-05")
    chat.advance(days=14)
    assert "update" not in kinds(rosalind)
    assert "welcome_back" in kinds(noor)


@pytest.mark.slow
def test_back_early_before_the_partner_heard_of_anything(
    chat: Chat, noor: ChatPerson, rosalind: ChatPerson, pair: int
) -> None:
    noor.command("pause")
    noor.press("4 weeks")
    noor.press("I'm back")
    noor.sees("Good to have you back", "Next from me")
    assert (noor.row.paused_until, row(chat, pair).rests_until) == (None, None)
    chat.advance(days=14)
    assert "update" not in kinds(rosalind)
    assert "welcome_back" not in kinds(noor)


@pytest.mark.slow
def test_back_early_after_the_partner_heard_of_it(
    chat: Chat, noor: ChatPerson, rosalind: ChatPerson, pair: int
) -> None:
    noor.command("pause")
    noor.press("4 weeks")
    chat.advance(days=7)
    noor.command("back")
    noor.sees("Good to have you back")
    chat.advance(days=7)
    notes = [one.text for one in rosalind.messages if one.notice and one.notice.kind == "update"]
    assert len(notes) == 2
    assert "Your meetings with Noor go on" in notes[1]


@pytest.mark.slow
def test_a_longer_pause_is_told_once_more(chat: Chat, noor: ChatPerson, rosalind: ChatPerson, pair: int) -> None:
    noor.command("pause")
    noor.press("2 weeks")
    chat.advance(days=4)
    noor.command("pause")
    noor.press("Another day")
    noor.submit(back="2026-04-13")
    chat.advance(days=7)
    notes = [one.text for one in rosalind.messages if one.notice and one.notice.kind == "update"]
    assert ["16 March" in notes[0], "13 April" in notes[1]] == [True, True]


def test_while_both_are_away_the_pair_rests_until_the_later_one_is_back(
    chat: Chat, noor: ChatPerson, rosalind: ChatPerson, pair: int
) -> None:
    noor.command("pause")
    noor.press("4 weeks")
    rosalind.command("pause")
    rosalind.press("2 weeks")
    assert row(chat, pair).rests_until == date(2026, 3, 30)
    noor.command("back")
    assert row(chat, pair).rests_until == date(2026, 3, 16)


def test_a_pause_beyond_the_end_of_the_program_is_a_goodbye_and_is_asked_for_as_one(
    chat: Chat, program: int, noor: ChatPerson, pair: int
) -> None:
    chat.look(lambda store: setattr(store.programs.get(program), "ends_on", date(2026, 3, 27)))
    noor.command("pause")
    noor.press("4 weeks")
    noor.sees("The program ends before that", "Digital fluency ends on 27 March")
    assert noor.row.paused_until is None
    noor.press("Pick a day")
    noor.submit(back="2026-03-16")
    noor.sees("You are on a pause")


def test_what_waits_is_cancelled_at_once_and_an_introduction_waits_until_they_are_back(
    chat: Chat, noor: ChatPerson, pair: int
) -> None:
    def queue(store: Store) -> None:
        for kind in ("check_in", "introduction"):
            values: dict[str, Any] = {
                "kind": kind,
                "delivery": "nudge",
                "person_id": noor.id,
                "card": "[]",
                "not_before": chat.now + timedelta(hours=3),
                "expires_at": chat.now + timedelta(days=7),
            }
            store.outbox.add(f"{kind}/waits", chat.now, values)

    chat.look(queue)
    noor.command("pause")
    noor.press("4 weeks")
    check_in = chat.look(lambda store: store.outbox.with_key("check_in/waits"))
    introduction = chat.look(lambda store: store.outbox.with_key("introduction/waits"))
    assert (check_in.state, check_in.reason) == ("dropped", "paused")
    assert introduction.state == "waiting"
    assert introduction.expires_at > datetime(2026, 3, 30, 12, tzinfo=UTC)


def test_somebody_in_no_program_may_pause_too_and_is_not_welcomed_back(chat: Chat) -> None:
    liam = chat.person("liam@larkspur.example")
    liam.command("back")
    liam.sees("You are not on a pause")
    liam.command("pause")
    liam.press("1 week")
    liam.sees("until 9 March")
    chat.advance(days=10)
    assert kinds(liam) == []
    assert liam.row.paused_until is None


def test_a_made_up_length_is_one_week(chat: Chat, noor: ChatPerson, pair: int) -> None:
    chat.press_action(noor, "pause", "weeks", weeks=4000)
    assert noor.row.paused_until == MONDAY + timedelta(weeks=1)


# While the program is on hold ------------------------------------------------------------------------------------


def set_hold(chat: Chat, program: int, on_hold: bool) -> None:
    chat.look(lambda store: setattr(store.programs.get(program), "held_since", chat.now if on_hold else None))


def back_in_a_week(noor: ChatPerson) -> None:
    noor.command("pause")
    noor.press("Until a date")
    noor.submit(back="2026-03-09")


@pytest.mark.slow
def test_on_hold_the_welcome_waits_until_the_program_goes_on(
    chat: Chat, amara: ChatPerson, program: int, noor: ChatPerson, pair: int
) -> None:
    back_in_a_week(noor)
    set_hold(chat, program, on_hold=True)
    noor.command("thanks")
    noor.sees("Next from me: when you are back, and your program goes on.")
    chat.advance(days=12)
    assert "welcome_back" not in kinds(noor)
    noor.command("thanks")
    noor.sees("Next from me: when your program goes on.")
    set_hold(chat, program, on_hold=False)
    chat.advance(days=4)
    assert kinds(noor).count("welcome_back") == 1
    assert noor.row.paused_until is None


@pytest.mark.slow
def test_a_welcome_that_would_come_more_than_two_weeks_late_falls_away(
    chat: Chat, program: int, noor: ChatPerson, pair: int
) -> None:
    back_in_a_week(noor)
    set_hold(chat, program, on_hold=True)
    chat.advance(days=23)
    assert noor.row.paused_until is None
    set_hold(chat, program, on_hold=False)
    chat.advance(days=7)
    assert "welcome_back" not in kinds(noor)


@pytest.mark.slow
def test_a_hold_of_one_of_two_programs_delays_no_welcome(
    chat: Chat, amara: ChatPerson, program: int, noor: ChatPerson, pair: int
) -> None:
    other = company.program(chat, amara, "Sustainability", status="running")
    company.joins(chat, noor, other, "mentor")
    back_in_a_week(noor)
    set_hold(chat, program, on_hold=True)
    chat.advance(days=9)
    assert "welcome_back" in kinds(noor)


@pytest.mark.slow
def test_a_welcome_on_its_way_belongs_to_the_only_program(
    chat: Chat, program: int, noor: ChatPerson, pair: int
) -> None:
    back_in_a_week(noor)
    chat.advance(days=9)
    welcome = next(one for one in noor.messages if one.notice and one.notice.kind == "welcome_back")
    assert welcome.notice is not None
    assert welcome.notice.program == program
