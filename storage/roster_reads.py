"""Readings of the roster file: counts only, so that the same file is read once and a doubtful one can wait."""

from datetime import datetime
from functools import cache

from sqlalchemy import Select, bindparam, select

from storage.subject import Subject
from storage.tables import RosterRead


class RosterReads(Subject):
    """What each reading found; the names are in `people`."""

    def add(self, read: RosterRead) -> RosterRead:
        self._session.add(read)
        self._session.flush()
        return read

    def latest(self) -> RosterRead | None:
        return self._session.scalar(select(RosterRead).order_by(RosterRead.id.desc()).limit(1))

    def required(self, read_id: int) -> RosterRead:
        """Raises NotYours when there is no such reading."""
        return self._known(RosterRead, read_id)

    def done_since(self, moment: datetime) -> list[RosterRead]:
        """Readings that changed something since a moment, oldest first."""
        return list(self._session.scalars(_done_since(), {"moment": moment}))


@cache
def _done_since() -> Select[RosterRead]:
    """Every digest asks this; built once, since building a statement costs more than running it."""
    done = RosterRead.at > bindparam("moment"), RosterRead.status == "done"
    return select(RosterRead).where(*done).order_by(RosterRead.id)
