"""Messages that a process left half-way: whoever may send to their workspace now finds out what became of them."""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.leases import Leases
from bot.settling import settle_uncertain
from bot.targets import unpack_target, workspace_of
from storage.database import Database
from storage.store import Store
from storage.tables import OutboxMessage

log = logging.getLogger("flipside.delivery")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who recovers. `alone`: no other process works on this database, so whoever else sent is dead.

    `under_way`: what it is sending itself. `forgotten`: after this, nobody is sending a message any more, and what was
    sent is shown.
    `shown_after`: how long a platform may need to show a message that it took.
    """

    leases: Leases
    under_way: Collection[int]
    forgotten: timedelta
    shown_after: timedelta
    alone: bool = False


async def recover(database: Database, sender: Sender, now: datetime) -> int:
    """Returns how many messages were left half-way."""
    if sender.alone:
        await database.write(lambda store: store.leases.end_all(now), clock=True)
    if await database.read(lambda store: store.installation.is_restored()):
        await database.write(lambda store: store.installation.doubt_what_is_new(), clock=True)
    begun = await database.read(lambda store: store.sending.under_way())
    left = [each for each in begun if each not in sender.under_way]
    return await database.write(lambda store: _put_back(store, left, sender, now), clock=True) if left else 0


def _put_back(store: Store, left: Collection[int], sender: Sender, now: datetime) -> int:
    found = [each for each in store.sending.interrupted(left) if _is_left(store, each, sender, now)]
    for message in found:
        word = settle_uncertain(message, _until_shown(message, sender, now), now).word
        log.warning("delivery kind=%s interrupted: %s", message.kind, word)
    return len(found)


def _until_shown(message: OutboxMessage, sender: Sender, now: datetime) -> timedelta:
    """Its process was silent for a lease already: what it posted is on the screen soon after that, if not before."""
    since = message.sending_since or now
    return min(sender.shown_after, max(since + sender.forgotten - now, timedelta()))


def _is_left(store: Store, message: OutboxMessage, sender: Sender, now: datetime) -> bool:
    """Only whoever holds the lease of its workspace may say so; then another process's claim means that it died."""
    if message.id in sender.under_way:
        return False
    old = message.sending_since is None or now - message.sending_since > sender.forgotten
    if not message.sent_to:
        return sender.alone or old
    lease = sender.leases.take(store, workspace_of(unpack_target(message.sent_to)), now)
    return lease is not None and (old or message.owner != lease.tag)
