"""The steps that the clock will run."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, bindparam, func, select, update

from storage.subject import Subject
from storage.tables import Nudge

# SQLite allows 32,766 parameters a statement, PostgreSQL 65,535.
KEYS_A_STATEMENT = 1_000


class Slot(NamedTuple):
    """A nudge as a plan sees it: who, when, which step."""

    person_id: int
    due_at: datetime
    action: str
    state: str = "waiting"
    attempts: int = 0


class Nudges(Subject):
    """The steps that the clock will run."""

    def put(self, key: str, flow: str, slot: Slot, *, planned: bool = False) -> None:
        """Adds a nudge, or moves the one under this key. One that ran already never comes back."""
        values = {"person_id": slot.person_id, "due_at": slot.due_at, "action": slot.action}
        new = {"key": key, "flow": flow, "planned": planned, "state": "waiting", "attempts": 0, **values}
        if not self._insert_if_new(Nudge, new):
            self._session.execute(
                update(Nudge)
                .where(Nudge.key == key, Nudge.state.in_(("waiting", "cancelled")))
                .values(**values, state="waiting")
                .execution_options(synchronize_session=False)
            )

    def cancel(self, keys: Iterable[str]) -> None:
        """Those that still wait will not run."""
        for some in _parts(sorted(keys)):
            self._session.execute(
                update(Nudge)
                .where(Nudge.key.in_(some), Nudge.state == "waiting")
                .values(state="cancelled")
                .execution_options(synchronize_session=False)
            )

    def with_keys(self, keys: Iterable[str]) -> Mapping[str, Slot]:
        found: dict[str, Slot] = {}
        for some in _parts(list(keys)):
            rows = self._session.execute(_with_keys(), {"keys": some})
            found.update({row[0]: Slot(row[1], row[2], row[3], row[4], row[5]) for row in rows})
        return found

    def planned_keys(self, flow: str, after: datetime, until: datetime) -> Sequence[str]:
        """Of the nudges that this flow's plan put there, those that wait for a moment in (after, until]."""
        return self._session.scalars(_planned_keys(), {"flow": flow, "after": after, "until": until}).all()

    def due(self, now: datetime, limit: int) -> Sequence[Nudge]:
        """Due ones in order, held until the end of this unit of work; other processes get others."""
        return self._session.scalars(_due(), {"now": now, "most": limit}).all()

    def settle(self, nudge_id: int, state: str) -> None:
        """The nudge ran (`done`) or will not run again (`failed`)."""
        self._session.execute(
            update(Nudge).where(Nudge.id == nudge_id).values(state=state).execution_options(synchronize_session=False)
        )

    def try_again(self, nudge_id: int, attempts: int, at: datetime) -> None:
        self._session.execute(
            update(Nudge)
            .where(Nudge.id == nudge_id)
            .values(attempts=attempts, due_at=at)
            .execution_options(synchronize_session=False)
        )

    def next_moment(self, after: datetime) -> datetime | None:
        """When the next one falls due."""
        return self._session.scalar(_next_moment(), {"after": after})


def _parts(keys: Sequence[str]) -> Iterable[Sequence[str]]:
    for first in range(0, len(keys), KEYS_A_STATEMENT):
        yield keys[first : first + KEYS_A_STATEMENT]


# Every tick asks these; built once, since building a statement costs more than running it.


@cache
def _with_keys() -> Select[*tuple[Any, ...]]:
    columns = Nudge.key, Nudge.person_id, Nudge.due_at, Nudge.action, Nudge.state, Nudge.attempts
    return select(*columns).where(Nudge.key.in_(bindparam("keys", expanding=True)))


@cache
def _planned_keys() -> Select[str]:
    return select(Nudge.key).where(
        Nudge.flow == bindparam("flow"),
        Nudge.planned,
        Nudge.state == "waiting",
        Nudge.due_at > bindparam("after"),
        Nudge.due_at <= bindparam("until"),
    )


@cache
def _due() -> Select[Nudge]:
    return (
        select(Nudge)
        .where(Nudge.state == "waiting", Nudge.due_at <= bindparam("now"))
        .order_by(Nudge.due_at, Nudge.id)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(skip_locked=True)
    )


@cache
def _next_moment() -> Select[datetime]:
    return select(func.min(Nudge.due_at)).where(Nudge.state == "waiting", Nudge.due_at > bindparam("after"))
