"""Pairs: one mentor and one mentee in a program."""

from collections.abc import Sequence

from sqlalchemy import or_, select

from storage.subject import NotYours, Subject
from storage.tables import Pair, Person


class Pairs(Subject):
    """Who is paired with whom, now and before."""

    def add(self, pair: Pair) -> Pair:
        self._session.add(pair)
        self._session.flush()
        return pair

    def required(self, person: Person, pair_id: int) -> Pair:
        """The pair, if it is this person's; raises NotYours otherwise (cards get forwarded)."""
        pair = self._session.get(Pair, pair_id)
        if pair is None or person.id not in (pair.mentor_id, pair.mentee_id):
            raise NotYours
        return pair

    def partner_of(self, person: Person, pair_id: int) -> Person:
        """The other side of this person's pair; raises NotYours otherwise."""
        pair = self.required(person, pair_id)
        return self._session.get_one(Person, pair.mentee_id if pair.mentor_id == person.id else pair.mentor_id)

    def active_of(self, person: Person) -> Sequence[Pair]:
        return self._session.scalars(
            select(Pair)
            .where(or_(Pair.mentor_id == person.id, Pair.mentee_id == person.id), Pair.status == "active")
            .order_by(Pair.id)
        ).all()

    def in_program(self, program_id: int) -> Sequence[Pair]:
        return self._session.scalars(select(Pair).where(Pair.program_id == program_id).order_by(Pair.id)).all()

    def active(self) -> Sequence[Pair]:
        return self._session.scalars(select(Pair).where(Pair.status == "active").order_by(Pair.id)).all()

    def ever(self) -> Sequence[tuple[int, int]]:
        """(mentor id, mentee id) of every pair there ever was, in any program."""
        return [(mentor, mentee) for mentor, mentee in self._session.execute(select(Pair.mentor_id, Pair.mentee_id))]
