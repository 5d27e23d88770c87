"""Slow questions: asked outside any transaction, and the answer brought back to the step that waits for it."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from itertools import count
from typing import Any

from bot import posting
from bot.clock import Clock, stopwatch
from bot.counters import CONSULTATIONS, Counters
from bot.dispatcher import Dispatcher
from bot.posting import Posted
from bot.routing import Routed
from bot.turns import Actor, Occasion, take_turn
from bot.wake import Wake
from conversations.actions import Action
from conversations.events import Consulted, Progress
from storage.database import Database
from storage.store import Store
from storage.tables import Consultation

log = logging.getLogger("flipside.consultation")

MOST_ATTEMPTS = 3
# Each holds one connection to the topic server for eight seconds at most.
TOPICS_AT_ONCE = 8
# Longer than the largest matching takes: nobody is at a question that waits for so long and is not under way here.
LEFT_AFTER = timedelta(minutes=5)
FAULT = "It did not work out this time. Nothing was changed; please try again in a little while."

Handler = Callable[[Database, Mapping[str, Any]], Awaitable[Any]]
"""Answers one kind of question from ids. Raises ConsultationFault with words for people, or anything else."""

Tell = Callable[[Progress], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Live:
    """A handler that says how far it is while it works."""

    answer: Callable[[Database, Mapping[str, Any], Tell], Awaitable[Any]]


class ConsultationFault(Exception):
    """The question cannot be answered, and its words say why to the person who asked. No second try."""


class Consultations:
    """Rows are picked up after the commit that wrote them, and at start; each is done when its answer's turn committed.

    `wake` is set when a turn has written some.
    """

    def __init__(
        self, database: Database, dispatcher: Dispatcher, handlers: Mapping[str, Handler | Live], clock: Clock
    ) -> None:
        self.wake = Wake()
        # The engine has one for all its parts.
        self.counters = Counters()
        # What an earlier process left is looked at first of all.
        self.wake.set()
        self._database = database
        self._dispatcher = dispatcher
        self._handlers = handlers
        self._clock = clock
        self._under_way: set[int] = set()
        self._nothing_under_way = asyncio.Event()
        self._nothing_under_way.set()
        # Each change of a card is a message of its own.
        self._told = count()
        # A matching of minutes must not keep somebody waiting who asked for a topic.
        self._places: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(1))
        self._places["topics"] = asyncio.Semaphore(TOPICS_AT_ONCE)

    @property
    def kinds(self) -> Sequence[str]:
        """What may be asked."""
        return sorted(self._handlers)

    async def run_waiting(self) -> int:
        """Answers every question that waits and that nobody here is at already. Returns how many were tried.

        Questions of different kinds do not wait for each other; of one kind, one after the other.
        """
        total = 0
        self.wake.clear()
        while ran := await self._round():
            total += ran
        return total

    async def look_again(self) -> None:
        """What was left is picked up: the database was away when it was answered, or another process died at it."""
        before = self._clock.now() - LEFT_AFTER
        waiting = await self._database.read(lambda store: store.consultations.waiting())
        if any(row.created_at < before and row.id not in self._under_way for row in waiting):
            self.wake.set()

    async def finish(self) -> None:
        """Waits for what somebody else is at, such as the heartbeat."""
        await self._nothing_under_way.wait()

    async def _round(self) -> int:
        waiting = await self._database.read(lambda store: store.consultations.waiting())
        mine = [row for row in waiting if row.id not in self._under_way]
        self._under_way.update(row.id for row in mine)
        if mine:
            self._nothing_under_way.clear()
        return sum(await asyncio.gather(*(self._in_its_place(row) for row in mine)))

    async def _in_its_place(self, row: Consultation) -> bool:
        try:
            async with self._places[row.what]:
                return await self._run(row.id)
        finally:
            self._under_way.discard(row.id)
            if not self._under_way:
                self._nothing_under_way.set()

    async def _run(self, consultation_id: int) -> bool:
        """Tells whether it was ours to do: another process may have it, or have done it meanwhile."""
        taken = stopwatch()
        row = await self._database.write(lambda store: store.consultations.begin(consultation_id), clock=True)
        if row is None:
            return False
        answer = await self._ask(row)
        if answer is not None:
            answer = replace(answer, seconds=taken() / 1000, shown_under=posting.meanwhile_key(row.id))
        outcome = "again" if answer is None else await self._answered(row, answer)
        kind = row.what if row.what in self._handlers else "other"
        self.counters.add(CONSULTATIONS, of=f"{kind}/{outcome.replace(' ', '_')}")
        log.info("%s ms=%.0f %s", row.what, taken(), outcome)
        return True

    async def _ask(self, row: Consultation) -> Consulted | None:
        """The answer; None when it is worth another try."""
        try:
            match self._handlers[row.what]:
                case Live(answer):
                    return Consulted(await answer(self._database, row.about, partial(self._tell, row)))
                case handler:
                    return Consulted(await handler(self._database, row.about))
        except ConsultationFault as fault:
            return Consulted(fault=str(fault))
        except Exception as fault:
            log.error("%s attempt=%d failed %s", row.what, row.attempts, type(fault).__name__)
            return Consulted(fault=FAULT) if row.attempts >= MOST_ATTEMPTS else None

    async def _tell(self, row: Consultation, progress: Progress) -> None:
        """Changes the card that is shown meanwhile: a courtesy, so that a fault in it stops nothing."""
        now = self._clock.now()
        event = Consulted(progress, shown_under=posting.meanwhile_key(row.id))
        number = f"consultation/{row.id}/{row.attempts}.{next(self._told)}"
        occasion = Occasion(event, Routed(Action.unpack(row.then)), number)

        def work(store: Store) -> Posted | None:
            if store.consultations.take(row.id) is None:
                return None
            person, coordinator = store.people.with_rights(row.person_id)
            return take_turn(self._dispatcher.house, store, Actor(person, coordinator), occasion, now)

        try:
            posted = await self._database.write(work, clock=True)
        except Exception as fault:
            log.warning("%s progress failed %s", row.then.partition("?")[0], type(fault).__name__)
            return
        if posted is not None:
            self._dispatcher.wake(posted)

    async def _answered(self, row: Consultation, answer: Consulted) -> str:
        now = self._clock.now()

        def work(store: Store) -> Posted | None:
            waiting = store.consultations.take(row.id)
            if waiting is None:
                return None
            person, coordinator = store.people.with_rights(waiting.person_id)
            occasion = Occasion(answer, Routed(Action.unpack(waiting.then)), f"consultation/{waiting.id}")
            posted = take_turn(self._dispatcher.house, store, Actor(person, coordinator), occasion, now)
            waiting.state = "done"
            return posted

        try:
            posted = await self._database.write(work)
        except Exception as fault:
            log.error("%s answer failed %s", row.then.partition("?")[0], type(fault).__name__)
            return await self._answer_failed(row, answer)
        if posted is not None:
            self._dispatcher.wake(posted)
        return "fault" if answer.fault else "ok"

    async def _answer_failed(self, row: Consultation, answer: Consulted) -> str:
        """The step could not take the answer: asked again later, told as a fault, and at last given up."""
        if not answer.fault and row.attempts >= MOST_ATTEMPTS:
            return await self._answered(row, Consulted(fault=FAULT))
        if answer.fault:
            await self._database.write(lambda store: store.consultations.give_up(row.id), clock=True)
            return "given up"
        return "again"
