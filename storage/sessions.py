"""Sessions: the meetings of a pair."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select

from storage.subject import Subject
from storage.tables import Session


class Sessions(Subject):
    """Meetings planned and held. Either side's word counts, and the same day counts once."""

    def record_held(self, pair_id: int, on: date, now: datetime) -> Session:
        found = self._session.scalar(select(Session).where(Session.pair_id == pair_id, Session.held_on == on))
        if found is None:
            found = Session(pair_id=pair_id, held_on=on, recorded_at=now)
            self._session.add(found)
            self._session.flush()
        return found

    def held(self, pair_id: int) -> Sequence[Session]:
        return self._session.scalars(
            select(Session).where(Session.pair_id == pair_id, Session.held_on.is_not(None)).order_by(Session.held_on)
        ).all()

    def held_in(self, pair_ids: Sequence[int]) -> Sequence[Session]:
        """Held sessions of all these pairs, oldest first."""
        return self._session.scalars(
            select(Session).where(Session.pair_id.in_(pair_ids), Session.held_on.is_not(None)).order_by(Session.held_on)
        ).all()
