"""What one unit of work has read already: asked again it is not read again, as long as nothing was written since."""

import itertools
from collections.abc import Callable, Collection, Hashable
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Select, bindparam, event, select
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.util import identity_key

from storage.tables import Table

T = TypeVar("T")

# Under these names in the session's `info`.
KEPT, READ = "kept", "read"


class Remembering(Session):
    """Keeps what it read, and reads a row by its key with a statement built once; SQLAlchemy builds one each time.

    Writes are noticed here and not by its event, for which it goes over every statement twice.
    """

    def get(self, entity: Any, ident: Any, **options: Any) -> Any:
        is_plain = isinstance(ident, int | str | tuple) and isinstance(entity, type) and not any(options.values())
        if not is_plain or identity_key(entity, ident) in self.identity_map:
            return super().get(entity, ident, **options)
        names = (column.name for column in entity.__table__.primary_key)
        key = ident if isinstance(ident, tuple) else (ident,)
        return self.scalar(_by_key(entity), dict(zip(names, key, strict=True)))

    def execute(self, statement: Any, *args: Any, **options: Any) -> Any:
        _written_by(self, statement)
        return super().execute(statement, *args, **options)

    def scalar(self, statement: Any, *args: Any, **options: Any) -> Any:
        _written_by(self, statement)
        return super().scalar(statement, *args, **options)

    def scalars(self, statement: Any, *args: Any, **options: Any) -> Any:
        _written_by(self, statement)
        return super().scalars(statement, *args, **options)


@cache
def _by_key(table: type[Table]) -> Select[Any]:
    key = table.metadata.tables[table.__tablename__].primary_key
    return select(table).where(*(column == bindparam(column.name) for column in key))


def remembering(sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    """Sessions that keep every row they loaded until they end, and whose stores may use `once`.

    A check-in turn asks for the same pair, partner and program up to six times; SQLAlchemy alone lets go of a row as
    soon as nobody holds it, and a statement costs half a millisecond however small it is.
    """
    event.listen(sessions, "loaded_as_persistent", _keep)
    event.listen(sessions, "after_flush", _flushed)
    event.listen(sessions, "after_soft_rollback", _forget)
    return sessions


def once(session: Session, which: Hashable, tables: Collection[type[Table]], read: Callable[[], T]) -> T:
    """What `read` gave for `which`, read again after anything was written to these tables, or to any when none is
    named. Whoever gets it must not change it."""
    # What was changed on loaded rows and not written yet would be missed; with nothing to write this costs nothing.
    session.flush()
    known: dict[Hashable, tuple[frozenset[str], Any]] = session.info.setdefault(READ, {})
    if which not in known:
        known[which] = frozenset(table.__tablename__ for table in tables), read()
    found: T = known[which][1]
    return found


def _keep(session: Session, row: object) -> None:
    session.info.setdefault(KEPT, []).append(row)


def _forget(session: Session, *_: object) -> None:
    session.info.pop(READ, None)


def _flushed(session: Session, _: object) -> None:
    changed = itertools.chain(session.new, session.dirty, session.deleted)
    _forget_about(session, {row.__tablename__ for row in changed if isinstance(row, Table)})


def _written_by(session: Session, statement: Any) -> None:
    if statement.is_select:
        return
    # An insert, update or delete knows its table; whatever else there is may have written anything.
    table = getattr(statement, "table", None)
    if table is None:
        _forget(session)
    else:
        _forget_about(session, {table.name})


def _forget_about(session: Session, tables: Collection[str]) -> None:
    known: dict[Hashable, tuple[frozenset[str], Any]] = session.info.get(READ, {})
    for which in [which for which, (of, _) in known.items() if not of or not of.isdisjoint(tables)]:
        del known[which]
