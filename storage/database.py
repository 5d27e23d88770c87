"""The engine, and who may write when. Synchronous sessions in worker threads (docs/decisions says why)."""

import asyncio
import fcntl
import itertools
import logging
import os
import queue
import sqlite3
import threading
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session, SessionTransaction, sessionmaker

from storage.engines import Plain, begin, driver_url, postgres_engine, sqlite_engine
from storage.pulses import LEAVES_TRACES
from storage.remembered import Remembering, remembering
from storage.store import Store
from storage.subject import PASSES

log = logging.getLogger("flipside.database")

T = TypeVar("T")
Work = Callable[[Store], T]
PlainWork = Callable[[Plain], T]

# It is away, locked or full: the same again may work in a moment.
AWAY = (OperationalError, InterfaceError)
# Interactive turns go ahead of the clock's work on SQLite, which has one writer.
INTERACTIVE, CLOCK = 0, 1
# Its dead rows would still tell which transaction wrote them.
TABLES_WITH_TRACES = "pulse_answers, pulse_participations"
# More threads than this only wait for each other, since Python runs one at a time: with eight, two processes on two
# cores took 590 turns a second, with four 720 to 890.
POSTGRES_THREADS = 4
READ_THREADS = 4


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
        self._engine = (
            sqlite_engine(self.url, sync)
            if self.is_sqlite
            else postgres_engine(self.url, POSTGRES_THREADS + READ_THREADS)
        )
        # The same engine with another way to begin, so that no statement is compiled twice.
        self._read_engine = self._engine.execution_options(begins="DEFERRED")
        self._passes = passes
        self._sessions = remembering(
            sessionmaker(self._engine, class_=Remembering, expire_on_commit=False, info={PASSES: passes})
        )
        self._read_sessions = remembering(sessionmaker(self._read_engine, class_=Remembering, expire_on_commit=False))
        if self.is_sqlite:
            for sessions in (self._sessions, self._read_sessions):
                event.listen(sessions, "after_begin", _begun)
        self._writer: _WriterThread | ThreadPoolExecutor = (
            _WriterThread() if self.is_sqlite else ThreadPoolExecutor(POSTGRES_THREADS, "flipside-write")
        )
        self._readers = ThreadPoolExecutor(READ_THREADS, "flipside-read")
        self._lock: int | None = None
        # An earlier process may have ended before it could sweep up.
        self._traces = True

    def is_alone(self) -> bool:
        """Whether no other process that asked this works on this SQLite file; if so, none can say so until `close`.

        PostgreSQL is there for several processes, so nobody is ever alone on it.
        """
        if not (self.is_sqlite and self.url.database):
            return False
        if self._lock is None:
            # The system takes the lock back when the process ends, however it ends.
            self._lock = os.open(f"{self.url.database}-lock", os.O_CREAT | os.O_RDWR, 0o600)
        alone = _is_ours(self._lock)
        # Shared by all who are here, so that nobody who comes later takes one of them for dead.
        fcntl.flock(self._lock, fcntl.LOCK_SH)
        return alone

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
        return await asyncio.wrap_future(self._submit(lambda: self.write_now(work), clock))

    def write_plainly_now(self, work: PlainWork[T]) -> T:
        """Statements that need no session: to open and close one is a seventh of what a message costs."""
        with self._engine.begin() as connection:
            if self.is_sqlite:
                begin(connection)
            return work(connection)

    async def write_plainly(self, work: PlainWork[T], *, clock: bool = False) -> T:
        """`write_plainly_now` where `write` works."""
        return await asyncio.wrap_future(self._submit(lambda: self.write_plainly_now(work), clock))

    def _submit(self, work: Callable[[], T], clock: bool) -> "Future[T]":
        if isinstance(self._writer, _WriterThread):
            return self._writer.submit(work, CLOCK if clock else INTERACTIVE)
        return self._writer.submit(work)

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


def _is_ours(file: int) -> bool:
    """Whether nobody else has a lock on it; then we have, for a moment."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


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


def _begun(_session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    """Not as an event of the engine, which would cost each statement a look for those who listen."""
    if not connection.in_nested_transaction():
        begin(connection)
