"""The audit trail: who did what to a program, without content."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from storage.subject import Subject
from storage.tables import AuditEntry, Person


class Audit(Subject):
    """Only ever added to."""

    def add(
        self, now: datetime, person: Person, what: str, program_id: int | None = None, detail: Mapping[str, Any] = {}
    ) -> None:
        self._session.add(
            AuditEntry(at=now, person_id=person.id, program_id=program_id, what=what, detail=dict(detail))
        )
        self._passes("audited")

    def of_program(self, program_id: int, what: Sequence[str], page: int, most: int) -> Sequence[AuditEntry]:
        """One page of what was done to a program, newest first; `what` names the kinds."""
        return self._session.scalars(
            select(AuditEntry)
            .where(AuditEntry.program_id == program_id, AuditEntry.what.in_(what))
            .order_by(AuditEntry.id.desc())
            .offset(page * most)
            .limit(most)
        ).all()

    def count(self, program_id: int, what: Sequence[str]) -> int:
        query = select(func.count()).where(AuditEntry.program_id == program_id, AuditEntry.what.in_(what))
        return self._session.scalar(query) or 0
