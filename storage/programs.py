"""Programs."""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Select, func, select

from storage.subject import Subject
from storage.tables import Program


class Programs(Subject):
    """Runs of reverse mentoring."""

    def get(self, program_id: int) -> Program:
        return self._session.get_one(Program, program_id)

    def required(self, program_id: int) -> Program:
        """Raises NotYours when there is no such program: actions can be made up."""
        return self._known(Program, program_id)

    def add(self, program: Program) -> Program:
        self._session.add(program)
        self._session.flush()
        return program

    def named(self, name: str) -> Program | None:
        """By name, whatever the case: two programs that differ in case only would confuse everybody."""
        return self._session.scalar(select(Program).where(func.lower(Program.name) == name.strip().lower()))

    def with_status(self, *statuses: str) -> Sequence[Program]:
        """Newest first; every program without a status."""
        return self._once(statuses, lambda: self._session.scalars(_with_status(statuses)).all(), Program)


@cache
def _with_status(statuses: tuple[str, ...]) -> Select[Program]:
    query = select(Program).order_by(Program.id.desc())
    return query.where(Program.status.in_(statuses)) if statuses else query
