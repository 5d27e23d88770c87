"""Booked sessions and held ones: one row for one meeting, whoever tells of it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from storage.database import Database
from storage.store import Store
from storage.tables import Pair, Person, Program, Session

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
FORTNIGHT = (date(2026, 3, 9), date(2026, 3, 23))
TUESDAY = date(2026, 3, 17)
AT = datetime(2026, 3, 17, 10, tzinfo=UTC)


@pytest.fixture
def pair(database: Database) -> int:
    def add(store: Store) -> int:
        ana, ben = (
            store.people.add(Person(name=name, email=f"{name.lower()}@larkspur.example", created_at=NOW))
            for name in ("Ana", "Ben")
        )
        program = store.programs.add(
            Program(
                name="Culture",
                template="culture",
                status="running",
                objective="",
                themes=[],
                questions=[],
                success="",
                matching_on=TUESDAY,
                starts_on=TUESDAY,
                ends_on=date(2026, 9, 1),
                created_by=ana.id,
                created_at=NOW,
            )
        )
        row = Pair(program_id=program.id, mentor_id=ana.id, mentee_id=ben.id, started_on=TUESDAY, created_at=NOW)
        return store.pairs.add(row).id

    return database.write_now(add)


def rows(store: Store, pair: int) -> list[tuple[date | None, date | None]]:
    booked = [*store.sessions.untold([pair], NOW), *store.sessions.ahead([pair], NOW)]
    return [(one.planned_on, one.held_on) for one in [*store.sessions.held(pair), *booked]]


def book(store: Store, pair: int, day: date = TUESDAY, at: datetime = AT) -> Session:
    return store.sessions.book(pair, (day, at), by=1, now=NOW - timedelta(days=9))


def test_a_meeting_on_the_booked_day_is_the_booked_one(database: Database, pair: int) -> None:
    def work(store: Store) -> list[tuple[date | None, date | None]]:
        book(store, pair)
        store.sessions.record_held(pair, TUESDAY, FORTNIGHT, NOW)
        store.sessions.record_met(pair, FORTNIGHT[1], FORTNIGHT, NOW)
        return rows(store, pair)

    assert database.write_now(work) == [(TUESDAY, TUESDAY)]


def test_a_meeting_on_another_day_of_that_fortnight_is_the_booked_one_too(database: Database, pair: int) -> None:
    def work(store: Store) -> list[tuple[date | None, date | None]]:
        book(store, pair)
        store.sessions.record_held(pair, TUESDAY + timedelta(days=1), FORTNIGHT, NOW)
        return rows(store, pair)

    assert database.write_now(work) == [(TUESDAY, TUESDAY + timedelta(days=1))]


def test_a_date_still_to_come_is_not_the_meeting_that_was(database: Database, pair: int) -> None:
    ahead = date(2026, 3, 23)

    def work(store: Store) -> list[tuple[date | None, date | None]]:
        book(store, pair, ahead, datetime(2026, 3, 23, 10, tzinfo=UTC))
        store.sessions.record_held(pair, TUESDAY, FORTNIGHT, NOW)
        return rows(store, pair)

    assert database.write_now(work) == [(None, TUESDAY), (ahead, None)]


def test_we_met_in_a_check_in_means_the_booked_day_and_can_be_taken_back(database: Database, pair: int) -> None:
    def met(store: Store) -> list[tuple[date | None, date | None]]:
        book(store, pair)
        store.sessions.record_met(pair, FORTNIGHT[1], FORTNIGHT, NOW)
        return rows(store, pair)

    def taken_back(store: Store) -> list[tuple[date | None, date | None]]:
        store.sessions.forget_met(pair, FORTNIGHT)
        return rows(store, pair)

    assert database.write_now(met) == [(TUESDAY, TUESDAY)]
    assert database.write_now(taken_back) == [(TUESDAY, None)]


def test_a_date_called_off_keeps_its_number_for_the_next_one(database: Database, pair: int) -> None:
    def work(store: Store) -> tuple[bool, int, list[tuple[date | None, date | None]]]:
        first = book(store, pair)
        store.sessions.call_off(first, NOW)
        second = book(store, pair, date(2026, 4, 1), datetime(2026, 4, 1, 10, tzinfo=UTC))
        return second is first, second.revision, rows(store, pair)

    assert database.write_now(work) == (True, 2, [(date(2026, 4, 1), None)])


def test_goals_are_kept_by_side_and_in_order(database: Database, pair: int) -> None:
    def work(store: Store) -> object:
        store.goals.replace(pair, 1, ["c", "a", "b", "too many"], NOW)
        store.goals.replace(pair, 2, ["x"], NOW)
        store.goals.replace(pair, 2, ["y"], NOW)
        return store.goals.of_pair(pair)

    assert database.write_now(work) == {1: ["c", "a", "b"], 2: ["y"]}
