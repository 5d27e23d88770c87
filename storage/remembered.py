"""What one unit of work has read already: asked again it is not read again, as long as nothing was written since."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, sessionmaker

T = TypeVar("T")

# Under these names in the session's `info`.
KEPT, READ = "kept", "read"


def remembering(sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    """Sessions that keep every row they loaded until they end, and whose stores may use `once`.

    A check-in turn asks for the same pair, partner and program up to six times; SQLAlchemy alone lets go of a row as
    soon as nobody holds it, and a statement costs half a millisecond however small it is.
    """
    event.listen(sessions, "loaded_as_persistent", _keep)
    event.listen(sessions, "after_flush", _forget)
    event.listen(sessions, "after_soft_rollback", _forget)
    event.listen(sessions, "do_orm_execute", _executed)
    return sessions


def once(session: Session, which: Hashable, read: Callable[[], T]) -> T:
    """What `read` gave for `which`, read again after anything was written. Whoever gets it must not change it."""
    # What was changed on loaded rows and not written yet would be missed; with nothing to write this costs nothing.
    session.flush()
    known: dict[Hashable, Any] = session.info.setdefault(READ, {})
    if which not in known:
        known[which] = read()
    found: T = known[which]
    return found


def _keep(session: Session, row: object) -> None:
    session.info.setdefault(KEPT, []).append(row)


def _forget(session: Session, *_: object) -> None:
    session.info.pop(READ, None)


def _executed(statement: ORMExecuteState) -> None:
    if not statement.is_select:
        _forget(statement.session)
