"""Pairs and sessions as a coordinator counts them, on both databases."""

from datetime import UTC, date, datetime, timedelta

import pytest

from storage.database import Database
from storage.store import Store
from storage.subject import NotYours
from storage.tables import CheckIn, Pair, Person, Program, Session

MONDAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
FORTNIGHT = (MONDAY - timedelta(days=1), MONDAY + timedelta(days=14))


def a_company(store: Store) -> tuple[int, list[Person]]:
    people = [
        store.people.add(Person(name=name, email=f"{name.lower()}@larkspur.example", created_at=NOW))
        for name in ("Ana", "Bo", "Erik", "Farah")
    ]
    program = Program(
        name="Digital fluency",
        template="digital_fluency",
        status="running",
        objective="",
        themes=[],
        questions=[],
        success="",
        matching_on=MONDAY,
        starts_on=MONDAY,
        ends_on=MONDAY + timedelta(days=180),
        created_by=people[0].id,
        created_at=NOW,
    )
    return store.programs.add(program).id, people


def a_pair(store: Store, program: int, mentor: Person, mentee: Person, **columns: object) -> Pair:
    row = {"started_on": MONDAY, "created_at": NOW} | columns
    return store.pairs.add(Pair(program_id=program, mentor_id=mentor.id, mentee_id=mentee.id, **row))


def test_a_pair_goes_from_waiting_to_introduced_to_met_to_quiet_to_ended(database: Database) -> None:
    def work(store: Store) -> list[str]:
        program, (ana, _, erik, _) = a_company(store)
        pair = a_pair(store, program, ana, erik)

        def state(days: int) -> str:
            return store.pairs.states(program, NOW + timedelta(days=days))[pair.id]

        before = [state(days) for days in (-1, 0, 21, 22)]
        store.sessions.record_held(pair.id, MONDAY + timedelta(days=20), FORTNIGHT, NOW)
        after = [state(days) for days in (22, 42)]
        store.pairs.end_all(program, NOW)
        return [*before, *after, state(0)]

    assert database.write_now(work) == ["waiting", "introduced", "introduced", "quiet", "met", "quiet", "ended"]


def test_a_date_that_was_set_keeps_a_pair_from_being_called_quiet(database: Database) -> None:
    def work(store: Store) -> str:
        program, (ana, _, erik, _) = a_company(store)
        pair = a_pair(store, program, ana, erik)
        check_in = store.check_ins.add(CheckIn(person_id=ana.id, period=MONDAY + timedelta(days=14)))
        store.check_ins.record(check_in, pair.id, "date_set", NOW + timedelta(days=15))
        return store.pairs.states(program, NOW + timedelta(days=30))[pair.id]

    assert database.write_now(work) == "date_set"


def test_only_the_two_of_a_pair_can_load_it(database: Database) -> None:
    def work(store: Store) -> str:
        program, (ana, bo, erik, _) = a_company(store)
        pair = a_pair(store, program, ana, erik)
        with pytest.raises(NotYours):
            store.pairs.partner_of(bo, pair.id)
        return store.pairs.partner_of(ana, pair.id).name

    assert database.write_now(work) == "Erik"


def test_ending_a_program_ends_its_active_pairs_once(database: Database) -> None:
    def work(store: Store) -> tuple[int, int]:
        program, (ana, bo, erik, farah) = a_company(store)
        a_pair(store, program, ana, erik)
        a_pair(store, program, bo, farah)
        return store.pairs.end_all(program, NOW), store.pairs.end_all(program, NOW)

    assert database.write_now(work) == (2, 0)


def test_days_of_introductions_are_known_by_person(database: Database) -> None:
    def work(store: Store) -> list[set[date]]:
        program, (ana, bo, erik, farah) = a_company(store)
        a_pair(store, program, ana, erik)
        a_pair(store, program, ana, farah, started_on=MONDAY + timedelta(days=1))
        days = store.pairs.introduction_days([ana.id, bo.id, erik.id], MONDAY)
        return [days[ana.id], days[bo.id], days[erik.id]]

    assert database.write_now(work) == [{MONDAY, MONDAY + timedelta(days=1)}, set(), {MONDAY}]


def test_the_same_meeting_counts_once_however_it_is_told(database: Database) -> None:
    def work(store: Store) -> list[tuple[date | None, bool]]:
        program, (ana, _, erik, _) = a_company(store)
        pair = a_pair(store, program, ana, erik).id
        end = FORTNIGHT[1]
        store.sessions.record_met(pair, end, FORTNIGHT, NOW)
        store.sessions.record_met(pair, end, FORTNIGHT, NOW)
        store.sessions.record_held(pair, MONDAY + timedelta(days=3), FORTNIGHT, NOW)
        store.sessions.record_held(pair, MONDAY + timedelta(days=3), FORTNIGHT, NOW)
        store.sessions.record_met(pair, end, FORTNIGHT, NOW)
        return [(one.held_on, one.exact) for one in store.sessions.held(pair)]

    assert database.write_now(work) == [(MONDAY + timedelta(days=3), True)]


def test_taking_a_check_in_back_leaves_known_days_alone(database: Database) -> None:
    def work(store: Store) -> list[Session]:
        program, (ana, _, erik, _) = a_company(store)
        pair = a_pair(store, program, ana, erik).id
        store.sessions.record_held(pair, MONDAY + timedelta(days=3), FORTNIGHT, NOW)
        store.sessions.forget_met(pair, FORTNIGHT)
        return list(store.sessions.held(pair))

    assert len(database.write_now(work)) == 1
