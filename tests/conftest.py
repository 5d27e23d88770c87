"""Databases for every test: SQLite and PostgreSQL, both real, each test with a fresh one."""

import itertools
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import settings

from bot.memory import keep_what_is_there
from storage.database import Database
from storage.migrate import migrate
from tests.support.postgres import create_database, drop_database, postgres_server

pytest_plugins = ["tests.support.golden"]

# A busy machine is slow now and then, so nothing has a time limit; the cases are the same in each run, and `make soak`
# draws new ones.
settings.register_profile("flipside", deadline=None, derandomize=True)
settings.load_profile("flipside")

_numbers = itertools.count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Stories first: a long one that begins last keeps one worker busy while the other has nothing left to do."""
    items.sort(key=lambda item: "story" not in item.path.parts)


def pytest_collection_finish() -> None:
    """As the bot does when it has started."""
    keep_what_is_there()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy: migrating takes longer than copying."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server with a migrated database called `flipside_template`."""
    with postgres_server() as server:
        migrate(create_database(server, "flipside_template"))
        yield server


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "flipside.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres: str) -> Iterator[str]:
    name = f"flipside_{next(_numbers)}"
    yield create_database(postgres, name, "flipside_template")
    drop_database(postgres, name)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database; the test runs once on SQLite and once on PostgreSQL."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def _sqlite_database(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Kept open: a new engine compiles each of its statements again, which was a third of the time of a test."""
    path = tmp_path_factory.mktemp("database") / "flipside.db"
    shutil.copy(sqlite_template, path)
    opened = Database(f"sqlite:///{path}", throw_away=True)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_database(sqlite_template: Path, _sqlite_database: Database) -> Database:
    """For tests of what does not depend on the database, nor on what is left after a power loss. Nobody closes it."""
    for engine in (_sqlite_database._engine, _sqlite_database._read_engine):
        # What a failed test left half read would keep its connection in the past.
        engine.dispose()
    path = _sqlite_database.url.database or ""
    with closing(sqlite3.connect(sqlite_template)) as fresh, closing(sqlite3.connect(path)) as used:
        used.execute("PRAGMA synchronous=OFF")
        fresh.backup(used)
        used.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return _sqlite_database
