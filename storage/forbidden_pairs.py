"""Pairs that must not be proposed again in a program: a coordinator said so, or one of the two declined."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from storage.subject import Subject
from storage.tables import ForbiddenPair, Person


class ForbiddenPairs(Subject):
    """Who must not be paired with whom; whose wish that was is not told apart."""

    def add(self, program_id: int, mentor_id: int, mentee_id: int, made_by: Person, now: datetime) -> ForbiddenPair:
        """Once is enough: a second time changes nothing."""
        found = self._session.scalar(
            select(ForbiddenPair).where(
                ForbiddenPair.program_id == program_id,
                ForbiddenPair.mentor_id == mentor_id,
                ForbiddenPair.mentee_id == mentee_id,
            )
        )
        if found is not None:
            return found
        row = ForbiddenPair(
            program_id=program_id, mentor_id=mentor_id, mentee_id=mentee_id, made_by=made_by.id, made_at=now
        )
        self._session.add(row)
        self._session.flush()
        return row

    def required(self, forbidden_id: int) -> ForbiddenPair:
        """Raises NotYours when it is not there (any more)."""
        return self._known(ForbiddenPair, forbidden_id)

    def in_program(self, program_id: int) -> Sequence[ForbiddenPair]:
        """Newest first."""
        return self._session.scalars(
            select(ForbiddenPair).where(ForbiddenPair.program_id == program_id).order_by(ForbiddenPair.id.desc())
        ).all()

    def allow(self, program_id: int, mentor_id: int, mentee_id: int) -> None:
        self._session.execute(
            delete(ForbiddenPair).where(
                ForbiddenPair.program_id == program_id,
                ForbiddenPair.mentor_id == mentor_id,
                ForbiddenPair.mentee_id == mentee_id,
            )
        )
