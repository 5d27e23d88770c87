"""Kills in the middle of a migration, as plain functions: a few in every test run, all of them in a long one."""

import shutil
import signal
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any, Protocol

from alembic import command
from sqlalchemy import JSON, Boolean, Column, Connection, Date, DateTime, Integer, MetaData, create_engine, inspect
from sqlalchemy import Table as SqlTable

from bot.crash_points import arm, crash_here
from storage.engines import driver_url
from storage.migrate import _config, migrate
from tests.guarantees.process import exit_of
from tests.support.postgres import create_database, drop_database

ROWS = 3


def filled(url: str, revision: str) -> Mapping[str, int]:
    """A database as an earlier version left it, with rows in every table. Returns how many are in each."""
    engine = create_engine(driver_url(url))
    with engine.begin() as connection:
        command.upgrade(_config(connection), revision)
        tables = MetaData()
        tables.reflect(connection)
        for table in tables.sorted_tables:
            if table.name != "alembic_version":
                for number in range(1, ROWS + 1):
                    connection.execute(table.insert(), {column.name: _value(column, number) for column in table.c})
        _number_on(connection, tables)
    engine.dispose()
    return rows(url)


def _value(column: Column[Any], number: int) -> Any:
    match column.type:
        case Boolean():
            return False
        case Integer():
            return number
        case DateTime():
            return datetime(2026, 3, number, 9, 30, tzinfo=UTC).replace(tzinfo=None)
        case Date():
            return date(2026, 3, number)
        case JSON():
            return [number]
        case _:
            return f"{column.name} {number}"[-(getattr(column.type, "length", None) or 40) :]


def _number_on(connection: Connection, tables: MetaData) -> None:
    """PostgreSQL counts ids beside the rows."""
    for table in tables.sorted_tables if connection.dialect.name == "postgresql" else ():
        if "id" in table.c and isinstance(table.c.id.type, Integer):
            connection.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), {ROWS})")


def rows(url: str) -> Mapping[str, int]:
    engine = create_engine(driver_url(url))
    with engine.connect() as connection:
        names = [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
        found = {name: int(connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one()) for name in names}
    engine.dispose()
    return found


def schema(url: str) -> str:
    """Every table, column, index and key, in words that do not depend on the order in which they were made."""
    engine = create_engine(driver_url(url))
    tables = MetaData()
    tables.reflect(engine)
    words = sorted(line for table in tables.tables.values() for line in _of_table(table))
    engine.dispose()
    return "\n".join(words)


def _of_table(table: SqlTable) -> list[str]:
    columns = [f"{table.name}.{column.name} {column.type} {column.nullable}" for column in table.c]
    indexes = [f"{table.name} {index.name} {[each.name for each in index.columns]}" for index in table.indexes]
    keys = [
        f"{table.name} {key.name} {sorted(each.name for each in getattr(key, 'columns', ()))}"
        for key in table.constraints
    ]
    return columns + indexes + keys


class Copies(Protocol):
    """Makes databases that nobody else uses."""

    def another(self, like: str | None = None) -> str: ...


class SqliteCopies:
    """Files in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._numbers = folder, count()

    def another(self, like: str | None = None) -> str:
        path = self._folder / f"copy{next(self._numbers)}.db"
        if like is not None:
            shutil.copy(like.removeprefix("sqlite:///"), path)
        return f"sqlite:///{path}"


class PostgresCopies:
    """Databases of a server."""

    def __init__(self, server: str) -> None:
        self._server, self._made = server, list[str]()

    def another(self, like: str | None = None) -> str:
        name = f"flipside_copy_{len(self._made)}"
        self._made.append(name)
        template = like.partition("?")[0].rpartition("/")[2] if like is not None else "template0"
        return create_database(self._server, name, template)

    def drop(self) -> None:
        for name in self._made:
            drop_database(self._server, name)


def kills_while_migrating(
    revision: str, old: str, whole: str, copies: Copies, shares: Iterable[float]
) -> Mapping[str, int]:
    """Kills at these shares of the statements from a revision on; what was wrong afterwards ("": nothing), and how
    often. `old` and `whole` are empty databases.
    """
    filled(old, revision)
    filled(whole, revision)
    number = statements(whole)
    expected = schema(whole), rows(whole)
    found: Counter[str] = Counter()
    for share in shares:
        url = copies.another(old)
        killed_while_migrating(url, 1 + int(share * (number - 1)))
        migrate(url)
        found["" if (schema(url), rows(url)) == expected else f"share {share}"] += 1
    return found


def kills_at_statements(revision: str, copies: SqliteCopies, share: float) -> tuple[int, int]:
    """Kills after each statement from a revision on, or after this share of them: how many, and how often the
    database was neither the old one nor the new one afterwards, to the last row.
    """
    old, new = copies.another(), copies.another()
    filled(old, revision)
    filled(new, revision)
    number = statements(new)
    whole, torn = {_dump(old), _dump(new)}, 0
    every = range(1, number + 1, max(1, round(1 / share)))
    for statement in every:
        url = copies.another(old)
        killed_while_migrating(url, statement)
        torn += _dump(url) not in whole
        Path(url.removeprefix("sqlite:///")).unlink()
    return len(every), torn


def _dump(url: str) -> str:
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        return "\n".join(connection.iterdump())


def statements(url: str) -> int:
    """How many statements a migration of this database takes; it is migrated."""
    seen: list[None] = []
    migrate(url, lambda: seen.append(None))
    return len(seen)


def killed_while_migrating(url: str, statement: int) -> None:
    """A process dies after this many statements of a migration."""
    code = exit_of(_migrate, url, statement)
    assert code == -signal.SIGKILL, f"statement {statement}: {code}"


def _migrate(url: str, statement: int) -> None:
    arm(f"migrate:{statement}")
    migrate(url, lambda: crash_here("migrate"))
