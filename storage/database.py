"""The engine, and who may write when. Synchronous sessions in worker threads (docs/decisions says why)."""

import asyncio
import fcntl
import itertools
import json
import logging
import os
import queue
import sqlite3
import threading
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import InvalidatePoolError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session, SessionTransaction, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from storage.pulses import LEAVES_TRACES
from storage.remembered import Remembering, remembering
from storage.store import Store
from storage.subject import PASSES

log = logging.getLogger("flipside.database")

T = TypeVar("T")
Work = Callable[[Store], T]

# Interactive turns go ahead of the clock's work on SQLite, which has one writer.
INTERACTIVE, CLOCK = 0, 1
# Its dead rows would still tell which transaction wrote them.
TABLES_WITH_TRACES = "pulse_answers, pulse_participations"
# More threads than this only wait for each other, since Python runs one at a time: with eight, two processes on two
# cores took 590 turns a second, with four 720 to 890.
POSTGRES_THREADS = 4
READ_THREADS = 4
TRUSTED_SECONDS = 1.0


class Database:
    """One database. `write` and `read` run a function with a Store in a thread and a transaction of their own.

    `throw_away`: nobody needs it after a power loss, so that SQLite waits for no disk. `passes` is called at named
    points within a unit of work, for whoever wants to know what a crash there leaves.
    """

    def __init__(
        self, url: str, *, throw_away: bool = False, passes: Callable[[str], None] = lambda point: None
    ) -> None:
        self.url = driver_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        # With NORMAL a commit can vanish on power loss (guarantees, section 2 point 7).
        sync = self._synchronous = "OFF" if throw_away else "FULL"
        self._engine = _sqlite_engine(self.url, sync) if self.is_sqlite else _postgres_engine(self.url)
        # The same engine with another way to begin, so that no statement is compiled twice.
        self._read_engine = self._engine.execution_options(begins="DEFERRED")
        self._passes = passes
        self._sessions = remembering(
            sessionmaker(self._engine, class_=Remembering, expire_on_commit=False, info={PASSES: passes})
        )
        self._read_sessions = remembering(sessionmaker(self._read_engine, class_=Remembering, expire_on_commit=False))
        if self.is_sqlite:
            for sessions in (self._sessions, self._read_sessions):
                event.listen(sessions, "after_begin", _begin)
        self._writer: _WriterThread | ThreadPoolExecutor = (
            _WriterThread() if self.is_sqlite else ThreadPoolExecutor(POSTGRES_THREADS, "flipside-write")
        )
        self._readers = ThreadPoolExecutor(READ_THREADS, "flipside-read")
        self._lock: int | None = None
        # An earlier process may have ended before it could sweep up.
        self._traces = True

    def is_alone(self) -> bool:
        """Whether no other process works on this SQLite file; if so, none can say so until `close`.

        PostgreSQL is there for several processes, so nobody is ever alone on it.
        """
        if self.is_sqlite and self.url.database and self._lock is None:
            # The system takes the lock back when the process ends, however it ends.
            lock = os.open(f"{self.url.database}-lock", os.O_CREAT | os.O_RDWR, 0o600)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(lock)
                return False
            self._lock = lock
        return self._lock is not None

    def write_now(self, work: Work[T]) -> T:
        """Runs `work` here and commits; rolls back and raises when it raises."""
        with self._sessions.begin() as session:
            done = work(Store(session))
            leaves_traces = LEAVES_TRACES in session.info
        if leaves_traces:
            self._traces = True
            self._passes("committed")
            self.checkpoint()
            self._passes("checkpointed")
        return done

    def read_now(self, work: Work[T]) -> T:
        """Runs `work` on a snapshot that is thrown away."""
        with self._read_sessions() as session:
            return work(Store(session))

    async def write(self, work: Work[T], *, clock: bool = False) -> T:
        """`write_now` in the writer thread (SQLite: one, interactive work first) or a pool (PostgreSQL)."""
        if isinstance(self._writer, _WriterThread):
            future = self._writer.submit(lambda: self.write_now(work), CLOCK if clock else INTERACTIVE)
        else:
            future = self._writer.submit(self.write_now, work)
        return await asyncio.wrap_future(future)

    def checkpoint(self) -> bool:
        """Empties what the database keeps of past transactions, if a confidential answer was in one; never waits.

        There the order of answers could be read off, beside who answered (guarantees, R-A6). False: somebody is
        reading just now, and the next heartbeat tries again.
        """
        if not self._traces:
            return True
        self._traces = False
        try:
            swept = self._truncate_wal() if self.is_sqlite else self._vacuum()
        except (sqlite3.Error, SQLAlchemyError) as fault:
            log.warning("checkpoint failed: %s", type(fault).__name__)
            swept = False
        if not swept:
            self._traces = True
            log.warning("checkpoint put off: answers can still be told by their order in the log of the database")
        return swept

    def _truncate_wal(self) -> bool:
        """On a connection of its own, without waiting: with a reader open it would block for the whole timeout."""
        if not self.url.database or self.url.database == ":memory:":
            return True
        with closing(sqlite3.connect(self.url.database, timeout=0, isolation_level=None)) as connection:
            connection.execute(f"PRAGMA synchronous={self._synchronous}")
            busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

    def _vacuum(self) -> bool:
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"VACUUM {TABLES_WITH_TRACES}")
        return True

    async def sweep(self) -> bool:
        """`checkpoint` in a thread, for the start and the heartbeat."""
        return await asyncio.wrap_future(self._readers.submit(self.checkpoint))

    async def read(self, work: Work[T]) -> T:
        return await asyncio.wrap_future(self._readers.submit(self.read_now, work))

    async def read_in_parts(self, work: Callable[[Store], Iterator[T]]) -> AsyncGenerator[T]:
        """What `work` yields, one after the other, each part in a thread and on a snapshot of its own.

        What is read for long is so no reason to keep old pages of the database; rows that were loaded stay. A part
        must not lean on a cursor of the part before.
        """
        session = self._read_sessions()
        parts, reading = work(Store(session)), Future[list[T]]()
        reading.set_result([])
        try:
            while True:
                reading = self._readers.submit(_next_part, session, parts)
                found = await asyncio.wrap_future(reading)
                if not found:
                    return
                yield found[0]
        finally:
            # Whoever is cancelled does not wait for what is being read.
            reading.add_done_callback(lambda _: session.close())

    def close(self) -> None:
        """Finishes what is under way and closes every connection."""
        self._writer.shutdown(wait=True)
        self._readers.shutdown(wait=True)
        self._engine.dispose()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _next_part(session: Session, parts: Iterator[T]) -> list[T]:
    """The next one, or nothing."""
    found = [*itertools.islice(parts, 1)]
    session.commit()
    return found


class _WriterThread:
    """One thread that takes work by priority, then by order of arrival."""

    def __init__(self) -> None:
        self._queue: queue.PriorityQueue[tuple[int, int, Callable[[], Any] | None, Future[Any] | None]]
        self._queue = queue.PriorityQueue()
        self._order = itertools.count()
        self._thread = threading.Thread(target=self._run, name="flipside-writer", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[], T], priority: int) -> "Future[T]":
        future: Future[T] = Future()
        self._queue.put((priority, next(self._order), work, future))
        return future

    def shutdown(self, *, wait: bool) -> None:
        self._queue.put((CLOCK + 1, next(self._order), None, None))
        if wait:
            self._thread.join()

    def _run(self) -> None:
        while True:
            _, _, work, future = self._queue.get()
            if work is None or future is None:
                return
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(work())
            except BaseException as fault:
                future.set_exception(fault)


def driver_url(url: str) -> URL:
    """The URL with our drivers: the standard library's for SQLite, psycopg 3 for PostgreSQL."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    return parsed


def _postgres_engine(url: URL, trusted_seconds: float = TRUSTED_SECONDS) -> Engine:
    """A connection that was in use just now is trusted; a restart of the server takes longer, so all others are asked
    whether they are still there. To ask each time was one of seven round trips of a turn.
    """
    size = POSTGRES_THREADS + READ_THREADS
    # The connection that was used last has its statements prepared.
    engine = create_engine(url, pool_size=size, pool_use_lifo=True, hide_parameters=True, json_deserializer=_read_json)

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


def make_folder(url: URL) -> None:
    """The folder of a SQLite file, when it is not there yet: other users of the machine may not look in."""
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)


def _sqlite_engine(url: URL, synchronous: str) -> Engine:
    make_folder(url)
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


def _begin(_session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    """Not as an event of the engine, which would cost each statement a look for those who listen."""
    if connection.in_nested_transaction():
        return
    # A deferred read-then-write beside another writer fails at once, so writers take the lock first.
    begin = f"BEGIN {connection.get_execution_options().get('begins', 'IMMEDIATE')}"
    try:
        # By the driver itself: on SQLAlchemy's way to it a unit of work took a fifth longer.
        connection.connection.cursor().execute(begin)
    except sqlite3.OperationalError as fault:
        raise OperationalError(begin, None, fault, hide_parameters=True) from fault
