"""Programs."""

from collections.abc import Sequence

from sqlalchemy import select

from storage.subject import Subject
from storage.tables import Program


class Programs(Subject):
    """Runs of reverse mentoring."""

    def get(self, program_id: int) -> Program:
        return self._session.get_one(Program, program_id)

    def add(self, program: Program) -> Program:
        self._session.add(program)
        self._session.flush()
        return program

    def named(self, name: str) -> Program | None:
        return self._session.scalar(select(Program).where(Program.name == name))

    def with_status(self, *statuses: str) -> Sequence[Program]:
        """Newest first; every program without a status."""
        query = select(Program).order_by(Program.id.desc())
        return self._session.scalars(query.where(Program.status.in_(statuses)) if statuses else query).all()
