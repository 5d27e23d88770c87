"""Single facts about the installation: that nothing is sent after a restore until an operator says so."""

from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Select, bindparam, func, select, update

from storage.outbox import UNCERTAIN
from storage.subject import Subject
from storage.tables import InstallationState, OutboxMessage

OUTBOX_HELD = "outbox_held_since"
READY = "ready_at"
# After a restore, while it is on hold: the last moment of which the backup knows.
RESTORED = "restored_from"

# Backups are kept for so long (guarantees, section 5).
LONGEST_KEPT = timedelta(days=30)


class Installation(Subject):
    """What is true of the whole installation."""

    def hold(self, now: datetime) -> None:
        """Nothing is sent until `resume`. What the backup knew as waiting may have arrived since it was made."""
        if not self.is_held():
            self._session.add(InstallationState(name=OUTBOX_HELD, value=now.isoformat()))
        due = OutboxMessage.state == "waiting", OutboxMessage.not_before <= now
        self._session.execute(
            update(OutboxMessage)
            .where(*due, OutboxMessage.sending_since.is_(None))
            .values(sending_since=OutboxMessage.not_before, reason=UNCERTAIN)
            .execution_options(synchronize_session=False)
        )

    def restored(self, now: datetime) -> None:
        """Notes since when there may be messages that this database has never heard of."""
        moment = func.coalesce(OutboxMessage.settled_at, OutboxMessage.created_at)
        known = self._session.scalar(select(func.max(moment)))
        since = min(known or now - LONGEST_KEPT, now)
        self._session.merge(InstallationState(name=RESTORED, value=since.isoformat()))

    def doubt_what_is_new(self) -> None:
        """What is written anew since a restore may have been sent before it, so it is looked for first."""
        since, held = (self._session.get(InstallationState, name) for name in (RESTORED, OUTBOX_HELD))
        if since is None or held is None:
            return
        new = OutboxMessage.state == "waiting", OutboxMessage.created_at >= datetime.fromisoformat(held.value)
        self._session.execute(
            update(OutboxMessage)
            .where(*new, OutboxMessage.attempts == 0, OutboxMessage.sending_since.is_(None))
            .values(sending_since=datetime.fromisoformat(since.value), reason=UNCERTAIN)
            .execution_options(synchronize_session=False)
        )

    def resume(self) -> None:
        """Sending goes on."""
        self.doubt_what_is_new()
        for name in (OUTBOX_HELD, RESTORED):
            row = self._session.get(InstallationState, name)
            if row is not None:
                self._session.delete(row)
        self._session.flush()

    def note_ready(self, now: datetime) -> None:
        """Something could be written."""
        self._session.merge(InstallationState(name=READY, value=now.isoformat()))
        self._session.flush()

    def is_restored(self) -> bool:
        """A backup came back, and nobody has said `resume` yet."""
        return self._knows(RESTORED)

    def is_held(self) -> bool:
        return self._knows(OUTBOX_HELD)

    def _knows(self, name: str) -> bool:
        return bool(self._columns(_named(), {"name": name}))


@cache
def _named() -> Select[str]:
    """Asked each time that the sender looks for something to do, so it is built once."""
    return select(InstallationState.name).where(InstallationState.name == bindparam("name"))
