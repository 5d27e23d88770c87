"""Moving a virtual clock so that a jump looks lived through: everything happens at its own moment, in order."""

from datetime import datetime, timedelta

from bot.clock import VirtualClock
from bot.consultations import Consultations
from bot.delivery import Delivery
from bot.nudges import Nudges
from storage.database import Database

# With a horizon of three weeks nothing falls due in between that the last plan did not see, save what people do.
PLAN_EVERY = timedelta(days=1)


class TimeTravel:
    """What the demo's clock and the simulation use in place of the heartbeat."""

    def __init__(
        self,
        database: Database,
        clock: VirtualClock,
        nudges: Nudges,
        delivery: Delivery,
        consultations: Consultations,
        *,
        plan_every: timedelta = PLAN_EVERY,
    ) -> None:
        self._database = database
        self._clock = clock
        self._nudges = nudges
        self._delivery = delivery
        self._consultations = consultations
        self._plan_every = plan_every
        self._planned_at = clock.now()
        # How often somebody had asked something when we last looked for an answer.
        self._asked = 0

    async def advance(self, target: datetime) -> None:
        """Moves the clock to `target`, stopping at every moment when something is due. Never backwards."""
        await self._plan()
        await self.settle()
        while self._clock.now() < target:
            await self._live_through(await self._next_stop(target))

    async def _next_stop(self, target: datetime) -> datetime:
        """Never past the next plan: it may find something that is due before the one after it."""
        stops = await self._next_due(), self._planned_at + self._plan_every, target
        return min(moment for moment in stops if moment is not None)

    async def step(self, limit: datetime) -> datetime:
        """Lives through the next due moment, or `limit` if that comes first; returns it. Plans once a day only.

        Whoever did something since has settled it: what is still being sent is due at no moment, and would be left
        behind.
        """
        moment = await self._next_due()
        if moment is None or moment > limit:
            await self._plan_until(limit)
            self._clock.move_to(limit)
            return limit
        await self._live_through(moment)
        return moment

    async def next_moment(self) -> datetime | None:
        """When something happens next if nobody does anything; None when nothing is planned."""
        await self._plan()
        await self.settle()
        return await self._next_due()

    async def settle(self) -> None:
        """Does all that can be done without time passing."""
        begun = False
        # Whatever leaves something to do at once wakes us: to look once more would be a transaction for nothing.
        while self.is_woken or not begun:
            begun = True
            await self._answered()
            await self._nudges.run_due(self._clock.now())
            await self._delivery.deliver_due()

    @property
    def is_woken(self) -> bool:
        """A turn has left something to do at once; what is due later has a moment of its own."""
        return self._delivery.wake.is_set() or self._consultations.wake.times != self._asked

    async def _answered(self) -> None:
        """Every turn that asks something wakes the consultations, so there is no need to look at each moment."""
        if (asked := self._consultations.wake.times) != self._asked:
            self._asked = asked
            await self._consultations.run_waiting()
        await self._consultations.finish()

    async def _live_through(self, moment: datetime) -> None:
        await self._plan_until(moment)
        self._clock.move_to(moment)
        await self.settle()

    async def _plan_until(self, moment: datetime) -> None:
        while self._planned_at + self._plan_every <= moment:
            self._clock.move_to(self._planned_at + self._plan_every)
            await self._plan()
            await self.settle()

    async def _plan(self) -> None:
        self._planned_at = self._clock.now()
        await self._nudges.plan_nudges(self._planned_at)

    async def _next_due(self) -> datetime | None:
        """The first moment after now at which a nudge or a message is due, or the pace lets one go."""
        now = self._clock.now()
        moments = await self._database.read(
            lambda store: [store.nudges.next_moment(now), store.outbox.next_moment(now)]
        )
        moments.append(self._delivery.paced_until)
        return min((moment for moment in moments if moment is not None and moment > now), default=None)
