"""Slow questions under way."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from storage.subject import Subject
from storage.tables import Consultation


class Consultations(Subject):
    """Slow questions under way: done when the step that got the answer has committed."""

    def add(self, what: str, about: Mapping[str, Any], then: str, person_id: int, now: datetime) -> Consultation:
        """One that waits already for the same answer is enough: people press twice."""
        same = select(Consultation).where(
            Consultation.state == "waiting", Consultation.then == then, Consultation.person_id == person_id
        )
        if waiting := self._session.scalars(same).first():
            return waiting
        row = Consultation(what=what, about=dict(about), then=then, person_id=person_id, created_at=now)
        self._session.add(row)
        self._session.flush()
        return row

    def waiting(self) -> Sequence[Consultation]:
        """Oldest first."""
        return self._session.scalars(
            select(Consultation).where(Consultation.state == "waiting").order_by(Consultation.id)
        ).all()

    def begin(self, consultation_id: int) -> Consultation | None:
        """Counts one more attempt; None when it was answered meanwhile."""
        row = self.take(consultation_id)
        if row is not None:
            row.attempts += 1
        return row

    def take(self, consultation_id: int) -> Consultation | None:
        """The row, held until the end of this unit of work; None when it was answered meanwhile."""
        return self._session.scalar(
            select(Consultation)
            .where(Consultation.id == consultation_id, Consultation.state == "waiting")
            .with_for_update(skip_locked=True)
        )

    def give_up(self, consultation_id: int) -> None:
        row = self.take(consultation_id)
        if row is not None:
            row.state = "failed"
