"""The audit trail: who did what to a program, without content."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

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
