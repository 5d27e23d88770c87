"""Check-ins: who was asked when, and what each side answered, privately."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache

from sqlalchemy import ColumnElement, Date, Integer, Select, bindparam, distinct, func, select

from storage.subject import NotYours, Subject
from storage.tables import CheckIn, CheckInAnswer, Person

# Four months of them, or two in somebody's weekly rhythm.
NEWEST = 8


class CheckIns(Subject):
    """One check-in a person and period, for all their pairs."""

    def of_period(self, person_id: int, period: date) -> CheckIn | None:
        newest = self._newest(person_id)
        if len(newest) == NEWEST and period < newest[-1].period:
            return self._session.scalar(_for_period(), {"person": person_id, "period": period})
        return next((each for each in newest if each.period == period), None)

    def add(self, check_in: CheckIn) -> CheckIn:
        """A new one, of which nothing has been answered yet."""
        self._session.add(check_in)
        self._session.flush()
        self._once(("answers", check_in.id), tuple, CheckInAnswer)
        return check_in

    def required(self, person: Person, check_in_id: int) -> CheckIn:
        """Raises NotYours when it is somebody else's."""
        found = self._session.get(CheckIn, check_in_id)
        if found is None or found.person_id != person.id:
            raise NotYours
        return found

    def latest_of(self, person_id: int) -> CheckIn | None:
        return next(iter(self._newest(person_id)), None)

    def newest_asked(self, person_id: int, limit: int) -> Sequence[CheckIn]:
        """Newest first; without those that were skipped."""
        newest = self._newest(person_id)
        asked = [each for each in newest if each.asked_at]
        if len(asked) < limit and len(newest) == NEWEST:
            return self._session.scalars(_newest_asked(), {"person": person_id, "most": limit}).all()
        return asked[:limit]

    def _newest(self, person_id: int) -> Sequence[CheckIn]:
        """All that a turn asks of somebody's check-ins, in one statement."""
        return self._once(
            ("newest", person_id),
            lambda: self._session.scalars(_newest(), {"person": person_id, "most": NEWEST}).all(),
            CheckIn,
        )

    def periods_since(self, day: date, first_id: int, last_id: int) -> Sequence[tuple[int, date]]:
        """(person id, period) of the check-ins of everybody between two ids from a day on, asked or skipped, oldest
        first."""
        bounds = {"day": day, "first": first_id, "last": last_id}
        return [(row[0], row[1]) for row in self._columns(_periods_since(), bounds)]

    def record(self, check_in: CheckIn, pair_id: int, state: str, now: datetime) -> CheckInAnswer:
        """What this side says of a pair; a second answer changes the first."""
        answer = self.answer(check_in, pair_id)
        if answer is None:
            answer = CheckInAnswer(
                check_in_id=check_in.id,
                pair_id=pair_id,
                person_id=check_in.person_id,
                state=state,
                learned="",
                change="",
                answered_at=now,
            )
            self._session.add(answer)
        answer.state, answer.answered_at = state, now
        check_in.answered_at = check_in.answered_at or now
        self._session.flush()
        return answer

    def answer(self, check_in: CheckIn, pair_id: int) -> CheckInAnswer | None:
        return next((each for each in self.answers(check_in) if each.pair_id == pair_id), None)

    def answers(self, check_in: CheckIn) -> Sequence[CheckInAnswer]:
        return self._once(
            ("answers", check_in.id),
            lambda: self._session.scalars(_answers(), {"check_in": check_in.id}).all(),
            CheckInAnswer,
        )

    def half_times_of(self, person_id: int) -> set[int]:
        """Ids of the pairs that this person was asked about at half-time."""
        return {pair_id for (some,) in self._columns(_half_times_of(), {"person": person_id}) for pair_id in some}

    def answered_count(self, person_id: int, pair_ids: Sequence[int]) -> int:
        """How many check-ins this person answered about any of these pairs."""
        ((count,),) = self._columns(_answered_count(), {"person": person_id, "pairs": pair_ids})
        return int(count)

    def learned_of(self, person_id: int, pair_ids: Sequence[int]) -> Sequence[str]:
        """What this person noted about these pairs, for their own eyes, oldest first."""
        return [row[0] for row in self._columns(_learned_of(), {"person": person_id, "pairs": pair_ids})]

    def met_periods(self, pair_id: int, person_id: int) -> Sequence[date]:
        """The nominal days of this person's check-ins that say "met" about a pair."""
        return self._session.scalars(
            select(CheckIn.period)
            .join(CheckInAnswer, CheckInAnswer.check_in_id == CheckIn.id)
            .where(CheckInAnswer.pair_id == pair_id, CheckInAnswer.state == "met", CheckInAnswer.person_id == person_id)
        ).all()


# Every check-in asks these; built once, since building a statement costs more than running it.


@cache
def _for_period() -> Select[CheckIn]:
    return select(CheckIn).where(CheckIn.person_id == bindparam("person"), CheckIn.period == bindparam("period"))


@cache
def _newest_asked() -> Select[CheckIn]:
    asked = CheckIn.person_id == bindparam("person"), CheckIn.asked_at.is_not(None)
    return select(CheckIn).where(*asked).order_by(CheckIn.period.desc()).limit(bindparam("most", type_=Integer))


@cache
def _periods_since() -> Select[int, date]:
    first, last = bindparam("first", type_=Integer), bindparam("last", type_=Integer)
    these = CheckIn.person_id >= first, CheckIn.person_id <= last, CheckIn.period >= bindparam("day", type_=Date)
    return select(CheckIn.person_id, CheckIn.period).where(*these).order_by(CheckIn.period)


@cache
def _newest() -> Select[CheckIn]:
    theirs = select(CheckIn).where(CheckIn.person_id == bindparam("person"))
    return theirs.order_by(CheckIn.period.desc()).limit(bindparam("most", type_=Integer))


@cache
def _answers() -> Select[CheckInAnswer]:
    mine = CheckInAnswer.check_in_id == bindparam("check_in")
    return select(CheckInAnswer).where(mine).order_by(CheckInAnswer.id)


@cache
def _half_times_of() -> Select[list[int]]:
    return select(CheckIn.half_times).where(CheckIn.person_id == bindparam("person"), CheckIn.kind == "half_time")


def _said() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    pairs = CheckInAnswer.pair_id.in_(bindparam("pairs", expanding=True))
    return CheckInAnswer.person_id == bindparam("person"), pairs


@cache
def _answered_count() -> Select[int]:
    return select(func.count(distinct(CheckInAnswer.check_in_id))).where(*_said())


@cache
def _learned_of() -> Select[str]:
    learned = select(CheckInAnswer.learned).where(*_said(), CheckInAnswer.learned != "")
    return learned.order_by(CheckInAnswer.answered_at, CheckInAnswer.id)
