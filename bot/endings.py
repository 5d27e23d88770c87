"""A message waits for another moment, or will not be sent any more: and whoever has to hear of that."""

from datetime import datetime

from bot.allowance import begins_silence, is_never_lost
from conversations.actions import Action
from storage.nudges import Slot
from storage.outbox import BUDGET, UNCERTAIN
from storage.store import Store
from storage.tables import OutboxMessage

EXPIRED = "expired"


def end(store: Store, message: OutboxMessage, state: str, reason: str, now: datetime) -> None:
    """The message will not be sent (again)."""
    message.state, message.reason, message.settled_at = state, reason[:120], now
    if message.person_id is not None and not message.prompted:
        _break_silence(store, message)
    if state == "failed" or reason == EXPIRED:
        tell_author(store, message, now)


def _break_silence(store: Store, message: OutboxMessage) -> None:
    """Nobody is left in peace because of a question that they never got."""
    person = store.people.get(message.person_id or 0)
    if message.reason != UNCERTAIN and begins_silence(person, message):
        person.silent_since = None


def tell_author(store: Store, message: OutboxMessage, now: datetime) -> None:
    """Whoever caused a message that cannot arrive hears of it, once, if they asked to."""
    if message.failed_action and message.author_id:
        action = Action.unpack(message.failed_action)
        slot = Slot(message.author_id, now, message.failed_action)
        store.nudges.put(f"failed/{message.delivery_id}", action.flow, slot)


def wait(store: Store, message: OutboxMessage, until: datetime, reason: str, now: datetime) -> None:
    """What would be stale by then falls away, save a change of partner: its life is longer by the wait."""
    if message.expires_at is not None and is_never_lost(message):
        message.expires_at += until - now
    if message.expires_at is not None and message.expires_at <= until:
        end(store, message, "dropped", "budget" if reason == BUDGET else EXPIRED, now)
    else:
        message.reason, message.not_before = reason, until
