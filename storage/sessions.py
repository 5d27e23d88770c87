"""Sessions: the meetings of a pair."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import delete, select

from storage.subject import Subject
from storage.tables import Session

Window = tuple[date, date]
"""The days (after, up to) between two check-ins of a pair."""


class Sessions(Subject):
    """Meetings planned and held. Either side's word counts, and the two of them telling of one meeting count once."""

    def record_held(self, pair_id: int, on: date, window: Window, now: datetime) -> Session:
        """A meeting on a known day: the one of that day, or the one of its fortnight whose day was not known."""
        found = self._on(pair_id, on) or next((one for one in self._within(pair_id, window) if not one.exact), None)
        if found is None:
            return self._add(Session(pair_id=pair_id, held_on=on, recorded_at=now))
        found.held_on, found.exact = on, True
        return found

    def record_met(self, pair_id: int, on: date, window: Window, now: datetime) -> Session:
        """ "We met" in a check-in: the meeting already recorded in that fortnight, else one on about this day."""
        known = self._within(pair_id, window) or [one for one in (self._on(pair_id, on),) if one]
        return known[0] if known else self._add(Session(pair_id=pair_id, held_on=on, exact=False, recorded_at=now))

    def forget_met(self, pair_id: int, window: Window) -> None:
        """Takes back what only a check-in said about a fortnight."""
        after, upto = window
        self._session.execute(
            delete(Session).where(
                Session.pair_id == pair_id, Session.held_on > after, Session.held_on <= upto, Session.exact.is_(False)
            )
        )

    def held(self, pair_id: int) -> Sequence[Session]:
        return self.held_in([pair_id])

    def held_in(self, pair_ids: Sequence[int]) -> Sequence[Session]:
        """Held sessions of all these pairs, oldest first."""
        return self._session.scalars(
            select(Session).where(Session.pair_id.in_(pair_ids), Session.held_on.is_not(None)).order_by(Session.held_on)
        ).all()

    def _on(self, pair_id: int, day: date) -> Session | None:
        return self._session.scalar(select(Session).where(Session.pair_id == pair_id, Session.held_on == day))

    def _within(self, pair_id: int, window: Window) -> Sequence[Session]:
        after, upto = window
        return self._session.scalars(
            select(Session)
            .where(Session.pair_id == pair_id, Session.held_on > after, Session.held_on <= upto)
            .order_by(Session.held_on)
        ).all()

    def _add(self, session: Session) -> Session:
        self._session.add(session)
        self._session.flush()
        return session
