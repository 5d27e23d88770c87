"""The bot without its surroundings: turns, calendar, outbox and consultations, wired over one database."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial

from adapters.platform import Platform
from bot.clock import Clock, VirtualClock
from bot.consultations import Consultations, Handler, Live
from bot.delivery import Delivery, Patience
from bot.dispatcher import Dispatcher
from bot.files import Files
from bot.nudges import Nudges
from bot.pace import Pace
from bot.time_travel import TimeTravel
from conversations.content import Content
from conversations.flow import Flow
from storage.database import Database
from storage.store import Store

# Slack repeats an event for 24 hours at the most (delayed events); the rest is for a weekend's outage of our own.
INBOX_KEPT = timedelta(days=3)


class Engine:
    """`run`, `demo`, `simulate` and the tests all drive this one."""

    def __init__(
        self,
        database: Database,
        platforms: Iterable[Platform],
        *,
        flows: Iterable[Flow],
        content: Content,
        clock: Clock,
        handlers: Mapping[str, Handler | Live] | None = None,
        pace: Pace | None = None,
        patience: Patience | None = None,
        suggests: bool = False,
    ) -> None:
        self.database = database
        self.clock = clock
        self.platforms = {platform.name: platform for platform in platforms}
        flows = tuple(flows)
        self.files = Files(database, flows, content, clock)
        self.dispatcher = Dispatcher(database, flows, content, self.platforms, clock, suggests=suggests)
        self.nudges = Nudges(database, self.dispatcher)
        self.delivery = Delivery(database, self.platforms, clock, self.files, pace=pace, patience=patience)
        self.consultations = Consultations(database, self.dispatcher, handlers or {}, clock)
        self.counters = self.dispatcher.counters = self.consultations.counters = self.delivery.counters
        self.dispatcher.on_messages = self.delivery.wake.set
        self.dispatcher.on_consultations = self.consultations.wake.set

    async def start(self) -> None:
        """Settles what an earlier process left half-way, then lets the platforms call in."""
        self.delivery.start()
        await self.delivery.recover(everything=self.database.is_alone())
        await self.database.sweep()
        for platform in self.platforms.values():
            await platform.start(self.dispatcher)

    async def stop(self) -> None:
        """Takes in nothing more, waits for what is under way, and lets another process send."""
        await self.delivery.stop()
        for platform in self.platforms.values():
            await platform.stop()

    async def forget(self) -> None:
        """Lets go of inbox rows that no platform repeats any more, and of all that was kept long enough."""
        before = (self.clock.now() - INBOX_KEPT).date()

        def work(store: Store) -> None:
            store.inbox.forget(before)
            self.files.forget(store)

        await self.database.write(work, clock=True)
        now = self.clock.now()
        await self.database.write(lambda store: store.retention.let_go(now), clock=True)
        for ids in await self.database.read(lambda store: store.retention.messages()):
            await self.database.write(partial(_let_go_of_texts, now=now, ids=ids), clock=True)

    def time_travel(self, clock: VirtualClock) -> TimeTravel:
        """For a virtual clock: what moves it. `clock` is the one that the engine was made with."""
        return TimeTravel(self.database, clock, self.nudges, self.delivery, self.consultations)


def _let_go_of_texts(store: Store, now: datetime, ids: range) -> int:
    return store.retention.let_go_of_texts(now, ids)
