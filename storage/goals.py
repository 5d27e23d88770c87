"""What each side of a pair wants from it, in their own words."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Select, bindparam, delete, select

from storage.subject import Subject
from storage.tables import PairGoal

# As many as somebody can keep in mind.
MOST = 3


class Goals(Subject):
    """One to three goals a side. The two of the pair read them, nobody else."""

    def replace(self, pair_id: int, person_id: int, texts: Sequence[str], now: datetime) -> None:
        """These take the place of what this side wanted before."""
        mine = PairGoal.pair_id == pair_id, PairGoal.person_id == person_id
        self._session.execute(delete(PairGoal).where(*mine).execution_options(synchronize_session="fetch"))
        for position, text in enumerate(texts[:MOST], start=1):
            goal = PairGoal(pair_id=pair_id, person_id=person_id, position=position, text=text, set_at=now)
            self._session.add(goal)
        self._session.flush()

    def of_pair(self, pair_id: int) -> Mapping[int, Sequence[str]]:
        """The goals of a pair by person id; a side without any is not in it."""
        return self.of_pairs([pair_id]).get(pair_id, {})

    def of_pairs(self, pair_ids: Iterable[int]) -> Mapping[int, Mapping[int, Sequence[str]]]:
        """By pair id and person id; a pair without any is not in it."""
        found: dict[int, dict[int, list[str]]] = {}
        for pair_id, person_id, text in self._columns(_of_pairs(), {"pairs": sorted(pair_ids)}):
            found.setdefault(pair_id, {}).setdefault(person_id, []).append(text)
        return found


@cache
def _of_pairs() -> Select[int, int, str]:
    """Built once, since building a statement costs more than running it."""
    theirs = PairGoal.pair_id.in_(bindparam("pairs", expanding=True))
    columns = PairGoal.pair_id, PairGoal.person_id, PairGoal.text
    return select(*columns).where(theirs).order_by(PairGoal.pair_id, PairGoal.position)
