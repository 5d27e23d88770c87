"""The schema: what migrations make is what the tables say, on both databases."""

import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, text

from storage.engines import driver_url
from storage.migrate import NewerSchema, current, migrate, newest
from storage.tables import Table


def test_the_migrations_make_exactly_the_tables_of_the_code(database_url: str) -> None:
    engine = create_engine(driver_url(database_url))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        assert compare_metadata(context, Table.metadata) == []
    engine.dispose()


def test_migrating_twice_changes_nothing(database_url: str) -> None:
    assert migrate(database_url) == newest() == current(database_url)


@pytest.mark.slow
def test_four_processes_may_start_at_once_on_an_empty_database(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new' / 'flipside.db'}"
    found: list[str] = []
    starts = [threading.Thread(target=lambda: found.append(migrate(url))) for _ in range(4)]
    for start in starts:
        start.start()
    for start in starts:
        start.join(timeout=60)
    assert found == [newest()] * 4


def test_a_database_of_a_newer_version_is_refused_and_left_alone(database_url: str) -> None:
    engine = create_engine(driver_url(database_url))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerSchema, match="newer version"):
        migrate(database_url)
    assert current(database_url) == "9999"
    engine.dispose()


def test_sqlite_files_are_opened_safely(sqlite_url: str) -> None:
    from storage.database import Database  # noqa: PLC0415 - the subject of this test alone

    database = Database(sqlite_url)
    pragmas = database.write_now(
        lambda store: [
            store.people._session.connection().exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        ]
    )
    database.close()
    assert pragmas == ["wal", 2, 1, 1]


def test_the_folder_that_we_make_is_closed_to_other_users_of_the_machine(tmp_path: Path) -> None:
    migrate(f"sqlite:///{tmp_path / 'data' / 'flipside.db'}")
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0


def test_only_its_owner_may_read_the_file_that_a_first_start_makes(tmp_path: Path) -> None:
    migrate(f"sqlite:///{tmp_path / 'flipside.db'}")
    assert {file.stat().st_mode & 0o077 for file in tmp_path.iterdir()} == {0}
