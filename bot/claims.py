"""Before a message is sent: may it go now, and where to? If so it is marked as being sent, and that is committed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.targets import Target, address_of, by_person, choose, unpack_target
from conversations.actions import Action
from conversations.cadence import calendar_of, next_open_for_all
from storage.nudges import Slot
from storage.outbox import NO_ACCOUNT, OUT_OF_HOURS
from storage.store import Store
from storage.tables import OutboxMessage, Person

# Somebody who has not arrived is looked for once a day; when they write, what waits goes at once.
LOOK_AGAIN = timedelta(days=1)
# How long a message waits for another one that is on its way this very moment.
SOON = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that is being sent. `card` is packed; `update` is the reference of the message to change."""

    id: int
    kind: str
    to: Target
    card: str
    delivery_id: str
    update: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Nowhere:
    """The person has no account that we know; their e-mail may find one."""

    person: int
    email: str


@dataclass(frozen=True, slots=True)
class Way:
    """Where to, and what to change there."""

    to: Target
    update: str = ""


def claim(store: Store, message_id: int, owner: str, now: datetime) -> Claim | Nowhere | None:
    """The message, marked as being sent; Nowhere or None when it does not go now: then it is later, or never."""
    message = store.outbox.take(message_id)
    if message is None or message.not_before > now:
        return None
    if message.expires_at is not None and message.expires_at <= now:
        end(store, message, "dropped", "expired", now)
        return None
    found = _way(store, message, now)
    if not isinstance(found, Way):
        return found
    message.state, message.reason, message.owner = "sending", "", owner
    message.attempts, message.sending_since = message.attempts + 1, now
    return Claim(
        message.id, message.kind, found.to, message.card or "", message.delivery_id, found.update, message.attempts
    )


def end(store: Store, message: OutboxMessage, state: str, reason: str, now: datetime) -> None:
    """The message will not be sent (again)."""
    message.state, message.reason, message.settled_at = state, reason[:120], now
    if state == "failed" or reason == "expired":
        tell_author(store, message, now)


def tell_author(store: Store, message: OutboxMessage, now: datetime) -> None:
    """Whoever caused a message that cannot arrive hears of it, once, if they asked to."""
    if message.failed_action and message.author_id:
        action = Action.unpack(message.failed_action)
        slot = Slot(message.author_id, now, message.failed_action)
        store.nudges.put(f"failed/{message.delivery_id}", action.flow, slot)


def _way(store: Store, message: OutboxMessage, now: datetime) -> Way | Nowhere | None:
    if message.changes_key is not None:
        return _edit(store, message, now)
    if message.group_ids is not None:
        return _to_group(store, message, now)
    if message.person_id is not None:
        return _to_person(store, message, now)
    target = choose(None, None, message.place, {})
    return Way(target) if target else None


def _edit(store: Store, message: OutboxMessage, now: datetime) -> Way | None:
    changed = store.outbox.with_key(message.changes_key or "")
    if changed is not None and changed.state == "sent" and changed.sent_to and changed.ref:
        return Way(unpack_target(changed.sent_to), changed.ref)
    if changed is not None and changed.state in {"sending", "waiting"}:
        message.not_before = now + SOON
    else:
        end(store, message, "dropped", "superseded", now)
    return None


def _to_person(store: Store, message: OutboxMessage, now: datetime) -> Way | Nowhere | None:
    person, accounts = store.people.with_accounts(message.person_id or 0)
    if not _is_open(store, message, [person], now):
        return None
    if accounts:
        return Way(address_of(accounts[0]))
    message.reason, message.not_before = NO_ACCOUNT, now + LOOK_AGAIN
    return Nowhere(person.id, person.email or "")


def _to_group(store: Store, message: OutboxMessage, now: datetime) -> Way | None:
    """Only after each has their own card, and only where one group chat can hold them all."""
    members = [int(each) for each in message.group_ids or ()]
    base = message.key.removesuffix("/group")
    states = store.outbox.states(f"{base}/{each}" for each in members).values()
    if any(state in {"dropped", "failed"} for state in states):
        end(store, message, "dropped", "superseded", now)
        return None
    if any(state != "sent" for state in states):
        own_cards = store.outbox.last_moment(f"{base}/{each}" for each in members)
        message.not_before = max(now + SOON, own_cards or now)
        return None
    target = choose(None, members, None, by_person(store.accounts.of_people(members)))
    if target is None:
        end(store, message, "dropped", "not_applicable", now)
        return None
    people = store.people.by_ids(members).values()
    return Way(target) if _is_open(store, message, people, now) else None


def _is_open(store: Store, message: OutboxMessage, people: Iterable[Person], now: datetime) -> bool:
    """Unasked, only in working hours; otherwise the message waits for the next ones, or falls away before."""
    calendars = [calendar_of(person) for person in people]
    if message.prompted or all(calendar.is_open(now) for calendar in calendars):
        return True
    opens = calendars[0].next_open(now) if len(calendars) == 1 else next_open_for_all(calendars, now)
    if opens is None or (message.expires_at is not None and message.expires_at <= opens):
        end(store, message, "dropped", "no_shared_hours" if opens is None else "expired", now)
    else:
        message.reason, message.not_before = OUT_OF_HOURS, opens
    return False
