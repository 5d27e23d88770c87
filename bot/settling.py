"""After a message was sent, or not: what became of it, and what follows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from adapters.platform import Delivered, Refused, Sent, Uncertain
from bot.allowance import LOOK_AGAIN
from bot.claims import Claim
from bot.endings import end, tell_author
from bot.targets import Target, pack_target
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
    for each in some:
        _remember_route(store, each)
    ours = store.sending.move([arrival for each in some if (arrival := arrival_of(each))])
    return [
        arrived(each.claim.id in ours)
        if isinstance(each.sent, Delivered)
        else _settle(store, each.claim, each.sent, shown_after, each.now)
        for each in some
    ]


def arrival_of(settle: ToSettle) -> Arrived | None:
    """What is to be written of a message that arrived; None when it did not."""
    if not isinstance(settle.sent, Delivered):
        return None
    claim, to = settle.claim, pack_target(_where(settle.claim, settle.sent))
    return Arrived(claim.id, claim.attempts, claim.lease, to, settle.sent.ref, settle.now)


def arrived(ours: bool) -> Settled:
    """`ours`: its sender could still write it down."""
    return Settled("sent" if ours else TAKEN_OVER)


def knows_better(settle: ToSettle) -> bool:
    """The platform said where this person is found next time."""
    return isinstance(settle.sent, Delivered) and _where(settle.claim, settle.sent) != settle.claim.to


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


def _where(claim: Claim, sent: Delivered) -> Target:
    return replace(claim.to, route=sent.route) if isinstance(claim.to, Address) and sent.route else claim.to


def _remember_route(store: Store, settle: ToSettle) -> None:
    to = settle.claim.to
    if knows_better(settle) and isinstance(to, Address) and isinstance(settle.sent, Delivered):
        account = store.accounts.find(to.platform, to.tenant, to.user)
        if account is not None:
            account.route = settle.sent.route


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
    message.reason, message.not_before, message.sending_since = NO_ACCOUNT, now + LOOK_AGAIN, None
    tell_author(store, message, now)


def _later(message: OutboxMessage, reason: str, retry_after: float | None, now: datetime) -> None:
    wait = timedelta(seconds=retry_after) if retry_after is not None else backoff(message.attempts, message.delivery_id)
    message.state, message.reason, message.not_before = "waiting", reason[:120], now + wait


def backoff(attempts: int, delivery_id: str) -> timedelta:
    """5 s, 10 s, 20 s ... an hour, and up to half more by the delivery id, so that many do not come back at once."""
    wait = min(FIRST_RETRY * 2.0 ** min(attempts - 1, 10), LONGEST_RETRY)
    jitter = int.from_bytes(sha256(f"{delivery_id}/{attempts}".encode()).digest()[:2], "big") / 65_535
    return wait * (1 + jitter / 2)
