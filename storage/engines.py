"""How we connect: to a SQLite file with its pragmas, or to PostgreSQL with a pool."""

import json
import os
import sqlite3
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import InvalidatePoolError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

Plain = Connection
"""A transaction without a session: for statements that load no rows as objects."""

# A connection of PostgreSQL that was in use so lately is taken to be there still.
TRUSTED_SECONDS = 1.0
# A process that stands still in the middle of a transaction (a stopped VM, a host without power) keeps what it locked
# for so long. Shorter than a lease, so that another one takes over in time; longer than a step computes.
STANDS_STILL_SECONDS = 20.0
# Whoever waits for that process gets the lock then, and does not give up just before.
LOCK_SECONDS = 5.0
# A server that vanished without a word is noticed after these; libpq alone would wait for many minutes.
SERVER_GONE = {
    "connect_timeout": 5,
    "tcp_user_timeout": 15_000,  # milliseconds
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
}


def driver_url(url: str) -> URL:
    """The URL with our drivers: the standard library's for SQLite, psycopg 3 for PostgreSQL."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    return parsed


def postgres_engine(
    url: URL,
    connections: int,
    *,
    trusted_seconds: float = TRUSTED_SECONDS,
    stands_still_seconds: float = STANDS_STILL_SECONDS,
) -> Engine:
    """A connection that was in use just now is trusted; a restart of the server takes longer, so all others are asked
    whether they are still there. To ask each time was one of seven round trips of a turn.
    """
    idle, lock = (round(1000 * each) for each in (stands_still_seconds, stands_still_seconds + LOCK_SECONDS))
    engine = create_engine(
        url,
        pool_size=connections,
        # The connection that was used last has its statements prepared.
        pool_use_lifo=True,
        hide_parameters=True,
        json_deserializer=_read_json,
        # What the operator says in the address counts more.
        connect_args={name: value for name, value in SERVER_GONE.items() if name not in url.query},
    )

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:
        # Not among the options of the connection, which some poolers refuse.
        connection.execute(f"SET idle_in_transaction_session_timeout = {idle}")
        connection.execute(f"SET lock_timeout = {lock}")
        connection.commit()

    @event.listens_for(engine, "checkin")
    def _used(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info["used"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _is_there(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
        if time.monotonic() - record.info.get("used", 0.0) < trusted_seconds:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error:
            raise InvalidatePoolError from None

    return engine


def _read_json(words: str | bytes) -> Any:
    """Of the lists that a row may hold nearly all are empty, and the decoder takes ten times as long to say so."""
    return [] if words in ("[]", b"[]") else json.loads(words)


def make_file(url: URL) -> None:
    """The file of a SQLite database, when it is not there yet."""
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        make_private(Path(url.database))


def make_private(path: Path) -> None:
    """An empty file, if there is none, that other users of the machine may not read, nor look into its folder:
    everything about everybody will be in it.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        # Another process may be as quick.
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def sqlite_engine(url: URL, synchronous: str) -> Engine:
    make_file(url)
    # What a statement carries is what people wrote: no error and no log quotes it.
    engine = create_engine(url, hide_parameters=True, json_deserializer=_read_json)

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: object) -> None:
        # The driver's own transaction handling begins deferred and too late; we begin ourselves below.
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            f"synchronous={synchronous}",
            "foreign_keys=ON",
            "secure_delete=ON",
            "busy_timeout=10000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def begin(connection: Connection) -> None:
    """A transaction on SQLite, which our connections do not begin by themselves."""
    # A deferred read-then-write beside another writer fails at once, so writers take the lock first.
    statement = f"BEGIN {connection.get_execution_options().get('begins', 'IMMEDIATE')}"
    try:
        # By the driver itself: on SQLAlchemy's way to it a unit of work took a fifth longer.
        connection.connection.cursor().execute(statement)
    except sqlite3.OperationalError as fault:
        raise OperationalError(statement, None, fault, hide_parameters=True) from fault
