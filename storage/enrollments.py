"""Enrollments: people in programs."""

from collections.abc import Sequence

from sqlalchemy import select

from storage.subject import NotYours, Subject
from storage.tables import Enrollment, Person, Program


class Enrollments(Subject):
    """Who takes part in what, and as what."""

    def add(self, enrollment: Enrollment) -> Enrollment:
        self._session.add(enrollment)
        self._session.flush()
        return enrollment

    def of(self, person: Person, program_id: int) -> Enrollment | None:
        return self._session.scalar(
            select(Enrollment).where(Enrollment.person_id == person.id, Enrollment.program_id == program_id)
        )

    def required(self, person: Person, program_id: int) -> Enrollment:
        """Raises NotYours when the person is not in the program."""
        found = self.of(person, program_id)
        if found is None:
            raise NotYours
        return found

    def of_person(self, person: Person) -> Sequence[tuple[Enrollment, Program]]:
        """Newest program first, closed programs left out."""
        rows = self._session.execute(
            select(Enrollment, Program)
            .join(Program, Program.id == Enrollment.program_id)
            .where(Enrollment.person_id == person.id, Program.status != "closed")
            .order_by(Program.id.desc())
        )
        return [(enrollment, program) for enrollment, program in rows]

    def in_program(self, program_id: int, *statuses: str) -> Sequence[tuple[Enrollment, Person]]:
        query = (
            select(Enrollment, Person)
            .join(Person, Person.id == Enrollment.person_id)
            .where(Enrollment.program_id == program_id)
            .order_by(Enrollment.id)
        )
        rows = self._session.execute(query.where(Enrollment.status.in_(statuses)) if statuses else query)
        return [(enrollment, person) for enrollment, person in rows]
