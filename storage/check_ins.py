"""Check-ins: who was asked when, and what each side answered, privately."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from storage.subject import NotYours, Subject
from storage.tables import CheckIn, CheckInAnswer, Person


class CheckIns(Subject):
    """One check-in a person and period, for all their pairs."""

    def for_period(self, person_id: int, period: date) -> CheckIn:
        """The check-in of this period, made if it is new."""
        found = self._session.scalar(select(CheckIn).where(CheckIn.person_id == person_id, CheckIn.period == period))
        if found is None:
            found = CheckIn(person_id=person_id, period=period)
            self._session.add(found)
            self._session.flush()
        return found

    def required(self, person: Person, check_in_id: int) -> CheckIn:
        """Raises NotYours when it is somebody else's."""
        found = self._session.get(CheckIn, check_in_id)
        if found is None or found.person_id != person.id:
            raise NotYours
        return found

    def latest_of(self, person_id: int) -> CheckIn | None:
        return self._session.scalar(
            select(CheckIn).where(CheckIn.person_id == person_id).order_by(CheckIn.period.desc()).limit(1)
        )

    def answer(self, check_in: CheckIn, pair_id: int) -> CheckInAnswer | None:
        return self._session.scalar(
            select(CheckInAnswer).where(CheckInAnswer.check_in_id == check_in.id, CheckInAnswer.pair_id == pair_id)
        )

    def answers(self, check_in: CheckIn) -> Sequence[CheckInAnswer]:
        return self._session.scalars(
            select(CheckInAnswer).where(CheckInAnswer.check_in_id == check_in.id).order_by(CheckInAnswer.id)
        ).all()

    def add_answer(self, answer: CheckInAnswer) -> CheckInAnswer:
        self._session.add(answer)
        self._session.flush()
        return answer
