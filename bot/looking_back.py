"""Nobody knows whether a message arrived: the platform is asked what it shows, before anything is sent again."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.platform import CannotLook, Found, LookedBack, NotFound, Platform
from bot.claims import Doubt
from bot.clock import Clock
from bot.counters import COULD_NOT_LOOK, DOUBTS, FOUND, NOT_FOUND, REPEATED, Counters
from bot.crash_points import crash_here
from bot.endings import end
from bot.pace import Pace
from bot.settling import Settled
from bot.targets import Target, pack_target, platform_of, workspace_of
from conversations.contacts import Address
from storage.database import Database
from storage.outbox import UNCERTAIN
from storage.store import Store
from storage.tables import OutboxMessage

log = logging.getLogger("flipside.delivery")

LOOK_SECONDS = 20.0
# No message has this delivery id: a look for it tells whether we may look.
NOTHING = "nothing"
# A platform that cannot say now is asked again after this, and later after a tenth of the time that we have asked.
AGAIN = timedelta(seconds=30)
# After the first look, not after the message: that may be of last week, when the bot was off or a backup came back.
# While a chat cannot be read a post would hardly get through, so that what must arrive loses nothing by waiting.
GIVEN_UP_AFTER = {"nudge": timedelta(hours=1), "must_arrive": timedelta(days=1)}
OFF = "platform_off"
# Clocks differ, and a file takes its time on the way.
EARLIER = timedelta(minutes=10)
# A message that was sent again is looked at once more, much later than the platform should need.
LATE_LOOK = timedelta(minutes=2)
MOST_LATE_LOOKS = 1_000
# Whether a workspace lets us look is asked once in this time while it cannot say.
NOT_NOW = timedelta(minutes=1)
LATER = Settled("later")


@dataclass(frozen=True, slots=True)
class LateLook:
    """A message that went out again, and when its chat is looked at once more."""

    at: datetime
    doubt: Doubt


class LookingBack:
    """Settles doubts, and counts what came twice all the same."""

    def __init__(
        self, database: Database, platforms: Mapping[str, Platform], clock: Clock, pace: Pace, counters: Counters
    ) -> None:
        self._database = database
        self._platforms = platforms
        self._clock = clock
        self._pace = pace
        self._counters = counters
        self._late: list[LateLook] = []
        # When each doubt that is not settled was looked at first, by the message's id.
        self._first_looks: dict[int, datetime] = {}
        self._shown: dict[str, bool] = {}
        # Workspaces that could not say whether we may look, and when they are asked again.
        self._asked_again: dict[str, datetime] = {}

    async def can_look(self, to: Target, now: datetime) -> bool:
        """Whether doubts about messages to this kind of chat can be settled. Asks once for each workspace, and once a
        minute while that cannot say.
        """
        if not isinstance(to, Address):
            return False
        workspace = workspace_of(to)
        if workspace not in self._shown:
            if not to.route:
                # Their chat would have to be opened first; somebody whose chat is known will come.
                return False
            if now < self._asked_again.get(workspace, now):
                return False
            match await self._look(Doubt(0, "", to, NOTHING, now)):
                case Found() | NotFound():
                    self._shown[workspace] = True
                case CannotLook(for_good=True):
                    self._shown[workspace] = False
                case CannotLook(retry_after=wait):
                    pause = NOT_NOW if wait is None else timedelta(seconds=wait)
                    self._asked_again[workspace] = self._clock.now() + pause
                    return False
        return self._shown[workspace]

    async def settle(self, doubt: Doubt) -> None:
        """Found: it is sent. Not found: it may go again. Nobody can say: a nudge is better lost than doubled."""
        crash_here("rec_before")
        self._counters.add(DOUBTS)
        first = self._first_looks.setdefault(doubt.id, self._clock.now())
        seen = await self._look(doubt)
        crash_here("rec_after_read")
        now = self._clock.now()
        settled = await self._database.write(lambda store: _settle(store, doubt, seen, first, now), clock=True)
        crash_here("rec_after_mark")
        if settled != LATER:
            self._first_looks.pop(doubt.id, None)
        self._count(doubt, seen, now)
        log.info("delivery kind=%s platform=%s doubt: %s", doubt.kind, platform_of(doubt.to), settled.word)

    async def late_looks(self, now: datetime) -> None:
        """What was sent again because the platform had not shown it in time is on a screen twice: that is counted."""
        due = [each for each in self._late if each.at <= now]
        self._late = [each for each in self._late if each.at > now]
        for each in due:
            match await self._look(each.doubt):
                case Found(times=times) if times > 1:
                    self._repeated(each.doubt, times - 1)
                case _:
                    pass

    async def _look(self, doubt: Doubt) -> LookedBack:
        platform = self._platforms.get(platform_of(doubt.to))
        if platform is None:
            return CannotLook(OFF)
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                seen = await platform.look_back(doubt.to, doubt.delivery_id, doubt.since - EARLIER)
        except Exception as fault:
            return CannotLook(type(fault).__name__)
        if isinstance(seen, CannotLook) and seen.retry_after is not None:
            self._pace.hold(doubt.to, self._clock.now() + timedelta(seconds=seen.retry_after), seen.method)
        return seen

    def _count(self, doubt: Doubt, seen: LookedBack, now: datetime) -> None:
        match seen:
            case Found(times=times):
                self._counters.add(FOUND)
                self._repeated(doubt, times - 1)
            case NotFound():
                self._counters.add(NOT_FOUND)
                if len(self._late) < MOST_LATE_LOOKS:
                    self._late.append(LateLook(now + LATE_LOOK, doubt))
            case CannotLook():
                self._counters.add(COULD_NOT_LOOK)

    def _repeated(self, doubt: Doubt, times: int) -> None:
        if times > 0:
            self._counters.add(REPEATED, times, of=platform_of(doubt.to))
            log.warning("delivery kind=%s platform=%s came twice", doubt.kind, platform_of(doubt.to))


def _settle(store: Store, doubt: Doubt, seen: LookedBack, first: datetime, now: datetime) -> Settled:
    message = store.sending.doubtful(doubt.id)
    if message is None:
        return Settled("settled by another")
    match seen:
        case Found(ref):
            message.state, message.reason, message.settled_at = "sent", "", now
            message.sent_to, message.ref = pack_target(doubt.to), ref
            return Settled("found")
        case NotFound():
            message.reason, message.not_before = "", now
            return Settled("not found")
        case CannotLook(retry_after=float() | int() as wait):
            message.not_before = now + timedelta(seconds=wait)
            return LATER
        case CannotLook(reason, for_good=False) if now < _given_up_at(message, reason, first):
            message.not_before = now + max(AGAIN, (now - first) / 10)
            return LATER
        case CannotLook(reason) if message.delivery == "must_arrive":
            message.reason, message.not_before = "", now
            return Settled(f"again, {reason}")
        case CannotLook(reason):
            end(store, message, "dropped", UNCERTAIN, now)
            return Settled(f"dropped, {reason}")


def _given_up_at(message: OutboxMessage, reason: str, first: datetime) -> datetime:
    """Whatever is old news by then is not waited for any longer. A platform that the operator took away hardly comes
    back, and the person may be on the other one.
    """
    end_of_patience = first + GIVEN_UP_AFTER["nudge" if reason == OFF else message.delivery]
    return min(end_of_patience, message.expires_at or end_of_patience)
