"""The steps that the clock will run."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import (
    ColumnElement,
    Executable,
    Integer,
    Select,
    bindparam,
    false,
    func,
    literal_column,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from storage.subject import Subject
from storage.tables import Nudge

# SQLite allows 32,766 parameters a statement, PostgreSQL 65,535.
KEYS_A_STATEMENT = 1_000
ROWS_AT_ONCE = 10_000


class Slot(NamedTuple):
    """A nudge as a plan sees it: who, when, which step."""

    person_id: int
    due_at: datetime
    action: str
    state: str = "waiting"
    attempts: int = 0


class DueNudge(NamedTuple):
    """A nudge that is to run now."""

    id: int
    key: str
    person_id: int
    due_at: datetime
    action: str
    attempts: int


class Nudges(Subject):
    """The steps that the clock will run."""

    def put(self, key: str, flow: str, slot: Slot, *, planned: bool = False) -> None:
        """Adds a nudge, or moves the one under this key. One that ran already never comes back."""
        self.put_all(flow, {key: slot}, planned=planned)

    def put_all(self, flow: str, slots: Mapping[str, Slot], *, planned: bool) -> None:
        """The same for many, by key."""
        rows = [
            {"key": key, "flow": flow, "person_id": slot.person_id, "due_at": slot.due_at, "action": slot.action}
            for key, slot in slots.items()
        ]
        self._session.flush()
        # Beside the session, which keeps no nudge and would forget what it has read.
        connection = self._session.connection()
        connection.execute(_put(connection.dialect.name, planned), rows)

    def cancel(self, ids: Sequence[int]) -> None:
        """Those that still wait will not run."""
        for some in _parts(ids):
            self._session.execute(
                update(Nudge)
                .where(Nudge.id.in_(some), Nudge.state == "waiting")
                .values(state="cancelled")
                .execution_options(synchronize_session=False)
            )

    def with_keys(self, keys: Sequence[str]) -> Mapping[str, tuple[int, Slot]]:
        """The id and what is there, by key."""
        found: dict[str, tuple[int, Slot]] = {}
        connection = self._session.connection()
        for some in _parts(keys):
            for number, key, *slot in connection.execute(_with_keys(), {"keys": some}):
                found[key] = number, Slot._make(slot)
        return found

    def planned_ids(self, after: datetime, until: datetime) -> Mapping[str, set[int]]:
        """Of the nudges that the flows' plans put there, those that wait for a moment in (after, until]; by flow."""
        found: defaultdict[str, set[int]] = defaultdict(set)
        options = {"yield_per": ROWS_AT_ONCE}
        rows = self._session.connection().execute(
            _planned_ids(), {"after": after, "until": until}, execution_options=options
        )
        for some in rows.partitions():
            for flow, number in some:
                found[flow].add(number)
        return found

    def due(self, now: datetime, limit: int) -> Sequence[DueNudge]:
        """Due ones in order, held until the end of this unit of work; other processes get others."""
        return [DueNudge._make(row) for row in self._columns(_due(), {"now": now, "most": limit})]

    def settle(self, ids: Sequence[int], state: str) -> None:
        """These ran (`done`) or will not run again (`failed`)."""
        if ids:
            self._session.execute(_settle(), {"ids": ids, "new_state": state})

    def try_again(self, nudge_id: int, attempts: int, at: datetime) -> None:
        self._session.execute(
            update(Nudge)
            .where(Nudge.id == nudge_id)
            .values(attempts=attempts, due_at=at)
            .execution_options(synchronize_session=False)
        )

    def next_moment(self, after: datetime) -> datetime | None:
        """When the next one falls due."""
        moment: datetime | None
        ((moment,),) = self._columns(_next_moment(), {"after": after})
        return moment


K = TypeVar("K")


def _parts(keys: Sequence[K]) -> Iterable[Sequence[K]]:
    for first in range(0, len(keys), KEYS_A_STATEMENT):
        yield keys[first : first + KEYS_A_STATEMENT]


# Every tick asks these; built once, since building a statement costs more than running it.


@cache
def _put(dialect: str, planned: bool) -> Executable:
    """What all rows have in common is in its words: of a first plan's time every parameter takes a twentieth."""
    into = Nudge.metadata.tables[Nudge.__tablename__]
    insert = sqlite.insert(into) if dialect == "sqlite" else postgresql.insert(into)
    waiting: ColumnElement[str] = literal_column("'waiting'")
    cancelled: ColumnElement[str] = literal_column("'cancelled'")
    insert = insert.values(state=waiting, planned=true() if planned else false(), attempts=literal_column("0"))
    new = {name: insert.excluded[name] for name in ("person_id", "due_at", "action", "state")}
    may_move = into.c.state.in_([waiting, cancelled])
    put: Executable = insert.on_conflict_do_update(index_elements=[into.c.key], set_=new, where=may_move)
    return put


@cache
def _with_keys() -> Select[*tuple[Any, ...]]:
    columns = Nudge.id, Nudge.key, Nudge.person_id, Nudge.due_at, Nudge.action, Nudge.state, Nudge.attempts
    return select(*columns).where(Nudge.key.in_(bindparam("keys", expanding=True)))


@cache
def _planned_ids() -> Select[str, int]:
    return select(Nudge.flow, Nudge.id).where(
        Nudge.planned,
        Nudge.state == "waiting",
        Nudge.due_at > bindparam("after"),
        Nudge.due_at <= bindparam("until"),
    )


@cache
def _due() -> Select[*tuple[Any, ...]]:
    columns = Nudge.id, Nudge.key, Nudge.person_id, Nudge.due_at, Nudge.action, Nudge.attempts
    return (
        select(*columns)
        .where(Nudge.state == "waiting", Nudge.due_at <= bindparam("now"))
        .order_by(Nudge.due_at, Nudge.id)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(skip_locked=True)
    )


@cache
def _settle() -> Executable:
    these = update(Nudge).where(Nudge.id.in_(bindparam("ids", expanding=True)))
    return these.values(state=bindparam("new_state")).execution_options(synchronize_session=False)


@cache
def _next_moment() -> Select[datetime]:
    return select(func.min(Nudge.due_at)).where(Nudge.state == "waiting", Nudge.due_at > bindparam("after"))
