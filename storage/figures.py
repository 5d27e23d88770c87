"""What an operator watches, as counts and moments: nothing about anybody, and nothing about answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, select

from storage.installation import OUTBOX_HELD
from storage.outbox import UNCERTAIN
from storage.subject import Subject
from storage.tables import Account, Consultation, InstallationState, Nudge, OutboxMessage, RosterRead, SenderLease

# A heartbeat runs every three seconds; what is due for longer is late.
LATE = timedelta(minutes=5)


class Queue(NamedTuple):
    """What waits for one platform's account, or for one place, or for a group. `due`: may go now."""

    platform: str | None
    place: str | None
    is_group: bool
    waiting: int
    due: int
    oldest_due: datetime | None

    def and_also(self, other: "Queue") -> "Queue":
        """Both as one."""
        moments = [each for each in (self.oldest_due, other.oldest_due) if each is not None]
        waiting, due = self.waiting + other.waiting, self.due + other.due
        return self._replace(waiting=waiting, due=due, oldest_due=min(moments, default=None))


@dataclass(frozen=True, slots=True)
class Figures:
    """At one moment. `leases`: platform/tenant of each that somebody holds. `roster`: status and moment, if ever."""

    queues: Sequence[Queue]
    uncertain: int
    held_since: str | None
    nudges_late: int
    nudges_failed: int
    consultations_waiting: int
    leases: Sequence[str]
    roster: tuple[str, datetime] | None


class Watch(Subject):
    """Reads them all."""

    def figures(self, now: datetime) -> Figures:
        waits = Nudge.state == "waiting"
        held = select(InstallationState.value).where(InstallationState.name == OUTBOX_HELD)
        latest = self._session.execute(
            select(RosterRead.status, RosterRead.at).order_by(RosterRead.id.desc()).limit(1)
        ).first()
        return Figures(
            queues=self._queues(now),
            uncertain=self._count(and_(OutboxMessage.state == "waiting", OutboxMessage.reason == UNCERTAIN)),
            held_since=self._session.scalar(held),
            nudges_late=self._count(and_(waits, Nudge.due_at < now - LATE)),
            nudges_failed=self._count(Nudge.state == "failed"),
            consultations_waiting=self._count(Consultation.state == "waiting"),
            leases=self._session.scalars(select(SenderLease.workspace).where(SenderLease.until > now)).all(),
            roster=(latest[0], latest[1]) if latest else None,
        )

    def _count(self, condition: ColumnElement[bool]) -> int:
        return self._session.scalar(select(func.count()).where(condition)) or 0

    def _queues(self, now: datetime) -> Sequence[Queue]:
        platform = (
            select(Account.platform)
            .where(Account.person_id == OutboxMessage.person_id, Account.closed_at.is_(None))
            .order_by(Account.last_used_at.desc(), Account.id)
            .limit(1)
            .scalar_subquery()
        )
        is_group = and_(OutboxMessage.person_id.is_(None), OutboxMessage.place.is_(None))
        waiting = (
            select(
                platform.label("platform"),
                OutboxMessage.place,
                is_group.label("is_group"),
                OutboxMessage.not_before,
            )
            .where(OutboxMessage.state == "waiting")
            .subquery()
        )
        keys = waiting.c.platform, waiting.c.place, waiting.c.is_group
        due = waiting.c.not_before <= now
        columns: tuple[Any, ...] = (
            func.count(),
            func.count(case((due, 1))),
            func.min(case((due, waiting.c.not_before))),
        )
        return [Queue(*row) for row in self._session.execute(select(*keys, *columns).group_by(*keys))]
