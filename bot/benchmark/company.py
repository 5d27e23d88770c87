"""Rows for a company of any size: people whom the sink reaches, and pairs that meet."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import islice

from bot.benchmark.sink import NAME, TENANT
from bot.population import PLACES
from storage.database import Database
from storage.filling import fill
from storage.tables import Account, Enrollment, Pair, Person, Program, Table

# Everybody's first working hour of a week without a holiday; day 14 of the pairs is the day after.
MONDAY = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
INTRODUCED = MONDAY.date() - timedelta(days=13)
ROWS_A_TRANSACTION = 10_000
PROGRAM = 1


def hire(database: Database, people: int, *, everywhere: bool = False) -> None:
    """People with the ids from 1 on and an account each. `everywhere`: in the time zones of the made-up company."""
    _write(database, (_person(number, everywhere) for number in range(1, people + 1)))
    _write(database, (_account(number) for number in range(1, people + 1)))


def pair_up(database: Database, pairs: int) -> None:
    """A running program; each odd person is a mentor, and the next one the mentee."""
    found(database, PROGRAM)
    _write(database, (_enrollment(number) for number in range(1, 2 * pairs + 1)))
    _write(database, (_pair(number) for number in range(1, pairs + 1)))


def found(database: Database, *programs: int) -> None:
    """Running programs with these ids."""
    database.write_now(lambda store: fill(store, [_program(each) for each in programs]))


def _write(database: Database, rows: Iterator[Table]) -> None:
    while some := list(islice(rows, ROWS_A_TRANSACTION)):
        _write_some(database, some)


def _write_some(database: Database, some: Sequence[Table]) -> None:
    database.write_now(lambda store: fill(store, some))


def _person(number: int, everywhere: bool) -> Person:
    zone, country = PLACES[number // 2 % len(PLACES)][:2] if everywhere else ("UTC", "")
    return Person(
        id=number,
        name=f"Colleague {number}",
        email=f"colleague{number}@larkspur.example",
        source="roster",
        timezone=zone,
        country=country,
        created_at=MONDAY,
    )


def _account(number: int) -> Account:
    return Account(
        id=number,
        person_id=number,
        platform=NAME,
        tenant=TENANT,
        user=f"u{number}",
        route=f"D{number}",
        member=True,
        known=True,
        last_used_at=MONDAY,
    )


def _program(number: int) -> Program:
    return Program(
        id=number,
        name=f"Spring {number}",
        template="digital_fluency",
        status="running",
        objective="To learn from each other.",
        themes=["Digital tools"],
        questions=[],
        success="Most pairs meet every month.",
        matching_on=INTRODUCED - timedelta(days=7),
        starts_on=INTRODUCED,
        ends_on=date(2026, 8, 31),
        created_by=1,
        created_at=MONDAY,
    )


def _enrollment(number: int) -> Enrollment:
    return Enrollment(
        id=number,
        program_id=PROGRAM,
        person_id=number,
        role="mentor" if number % 2 else "mentee",
        status="matched",
        agreed_at=MONDAY,
        created_at=MONDAY,
        joined_at=MONDAY,
    )


def _pair(number: int) -> Pair:
    return Pair(
        id=number,
        program_id=PROGRAM,
        mentor_id=2 * number - 1,
        mentee_id=2 * number,
        reason="Both chose digital tools.",
        started_on=INTRODUCED,
        created_at=MONDAY - timedelta(days=13),
    )
