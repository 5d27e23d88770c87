"""People: what the roster and their platforms say of them."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select

from storage.subject import Subject
from storage.tables import Account, Coordinator, Person


class People(Subject):
    """Employees, and which of them are coordinators."""

    def get(self, person_id: int) -> Person:
        return self._session.get_one(Person, person_id)

    def add(self, person: Person) -> Person:
        self._session.add(person)
        self._session.flush()
        return person

    def by_email(self, email: str) -> Person | None:
        return self._session.scalar(select(Person).where(Person.email == email.strip().lower()))

    def by_ids(self, ids: Iterable[int]) -> Mapping[int, Person]:
        wanted = set(ids)
        rows = self._session.scalars(select(Person).where(Person.id.in_(wanted))) if wanted else ()
        return {person.id: person for person in rows}

    def everybody(self) -> Sequence[Person]:
        return self._session.scalars(select(Person).order_by(Person.id)).all()

    def is_coordinator(self, person: Person) -> bool:
        """By verified e-mail only: one of the person's accounts belongs to a full member."""
        if not person.email:
            return False
        listed = select(Coordinator.id).where(Coordinator.email == person.email)
        member = select(Account.id).where(Account.person_id == person.id, Account.member)
        return self._session.scalar(select(listed.exists() & member.exists())) or False

    def coordinators(self) -> Sequence[Person]:
        """Those who are known already."""
        return self._session.scalars(
            select(Person).join(Coordinator, Coordinator.email == Person.email).order_by(Person.id)
        ).all()

    def appoint(self, emails: Iterable[str]) -> None:
        """Makes these e-mails coordinators; who is one already stays one."""
        known = set(self._session.scalars(select(Coordinator.email)))
        wanted = {email.strip().lower() for email in emails} - known
        self._session.add_all(Coordinator(email=email) for email in sorted(wanted))
