"""The outbox as its sender sees it: what may go now, what is on its way, and what became of it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, Update, and_, bindparam, case, exists, func, or_, select, update

from storage.engines import Plain
from storage.leases import Lease
from storage.outbox import UNCERTAIN
from storage.ready import SOON, Ready, overtakes_none, ready_messages
from storage.subject import Subject
from storage.tables import OutboxMessage, Program, SenderLease


class Unprompted(NamedTuple):
    """A message that somebody did not ask for, as the budget sees it."""

    id: int
    key: str
    kind: str
    state: str
    reason: str
    late: bool
    not_before: datetime
    expires_at: datetime | None
    sending_since: datetime | None
    settled_at: datetime | None

    @property
    def went_at(self) -> datetime | None:
        """When it went out, or may have; None when it surely did not."""
        if self.state == "sent":
            return self.settled_at
        return self.sending_since if self.state == "sending" or self.reason == UNCERTAIN else None


class Taken(NamedTuple):
    """A message that may be sent now. `held`: its program is on hold."""

    message: OutboxMessage
    held: bool


class Beginning(NamedTuple):
    """A message that is being sent from now on, by whoever has the lease: `to` is the packed target."""

    id: int
    attempt: int
    lease: Lease
    to: str
    at: datetime

    def move(self) -> Mapping[str, Any]:
        """Only a message that nobody has changed since it was taken."""
        as_taken = {"from_state": "waiting", "from_attempts": self.attempt - 1}
        nothing_yet = {"settled_at": None, "ref": None}
        return {**as_taken, **nothing_yet, "state": "sending", "sent_to": self.to, "sending_since": self.at}


class Arrived(NamedTuple):
    """A message that has arrived: `to` is the packed target, `ref` the platform's reference."""

    id: int
    attempt: int
    lease: Lease
    to: str
    ref: str
    at: datetime

    def move(self) -> Mapping[str, Any]:
        """Only a message that nobody has taken over since it was sent."""
        as_sent = {"from_state": "sending", "from_attempts": self.attempt}
        return {
            **as_sent,
            "state": "sent",
            "sent_to": self.to,
            "settled_at": self.at,
            "ref": self.ref,
            "sending_since": None,
        }


class Sending(Subject):
    """Messages from the moment on at which they may go."""

    def ready(self, now: datetime, limit: int, *, only_doubts: bool = False) -> Sequence[Ready]:
        """At most `limit` of each workspace, so that a long queue of one holds up no other, and as many in doubt. What
        somebody waits for comes before nudges, then the oldest first. `only_doubts`: nobody knows if they arrived.
        """
        wanted = {"now": now, "soon": now + SOON, "most": limit}
        return [Ready(*row) for row in self._session.execute(ready_messages(only_doubts), wanted)]

    def take(self, message_ids: Collection[int], now: datetime) -> Mapping[int, Taken]:
        """Those of the messages that still wait, that no other process has, and that would not overtake an earlier one
        to the same person that is on its way or waits for another try. Held until the end of this unit of work.
        """
        rows = self._session.execute(_take(), {"ids": message_ids, "soon": now + SOON})
        return {message.id: Taken(message, held_since is not None) for message, held_since in rows}

    def passed_over(self, message_ids: Collection[int], now: datetime) -> Collection[int]:
        """Those of the messages that `take` would have taken, had nobody else held their rows."""
        wanted = {"ids": message_ids, "soon": now + SOON}
        return self._session.scalars(_passed_over(), wanted).all() if message_ids else ()

    def unprompted_of(self, person_ids: Collection[int], since: datetime) -> Mapping[int, Sequence[Unprompted]]:
        """Each person's unprompted messages that wait, are on their way, or went out since then. Edits are none."""
        found: dict[int, list[Unprompted]] = {each: [] for each in person_ids}
        if found:
            for person_id, *row in self._session.execute(_unprompted_of(), {"people": list(found), "since": since}):
                found[person_id].append(Unprompted(*row))
        return found

    def by(self, message_id: int, owner: str) -> OutboxMessage | None:
        """The message that this owner is sending."""
        return self._session.scalar(
            select(OutboxMessage).where(
                OutboxMessage.id == message_id, OutboxMessage.state == "sending", OutboxMessage.owner == owner
            )
        )

    def move(self, some: Sequence[Beginning | Arrived]) -> Collection[int]:
        """See the function of this name."""
        self._session.flush()
        return move(self._session.connection(), some)

    def under_way(self) -> Sequence[int]:
        """Ids of messages that somebody began to send and has not settled."""
        return self._session.scalars(select(OutboxMessage.id).where(OutboxMessage.state == "sending")).all()

    def interrupted(self, message_ids: Collection[int]) -> Sequence[OutboxMessage]:
        """Those of these that are not settled yet, held until the end of this unit of work."""
        return self._session.scalars(
            select(OutboxMessage)
            .where(OutboxMessage.id.in_(message_ids), OutboxMessage.state == "sending")
            .order_by(OutboxMessage.id)
            .with_for_update(skip_locked=True)
        ).all()

    def doubtful(self, message_id: int) -> OutboxMessage | None:
        """The message, if it still waits because nobody knows whether it arrived. Held until the end of this unit."""
        return self._session.scalar(
            select(OutboxMessage)
            .where(OutboxMessage.id == message_id, OutboxMessage.state == "waiting", OutboxMessage.reason == UNCERTAIN)
            .with_for_update()
        )


def move(transaction: Plain, some: Sequence[Beginning | Arrived]) -> Collection[int]:
    """These are being sent, or have arrived; in one go, which costs little more than one of them. Returns the ids of
    those for which that is true: nobody was there before, and who begins may still send.
    """
    if not some:
        return ()
    rows = [
        {
            **{"id_": each.id, "owner": each.lease.tag, "attempts": each.attempt, **each.move()},
            **{"workspace_": each.lease.workspace, "holder": each.lease.owner, "fence_": each.lease.fence},
        }
        for each in some
    ]
    ids = [each.id for each in some]
    if transaction.execute(_move(), rows if len(rows) > 1 else rows[0]).rowcount == len(ids):
        return ids
    now = {row[0]: tuple(row[1:]) for row in transaction.execute(_moved(), {"ids": ids})}
    return [row["id_"] for row in rows if now.get(row["id_"]) == (row["state"], row["attempts"], row["owner"])]


# Every message needs these; built once, since building a statement costs more than running it.


@cache
def _take() -> Select[OutboxMessage, datetime | None]:
    return (
        _may_be_taken(OutboxMessage, Program.held_since)
        .outerjoin(Program, Program.id == OutboxMessage.program_id)
        .order_by(OutboxMessage.id)
        .with_for_update(skip_locked=True, of=OutboxMessage)
    )


@cache
def _passed_over() -> Select[int]:
    return _may_be_taken(OutboxMessage.id)


def _may_be_taken(*columns: Any) -> Select[*tuple[Any, ...]]:
    return select(*columns).where(
        OutboxMessage.id.in_(bindparam("ids", expanding=True)),
        # By their ids, and not among all that wait: see below.
        case((OutboxMessage.state == "waiting", 1), else_=0) == 1,
        overtakes_none(OutboxMessage),
    )


@cache
def _unprompted_of() -> Select[*tuple[Any, ...]]:
    went = and_(
        OutboxMessage.settled_at >= bindparam("since"),
        or_(OutboxMessage.state == "sent", OutboxMessage.reason == UNCERTAIN),
    )
    return select(OutboxMessage.person_id, *(getattr(OutboxMessage, each) for each in Unprompted._fields)).where(
        OutboxMessage.person_id.in_(bindparam("people", expanding=True)),
        ~OutboxMessage.prompted,
        OutboxMessage.changes_key.is_(None),
        or_(OutboxMessage.state.in_(("waiting", "sending")), went),
    )


@cache
def _move() -> Update:
    """On the table itself: of several rows at once SQLAlchemy's classes know only their keys."""
    outbox, leases = (table.metadata.tables[table.__tablename__] for table in (OutboxMessage, SenderLease))
    holder = leases.c.workspace == bindparam("workspace_"), leases.c.owner == bindparam("holder")
    may_send = exists().where(*holder, leases.c.fence == bindparam("fence_"))
    as_known = outbox.c.state == bindparam("from_state"), outbox.c.attempts == bindparam("from_attempts")
    ours = case((outbox.c.state == "sending", outbox.c.owner == bindparam("owner")), else_=may_send)
    plain = ("state", "attempts", "owner", "sent_to", "settled_at", "ref")
    since = func.coalesce(bindparam("sending_since", type_=outbox.c.sending_since.type), outbox.c.sending_since)
    changed: dict[str, Any] = {**{each: bindparam(each) for each in plain}, "reason": "", "sending_since": since}
    return update(outbox).where(outbox.c.id == bindparam("id_"), *as_known, ours).values(**changed)


@cache
def _moved() -> Select[*tuple[Any, ...]]:
    columns = OutboxMessage.id, OutboxMessage.state, OutboxMessage.attempts, OutboxMessage.owner
    return select(*columns).where(OutboxMessage.id.in_(bindparam("ids", expanding=True)))
