"""The way out: pairs that end without anybody learning why, and what is not sent any more."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from storage.pair_days import goes_on
from storage.subject import Subject
from storage.tables import Enrollment, OutboxMessage, Pair, Person, Program, Session

# Whoever has one of these takes no part.
OUT = ("left", "declined")


class Leaving(Subject):
    """Pairs on their way to an end, and people who are away."""

    def part(self, pair: Pair, known_to: int | None, tell_on: date, now: datetime) -> None:
        """The pair is over. Whoever does not know it yet hears of it on `tell_on`, and sees no difference before.

        When both know already, there is nothing to tell.
        """
        if pair.status == "ending" and pair.known_to not in (None, known_to) and known_to is not None:
            self.close(pair, now)
        elif pair.status == "active":
            pair.status, pair.ended_at, pair.tell_on, pair.known_to = "ending", now, tell_on, known_to
        elif pair.status == "ending" and pair.known_to is None:
            pair.known_to = known_to
        self._session.flush()

    def close(self, pair: Pair, now: datetime) -> None:
        """Both know. The moment is that of the note: when it was decided is nobody's business."""
        pair.status, pair.ended_at, pair.tell_on, pair.known_to = "ended", now, None, None

    def heard(self, pair: Pair, person_id: int, now: datetime) -> None:
        """This side knows it now; when the other does too, the pair has ended."""
        if pair.known_to is None:
            pair.known_to = person_id
        elif pair.known_to != person_id:
            self.close(pair, now)

    def ending(self) -> Sequence[tuple[Pair, Program]]:
        """Pairs that end, in programs that are not closed, before somebody has heard of it."""
        return self._pairs(_of_open_programs().where(Pair.status == "ending", Pair.tell_on.is_not(None)))

    def resting(self) -> Sequence[tuple[Pair, Program]]:
        """Pairs whose other side is to hear that they rest, or go on."""
        news = Pair.tell_on.is_not(None), Pair.known_to.is_not(None)
        return self._pairs(_of_open_programs().where(Pair.status == "active", *news))

    def abandoned(self) -> Sequence[tuple[Pair, Program, tuple[int, ...]]]:
        """Pairs that still go on for somebody who is gone from the company or has left, with the ids of those."""
        rows = self._pairs(
            _of_open_programs().where(
                Pair.status.in_(("active", "ending")), or_(_is_out(Pair.mentor_id), _is_out(Pair.mentee_id))
            )
        )
        found = [(pair, program, self._out(pair)) for pair, program in rows]
        return [each for each in found if any(goes_on(each[0], side) for side in each[2])]

    def paused(self) -> Sequence[Person]:
        """People whose pause has a last day, past or ahead."""
        return self._session.scalars(select(Person).where(Person.paused_until.is_not(None)).order_by(Person.id)).all()

    def call_off(self, pair_ids: Iterable[int], now: datetime) -> None:
        """Sessions of these pairs that were booked for today or later will not be. The rows stay, since cards and
        reminders that are out already point at them."""
        ahead = Session.pair_id.in_(sorted(pair_ids)), Session.held_on.is_(None), Session.planned_on >= now.date()
        nothing = {"planned_on": None, "planned_at": None, "confirmed_at": None}
        changed = update(Session).where(*ahead).values(**nothing, booked_at=now, revision=Session.revision + 1)
        self._session.execute(changed)

    def keep_until(self, person_id: int, kinds: Iterable[str], expires_at: datetime) -> None:
        """What has to reach somebody all the same waits until they are back."""
        theirs = OutboxMessage.state == "waiting", OutboxMessage.person_id == person_id
        self._session.execute(
            update(OutboxMessage)
            .where(*theirs, OutboxMessage.kind.in_(sorted(kinds)), OutboxMessage.expires_at < expires_at)
            .values(expires_at=expires_at)
            .execution_options(synchronize_session=False)
        )

    def _pairs(self, query: Select[Pair, Program]) -> Sequence[tuple[Pair, Program]]:
        return [(pair, program) for pair, program in self._session.execute(query.order_by(Pair.id))]

    def _out(self, pair: Pair) -> tuple[int, ...]:
        """Which of the two are gone from the company or from the program."""
        sides = (pair.mentor_id, pair.mentee_id)
        left = select(Enrollment.person_id).where(
            Enrollment.program_id == pair.program_id, Enrollment.person_id.in_(sides), Enrollment.status.in_(OUT)
        )
        gone = select(Person.id).where(Person.id.in_(sides), Person.gone_since.is_not(None))
        out = {*self._session.scalars(left), *self._session.scalars(gone)}
        return tuple(side for side in sides if side in out)


def _of_open_programs() -> Select[Pair, Program]:
    return select(Pair, Program).join(Program, Program.id == Pair.program_id).where(Program.status != "closed")


def _is_out(side: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    gone = exists().where(Person.id == side, Person.gone_since.is_not(None))
    left = exists().where(
        and_(Enrollment.program_id == Pair.program_id, Enrollment.person_id == side, Enrollment.status.in_(OUT))
    )
    return or_(gone, left)
