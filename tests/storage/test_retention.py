"""What is kept no longer than people were told."""

import sqlite3
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from storage.database import Database
from storage.store import Store
from storage.tables import (
    CheckIn,
    CheckInAnswer,
    Enrollment,
    Pair,
    PairGoal,
    Person,
    Program,
    PulseParticipation,
    PulseRound,
    SkillRating,
)

ENDED = datetime(2026, 9, 26, 6, 0, tzinfo=UTC)
CANARY = "canary"


@pytest.fixture
def left_over(database: Database) -> Database:
    """A program that closed on 26 September, with everything that two people left in it."""
    database.write_now(_fill)
    return database


def _fill(store: Store) -> None:
    session = store.people._session
    ana = Person(name="Ana", email="ana@larkspur.example", source="roster", department="Sales", created_at=ENDED)
    zofia = Person(name="Zofia", email="zofia@larkspur.example", source="self", department=CANARY, created_at=ENDED)
    session.add_all([ana, zofia])
    session.flush()
    program = Program(
        name="Digital fluency",
        template="digital_fluency",
        status="closed",
        objective="",
        themes=[],
        questions=[],
        success="",
        matching_on=date(2026, 3, 20),
        starts_on=date(2026, 3, 26),
        ends_on=date(2026, 9, 25),
        created_by=ana.id,
        created_at=ENDED,
        closed_at=ENDED,
    )
    session.add(program)
    session.flush()
    for person, role in ((ana, "mentor"), (zofia, "mentee")):
        signed = {"offers": [CANARY], "goals": CANARY, "avoid": [CANARY], "want_back": CANARY}
        session.add(Enrollment(program_id=program.id, person_id=person.id, role=role, created_at=ENDED, **signed))
        session.add(SkillRating(program_id=program.id, person_id=person.id, theme=CANARY, moment="end", value=3))
    pair = Pair(
        program_id=program.id,
        mentor_id=ana.id,
        mentee_id=zofia.id,
        status="ended",
        started_on=date(2026, 3, 26),
        created_at=ENDED,
        ended_at=ENDED,
    )
    check_in = CheckIn(person_id=ana.id, period=date(2026, 4, 9))
    closing = PulseRound(
        program_id=program.id,
        number=3,
        name="closing",
        status="closed",
        opens_on=date(2026, 9, 25),
        closes_on=date(2026, 10, 9),
    )
    session.add_all([pair, check_in, closing])
    session.flush()
    session.add_all(
        [
            CheckInAnswer(
                check_in_id=check_in.id,
                pair_id=pair.id,
                person_id=ana.id,
                state="met",
                learned=CANARY,
                change=CANARY,
                answered_at=ENDED,
            ),
            PairGoal(pair_id=pair.id, person_id=ana.id, position=1, text=CANARY, set_at=ENDED),
            PulseParticipation(round_id=closing.id, person_id=ana.id, answered=True),
        ]
    )
    store.outbox.add("sent/1", ENDED, {"kind": "farewell", "delivery": "nudge", "person_id": ana.id, "card": CANARY})
    store.outbox.with_key("sent/1").state = "sent"  # type: ignore[union-attr]
    store.outbox.with_key("sent/1").settled_at = ENDED  # type: ignore[union-attr]
    store.audit.add(ENDED, ana, "program closed", program.id)


def after(database: Database, days: float) -> int:
    now = ENDED + timedelta(days=days)

    def let_go(store: Store) -> int:
        texts = sum(store.retention.let_go_of_texts(now, ids) for ids in store.retention.messages())
        return texts + store.retention.let_go(now)

    return database.write_now(let_go)


def read(database: Database, table: type[Any], column: str) -> Sequence[Any]:
    from sqlalchemy import select  # noqa: PLC0415 - only this test looks at tables

    return database.read_now(lambda store: list(store.people._session.scalars(select(getattr(table, column)))))


def test_p3_each_class_goes_on_its_day_and_not_before(left_over: Database) -> None:
    from storage.tables import AuditEntry, OutboxMessage  # noqa: PLC0415

    steps: list[tuple[float, type[Any], str, list[Any], list[Any]]] = [
        (7, OutboxMessage, "card", [CANARY], [None]),
        (30, Enrollment, "goals", [CANARY, CANARY], ["", ""]),
        (30, Enrollment, "avoid", [[CANARY], [CANARY]], [[], []]),
        (30, Person, "department", ["Sales", CANARY], ["Sales", ""]),
        (30, SkillRating, "value", [3, 3], []),
        (44, PulseParticipation, "answered", [True], []),
        (90, CheckInAnswer, "learned", [CANARY], [""]),
        (90, PairGoal, "text", [CANARY], []),
        (365, AuditEntry, "what", ["program closed"], []),
        (730, Pair, "status", ["ended"], []),
    ]
    for days, table, column, before, _gone in steps:
        after(left_over, days - 1)
        assert read(left_over, table, column) == before, (table, column)
    for days, table, column, _before, gone in steps:
        after(left_over, days + 2)
        assert read(left_over, table, column) == gone, (table, column)


def test_p3_after_a_month_off_everything_due_goes_at_once_and_the_next_sweep_has_nothing_to_do(
    left_over: Database,
) -> None:
    assert after(left_over, 800) > 0
    assert after(left_over, 800) == 0
    assert set(read(left_over, Person, "name")) == {"Ana", "Zofia"}
    assert read(left_over, CheckInAnswer, "state") == []


def test_what_runs_is_left_alone(database: Database) -> None:
    database.write_now(_fill)

    def goes_on(store: Store) -> None:
        store.programs.get(1).status = "running"
        store.programs.get(1).closed_at = None
        store.pairs.get(1).ended_at = None

    database.write_now(goes_on)
    after(database, 60)
    assert read(database, Enrollment, "goals") == [CANARY, CANARY]
    assert read(database, CheckInAnswer, "learned") == [CANARY]
    assert read(database, Person, "department") == ["Sales", CANARY]


def test_texts_of_messages_go_in_slices_that_leave_out_none(
    left_over: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from storage import retention  # noqa: PLC0415 - only this test is about its size
    from storage.tables import OutboxMessage  # noqa: PLC0415

    def send_more(store: Store) -> None:
        for number in range(4):
            row = {"state": "sent", "settled_at": ENDED, "kind": "farewell", "delivery": "nudge", "card": CANARY}
            store.outbox.add(f"more/{number}", ENDED, row)

    monkeypatch.setattr(retention, "MESSAGES_AT_ONCE", 2)
    left_over.write_now(send_more)
    slices = left_over.read_now(lambda store: list(store.retention.messages()))
    assert [list(each) for each in slices] == [[1, 2], [3, 4], [5, 6]]
    week = ENDED + timedelta(days=8)
    assert left_over.write_now(lambda store: store.retention.let_go_of_texts(week, slices[0])) == 2
    assert read(left_over, OutboxMessage, "card").count(None) == 2
    assert after(left_over, 8) == 3


def test_more_past_pairs_go_at_once_than_a_statement_takes_values(sqlite_database: Database) -> None:
    def fill(store: Store) -> None:
        _fill(store)
        session = store.people._session
        one = store.pairs.get(1)
        rest = {"started_on": one.started_on, "created_at": ENDED, "ended_at": ENDED, "status": "ended"}
        mentees = [Person(name=f"Mentee {number}", created_at=ENDED) for number in range(60)]
        session.add_all(mentees)
        session.flush()
        session.add_all(Pair(program_id=1, mentor_id=one.mentor_id, mentee_id=each.id, **rest) for each in mentees)

    def let_go(store: Store) -> int:
        # As small as this would be 65,535 on PostgreSQL.
        connection: Any = store.people._session.connection().connection.dbapi_connection
        before = connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 50)
        gone = store.retention.let_go(ENDED + timedelta(days=731))
        connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, before)
        return gone

    sqlite_database.write_now(fill)
    assert sqlite_database.write_now(let_go) > 60
    assert read(sqlite_database, Pair, "id") == []
