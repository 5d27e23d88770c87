"""`flipside copy`: an installation moves between SQLite and PostgreSQL, whole or not at all."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, insert, select
from sqlalchemy.orm import Session

from bot.copying import copy
from storage.backup import InUse
from storage.copying import CopyFault
from storage.database import Database
from storage.engines import driver_url
from storage.migrate import migrate
from storage.store import Store
from storage.tables import Person, Table
from tests.support.filled import fill

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def quietly(words: str, done: float) -> None:
    """Nobody watches."""


def fill_everything(url: str) -> None:
    """Two people, a row about the second in every table, and what has no person in it."""
    engine = create_engine(driver_url(url))
    with Session(engine) as session:
        for name in ("Ana", "Ben"):
            session.add(Person(name=f"{name} “Žižkov” 🎈", created_at=NOW, languages=["cs", None]))
        session.flush()
        fill(session, "canary", 2, {"outbox": {"group_ids": [1, 2]}})
        outbox = {"kind": "hello", "delivery": "nudge", "not_before": NOW, "created_at": NOW}
        session.execute(
            insert(Table.metadata.tables["outbox"]), {"key": "second", "delivery_id": "2", "state": "waiting", **outbox}
        )
        session.commit()
    engine.dispose()


def everything(url: str) -> Mapping[str, Sequence[Any]]:
    """All rows of all tables, in an order of their own."""
    engine = create_engine(driver_url(url))
    with engine.connect() as connection:
        found = {
            table.name: sorted((repr(tuple(row)) for row in connection.execute(select(table))), key=str)
            for table in Table.metadata.sorted_tables
        }
    engine.dispose()
    return found


def group_ids_are_null(url: str) -> int:
    engine = create_engine(driver_url(url))
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT count(*) FROM outbox WHERE group_ids IS NULL").scalar_one()
    engine.dispose()
    return int(found)


def test_a_sqlite_file_is_copied_row_by_row_and_stays_as_it_is(sqlite_url: str, tmp_path: Path) -> None:
    fill_everything(sqlite_url)
    before, target = everything(sqlite_url), f"sqlite:///{tmp_path / 'new' / 'copy.db'}"
    rows = copy(sqlite_url, target, quietly)
    assert everything(target) == everything(sqlite_url) == before
    assert rows["people"] == 2
    assert (tmp_path / "new" / "copy.db").stat().st_mode & 0o077 == 0


@pytest.mark.slow
def test_an_installation_moves_to_postgresql_and_back(sqlite_url: str, postgres_url: str, tmp_path: Path) -> None:
    fill_everything(sqlite_url)
    copy(sqlite_url, postgres_url, quietly)
    assert everything(postgres_url) == everything(sqlite_url)
    # Nothing at all is not the JSON value null, on either side.
    assert group_ids_are_null(postgres_url) == group_ids_are_null(sqlite_url) == 1
    back = f"sqlite:///{tmp_path / 'back.db'}"
    copy(postgres_url, back, quietly)
    assert everything(back) == everything(sqlite_url)
    # Numbering goes on where it was.
    database = Database(postgres_url)
    assert database.write_now(lambda store: store.people.add(Person(name="Cleo", created_at=NOW)).id) == 3
    assert database.write_now(_new_message)
    database.close()


def _new_message(store: Store) -> bool:
    return store.outbox.add("third", NOW, {"kind": "hello", "delivery": "nudge"})


@pytest.mark.slow
def test_what_postgresql_cannot_keep_is_named_and_nothing_is_copied(sqlite_url: str, postgres_url: str) -> None:
    fill_everything(sqlite_url)
    database = Database(sqlite_url)
    database.write_now(lambda store: store.people.get(2).__setattr__("team", "canary" * 50))
    database.write_now(lambda store: store.people.get(1).__setattr__("name", "x" * 200))
    database.close()
    with pytest.raises(CopyFault, match=r"people\.team.*row 2") as fault:
        copy(sqlite_url, postgres_url, quietly)
    assert "canary" not in str(fault.value)
    assert not any(everything(postgres_url).values())


@pytest.mark.slow
def test_a_postgresql_database_that_somebody_works_on_is_left_alone(sqlite_url: str, postgres_url: str) -> None:
    fill_everything(sqlite_url)
    running = Database(postgres_url)
    running.read_now(lambda store: store.answers())
    with pytest.raises(InUse):
        copy(sqlite_url, postgres_url, quietly)
    running.close()
    copy(sqlite_url, postgres_url, quietly)


def test_a_target_that_is_not_empty_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    target = f"sqlite:///{tmp_path / 'other.db'}"
    migrate(target)
    database = Database(target)
    database.write_now(lambda store: store.people.add(Person(name="Ana", created_at=NOW)))
    database.close()
    before = everything(target)
    with pytest.raises(CopyFault, match="not empty"):
        copy(sqlite_url, target, quietly)
    assert everything(target) == before


def test_nothing_is_copied_while_a_bot_runs(sqlite_url: str, tmp_path: Path) -> None:
    running = Database(sqlite_url)
    assert running.is_alone()
    with pytest.raises(InUse):
        copy(sqlite_url, f"sqlite:///{tmp_path / 'copy.db'}", quietly)
    running.close()
    assert not (tmp_path / "copy.db").exists()


@pytest.mark.slow
def test_a_copy_that_is_interrupted_leaves_no_row(sqlite_url: str, tmp_path: Path) -> None:
    fill_everything(sqlite_url)
    target = f"sqlite:///{tmp_path / 'copy.db'}"

    def interrupts(words: str, done: float) -> None:
        if words == "Copying outbox":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy(sqlite_url, target, interrupts)
    assert not any(everything(target).values())
    copy(sqlite_url, target, quietly)
    assert everything(target) == everything(sqlite_url)


def test_a_database_is_not_copied_onto_itself_nor_from_nowhere(sqlite_url: str, tmp_path: Path) -> None:
    with pytest.raises(CopyFault, match="same"):
        copy(sqlite_url, sqlite_url, quietly)
    with pytest.raises(CopyFault, match="no file"):
        copy(f"sqlite:///{tmp_path / 'nowhere.db'}", sqlite_url, quietly)
