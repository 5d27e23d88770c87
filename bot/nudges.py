"""The calendar: keeps the nudges true to what the flows plan, and runs those that are due."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar

from bot.allowance import LATE
from bot.clock import stopwatch
from bot.crash_points import crash_here
from bot.dispatcher import Dispatcher
from bot.posting import Posted
from bot.routing import Routed
from bot.turns import Actor, Occasion, take_turn
from conversations.actions import Action
from conversations.events import Due
from conversations.flow import Plan
from conversations.replies import Planned
from storage.database import Database, Work
from storage.nudges import DueNudge, Slot
from storage.store import Store

log = logging.getLogger("flipside.nudge")

T = TypeVar("T")

# Far enough that the next fortnightly check-in is always there, near enough that few rows wait.
HORIZON = timedelta(days=21)
# A transaction of the clock holds SQLite's only writer for about this long at most (design, section 6: 50 ms).
MILLISECONDS_A_TRANSACTION = 40
NUDGES_A_TRANSACTION = 10
CHANGES_A_TRANSACTION = 1_000
# So many planned moments are compared with the calendar at once: a statement for each thousand.
COMPARED_AT_ONCE = 5_000
# A failing nudge is tried again after these minutes, then given up: 6 hours cover a bad deployment.
RETRY_AFTER_MINUTES = (1, 5, 30, 120, 240)


@dataclass(frozen=True, slots=True)
class Changes:
    """What would make some nudges of one flow true to its plan; `cancel`: their ids."""

    flow: str
    put: Sequence[Planned] = ()
    cancel: Sequence[int] = ()

    @property
    def count(self) -> int:
        return len(self.put) + len(self.cancel)


Ran = tuple[list[Posted], bool]
"""What the turns left to do, and whether more are due."""

Run = Callable[[Store, DueNudge, Actor, datetime], Posted | None]


class Nudges:
    """`plan_nudges` and `run_due`; any number of times, by any number of processes, the effect is the same."""

    def __init__(self, database: Database, dispatcher: Dispatcher) -> None:
        self._database = database
        self._dispatcher = dispatcher
        # Whoever asks for what is due has to find it done, also when the heartbeat was at it already: a virtual clock
        # moves on as soon as nothing is left, and PostgreSQL hides the rows that somebody else has claimed.
        self._one_plan_at_a_time = asyncio.Lock()
        self._one_run_at_a_time = asyncio.Lock()

    async def plan_nudges(self, now: datetime) -> int:
        """Adds what is missing, moves what changed, cancels what vanished. Returns how many changes it took."""
        async with self._one_plan_at_a_time:
            return await self._plan_flows(now)

    async def _plan_flows(self, now: datetime) -> int:
        planners = {flow.name: flow.planner for flow in self._dispatcher.house.router.flows.values() if flow.planner}
        # Beside the writer, and written down as it goes: a first plan of 100,000 pairs has 400,000 nudges.
        parts = self._database.read_in_parts(lambda store: _plans(store, planners, now))
        changed = 0
        async with aclosing(parts):
            async for changes in parts:
                changed += changes.count
                try:
                    await self._write_down(changes)
                except Exception as fault:
                    _failed(changes.flow, fault)
        if await self._database.read(lambda store: store.installation.is_restored()):
            await self._write(lambda store: store.installation.note_planned(now))
        return changed

    async def _write_down(self, changes: Changes) -> None:
        for put in _some(changes.put):
            slots = {planned.key: _slot(planned) for planned in put}
            await self._write(lambda store, slots=slots: store.nudges.put_all(changes.flow, slots, planned=True))  # type: ignore[misc]
        for cancel in _some(changes.cancel):
            await self._write(lambda store, cancel=cancel: store.nudges.cancel(cancel))  # type: ignore[misc]

    async def _write(self, work: Work[None]) -> None:
        await self._database.write(work, clock=True)

    async def run_due(self, now: datetime) -> int:
        """Runs what is due, in order, until nothing is. Returns how many ran, well or not."""
        total, more = 0, True
        async with self._one_run_at_a_time:
            while more:
                ran, more = await self._run_next(now)
                crash_here("enqueued")
                total += len(ran)
                for posted in ran:
                    self._dispatcher.wake(posted)
        return total

    async def _run_next(self, now: datetime) -> Ran:
        """A few turns in one transaction. When one fails, they run again, each undone alone if it fails."""
        try:
            return await self._database.write(lambda store: self._run_some(store, now, self._run), clock=True)
        except Exception as fault:
            log.warning("a nudge failed: %s", type(fault).__name__)
        return await self._database.write(lambda store: self._run_some(store, now, self._run_carefully), clock=True)

    def _run_some(self, store: Store, now: datetime, run: Run) -> Ran:
        due, taken = store.nudges.due(now, NUDGES_A_TRANSACTION), stopwatch()
        crash_here("due_read")
        actors = _actors(store, due)
        ran: list[tuple[DueNudge, Posted | None]] = []
        for nudge in due:
            ran.append((nudge, run(store, nudge, actors[nudge.person_id], now)))
            if taken() > MILLISECONDS_A_TRANSACTION:
                break
        store.nudges.settle([nudge.id for nudge, posted in ran if posted is not None], "done")
        store.flush()
        crash_here("enqueue_before_commit")
        all_done = len(ran) == len(due) < NUDGES_A_TRANSACTION
        posts = [posted or Posted() for _, posted in ran]
        return posts, not all_done or any(posted.nudges for posted in posts)

    def _run(self, store: Store, nudge: DueNudge, actor: Actor, now: datetime) -> Posted:
        taken = stopwatch()
        posted = self._turn(store, nudge, actor, now)
        log.info("%s ms=%.1f ok", nudge.action.partition("?")[0], taken())
        return posted

    def _run_carefully(self, store: Store, nudge: DueNudge, actor: Actor, now: datetime) -> Posted | None:
        """None when it failed."""
        try:
            with store.savepoint():
                return self._run(store, nudge, actor, now)
        except Exception as fault:
            log.error("%s failed %s", nudge.action.partition("?")[0], type(fault).__name__)
            _try_later(store, nudge, now)
            return None

    def _turn(self, store: Store, nudge: DueNudge, actor: Actor, now: datetime) -> Posted:
        routed = Routed(Action.unpack(nudge.action))
        due = Due(late=now - nudge.due_at > LATE)
        occasion = Occasion(due, routed, f"nudge/{nudge.key}")
        return take_turn(self._dispatcher.house, store, actor, occasion, now)


def _actors(store: Store, due: Sequence[DueNudge]) -> Mapping[int, Actor]:
    """Whose turns these are. Read at once, their pairs too: one by one that was a fifth of a check-in's time."""
    ids = {nudge.person_id for nudge in due}
    people = store.people.all_with_rights(ids) if ids else {}
    if len(ids) > 1:
        store.pairs.read_ahead(ids)
    return {person_id: Actor(*of) for person_id, of in people.items()}


def _plans(store: Store, planners: Mapping[str, Plan], now: datetime) -> Iterator[Changes]:
    """Each flow's changes. The other flows' plans are as good as ever when one fails; it is tried again."""
    # One that is due already is left alone: its step looks at the facts again and may answer nothing.
    waiting = store.nudges.planned_ids(after=now, until=now + HORIZON)
    for flow, planner in planners.items():
        try:
            yield from _changes(store, flow, planner(store, now, HORIZON), waiting.get(flow, set()))
        except Exception as fault:
            _failed(flow, fault)


def _failed(flow: str, fault: Exception) -> None:
    log.error("plan flow=%s failed %s", flow, type(fault).__name__)


def _changes(store: Store, flow: str, plan: Iterable[Planned], waiting: set[int]) -> Iterator[Changes]:
    """Slice by slice, and at the end what the plan did not name: `waiting` is what waits now, by id."""
    ahead = iter(plan)
    while some := {planned.key: planned for planned in islice(ahead, COMPARED_AT_ONCE)}:
        there = store.nudges.with_keys(list(some))
        waiting.difference_update(number for number, _ in there.values())
        # Also when nothing changes: between two slices the snapshot is let go.
        yield Changes(flow, put=[planned for key, planned in some.items() if _differs(there.get(key), planned)])
    if waiting:
        yield Changes(flow, cancel=sorted(waiting))


def _differs(found: tuple[int, Slot] | None, planned: Planned) -> bool:
    if found is None:
        return True
    _, there = found
    if there.state == "waiting":
        # A nudge that failed waits for its next try at a moment of its own.
        return there.attempts == 0 and there != _slot(planned)
    return there.state == "cancelled"


def _slot(planned: Planned) -> Slot:
    return Slot(planned.person, planned.due_at, planned.action.pack())


def _some(changes: Sequence[T]) -> Iterator[Sequence[T]]:
    for first in range(0, len(changes), CHANGES_A_TRANSACTION):
        yield changes[first : first + CHANGES_A_TRANSACTION]


def _try_later(store: Store, nudge: DueNudge, now: datetime) -> None:
    if nudge.attempts < len(RETRY_AFTER_MINUTES):
        again = now + timedelta(minutes=RETRY_AFTER_MINUTES[nudge.attempts])
        store.nudges.try_again(nudge.id, nudge.attempts + 1, again)
    else:
        store.nudges.settle([nudge.id], "failed")
