"""Topics that pairs were given, so that the same one does not come again soon."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select

from storage.subject import Subject
from storage.tables import PairTopic


class Topics(Subject):
    """By their titles, which is all that is kept of them."""

    def given(self, pair_id: int) -> Sequence[str]:
        """Titles of a pair's topics, the one that was given longest ago first."""
        return [row.title for row in self._rows(pair_id)]

    def give(self, pair_id: int, titles: Iterable[str], now: datetime) -> None:
        """Notes these as the last ones given; one that comes again has been given just now."""
        known = {row.title: row for row in self._rows(pair_id)}
        for title in titles:
            if title in known:
                known[title].given_at = now
            else:
                self._session.add(PairTopic(pair_id=pair_id, title=title, given_at=now))
        self._session.flush()

    def _rows(self, pair_id: int) -> Sequence[PairTopic]:
        return self._session.scalars(
            select(PairTopic).where(PairTopic.pair_id == pair_id).order_by(PairTopic.given_at, PairTopic.id)
        ).all()
