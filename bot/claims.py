"""Before a message is sent: may it go now, and where to? If so it is marked as being sent, and that is committed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.allowance import (
    LOOK_AGAIN,
    Drop,
    Theirs,
    Verdict,
    Wait,
    counts,
    introduction_of,
    is_late,
    out_of_hours,
    over_budget,
    stopped,
)
from bot.crash_points import crash_here
from bot.endings import EXPIRED, end, wait
from bot.read_ahead import ReadAhead
from bot.targets import Target, address_of, by_person, choose, pack_target, unpack_target, workspace_of
from conversations.cadence import calendar_of
from storage.leases import Lease
from storage.outbox import NO_ACCOUNT, UNCERTAIN
from storage.sending import Beginning, Taken
from storage.store import Store
from storage.tables import OutboxMessage

# How long a message waits for another one that is on its way this very moment.
SOON = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that may be sent. `card` is packed; `update` is the reference of the message to change; `attempts`:
    this one counts.

    `file`: the request of the file that goes with it, and `person` whom it is made for.
    """

    id: int
    kind: str
    to: Target
    card: str
    delivery_id: str
    update: str
    attempts: int
    lease: Lease
    person: int | None = None
    file: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Nowhere:
    """The person has no account that we know; their e-mail may find one."""

    person: int
    email: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """A message that may have arrived. `since`: when its last attempt began."""

    id: int
    kind: str
    to: Target
    delivery_id: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Stale:
    """It was dropped, since by now it would be old news."""

    kind: str


@dataclass(frozen=True, slots=True)
class Way:
    """Where to, and what to change there."""

    to: Target
    update: str = ""


@dataclass(frozen=True, slots=True)
class Changed:
    """Somebody changed it, or took over the lease, just now: what comes after it must not overtake it."""


@dataclass(frozen=True, slots=True)
class Locked:
    """Somebody is changing it this very moment: neither it nor what comes after it goes until we look again."""


Claimed = Claim | Nowhere | Doubt | Stale | Changed | Locked | None
"""None: it does not go now, but later or never."""


@dataclass(frozen=True, slots=True)
class ToClaim:
    """A message that is ready. `lease`: for the workspace that we may send to; without one nothing goes."""

    id: int
    lease: Lease | None
    now: datetime


@dataclass(frozen=True, slots=True)
class ToBegin:
    """A message that may go, and the moment from which on it is being sent."""

    claim: Claim
    now: datetime

    def beginning(self) -> Beginning:
        # Whoever finds it half-way has to know where to look.
        return Beginning(self.claim.id, self.claim.attempts, self.claim.lease, pack_target(self.claim.to), self.now)


def claim_all(store: Store, some: Sequence[ToClaim]) -> Sequence[Claimed]:
    """Messages of different lanes: those that go now are marked as being sent."""
    for _ in some:
        crash_here("claim_in_tx")
    found = check_all(store, some)
    claims = [ToBegin(claim, each.now) for each, claim in zip(some, found, strict=True) if isinstance(claim, Claim)]
    begun = store.sending.move([each.beginning() for each in claims])
    return [Changed() if isinstance(each, Claim) and each.id not in begun else each for each in found]


def check_all(store: Store, some: Sequence[ToClaim]) -> Sequence[Claimed]:
    """Messages of different lanes: which may go now, and where to. Those are not marked yet, and whoever marks them
    sees whether the lease is still there."""
    if not some:
        return ()
    ahead = ReadAhead(store, [each.id for each in some], min(each.now for each in some))
    # Somebody may have said `hold` after these were found ready.
    held = store.installation.is_held()
    return [_check(store, ahead, each.id, None if held else each.lease, each.now) for each in some]


def _check(store: Store, ahead: ReadAhead, message_id: int, lease: Lease | None, now: datetime) -> Claimed:
    taken = ahead.taken(message_id)
    if taken is None and ahead.is_locked(message_id):
        return Locked()
    if taken is None or taken.message.not_before > now:
        return None
    claimed = _claim_if_due(store, ahead, taken, lease, now)
    is_stale = (taken.message.state, taken.message.reason) == ("dropped", EXPIRED)
    return Stale(taken.message.kind) if claimed is None and is_stale else claimed


def _claim_if_due(store: Store, ahead: ReadAhead, taken: Taken, lease: Lease | None, now: datetime) -> Claimed:
    message = taken.message
    if doubt := _doubt(store, message):
        return doubt
    if not message.prompted and is_late(message, now):
        message.late = True
    if message.expires_at is not None and message.expires_at <= now:
        end(store, message, "dropped", EXPIRED, now)
        return None
    found = _way(store, ahead, taken, now)
    if not isinstance(found, Way):
        return found
    if lease is None or workspace_of(found.to) != lease.workspace:
        return None
    _begin(store, message, now)
    return _claimed(message, found, lease)


def _begin(store: Store, message: OutboxMessage, now: datetime) -> None:
    """Day 0 of a pair is the day on which its mentor hears of it, also when the budget kept the card for a while."""
    if message.kind == "introduction" and message.pair_id is not None and message.person_id is not None:
        pair = store.pairs.get(message.pair_id)
        if message.person_id == pair.mentor_id:
            today = calendar_of(store.people.get(pair.mentor_id)).today(now)
            pair.started_on = max(pair.started_on, today)


def _claimed(message: OutboxMessage, found: Way, lease: Lease) -> Claim:
    return Claim(
        message.id,
        message.kind,
        found.to,
        message.card or "",
        message.delivery_id,
        found.update,
        message.attempts + 1,
        lease,
        message.person_id,
        message.file,
    )


def _doubt(store: Store, message: OutboxMessage) -> Doubt | None:
    """An edit may be made twice; of anything else we want to know first."""
    if message.reason != UNCERTAIN or message.sending_since is None or message.changes_key is not None:
        return None
    to = unpack_target(message.sent_to) if message.sent_to else _nearest(store, message)
    return Doubt(message.id, message.kind, to, message.delivery_id, message.sending_since) if to else None


def _nearest(store: Store, message: OutboxMessage) -> Target | None:
    """Where it would go now, since nothing says where it went."""
    people = [int(each) for each in message.group_ids or ()] or [message.person_id or 0]
    return choose(message.person_id, message.group_ids, message.place, by_person(store.accounts.of_people(people)))


def _way(store: Store, ahead: ReadAhead, taken: Taken, now: datetime) -> Way | Nowhere | None:
    message = taken.message
    if message.changes_key is not None:
        return _edit(store, message, now)
    if message.group_ids is not None:
        return _to_group(store, taken, now)
    if message.person_id is not None:
        return _to_person(store, ahead, taken, message.person_id, now)
    if not _passes(store, message, stopped(message, (), taken.held, now), now):
        return None
    target = choose(None, None, message.place, {})
    return Way(target) if target else None


def _edit(store: Store, message: OutboxMessage, now: datetime) -> Way | None:
    changed = store.outbox.with_key(message.changes_key or "")
    if changed is not None and changed.state == "sent" and changed.sent_to and changed.ref:
        return Way(unpack_target(changed.sent_to), changed.ref)
    if changed is not None and changed.state in {"sending", "waiting"}:
        message.not_before = max(now + SOON, changed.not_before)
    else:
        end(store, message, "dropped", "superseded", now)
    return None


def _to_person(store: Store, ahead: ReadAhead, taken: Taken, person_id: int, now: datetime) -> Way | Nowhere | None:
    message = taken.message
    person, accounts = ahead.person(person_id)
    verdict = stopped(message, [person], taken.held, now) or out_of_hours(message, [person], now)
    if not _passes(store, message, verdict, now):
        return None
    if not accounts:
        if message.reason not in {NO_ACCOUNT, UNCERTAIN}:
            # Whatever was tried did not arrive.
            message.sending_since = None
        message.reason, message.not_before = NO_ACCOUNT, now + LOOK_AGAIN
        return Nowhere(person.id, person.email or "")
    if counts(message):
        theirs, partners = Theirs(person, ahead.messages(person_id)), _still_to_hear(store, ahead, message)
        if not _passes(store, message, over_budget(message, theirs, partners, now), now):
            return None
    return Way(address_of(accounts[0]))


def _still_to_hear(store: Store, ahead: ReadAhead, message: OutboxMessage) -> Sequence[Theirs]:
    """Of those who are introduced with this private card, the others whose own card waits."""
    base = introduction_of(message)
    if not base:
        return ()
    others = [each for each in store.outbox.group(f"{base}/group") if each != message.person_id]
    states = store.outbox.states(f"{base}/{each}" for each in others)
    waiting = [each for each in others if states.get(f"{base}/{each}") == "waiting"]
    messages = ahead.messages_now(waiting)
    return [Theirs(person, messages[each]) for each, person in store.people.by_ids(waiting).items()]


def _to_group(store: Store, taken: Taken, now: datetime) -> Way | None:
    """Only after each has their own card, and only where one group chat can hold them all."""
    message = taken.message
    members = [int(each) for each in message.group_ids or ()]
    base = message.key.removesuffix("/group")
    states = store.outbox.states(f"{base}/{each}" for each in members).values()
    if any(state in {"dropped", "failed"} for state in states):
        end(store, message, "dropped", "superseded", now)
        return None
    if any(state != "sent" for state in states):
        own_cards = store.outbox.last_moment(f"{base}/{each}" for each in members)
        wait(store, message, max(now + SOON, own_cards or now), message.reason, now)
        return None
    target = choose(None, members, None, by_person(store.accounts.of_people(members)))
    if target is None:
        end(store, message, "dropped", "not_applicable", now)
        return None
    people = store.people.by_ids(members).values()
    verdict = stopped(message, people, taken.held, now) or out_of_hours(message, people, now)
    return Way(target) if _passes(store, message, verdict, now) else None


def _passes(store: Store, message: OutboxMessage, verdict: Verdict, now: datetime) -> bool:
    match verdict:
        case None:
            return True
        case Drop(reason):
            end(store, message, "dropped", reason, now)
        case Wait(until, reason):
            wait(store, message, until, reason, now)
    return False
