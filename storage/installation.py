"""Single facts about the installation: that nothing is sent after a restore until an operator says so."""

from datetime import datetime

from sqlalchemy import select, update

from storage.outbox import UNCERTAIN
from storage.subject import Subject
from storage.tables import InstallationState, OutboxMessage

OUTBOX_HELD = "outbox_held_since"


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

    def resume(self) -> None:
        """Sending goes on."""
        row = self._session.get(InstallationState, OUTBOX_HELD)
        if row is not None:
            self._session.delete(row)
        self._session.flush()

    def is_held(self) -> bool:
        return (
            self._session.scalar(select(InstallationState.name).where(InstallationState.name == OUTBOX_HELD))
            is not None
        )
