"""Who does not want to be disturbed right now is asked of the platform, before a message that nobody asked for."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from adapters.platform import Platform
from bot.endings import wait
from bot.outgoing import Outgoing
from conversations.contacts import Address
from storage.database import Database
from storage.outbox import OUT_OF_HOURS, UNCERTAIN
from storage.store import Store

log = logging.getLogger("flipside.delivery")

ASK_SECONDS = 2.0
# Whoever has switched it on for good is asked again every day, until the message has lost its worth.
LONGEST = timedelta(days=1)


async def is_put_off(database: Database, platforms: Mapping[str, Platform], outgoing: Outgoing, now: datetime) -> bool:
    """Whether the message waits from now on, since the person does not want to be disturbed."""
    ready, to = outgoing.ready, outgoing.to
    platform = platforms.get(to.platform) if isinstance(to, Address) else None
    if platform is None or not isinstance(to, Address) or not ready.unasked or ready.is_edit or outgoing.only_look:
        return False
    until = await _quiet_until(platform, to)
    if until is None or until <= now:
        return False
    latest = min(until, now + LONGEST)
    return await database.write(lambda store: _put_off(store, ready.id, latest, now), clock=True)


def _put_off(store: Store, message_id: int, until: datetime, now: datetime) -> bool:
    taken = store.sending.take([message_id], now).get(message_id)
    if taken is not None and taken.message.reason == UNCERTAIN:
        # It may be there already: to find out disturbs nobody.
        return False
    if taken is not None and taken.message.not_before <= now:
        wait(store, taken.message, until, OUT_OF_HOURS, now)
    return True


async def _quiet_until(platform: Platform, to: Address) -> datetime | None:
    """Nobody's message is lost because a platform does not say: it goes as if nobody minded."""
    try:
        async with asyncio.timeout(ASK_SECONDS):
            return await platform.quiet_until(to)
    except Exception as fault:
        log.warning("do-not-disturb platform=%s %s", platform.name, type(fault).__name__)
        return None
