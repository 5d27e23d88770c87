"""Everybody's check-ins are the same, however few people are read at once."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from conversations.cadence import PREFERRED_TIME, calendar_of
from conversations.check_ins_ahead import asked_on, moments_ahead, periods_ahead, rhythm_for
from storage.database import Database
from storage.store import Store
from storage.tables import CheckIn, Pair, Person, Program

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)  # a Monday
UNTIL = NOW + timedelta(days=40)
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Tokyo", "")

Moment = tuple[int, date, datetime]


def a_program(store: Store, name: str, by: Person, **columns: object) -> int:
    row: dict[str, object] = {
        "template": "digital_fluency",
        "status": "running",
        "objective": "",
        "themes": [],
        "questions": [],
        "success": "",
        "matching_on": NOW.date(),
        "starts_on": NOW.date(),
        "ends_on": NOW.date() + timedelta(days=180),
        "created_at": NOW,
    }
    return store.programs.add(Program(name=name, created_by=by.id, **(row | columns))).id


def a_company(store: Store) -> None:
    """Ten people; some have pairs in two programs, and pairs whose other side comes much later in any order."""
    people = [
        store.people.add(
            Person(name=f"P{number}", email=f"p{number}@larkspur.example", timezone=ZONES[number % 4], created_at=NOW)
        )
        for number in range(10)
    ]
    people[8].silent_since = NOW
    people[6].paused_until = NOW.date() + timedelta(days=9)
    first, second = a_program(store, "First", people[0]), a_program(store, "Second", people[0], cadence_days=7)
    closed = a_program(store, "Closed", people[0], status="closed")

    def pair(program: int, mentor: int, mentee: int, days: int, **columns: object) -> None:
        started_on = NOW.date() + timedelta(days=days)
        sides = {"mentor_id": people[mentor].id, "mentee_id": people[mentee].id}
        store.pairs.add(Pair(program_id=program, **sides, started_on=started_on, created_at=NOW, **columns))

    pair(first, 0, 9, -13)
    pair(first, 0, 1, -3)
    pair(second, 9, 0, -20)
    pair(first, 2, 3, -10, cadence_days=28)
    pair(second, 2, 7, -9, rests_until=NOW.date() + timedelta(days=12))
    pair(first, 4, 5, -30, frozen_at=NOW)
    pair(second, 4, 6, -5)
    pair(first, 7, 5, -15, status="ending", tell_on=NOW.date() + timedelta(days=3), known_to=people[7].id)
    pair(closed, 3, 1, -15)
    pair(second, 8, 1, -15)
    pair(first, 3, 4, -40, status="ended")
    store.check_ins.add(CheckIn(person_id=people[2].id, period=NOW.date() - timedelta(days=1), asked_at=NOW))


def one_by_one(store: Store) -> Iterator[Moment]:
    """The same as each person's own turn sees it."""
    for person in store.people.everybody():
        rhythm = rhythm_for(store, person, asked_at=NOW)
        if rhythm is None or person.silent_since is not None:
            continue
        calendar, latest = calendar_of(person), store.check_ins.latest_of(person.id)
        today = calendar.today(NOW)
        first = today - timedelta(days=rhythm.cadence - 1)
        for period in periods_ahead(rhythm, latest.period if latest else None, first, UNTIL.date()):
            day = asked_on(period, rhythm, calendar, today)
            moment = calendar.good_moment(day) if day else calendar.at(period, PREFERRED_TIME)
            if moment <= UNTIL:
                yield person.id, period, moment


@pytest.mark.parametrize("at_once", [1, 2, 3, 1_000])
def test_slices_of_any_size_give_what_each_person_has_alone(database: Database, at_once: int) -> None:
    def work(store: Store) -> tuple[Sequence[Moment], Sequence[Moment]]:
        a_company(store)
        return sorted(moments_ahead(store, NOW, UNTIL, at_once)), sorted(one_by_one(store))

    sliced, alone = database.write_now(work)
    assert sliced == alone
    assert len({person for person, _, _ in sliced}) == 9


@pytest.mark.parametrize("at_once", [1, 3, 1_000])
def test_everybody_comes_once_with_all_their_pairs(database: Database, at_once: int) -> None:
    def work(store: Store) -> list[tuple[int, list[int]]]:
        a_company(store)
        slices = list(store.paired.in_slices(at_once=at_once))
        assert all(len(some) <= at_once for some in slices)
        return [(person.id, sorted(pair.id for pair, _ in rows)) for some in slices for person, rows in some]

    found = database.write_now(work)
    assert [person for person, _ in found] == sorted({person for person, _ in found})
    pairs = [pair for _, theirs in found for pair in theirs]
    assert len(pairs) == 2 * len(set(pairs))
    assert max(len(theirs) for _, theirs in found) == 3


def test_who_is_paired_since_a_day_has_only_those_pairs(database: Database) -> None:
    def work(store: Store) -> set[date]:
        a_company(store)
        slices = store.paired.in_slices(since=NOW.date() - timedelta(days=5))
        return {pair.started_on for some in slices for _, rows in some for pair, _ in rows}

    assert database.write_now(work) == {NOW.date() - timedelta(days=days) for days in (3, 5)}
