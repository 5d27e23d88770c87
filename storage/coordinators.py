"""Coordinators: who may run programs, by work e-mail, and who answers for which program."""

from collections.abc import Iterable, Sequence
from functools import cache

from sqlalchemy import Select, delete, exists, select, update

from storage.people import People
from storage.subject import Subject
from storage.tables import Account, Coordinator, Person, Program


class Coordinators(Subject):
    """The list of those who run programs. Rights need an account of a full member as well."""

    def listed(self) -> Sequence[tuple[Coordinator, Person | None]]:
        """Everybody on the list, with the person where one is known by that e-mail."""
        rows = self._session.execute(
            select(Coordinator, Person).outerjoin(Person, Person.email == Coordinator.email).order_by(Coordinator.id)
        )
        return [(coordinator, person) for coordinator, person in rows]

    def required(self, coordinator_id: int) -> Coordinator:
        """Raises NotYours when there is no such row: actions can be made up."""
        return self._known(Coordinator, coordinator_id)

    def able(self) -> Sequence[Person]:
        """Those who can be reached and may act now: still in the company, with an open account of a full member."""
        return self._once("able", lambda: self._session.scalars(_able()).all(), Person, Coordinator, Account)

    def of_program(self, program: Program) -> Person | None:
        """Whoever made it, or another one once they run nothing any more; None when nobody is left."""
        able = self.able()
        return next((person for person in able if person.id == program.created_by), next(iter(able), None))

    def in_charge(self, program: Program) -> Person:
        """The same for a card that has to name somebody: with nobody left, whoever made the program."""
        return self.of_program(program) or self._session.get_one(Person, program.created_by)

    def remove(self, email: str) -> None:
        """Without rights from the next request on."""
        self._session.execute(delete(Coordinator).where(Coordinator.email == email))

    def hand_over(self, before: Person, after: Person) -> None:
        """The programs of somebody who runs none any more."""
        self._session.execute(
            update(Program)
            .where(Program.created_by == before.id, Program.status != "closed")
            .values(created_by=after.id)
        )

    def appoint_first(self, emails: Iterable[str]) -> None:
        """The first ones, from the settings; nobody once a coordinator is at work. So a slip can be put right."""
        if not self.able():
            People(self._session).appoint(emails)


# Asked in many turns; built once, since building a statement costs more than running it.


@cache
def _able() -> Select[Person]:
    member = exists().where(Account.person_id == Person.id, Account.member, Account.closed_at.is_(None))
    return (
        select(Person)
        .join(Coordinator, Coordinator.email == Person.email)
        .where(member, Person.gone_since.is_(None), Person.unreachable_since.is_(None))
        .order_by(Person.id)
    )
