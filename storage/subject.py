"""What every subject's store has: the session it works in."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cache
from itertools import groupby
from typing import Any, TypeVar

from sqlalchemy import Executable, Select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key

from storage.remembered import once
from storage.tables import Table

T = TypeVar("T")
RowT = TypeVar("RowT", bound=Table)

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

    def _is_there(self, table: type[Table], number: int) -> bool:
        """Whether this unit of work has met the row of this number."""
        return self._session.identity_map.get(identity_key(table, number)) is not None

    def _known(self, table: type[RowT], number: int) -> RowT:
        """The row of this number. Raises NotYours when there is none: actions can be made up."""
        found = self._session.get(table, number)
        if found is None:
            raise NotYours
        return found

    def _columns(self, query: Select[*tuple[Any, ...]], values: Mapping[str, Any]) -> Sequence[Any]:
        """Plain columns, beside the session: through it each statement costs twice as much, and keeps what it reads."""
        self._session.flush()
        return self._session.connection().execute(query, values).all()

    def _passes(self, point: str) -> None:
        """For whoever wants to know what a crash leaves that comes just here."""
        if told := self._session.info.get(PASSES):
            told(point)

    def _insert_if_new(self, table: type[Table], values: Mapping[str, Any]) -> bool:
        """One row, unless a unique key is there already. Tells which."""
        return self._insert_new(table, [values]) > 0

    def _insert_new(self, table: type[Table], rows: Sequence[Mapping[str, Any]]) -> int:
        """Rows, save those whose unique key is there already; in one statement. Tells how many are new."""
        statement, new = _insert_new(table, self._session.get_bind().dialect.name), 0
        self._session.flush()
        # A statement names its columns once, so that each run of rows with the same ones is a statement.
        for _, some in groupby(rows, key=tuple):
            new += getattr(self._session.execute(statement, list(some)), "rowcount", 0)
        return new


@cache
def _insert_new(table: type[Table], dialect: str) -> Executable:
    """Built once for each table: every turn writes its inbox row with it."""
    into = table.metadata.tables[table.__tablename__]
    insert = sqlite.insert(into) if dialect == "sqlite" else postgresql.insert(into)
    # They are counted, not returned: a thousand rows that are take two to three times as long.
    counted: Executable = insert.on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    return counted


class NotYours(LookupError):
    """The row is not there, or it is not this person's: for whoever asked there is no difference."""
