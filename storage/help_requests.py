"""Requests for help: who asked the coordinators for what, and who takes care of it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from storage.subject import Subject
from storage.tables import HelpRequest, Person


class HelpRequests(Subject):
    """Serious matters never come here: nothing of them is stored."""

    def add(self, request: HelpRequest) -> HelpRequest:
        self._session.add(request)
        self._session.flush()
        return request

    def required(self, request_id: int) -> HelpRequest:
        """For coordinators, and for the clock. Raises NotYours when there is no such request."""
        return self._known(HelpRequest, request_id)

    def open_of(self, person: Person, kind: str) -> HelpRequest | None:
        """The newest of this kind that is not done."""
        return self._session.scalar(
            select(HelpRequest)
            .where(HelpRequest.person_id == person.id, HelpRequest.kind == kind, HelpRequest.done_at.is_(None))
            .order_by(HelpRequest.id.desc())
            .limit(1)
        )

    def take(self, request: HelpRequest, person: Person, now: datetime) -> bool:
        """One takes each: False when somebody was faster, or it is done."""
        taken = self._session.execute(
            update(HelpRequest)
            .where(HelpRequest.id == request.id, HelpRequest.taken_by.is_(None), HelpRequest.done_at.is_(None))
            .values(taken_by=person.id, taken_at=now)
            .returning(HelpRequest.id)
        ).first()
        self._session.refresh(request)
        return taken is not None

    def taken(self) -> Sequence[HelpRequest]:
        """Those that somebody has taken and that are not done, oldest first."""
        under_way = HelpRequest.taken_by.is_not(None), HelpRequest.done_at.is_(None)
        return self._session.scalars(select(HelpRequest).where(*under_way).order_by(HelpRequest.id)).all()

    def untaken(self, program_id: int) -> Sequence[HelpRequest]:
        """Oldest first, for a coordinator's overview."""
        return self._session.scalars(
            select(HelpRequest)
            .where(HelpRequest.program_id == program_id, HelpRequest.taken_by.is_(None), HelpRequest.done_at.is_(None))
            .order_by(HelpRequest.id)
        ).all()
