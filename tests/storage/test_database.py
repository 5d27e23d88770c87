"""Who may write when: nothing is lost between writers, failures leave nothing behind, people go before the clock."""

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from functools import partial

import psycopg
import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import DBAPIError, OperationalError

from bot.leases import LASTS
from storage.database import Database
from storage.engines import Plain, driver_url, postgres_engine
from storage.store import Store
from storage.subject import NotYours
from storage.tables import Account, OutboxMessage, Pair, Person, Program, SenderLease

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def person(name: str) -> Person:
    return Person(name=name, email=f"{name.lower()}@larkspur.example", created_at=NOW)


def names(store: Store) -> list[str]:
    return [each.name for each in store.people.everybody()]


async def test_what_a_failing_turn_wrote_is_gone(database: Database) -> None:
    def fails(store: Store) -> None:
        store.people.add(person("Ana"))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await database.write(fails)
    assert await database.read(names) == []


async def test_statements_without_a_session_are_kept_together_or_not_at_all(database: Database) -> None:
    row = {"key": "m1", "delivery_id": "m1", "kind": "hello", "delivery": "nudge", "not_before": NOW, "created_at": NOW}

    def written(transaction: Plain) -> None:
        transaction.execute(insert(OutboxMessage), row)

    def fails(transaction: Plain) -> None:
        written(transaction)
        raise OSError

    with pytest.raises(OSError):
        await database.write_plainly(fails)
    assert await database.read(lambda store: store.outbox.everything()) == []
    await database.write_plainly(written)
    assert [each.key for each in await database.read(lambda store: store.outbox.everything())] == ["m1"]


async def test_fifty_turns_at_once_lose_nothing(database: Database) -> None:
    await asyncio.gather(
        *(database.write(lambda store, n=n: store.people.add(person(f"P{n}"))) for n in range(50))  # type: ignore[misc]
    )
    assert sorted(await database.read(names)) == sorted(f"P{n}" for n in range(50))


async def test_a_reader_is_not_held_up_by_a_writer(database: Database) -> None:
    started, go_on = threading.Event(), threading.Event()

    def slow(store: Store) -> None:
        store.people.add(person("Ana"))
        started.set()
        assert go_on.wait(20)

    writing = asyncio.ensure_future(database.write(slow))
    await asyncio.to_thread(started.wait, 20)
    assert await asyncio.wait_for(database.read(names), 5) == []
    go_on.set()
    await writing
    assert await database.read(names) == ["Ana"]


async def test_on_sqlite_a_person_goes_ahead_of_the_clock(sqlite_database: Database) -> None:
    order: list[str] = []
    started, go_on = threading.Event(), threading.Event()

    def first(_store: Store) -> None:
        started.set()
        assert go_on.wait(20)

    begun = asyncio.ensure_future(sqlite_database.write(first, clock=True))
    await asyncio.to_thread(started.wait, 20)
    waiting = [
        asyncio.ensure_future(sqlite_database.write(lambda _: order.append("clock"), clock=True)),
        asyncio.ensure_future(sqlite_database.write(lambda _: order.append("clock"), clock=True)),
        asyncio.ensure_future(sqlite_database.write(lambda _: order.append("person"))),
    ]
    await asyncio.sleep(0)
    go_on.set()
    await asyncio.gather(begun, *waiting)
    assert order == ["person", "clock", "clock"]


@pytest.mark.slow
def test_after_a_cut_one_unit_of_work_fails_at_most_and_the_next_has_a_new_connection(
    postgres: str, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # However slow the machine is: the connection was used a moment ago.
    monkeypatch.setattr("storage.database.postgres_engine", partial(postgres_engine, trusted_seconds=600.0))
    database = Database(postgres_url)
    database.write_now(lambda store: store.people.add(person("Ana")))
    cut(postgres, postgres_url)
    with pytest.raises(OperationalError):
        database.read_now(names)
    assert database.read_now(names) == ["Ana"]
    database.close()


@pytest.mark.slow
def test_a_connection_that_nobody_used_for_a_while_is_asked_before_it_is_used(postgres: str, postgres_url: str) -> None:
    engine = postgres_engine(driver_url(postgres_url), 2, trusted_seconds=0.0)
    engine.connect().close()
    cut(postgres, postgres_url)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1
    engine.dispose()


@pytest.mark.slow
def test_d9_who_stands_still_within_a_transaction_keeps_nobody_from_taking_over(postgres_url: str) -> None:
    standing_still = postgres_engine(driver_url(postgres_url), 2, stands_still_seconds=0.2)
    database, ends = Database(postgres_url), NOW + LASTS
    database.write_now(lambda store: store.leases.take("slack/larkspur", "first", NOW, ends))
    connection = standing_still.connect()
    connection.execute(select(SenderLease).with_for_update())
    taken = database.write_now(lambda store: store.leases.take("slack/larkspur", "second", ends, ends + LASTS))
    assert taken is not None
    assert taken.owner == "second"
    with pytest.raises(DBAPIError):
        connection.execute(select(SenderLease))
    connection.close()
    database.close()
    standing_still.dispose()


@pytest.mark.slow
def test_d9_what_a_process_locked_is_free_before_its_lease_ends(postgres_url: str) -> None:
    engine = postgres_engine(driver_url(postgres_url), 2)
    with engine.connect() as connection:
        limits = {
            name: timedelta(milliseconds=int(milliseconds))
            for name, milliseconds in connection.exec_driver_sql("SELECT name, setting FROM pg_settings")
            if name in {"idle_in_transaction_session_timeout", "lock_timeout"}
        }
    assert timedelta() < limits["idle_in_transaction_session_timeout"] < limits["lock_timeout"] < LASTS
    engine.dispose()


def test_whoever_is_there_still_is_not_taken_for_dead_when_another_one_starts_again(sqlite_url: str) -> None:
    """Two work on one file by mistake, and one of them is restarted."""
    first, second = Database(sqlite_url), Database(sqlite_url)
    assert (first.is_alone(), second.is_alone()) == (True, False)
    first.close()
    first = Database(sqlite_url)
    assert not first.is_alone()
    second.close()
    assert first.is_alone()
    first.close()


def cut(server: str, url: str) -> None:
    """Ends every connection to this database, as a restart of the server does."""
    name = url.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(server, autocommit=True) as administrator:
        administrator.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])


def test_times_come_back_as_they_went_in_whatever_the_zone(database: Database) -> None:
    from zoneinfo import ZoneInfo  # noqa: PLC0415

    local = datetime(2026, 7, 1, 9, 30, 12, 345678, tzinfo=ZoneInfo("Asia/Tokyo"))
    added = database.write_now(
        lambda store: store.people.add(Person(name="Ana", email="a@larkspur.example", created_at=local))
    )
    read = database.read_now(lambda store: store.people.get(added.id).created_at)
    assert read == local
    assert read.tzinfo is UTC


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match="time zone"):
        database.write_now(
            lambda store: store.people.add(
                Person(name="Ana", email="a@larkspur.example", created_at=datetime(2026, 1, 1))  # noqa: DTZ001
            )
        )


def test_a_pair_is_only_found_through_one_of_its_two_people(database: Database) -> None:
    def pair_up(store: Store) -> tuple[int, list[Person]]:
        people = [store.people.add(person(name)) for name in ("Ana", "Bo", "Cy")]
        program = store.programs.add(
            Program(
                name="Spring",
                template="digital_fluency",
                objective="",
                themes=[],
                questions=[],
                success="",
                matching_on=NOW.date(),
                starts_on=NOW.date(),
                ends_on=NOW.date(),
                created_by=people[2].id,
                created_at=NOW,
            )
        )
        pair = store.pairs.add(
            Pair(
                program_id=program.id,
                mentor_id=people[0].id,
                mentee_id=people[1].id,
                started_on=NOW.date(),
                created_at=NOW,
            )
        )
        return pair.id, people

    pair, (ana, bo, cy) = database.write_now(pair_up)
    assert database.read_now(lambda store: store.pairs.partner_of(ana, pair).name) == "Bo"
    assert database.read_now(lambda store: store.pairs.partner_of(bo, pair).name) == "Ana"
    with pytest.raises(NotYours):
        database.read_now(lambda store: store.pairs.partner_of(cy, pair))
    with pytest.raises(NotYours):
        database.read_now(lambda store: store.pairs.partner_of(ana, pair + 1))


async def test_each_part_of_a_long_reading_sees_what_was_written_before_it(database: Database) -> None:
    def reads(store: Store) -> Iterator[list[str]]:
        for _ in range(3):
            yield names(store)

    seen = []
    async for part in database.read_in_parts(reads):
        seen.append(part)
        await database.write(lambda store: store.people.add(person(f"P{len(seen)}")))
    assert seen == [[], ["P1"], ["P1", "P2"]]


async def test_a_reading_that_is_given_up_keeps_nothing_from_the_database(sqlite_database: Database) -> None:
    def reads(store: Store) -> Iterator[list[str]]:
        while True:
            yield names(store)

    async with aclosing(sqlite_database.read_in_parts(reads)) as parts:
        assert await anext(parts) == []
    with sqlite3.connect(sqlite_database.url.database or "", timeout=0) as other:
        assert other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0


def test_what_was_read_is_read_again_only_after_its_own_tables_changed(database: Database) -> None:
    def work(store: Store) -> tuple[bool, bool, bool]:
        ana = store.people.add(person("Ana"))
        before = store.accounts.logins(ana.id)
        ana.team = "Web"
        store.flush()
        unrelated = store.accounts.logins(ana.id) is before
        account = Account(person_id=ana.id, platform="slack", tenant="T", user="U", last_used_at=NOW)
        store.accounts.add(account)
        flushed = [each.user for each in store.accounts.logins(ana.id)] == [account.user]
        store.accounts.move(ana.id, store.people.add(person("Bo")).id)
        return unrelated, flushed, list(store.accounts.logins(ana.id)) == []

    assert database.write_now(work) == (True, True, True)
