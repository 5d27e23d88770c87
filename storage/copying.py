"""Every row of one database into an empty one, SQLite or PostgreSQL: in one transaction, checked on both sides."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Engine,
    Select,
    String,
    Text,
    bindparam,
    cast,
    create_engine,
    func,
    insert,
    select,
    text,
    type_coerce,
)
from sqlalchemy import Table as SqlTable
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.dml import Insert

from storage.engines import driver_url
from storage.migrate import who_answers
from storage.tables import Table

ROWS_AT_ONCE = 500
# Sums of hashes stay within so many bits; the order of rows, which databases choose, does not matter.
CHECKSUM = 2**256

Row = Mapping[str, Any]
Progress = Callable[[str, float], None]


class CopyFault(Exception):
    """Nothing was copied; its words say why, for an operator. They hold no value of any row."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a table holds: how many rows, and a sum over all their values."""

    rows: int = 0
    checksum: int = 0

    def and_also(self, rows: Iterable[Row]) -> "Contents":
        found = [_hash(row) for row in rows]
        return Contents(self.rows + len(found), (self.checksum + sum(found)) % CHECKSUM)


def copy_everything(source: str, target: str, progress: Progress) -> Mapping[str, int]:
    """Copies all tables; both have today's schema, and `target` is empty. Returns the rows of each table.

    One transaction on each side: what is read is of one moment, and what a fault or a kill interrupts is not there.
    Raises CopyFault and DatabaseUnreachable.
    """
    reads, writes = _engine(source), _engine(target)
    try:
        with who_answers(), reads.connect() as there, writes.connect() as here:
            _begin_reading(there)
            _begin_writing(here)
            rows = _copy(there, here, progress)
            here.commit()
            return rows
    finally:
        reads.dispose()
        writes.dispose()


def others_connected(url: str) -> int:
    """How many other connections a PostgreSQL database has. Raises DatabaseUnreachable."""
    engine = create_engine(driver_url(url), hide_parameters=True)
    try:
        with who_answers(), engine.connect() as connection:
            others = "datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            return int(connection.execute(text(f"SELECT count(*) FROM pg_stat_activity WHERE {others}")).scalar_one())
    finally:
        engine.dispose()


def _copy(there: Connection, here: Connection, progress: Progress) -> Mapping[str, int]:
    tables = Table.metadata.sorted_tables
    _refuse_filled(here, tables)
    counts = {table.name: _count(there, table) for table in tables}
    total, done = sum(counts.values()) or 1, 0
    for table in tables:
        for copied in _copy_table(there, here, table):
            progress(f"Copying {table.name}", 0.95 * (done + copied) / total)
        done += counts[table.name]
    progress("Putting the numbering right", 0.98)
    for table in tables:
        _number_on(here, table)
    return counts


def _copy_table(there: Connection, here: Connection, table: SqlTable) -> Iterator[int]:
    """Tells after each batch how many rows are there."""
    statement, read = _insert(here, table), Contents()
    for some in _batches(there, table):
        _refuse_unfit(here, table, some)
        read = read.and_also(some)
        try:
            here.execute(statement, [{f"p_{name}": value for name, value in row.items()} for row in some])
        except DBAPIError as fault:
            raise CopyFault(f"the table {table.name} was not taken ({type(fault.orig).__name__})") from None
        yield read.rows
    written = Contents()
    for some in _batches(here, table):
        written = written.and_also(some)
    if read != written:
        raise CopyFault(f"the table {table.name} reads differently than it was written")


def _refuse_filled(here: Connection, tables: Sequence[SqlTable]) -> None:
    filled = [table.name for table in tables if _count(here, table)]
    if filled:
        names = ", ".join(filled[:3])
        raise CopyFault(f"the target is not empty (there are rows in {names}). Take a new one, or move it aside first")


def _refuse_unfit(here: Connection, table: SqlTable, rows: Sequence[Row]) -> None:
    """SQLite keeps any text in any column; PostgreSQL minds lengths, and the character NUL."""
    if here.dialect.name != "postgresql":
        return
    for column in table.columns:
        most = column.type.length if isinstance(column.type, String) else None
        for row in rows:
            value = row[column.name]
            if isinstance(value, str) and ((most is not None and len(value) > most) or "\0" in value):
                key = ", ".join(str(row[each.name]) for each in table.primary_key if isinstance(row[each.name], int))
                raise CopyFault(f"{table.name}.{column.name} is too long for PostgreSQL, or holds a NUL (row {key})")


def _count(connection: Connection, table: SqlTable) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def _batches(connection: Connection, table: SqlTable) -> Iterator[Sequence[Row]]:
    statement = _select(connection, table).execution_options(stream_results=True, max_row_buffer=ROWS_AT_ONCE)
    with connection.execute(statement) as result:
        rows = result.mappings()
        while some := list(islice(rows, ROWS_AT_ONCE)):
            yield [dict(row) for row in some]


def _select(connection: Connection, table: SqlTable) -> Select[*tuple[Any, ...]]:
    """JSON as the text that it is: nothing at all and the JSON value null are not the same."""
    is_postgres = connection.dialect.name == "postgresql"

    def as_read(column: Column[Any]) -> Any:
        if not isinstance(column.type, JSON):
            return column
        return (cast(column, Text) if is_postgres else type_coerce(column, Text)).label(column.name)

    return select(*map(as_read, table.columns))


def _insert(connection: Connection, table: SqlTable) -> Insert:
    is_postgres = connection.dialect.name == "postgresql"

    def as_written(column: Column[Any]) -> Any:
        if not isinstance(column.type, JSON):
            return bindparam(f"p_{column.name}", type_=column.type)
        given = bindparam(f"p_{column.name}", type_=Text())
        return cast(given, JSON) if is_postgres else type_coerce(given, Text)

    return insert(table).values({column.name: as_written(column) for column in table.columns})


def _number_on(here: Connection, table: SqlTable) -> None:
    """PostgreSQL counts ids beside the table: it goes on after the highest one that was copied."""
    column = table.autoincrement_column
    if column is not None and here.dialect.name == "postgresql":
        highest = select(func.coalesce(func.max(column), 1), func.max(column).is_not(None)).subquery()
        sequence = func.pg_get_serial_sequence(table.name, column.name)
        here.execute(select(func.setval(sequence, *highest.c)))


def _hash(row: Row) -> int:
    said = repr([(name, value) for name, value in sorted(row.items())])
    return int.from_bytes(sha256(said.encode("utf-8", "surrogatepass")).digest(), "big")


def _engine(url: str) -> Engine:
    return create_engine(driver_url(url), hide_parameters=True)


def _begin_reading(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
    else:
        connection.exec_driver_sql("PRAGMA busy_timeout=10000")
        # The driver begins no transaction for reading.
        connection.exec_driver_sql("BEGIN")


def _begin_writing(connection: Connection) -> None:
    if connection.dialect.name != "postgresql":
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")
        connection.exec_driver_sql("PRAGMA synchronous=FULL")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
