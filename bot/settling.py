"""After a message was sent, or not: what became of it, and what follows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from adapters.platform import Delivered, Refused, Sent, Uncertain
from bot.allowance import LOOK_AGAIN
from bot.claims import Claim, ToBegin
from bot.endings import end, tell_author
from bot.targets import pack_target
from conversations.contacts import Address, Group, Place
from storage.outbox import NO_ACCOUNT, UNCERTAIN
from storage.sending import Arrived
from storage.store import Store
from storage.tables import OutboxMessage

FIRST_RETRY = timedelta(seconds=5)
LONGEST_RETRY = timedelta(hours=1)
TAKEN_OVER = "taken_over"


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of one attempt, as one word for the log."""

    word: str


@dataclass(frozen=True, slots=True)
class NotNeeded:
    """It was not sent, since there is nothing to send any more."""

    reason: str


@dataclass(frozen=True, slots=True)
class ToSettle:
    """A message that was tried, and how that went."""

    claim: Claim
    sent: Sent | NotNeeded
    now: datetime


def settle_all(store: Store, some: Sequence[ToSettle], shown_after: timedelta) -> Sequence[Settled]:
    """Writes each outcome down. When another process took a message over meanwhile, this one's word is not needed.

    `shown_after`: how long the platform may need to show a message that it took.
    """
    return settle_and_begin(store, some, (), shown_after)[0]


def settle_and_begin(
    store: Store, some: Sequence[ToSettle], following: Sequence[ToBegin], shown_after: timedelta
) -> tuple[Sequence[Settled], Collection[int]]:
    """The same, and marks those that follow as being sent, save what was changed since it was looked at: with ids of
    those that go.
    """
    arrived = [_arrived(store, each.claim, each.sent, each.now) for each in some if isinstance(each.sent, Delivered)]
    moved = store.sending.move([*arrived, *(each.beginning() for each in following)])
    settled = [
        Settled("sent" if each.claim.id in moved else TAKEN_OVER)
        if isinstance(each.sent, Delivered)
        else _settle(store, each.claim, each.sent, shown_after, each.now)
        for each in some
    ]
    return settled, moved


def _settle(
    store: Store, claim: Claim, sent: Refused | Uncertain | NotNeeded, shown_after: timedelta, now: datetime
) -> Settled:
    message = store.sending.by(claim.id, claim.lease.tag)
    if message is None:
        return Settled(TAKEN_OVER)
    match sent:
        case Refused(for_good=True):
            return _refused_for_good(store, message, claim, sent, now)
        case Refused():
            _later(message, sent.reason, sent.retry_after, now)
            return Settled(f"later {sent.reason}")
        case Uncertain():
            return settle_uncertain(message, shown_after, now)
        case NotNeeded(reason):
            end(store, message, "dropped", reason, now)
            return Settled(f"dropped {reason}")


def settle_uncertain(message: OutboxMessage, shown_after: timedelta, now: datetime) -> Settled:
    """It may have arrived. When the platform must have shown it, it is looked for before anything else happens."""
    again = backoff(message.attempts - 1, message.delivery_id) if message.attempts > 1 else shown_after
    message.state, message.reason, message.not_before = "waiting", UNCERTAIN, now + max(again, shown_after)
    return Settled("uncertain")


def _arrived(store: Store, claim: Claim, sent: Delivered, now: datetime) -> Arrived:
    to = claim.to
    if isinstance(to, Address) and sent.route and sent.route != to.route:
        to = replace(to, route=sent.route)
        account = store.accounts.find(to.platform, to.tenant, to.user)
        if account is not None:
            account.route = to.route
    return Arrived(claim.id, claim.attempts, claim.lease, pack_target(to), sent.ref, now)


def _refused_for_good(store: Store, message: OutboxMessage, claim: Claim, sent: Refused, now: datetime) -> Settled:
    match claim.to:
        case Group():
            # Each has the private card, with a button that opens their chat.
            end(store, message, "dropped", sent.reason, now)
        case Address() if not (sent.wrong_message or claim.update):
            _close(store, message, claim.to, sent.reason, now)
        case Address() | Place():
            end(store, message, "failed", sent.reason, now)
    return Settled(f"refused {sent.reason}")


def _close(store: Store, message: OutboxMessage, to: Address, reason: str, now: datetime) -> None:
    """This account cannot be reached; the message goes to the person's next one, or waits until they write."""
    account = store.accounts.find(to.platform, to.tenant, to.user)
    if account is not None:
        store.accounts.close(account, reason, now)
        store.flush()
    message.state, message.not_before = "waiting", now
    person = message.person_id
    if person is None or store.accounts.of_people([person]):
        return
    nobody = store.people.get(person)
    nobody.unreachable_since, nobody.unreachable_reason = now, reason[:80]
    message.reason, message.not_before = NO_ACCOUNT, now + LOOK_AGAIN
    tell_author(store, message, now)


def _later(message: OutboxMessage, reason: str, retry_after: float | None, now: datetime) -> None:
    wait = timedelta(seconds=retry_after) if retry_after is not None else backoff(message.attempts, message.delivery_id)
    message.state, message.reason, message.not_before = "waiting", reason[:120], now + wait


def backoff(attempts: int, delivery_id: str) -> timedelta:
    """5 s, 10 s, 20 s ... an hour, and up to half more by the delivery id, so that many do not come back at once."""
    wait = min(FIRST_RETRY * 2.0 ** min(attempts - 1, 10), LONGEST_RETRY)
    jitter = int.from_bytes(sha256(f"{delivery_id}/{attempts}".encode()).digest()[:2], "big") / 65_535
    return wait * (1 + jitter / 2)
