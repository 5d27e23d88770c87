"""The heartbeat: calls the engine's parts again and again, and does nothing else.

Nothing is stored in APScheduler: it ticks in UTC from memory, late ticks become one, and none is ever too late.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import stopwatch
from bot.counters import HEARTBEAT, PLAN_SECONDS
from bot.engine import Engine
from storage.store import Store

log = logging.getLogger("flipside.heartbeat")

SECONDS_BETWEEN_TICKS = 3
SECONDS_BETWEEN_PLANS = 120
# A dead process's messages are taken over within a minute: its lease of 45 seconds, and this.
SECONDS_BETWEEN_RECOVERIES = 10
SECONDS_BETWEEN_CLEARINGS = 3600

Job = Callable[[], Awaitable[object]]
PlanTonight = Callable[[Store, datetime], None]
"""Writes down what has to run in the coming night; any number of times."""


class Heartbeat:
    """Ticks while it is started. Work that a turn left is picked up at once, without waiting for a tick."""

    def __init__(self, engine: Engine, plan_tonight: PlanTonight | None = None) -> None:
        self._engine = engine
        self._plan_tonight = plan_tonight
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._begun: list[asyncio.Task[None]] = []
        self._asked: set[asyncio.Task[None]] = set()
        self._steps: asyncio.Task[None] | None = None

    async def start(self) -> None:
        logging.getLogger("apscheduler").setLevel(logging.WARNING)
        self._every(SECONDS_BETWEEN_TICKS, "tick", self._tick)
        self._every(SECONDS_BETWEEN_PLANS, "plan", self._plan)
        self._every(SECONDS_BETWEEN_RECOVERIES, "recover", self._recover)
        self._every(SECONDS_BETWEEN_CLEARINGS, "forget", self._engine.forget)
        self._scheduler.start()
        engine = self._engine
        self._begun = [
            asyncio.create_task(_whenever(engine.delivery.wake, "pickup", self._pick_up)),
            asyncio.create_task(_whenever(engine.consultations.wake, "consult", self._consult)),
            # For 100,000 pairs it takes half a minute, and a stop is heard only when the start is over.
            asyncio.create_task(_safely("plan", self._plan)),
        ]
        # What waited while nobody was there; consultations are asked again.
        engine.delivery.wake.set()
        engine.consultations.wake.set()

    async def stop(self) -> None:
        """No more ticks; what is under way is finished by whoever waits for the engine."""
        self._scheduler.shutdown(wait=False)
        tasks = [*self._begun, *self._asked]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _tick(self) -> None:
        await asyncio.wait([self._begin_steps()])

    async def _pick_up(self) -> None:
        """The clock's steps come first: one of them may write what is better than all that waits for the same person.
        There may be thousands, so a turn's messages do not wait for those that are under way.
        """
        if self._steps is None or self._steps.done():
            _ = self._begin_steps()
        else:
            await self._engine.delivery.begin_due()

    def _begin_steps(self) -> asyncio.Task[None]:
        """Those under way, if there are some."""
        if self._steps is None or self._steps.done():
            self._steps = self._beside("steps", self._take_steps)
        return self._steps

    async def _take_steps(self) -> None:
        await self._engine.nudges.run_due(self._engine.clock.now())
        await self._engine.delivery.begin_due()
        self._engine.counters.note(HEARTBEAT, self._engine.clock.now().timestamp())

    async def _consult(self) -> None:
        """Begun, and not waited for: a short question that comes meanwhile is asked at once."""
        _ = self._beside("consult", self._engine.consultations.run_waiting)

    def _beside(self, name: str, job: Job) -> asyncio.Task[None]:
        task = asyncio.create_task(_safely(name, job))
        self._asked.add(task)
        task.add_done_callback(self._asked.discard)
        return task

    async def _plan(self) -> None:
        now, taken = self._engine.clock.now(), stopwatch()
        await self._engine.nudges.plan_nudges(now)
        self._engine.counters.note(PLAN_SECONDS, taken() / 1000)
        if (plan_tonight := self._plan_tonight) is not None:
            await self._engine.database.write(lambda store: plan_tonight(store, now), clock=True)

    async def _recover(self) -> None:
        await self._engine.delivery.recover()
        await self._engine.consultations.look_again()
        await self._engine.database.sweep()

    def _every(self, seconds: int, name: str, job: Job) -> None:
        self._scheduler.add_job(
            _safely, "interval", (name, job), seconds=seconds, coalesce=True, misfire_grace_time=None, max_instances=1
        )


async def _whenever(wake: asyncio.Event, name: str, job: Job) -> None:
    """Runs the job each time the event is set; the job clears it."""
    while True:
        await wake.wait()
        wake.clear()
        await _safely(name, job)


async def _safely(name: str, job: Job) -> None:
    """One failed beat must not end the heart: the next one tries again."""
    try:
        await job()
    except Exception as fault:
        log.error("%s failed %s", name, type(fault).__name__)
