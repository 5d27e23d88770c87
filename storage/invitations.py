"""Invitations: who can be asked, by e-mail or from the roster, and where each stands already."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from storage.subject import Subject
from storage.tables import Account, Enrollment, Person, Program

SIDES = ("mentor", "mentee")


class Invitations(Subject):
    """What a coordinator needs before people are asked."""

    def standing(self, program_id: int, person_ids: Collection[int]) -> Mapping[int, str]:
        """The status of those who are in the program in any way, by person id."""
        rows = self._session.execute(
            select(Enrollment.person_id, Enrollment.status).where(
                Enrollment.program_id == program_id, Enrollment.person_id.in_(sorted(person_ids))
            )
        )
        return {row[0]: row[1] for row in rows}

    def asked_by(self, person_id: int, program_id: int) -> int:
        """How many people were asked into a program by this one."""
        asked = select(Enrollment.id).where(Enrollment.program_id == program_id, Enrollment.invited_by == person_id)
        return self._session.scalar(select(func.count()).select_from(asked.subquery())) or 0

    def members(self, person_ids: Collection[int]) -> frozenset[int]:
        """Those with an open account of a full member: they can be written to."""
        return frozenset(
            self._session.scalars(
                select(Account.person_id).where(
                    Account.person_id.in_(sorted(person_ids)), Account.member, Account.closed_at.is_(None)
                )
            )
        )

    def locations(self) -> Sequence[str]:
        """Every location that somebody is at, by name."""
        return self._session.scalars(
            select(Person.location).where(Person.location != "").distinct().order_by(Person.location)
        ).all()

    def on_roster(
        self, *, departments: Collection[str], least: int | None, most: int | None, location: str
    ) -> Sequence[Person]:
        """Those on the roster and still in the company; an empty wish is none. Names as the roster spells them."""
        query = select(Person).where(Person.source == "roster", Person.gone_since.is_(None), Person.email.is_not(None))
        if departments:
            query = query.where(Person.department.in_(sorted(departments)))
        if least is not None:
            query = query.where(Person.level >= least)
        if most is not None:
            query = query.where(Person.level <= most)
        if location:
            query = query.where(Person.location == location)
        return self._session.scalars(query.order_by(Person.name, Person.id)).all()

    def add_all(self, person_ids: Iterable[int], values: Mapping[str, Any]) -> None:
        """An invitation for each of these people, in one statement; whoever is in the program stays as they are."""
        self._insert_new(Enrollment, [{"person_id": each, **values} for each in person_ids])

    def one_sided(self) -> Sequence[tuple[Program, str, int]]:
        """Programs that take sign-ups where one side waits alone: the side that is missing, and how many wait."""
        rows = self._session.execute(
            select(Enrollment.program_id, Enrollment.role, func.count())
            .join(Program, Program.id == Enrollment.program_id)
            .where(Program.status == "open", Enrollment.status == "joined")
            .group_by(Enrollment.program_id, Enrollment.role)
            .order_by(Enrollment.program_id)
        )
        sides: dict[int, dict[str, int]] = {}
        for program_id, role, count in rows:
            sides.setdefault(program_id, {})[role] = count
        return [
            (self._session.get_one(Program, program_id), missing, next(iter(counts.values())))
            for program_id, counts in sides.items()
            for missing in SIDES
            if missing not in counts
        ]
