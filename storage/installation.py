"""Single facts about the installation: that nothing is sent after a restore until an operator says so."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case, func, literal, or_, select, update

from storage.outbox import NO_ACCOUNT, UNCERTAIN
from storage.subject import Subject
from storage.tables import InstallationState, OutboxMessage

OUTBOX_HELD = "outbox_held_since"
READY = "ready_at"
# After a restore, while it is on hold: the last moment of which the backup knows.
RESTORED = "restored_from"
# And when the calendar was last made true since then.
PLANNED = "planned_since_restore"

# Backups are kept for so long (guarantees, section 5).
LONGEST_KEPT = timedelta(days=30)


class Installation(Subject):
    """What is true of the whole installation."""

    def hold(self, now: datetime) -> None:
        """Nothing is sent until `resume`."""
        if not self.is_held():
            self._session.add(InstallationState(name=OUTBOX_HELD, value=now.isoformat()))

    def restored(self, now: datetime) -> None:
        """Notes since when there may be messages that this database has never heard of. What it knew as waiting may
        have arrived since then.
        """
        moment = func.coalesce(OutboxMessage.settled_at, OutboxMessage.created_at)
        known = self._session.scalar(select(func.max(moment)))
        # The backup itself may have been made on hold, and between a restore and its `resume`.
        self._session.merge(InstallationState(name=OUTBOX_HELD, value=now.isoformat()))
        self._forget(PLANNED)
        since = min(known or now - LONGEST_KEPT, self._moment(RESTORED) or now, now)
        self._session.merge(InstallationState(name=RESTORED, value=since.isoformat()))
        nowhere, begun, due = OutboxMessage.reason == NO_ACCOUNT, OutboxMessage.sending_since, OutboxMessage.not_before
        # With its type: else PostgreSQL takes it for local time.
        backup = literal(since, begun.type)
        # Whoever arrived after the backup got what waited for them at once; it is looked for when they arrive again.
        self._doubt(
            or_(due <= now, nowhere),
            since=case((nowhere, backup), (begun < due, begun), else_=due),
            reason=case((nowhere, NO_ACCOUNT), else_=UNCERTAIN),
        )

    def doubt_what_is_new(self) -> None:
        """What is written anew since a restore may have been sent before it, so it is looked for first."""
        since, held = self._moment(RESTORED), self.held_since()
        if since is not None and held is not None:
            new = OutboxMessage.created_at >= held, OutboxMessage.attempts == 0, OutboxMessage.sending_since.is_(None)
            self._doubt(*new, since=since)

    def _doubt(self, *which: ColumnElement[bool], since: Any, reason: Any = UNCERTAIN) -> None:
        self._session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.state == "waiting", *which)
            .values(sending_since=since, reason=reason)
            .execution_options(synchronize_session=False)
        )

    def resume(self) -> None:
        """Sending goes on."""
        self.doubt_what_is_new()
        self._forget(OUTBOX_HELD, RESTORED, PLANNED)

    def note_planned(self, now: datetime) -> None:
        """All that the facts of this moment ask for is in the calendar."""
        self._session.merge(InstallationState(name=PLANNED, value=now.isoformat()))
        self._session.flush()

    def planned_at(self) -> datetime | None:
        """Since the restore; None: it has still to be done."""
        return self._moment(PLANNED)

    def note_ready(self, now: datetime) -> None:
        """Something could be written."""
        self._session.merge(InstallationState(name=READY, value=now.isoformat()))
        self._session.flush()

    def is_restored(self) -> bool:
        """A backup came back, and nobody has said `resume` yet."""
        return self._knows(RESTORED)

    def is_held(self) -> bool:
        return self._knows(OUTBOX_HELD)

    def held_since(self) -> datetime | None:
        return self._moment(OUTBOX_HELD)

    def _moment(self, name: str) -> datetime | None:
        row = self._session.get(InstallationState, name)
        return datetime.fromisoformat(row.value) if row is not None else None

    def _forget(self, *names: str) -> None:
        for name in names:
            row = self._session.get(InstallationState, name)
            if row is not None:
                self._session.delete(row)
        self._session.flush()

    def _knows(self, name: str) -> bool:
        return bool(self._columns(_named(), {"name": name}))


@cache
def _named() -> Select[str]:
    """Asked each time that the sender looks for something to do, so it is built once."""
    return select(InstallationState.name).where(InstallationState.name == bindparam("name"))
