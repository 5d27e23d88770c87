"""After two ignored rounds one question, then silence until the person writes."""

from datetime import timedelta

import pytest

from conversations.flows import check_in, help, silence
from storage.database import Database
from storage.tables import OutboxMessage
from tests.support.chat import Chat, ChatPerson, Message
from tests.support.company import mentee, mentor, pair, program

QUESTION = "How shall we go on?"


class Pairs:
    """Ana teaches Erik in a program of six months; they were introduced on Monday, 2 March."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        chat.now += timedelta(hours=1, minutes=30)
        self.cora = chat.person("cora@larkspur.example", coordinator=True)
        self.program = program(chat, self.cora, status="running")
        self.ana = mentor(chat, "ana.costa", self.program)
        self.erik = mentee(chat, "erik.berg", self.program)
        self.pair = pair(chat, self.program, self.ana, self.erik)


@pytest.fixture
def pairs(sqlite_database: Database) -> Pairs:
    """Other stories would write, too; here only check-ins do."""
    return Pairs(Chat(sqlite_database, flows=(check_in.FLOW, silence.FLOW, help.FLOW)))


def check_ins(person: ChatPerson) -> list[Message]:
    return [one for one in person.messages if one.notice and one.notice.kind == "check_in"]


def test_the_third_check_in_after_two_ignored_ones_is_a_question_about_the_rhythm(pairs: Pairs) -> None:
    pairs.chat.advance(days=43)
    asked = check_ins(pairs.ana)
    assert len(asked) == 3
    assert QUESTION not in asked[1].text
    assert QUESTION in asked[2].text
    assert asked[2].labels == ("A lighter rhythm", "A pause", "Stop", "All good, keep asking")
    assert "nobody is told" in asked[2].text


def test_then_there_is_silence_until_they_write(pairs: Pairs) -> None:
    pairs.chat.advance(days=120)
    assert len(check_ins(pairs.ana)) == 3
    assert pairs.ana.row.silent_since is not None
    pairs.ana.say("hello")
    assert pairs.ana.row.silent_since is None
    pairs.chat.advance(days=14)
    [newest] = check_ins(pairs.ana)[3:]
    assert QUESTION not in newest.text


def test_a_hold_of_the_program_stops_the_question_on_its_way(pairs: Pairs) -> None:
    pairs.chat.advance(days=43)
    notice = check_ins(pairs.ana)[2].notice
    assert notice is not None
    assert notice.program == pairs.program


def test_the_question_itself_has_no_reminder(pairs: Pairs) -> None:
    pairs.chat.advance(days=43)
    said = len(pairs.ana.messages)
    pairs.chat.advance(days=7)
    assert len(pairs.ana.messages) == said


def test_carrying_on_brings_the_next_check_in_as_before(pairs: Pairs) -> None:
    pairs.chat.advance(days=43)
    pairs.ana.press("All good, keep asking")
    assert "Good, we go on as before" in pairs.ana.last.text
    assert "Next from me: 16 April, three short questions." in pairs.ana.last.text
    pairs.chat.advance(days=14)
    assert len(check_ins(pairs.ana)) == 4
    assert QUESTION not in check_ins(pairs.ana)[-1].text


def test_two_more_ignored_rounds_bring_the_question_once_more(pairs: Pairs) -> None:
    pairs.chat.advance(days=43)
    pairs.ana.press("All good, keep asking")
    pairs.chat.advance(days=43)
    # The first question has become its answer.
    assert [QUESTION in one.text for one in check_ins(pairs.ana)] == [False] * 5 + [True]


def test_an_answer_however_late_means_that_nothing_was_ignored(pairs: Pairs) -> None:
    pairs.chat.advance(days=35)
    pairs.ana.press("Skip")
    pairs.chat.advance(days=8)
    assert not any(QUESTION in one.text for one in check_ins(pairs.ana))


def test_a_round_that_never_arrived_was_not_ignored(pairs: Pairs) -> None:
    pairs.chat.advance(days=16)

    def lose(row: OutboxMessage) -> None:
        row.state, row.reason = "dropped", "expired"

    pairs.chat.look(lambda store: [lose(row) for row in store.outbox.everything() if row.person_id == pairs.ana.id])
    pairs.chat.advance(days=27)
    assert not any(QUESTION in one.text for one in check_ins(pairs.ana))
    assert any(QUESTION in one.text for one in check_ins(pairs.erik))


def test_the_partner_hears_nothing_of_it(pairs: Pairs) -> None:
    for _ in range(3):
        pairs.chat.advance(days=15)
        pairs.erik.press("Met")
    pairs.chat.advance(days=15)
    assert any(QUESTION in one.text for one in check_ins(pairs.ana))
    assert not any(QUESTION in one.text for one in pairs.erik.messages)


def test_an_answer_after_the_program_has_closed_is_answered_kindly(pairs: Pairs) -> None:
    pairs.chat.advance(days=43)

    def close(status: str) -> None:
        pairs.chat.look(lambda store: setattr(store.programs.get(pairs.program), "status", status))
        pairs.chat.look(lambda store: setattr(store.pairs.get(pairs.pair), "status", "ended"))

    close("closed")
    pairs.ana.press("All good, keep asking")
    assert "Good, we go on as before" in pairs.ana.last.text
    assert "Next from me" in pairs.ana.last.text
