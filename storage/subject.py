"""What every subject's store has: the session it works in."""

from collections.abc import Callable, Hashable, Mapping
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Executable, literal_column
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from storage.remembered import once
from storage.tables import Table

T = TypeVar("T")

# Under this name in a session's `info`: who is told how far a unit of work has got.
PASSES = "passes"

# Two processes did the same at once, or a lock was not had in time: rolled back, and worth one more try.
COLLISIONS: tuple[type[Exception], ...] = (IntegrityError, OperationalError)


class Subject:
    """A store for one subject. It never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def _once(self, which: Hashable, read: Callable[[], T], *tables: type[Table]) -> T:
        """Read once in this unit of work, as long as nothing is written to these tables; whoever gets it must not
        change it."""
        return once(self._session, (type(self), which), tables, read)

    def _passes(self, point: str) -> None:
        """For whoever wants to know what a crash leaves that comes just here."""
        if told := self._session.info.get(PASSES):
            told(point)

    def _insert_if_new(self, table: type[Table], values: Mapping[str, Any]) -> bool:
        """One row, unless a unique key is there already. Tells which."""
        statement = _insert_if_new(table, self._session.get_bind().dialect.name)
        self._session.flush()
        return self._session.execute(statement, values).first() is not None


@cache
def _insert_if_new(table: type[Table], dialect: str) -> Executable:
    """Built once for each table: every turn writes its inbox row with it."""
    into = table.metadata.tables[table.__tablename__]
    insert = sqlite.insert(into) if dialect == "sqlite" else postgresql.insert(into)
    # A count of rows is not to be had from every driver; a returned row is.
    returning: Executable = insert.on_conflict_do_nothing().returning(literal_column("1"))
    return returning


class NotYours(LookupError):
    """The row is not there, or it is not this person's: for whoever asked there is no difference."""
