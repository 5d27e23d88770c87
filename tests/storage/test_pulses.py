"""Pulses as they are stored: what belongs to somebody and what was answered never meet."""

import random
import sqlite3
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from conversations.disclosure import figures
from storage.database import Database
from storage.pulses import Figure
from storage.store import Store
from storage.tables import Person, Program, PulseAnswer, PulseParticipation, PulseRound

NOW = datetime(2026, 4, 6, 10, tzinfo=UTC)
OPENS, CLOSES = date(2026, 4, 6), date(2026, 4, 20)
QUESTIONS = ("often", "useful", "openly")


class Round:
    """An open round of a program with twenty people."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.people, self.round = database.write_now(self._make)

    def _make(self, store: Store) -> tuple[list[Person], PulseRound]:
        people = [store.people.add(Person(name=f"Person {number}", created_at=NOW)) for number in range(20)]
        program = store.programs.add(
            Program(
                name="Digital fluency",
                template="digital_fluency",
                status="running",
                objective="Leaders use our tools with ease.",
                themes=["digital_tools"],
                questions=[],
                success="Three new habits each.",
                matching_on=date(2026, 2, 20),
                starts_on=date(2026, 3, 2),
                ends_on=date(2026, 9, 2),
                created_by=people[0].id,
                created_at=NOW,
            )
        )
        return people, store.pulses.round(program.id, "early", OPENS, CLOSES)

    def answer(self, number: int, value: int) -> bool:
        given = dict.fromkeys(QUESTIONS, value)
        return self.database.write_now(lambda store: store.pulses.record(self.round.id, self.people[number], given))

    def close(self) -> None:
        def work(store: Store) -> None:
            row = store.pulses.required(self.round.id)
            store.pulses.publish(row, figures(store.pulses.answers(row.id), QUESTIONS), self.people[0], NOW)

        self.database.write_now(work)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        def work(store: Store) -> list[tuple[object, ...]]:
            return [tuple(row) for row in store._session.execute(text(query))]

        return self.database.read_now(work)


@pytest.fixture
def pulse(database: Database) -> Round:
    return Round(database)


def test_somebody_answers_once(pulse: Round) -> None:
    assert pulse.answer(3, 4)
    assert not pulse.answer(3, 1)
    assert [value for (value,) in pulse.rows("SELECT value FROM pulse_answers")] == [4, 4, 4]


def test_a_round_is_opened_once_and_keeps_its_days(pulse: Round) -> None:
    def again(store: Store) -> PulseRound:
        return store.pulses.round(pulse.round.program_id, "early", date(2026, 4, 9), date(2026, 4, 23))

    row = pulse.database.write_now(again)
    assert (row.id, row.opens_on, row.closes_on) == (pulse.round.id, OPENS, CLOSES)


def test_the_closing_round_takes_answers_for_two_weeks_after_the_end(pulse: Round) -> None:
    def opened(store: Store) -> PulseRound:
        return store.pulses.closing_round(store.programs.get(pulse.round.program_id), date(2026, 9, 1))

    row = pulse.database.write_now(opened)
    assert (row.number, row.opens_on, row.closes_on) == (3, date(2026, 9, 1), date(2026, 9, 16))
    assert pulse.database.write_now(opened).id == row.id


def test_closed_by_hand_it_takes_answers_for_two_weeks_after_the_close(pulse: Round) -> None:
    def opened(store: Store) -> PulseRound:
        program = store.programs.get(pulse.round.program_id)
        program.status = "closed"
        return store.pulses.closing_round(program, date(2026, 5, 4))

    row = pulse.database.write_now(opened)
    assert (row.opens_on, row.closes_on) == (date(2026, 5, 4), date(2026, 5, 18))


def test_r_a5_neither_table_holds_a_time_or_a_sequence_and_no_column_leads_from_one_to_the_other() -> None:
    answers, people = PulseAnswer.__table__.columns.keys(), PulseParticipation.__table__.columns.keys()
    assert set(answers) == {"key", "round_id", "question", "value"}
    assert set(people) == {"round_id", "person_id", "answered"}


def test_r_a5_sqlite_numbers_no_row_of_either_table(sqlite_database: Database) -> None:
    pulse = Round(sqlite_database)
    for table in ("pulse_answers", "pulse_participations"):
        ((made,),) = pulse.rows(f"SELECT sql FROM sqlite_master WHERE name = '{table}'")
        assert "WITHOUT ROWID" in str(made)


def test_r_a7_the_keys_of_one_person_share_nothing_and_have_128_bits(pulse: Round) -> None:
    pulse.answer(1, 2)
    keys = [str(key) for (key,) in pulse.rows("SELECT key FROM pulse_answers")]
    assert [len(bytes.fromhex(key)) for key in keys] == [16, 16, 16]
    assert all(first[:16] != second[:16] for first in keys for second in keys if first != second)


def test_results_hold_means_and_the_answers_are_gone(pulse: Round) -> None:
    for number, value in enumerate((5, 4, 4, 3, 4, 2)):
        pulse.answer(number, value)
    pulse.close()
    assert pulse.rows("SELECT * FROM pulse_answers") == []
    ((row, results),) = pulse.database.read_now(lambda store: store.pulses.published(pulse.round.program_id))
    assert row.status == "closed"
    assert results["openly"] == Figure("openly", 37, 6)


def test_a_round_of_four_shows_neither_a_mean_nor_how_many_it_were(pulse: Round) -> None:
    for number in range(4):
        pulse.answer(number, 5)
    pulse.close()
    assert pulse.rows("SELECT mean, answers FROM pulse_results") == [(None, 0)] * 3


def test_the_digest_finds_a_round_after_it_was_published(pulse: Round) -> None:
    pulse.close()
    just_before, just_after = NOW.replace(hour=9), NOW.replace(hour=11)
    found = pulse.database.read_now(lambda store: store.pulses.published_since(just_before))
    assert [row.name for row in found] == ["early"]
    assert pulse.database.read_now(lambda store: store.pulses.published_since(just_after)) == []


def test_a5_nothing_of_a_closed_round_is_left_in_the_files_of_sqlite(sqlite_database: Database) -> None:
    pulse = Round(sqlite_database)
    for number in range(20):
        pulse.answer(number, 1 + number % 5)
    keys = [str(key).encode() for (key,) in pulse.rows("SELECT key FROM pulse_answers")]
    pulse.close()
    path = Path(str(sqlite_database.url.database))
    kept = b"".join(each.read_bytes() for each in path.parent.glob(path.name + "*"))
    assert len(keys) == 60
    assert [key for key in keys if key in kept] == []


def test_a5_whoever_links_by_the_order_of_rows_is_right_no_more_often_than_by_chance(sqlite_database: Database) -> None:
    pulse = Round(sqlite_database)
    order = list(range(20))
    random.Random(1).shuffle(order)
    for number in order:
        pulse.answer(number, 1 + number % 5)
    # The attacker knows in which order people answered, and reads the rows as they lie in the file.
    values = [value for (value,) in pulse.rows("SELECT value FROM pulse_answers WHERE question = 'often'")]
    assert Counter(values) == dict.fromkeys(range(1, 6), 4)
    right = sum(value == 1 + number % 5 for number, value in zip(order, values, strict=True))
    # By chance 4 of 20; 13 or more have a probability under 1 in 20,000.
    assert right < 13


def test_r_a6_the_log_of_sqlite_is_empty_after_each_answer(sqlite_database: Database) -> None:
    pulse = Round(sqlite_database)
    log = Path(f"{sqlite_database.url.database}-wal")
    for number in range(3):
        pulse.answer(number, 4)
        assert log.stat().st_size == 0


def test_r_a6_a_reader_puts_the_checkpoint_off_without_delaying_the_answer(
    sqlite_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    pulse = Round(sqlite_database)
    log = Path(f"{sqlite_database.url.database}-wal")
    reader = sqlite3.connect(str(sqlite_database.url.database), isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM people").fetchone()
    assert pulse.answer(1, 5)
    assert log.stat().st_size > 0
    assert "checkpoint put off" in caplog.text
    reader.execute("COMMIT")
    reader.close()
    assert sqlite_database.checkpoint()
    assert log.stat().st_size == 0


def test_r_a6_the_first_checkpoint_sweeps_up_after_an_earlier_process(sqlite_url: str) -> None:
    before = Database(sqlite_url)
    pulse = Round(before)
    reader = sqlite3.connect(str(before.url.database), isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM people").fetchone()
    assert pulse.answer(1, 5)
    assert Path(f"{before.url.database}-wal").stat().st_size > 0
    reader.execute("COMMIT")
    after = Database(sqlite_url)
    assert after.checkpoint()
    assert Path(f"{before.url.database}-wal").stat().st_size == 0
    reader.close()
    before.close()
    after.close()


@pytest.mark.slow
def test_r_a6_postgresql_keeps_no_dead_row_of_a_closed_round(postgres_url: str) -> None:
    database = Database(postgres_url)
    pulse = Round(database)
    for number in range(6):
        pulse.answer(number, 4)
    pulse.close()
    # VACUUM gave the pages back: an empty file holds no xmin.
    assert pulse.rows("SELECT pg_relation_size('pulse_answers')") == [(0,)]
    database.close()


@pytest.mark.slow
def test_r_a6_on_postgresql_no_row_of_an_open_round_tells_its_transaction_or_its_turn(postgres_url: str) -> None:
    database = Database(postgres_url)
    pulse = Round(database)
    order = list(range(20))
    random.Random(1).shuffle(order)
    for number in order:
        pulse.answer(number, 1 + number % 5)
    assert pulse.rows("SELECT count(*), count(DISTINCT xmin::text) FROM pulse_answers") == [(60, 1)]
    values = [
        value for (value,) in pulse.rows("SELECT value FROM pulse_answers WHERE question = 'often' ORDER BY ctid")
    ]
    assert Counter(values) == dict.fromkeys(range(1, 6), 4)
    right = sum(value == 1 + number % 5 for number, value in zip(order, values, strict=True))
    # By chance 4 of 20; 13 or more have a probability under 1 in 20,000.
    assert right < 13
    database.close()


def test_whoever_answers_while_the_round_closes_leaves_nothing_behind(pulse: Round) -> None:
    pulse.close()
    assert not pulse.answer(1, 4)
    assert pulse.rows("SELECT * FROM pulse_answers") == []
