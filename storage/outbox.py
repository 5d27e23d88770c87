"""Messages that must reach somebody."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    Update,
    and_,
    bindparam,
    case,
    cast,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import aliased

from storage.delivery_ids import DeliveryIds
from storage.subject import Subject
from storage.tables import Account, OutboxMessage, Program

# Why a message waits, where it is not for its moment or its next try.
NO_ACCOUNT, OUT_OF_HOURS, BUDGET, HELD = "no_account", "out_of_hours", "budget", "held"
# Why one was dropped, or waits for another try: nobody knows whether it arrived.
UNCERTAIN = "uncertain"
MOST_CHARACTERS = 200
# Kinds that begin so go to somebody as a coordinator.
AS_COORDINATOR = "coordinator_"


class Ready(NamedTuple):
    """A message whose time has come, and whose lane it is in: one lane sends one message at a time."""

    id: int
    person_id: int | None
    group_ids: list[Any] | None
    place: str | None
    is_edit: bool = False
    has_file: bool = False
    unasked: bool = False

    @property
    def lane(self) -> str:
        if self.person_id is not None:
            return f"person {self.person_id}"
        return f"group {self.group_ids}" if self.group_ids else f"place {self.place}"


class Label(NamedTuple):
    """What kind of message it is, for whoever counts messages."""

    kind: str
    prompted: bool
    pair_id: int | None


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


class Arrived(NamedTuple):
    """A message that its owner has sent: `to` is the packed target, `ref` the platform's reference."""

    id: int
    owner: str
    to: str
    ref: str
    at: datetime


class Taken(NamedTuple):
    """A message that may be sent now. `held`: its program is on hold."""

    message: OutboxMessage
    held: bool


class Outbox(Subject):
    """Messages that must reach somebody."""

    def add(self, key: str, now: datetime, values: Mapping[str, Any]) -> bool:
        """Writes a message down; one with this key already stays as it is. Tells whether it is new."""
        return self._insert_if_new(OutboxMessage, self._row(key, now, values))

    def add_all(self, messages: Iterable[tuple[str, Mapping[str, Any]]], now: datetime) -> int:
        """The same of many, by key: tells how many are new. In this order, which is that of their ids."""
        return self._insert_new(OutboxMessage, [self._row(key, now, values) for key, values in messages])

    def _row(self, key: str, now: datetime, values: Mapping[str, Any]) -> dict[str, Any]:
        delivery_id = DeliveryIds(self._session).of(key, values.get("card"))
        return {"not_before": now, "created_at": now, "delivery_id": delivery_id, **values, "key": fitting(key)}

    def with_key(self, key: str) -> OutboxMessage | None:
        """Held until the end of this unit of work."""
        return self._session.scalar(_with_key(), {"key": fitting(key)})

    def everything(self) -> Sequence[OutboxMessage]:
        """Oldest first."""
        return self._session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()

    def sent_at(self, key: str) -> datetime | None:
        """When this message arrived; None when it has not."""
        return self._session.scalar(
            select(OutboxMessage.settled_at).where(OutboxMessage.key == fitting(key), OutboxMessage.state == "sent")
        )

    def written_at(self, key: str) -> datetime | None:
        """When this message was written down, whatever became of it."""
        return self._session.scalar(select(OutboxMessage.created_at).where(OutboxMessage.key == fitting(key)))

    def states(self, keys: Iterable[str]) -> Mapping[str, str]:
        """The state of each of these that exists."""
        wanted = [fitting(key) for key in keys]
        return {key: state for key, state in self._session.execute(_states(), {"keys": wanted})}  # noqa: C416

    def last_moment(self, keys: Iterable[str]) -> datetime | None:
        """When the last of those of these that still wait may go."""
        wanted = [fitting(key) for key in keys]
        return self._session.scalar(
            select(func.max(OutboxMessage.not_before)).where(
                OutboxMessage.key.in_(wanted), OutboxMessage.state == "waiting"
            )
        )

    def ready(self, now: datetime, limit: int, *, only_doubts: bool = False) -> Sequence[Ready]:
        """At most `limit` of each workspace, so that a long queue of one holds up no other. What somebody waits for
        comes before nudges, then the oldest first. `only_doubts`: those of which nobody knows whether they arrived.
        """
        return [Ready(*row) for row in self._session.execute(_ready(only_doubts), {"now": now, "most": limit})]

    def take(self, message_ids: Collection[int]) -> Mapping[int, Taken]:
        """Those of the messages that still wait, that no other process has, and that would not overtake an earlier one
        to the same person that is on its way or waits for another try. Held until the end of this unit of work.
        """
        rows = self._session.execute(_take(), {"ids": message_ids})
        return {message.id: Taken(message, held_since is not None) for message, held_since in rows}

    def unprompted_of(self, person_ids: Collection[int], since: datetime) -> Mapping[int, Sequence[Unprompted]]:
        """Each person's unprompted messages that wait, are on their way, or went out since then. Edits are none."""
        found: dict[int, list[Unprompted]] = {each: [] for each in person_ids}
        if found:
            for person_id, *row in self._session.execute(_unprompted_of(), {"people": list(found), "since": since}):
                found[person_id].append(Unprompted(*row))
        return found

    def group(self, key: str) -> Sequence[int]:
        """Who is in the group that this message is for."""
        found = self._session.scalar(select(OutboxMessage.group_ids).where(OutboxMessage.key == fitting(key)))
        return [int(each) for each in found or ()]

    def sending(self, message_id: int, owner: str) -> OutboxMessage | None:
        """The message that this owner is sending."""
        return self._session.scalar(
            select(OutboxMessage).where(
                OutboxMessage.id == message_id, OutboxMessage.state == "sending", OutboxMessage.owner == owner
            )
        )

    def sent(self, arrived: Sequence[Arrived]) -> Collection[int]:
        """These arrived. Returns the ids of those that were still their owners' to settle."""
        if not arrived:
            return ()
        rows = [
            {"id_": each.id, "owner_": each.owner, "settled_at": each.at, "sent_to": each.to, "ref": each.ref}
            for each in arrived
        ]
        ids = [each.id for each in arrived]
        if getattr(self._session.execute(_sent(), rows), "rowcount", 0) == len(ids):
            return ids
        settled = {each: owner for each, owner in self._session.execute(_settled_by(), {"ids": ids})}  # noqa: C416
        return [each.id for each in arrived if settled.get(each.id) == each.owner]

    def waiting(self, now: datetime) -> Sequence[OutboxMessage]:
        """Messages that may go now, oldest first."""
        may_go = OutboxMessage.state == "waiting", OutboxMessage.not_before <= now
        return self._session.scalars(select(OutboxMessage).where(*may_go).order_by(OutboxMessage.id)).all()

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

    def hurry(self, person_id: int, now: datetime) -> bool:
        """What waited because this person could not be reached may go now."""
        waiting = OutboxMessage.state == "waiting", OutboxMessage.person_id == person_id
        return self._change(and_(*waiting, OutboxMessage.reason == NO_ACCOUNT), {"not_before": now, "reason": ""})

    def drop(self, keys: Iterable[str], reason: str, now: datetime) -> None:
        """Messages that were not sent yet and that nobody needs any more."""
        wanted = [fitting(key) for key in keys]
        self._change(
            and_(OutboxMessage.key.in_(wanted), OutboxMessage.state == "waiting", OutboxMessage.attempts == 0),
            {"state": "dropped", "reason": reason, "settled_at": now},
        )

    def drop_unprompted(
        self,
        person_id: int,
        reason: str,
        now: datetime,
        program_id: int | None = None,
        *,
        keep: Collection[str] = (),
    ) -> None:
        """What waits for a person unasked will not be sent: of one program, or of all. `keep`: kinds that stay.

        What they get as a coordinator stays, too. A group chat that waits for them goes with the rest.
        """
        for message in self._session.scalars(_waiting_unprompted(), {"person": person_id}).all():
            theirs = message.person_id == person_id or person_id in (message.group_ids or ())
            of_program = program_id is None or message.program_id == program_id
            kept = message.kind in keep or message.kind.startswith(AS_COORDINATOR)
            if theirs and of_program and not kept and message.state == "sending":
                # Its post is under way; should it not get there, it is not tried again.
                message.expires_at = now
            elif theirs and of_program and not kept:
                message.state, message.reason, message.settled_at = "dropped", reason[:120], now

    def give_back(self, keys: Iterable[str], reason: str, now: datetime) -> None:
        """Messages that never went out give their keys back, so that the same may be written anew, up to date."""
        self.drop(keys, reason, now)
        wanted = [fitting(key) for key in keys]
        given_back = "given-back/" + cast(OutboxMessage.id, String)
        self._change(
            and_(OutboxMessage.key.in_(wanted), OutboxMessage.state == "dropped"),
            {"key": given_back, "delivery_id": given_back},
        )

    def next_moment(self, after: datetime) -> datetime | None:
        """When the next one may go, leaving aside those that wait for a person to arrive."""
        return self._session.scalar(_next_moment(), {"after": after})

    def labels(self) -> Mapping[str, Label]:
        """Every message's label by delivery id; for the simulation."""
        rows = self._session.execute(
            select(OutboxMessage.delivery_id, OutboxMessage.kind, OutboxMessage.prompted, OutboxMessage.pair_id)
        )
        return {row[0]: Label(row[1], row[2], row[3]) for row in rows}

    def unreachable(self) -> Sequence[int]:
        """Ids of people for whom something waits that could not be delivered anywhere."""
        return self._session.scalars(
            select(OutboxMessage.person_id)
            .where(
                OutboxMessage.state == "waiting",
                OutboxMessage.reason == NO_ACCOUNT,
                OutboxMessage.person_id.is_not(None),
            )
            .distinct()
        ).all()  # type: ignore[return-value]

    def _change(self, condition: Any, values: Mapping[str, Any]) -> bool:
        result = self._session.execute(
            update(OutboxMessage).where(condition).values(**values).execution_options(synchronize_session=False)
        )
        return bool(getattr(result, "rowcount", 0))


def fitting(key: str) -> str:
    """The key as the column holds it: a long one as its hash, which is as unique."""
    return key if len(key) <= MOST_CHARACTERS else sha256(key.encode()).hexdigest()


# Every message needs these; built once, since building a statement costs more than running it.


@cache
def _with_key() -> Select[OutboxMessage]:
    return select(OutboxMessage).where(OutboxMessage.key == bindparam("key")).with_for_update()


@cache
def _states() -> Select[str, str]:
    there = OutboxMessage.key.in_(bindparam("keys", expanding=True))
    return select(OutboxMessage.key, OutboxMessage.state).where(there)


@cache
def _ready(only_doubts: bool) -> Select[*tuple[Any, ...]]:
    waits = aliased(OutboxMessage)
    doubt = and_(waits.reason == UNCERTAIN, waits.changes_key.is_(None))
    urgent = case((or_(waits.prompted, waits.delivery == "must_arrive"), 0), else_=1)
    order = urgent, waits.not_before, waits.id
    place = func.row_number().over(partition_by=_queue(waits), order_by=order).label("place_in_queue")
    ranked = (
        select(waits.id, place, urgent.label("urgent"))
        .where(waits.state == "waiting", waits.not_before <= bindparam("now"), *([doubt] if only_doubts else []))
        .subquery()
    )
    columns = OutboxMessage.id, OutboxMessage.person_id, OutboxMessage.group_ids, OutboxMessage.place
    return (
        select(
            *columns,
            OutboxMessage.changes_key.is_not(None),
            OutboxMessage.file.is_not(None),
            OutboxMessage.prompted.is_(False),
        )
        .join(ranked, ranked.c.id == OutboxMessage.id)
        .where(ranked.c.place_in_queue <= bindparam("most", type_=Integer))
        .order_by(ranked.c.urgent, OutboxMessage.not_before, OutboxMessage.id)
    )


def _queue(waits: Any) -> ColumnElement[str]:
    """Which workspace a message waits for: that of the account that its person used last."""
    account = (
        select(Account.platform + "/" + Account.tenant)
        .where(Account.person_id == waits.person_id, Account.closed_at.is_(None))
        .order_by(Account.last_used_at.desc(), Account.id)
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(account, waits.place, case((waits.person_id.is_(None), "group"), else_="nobody"))


@cache
def _take() -> Select[OutboxMessage, datetime | None]:
    earlier = aliased(OutboxMessage)
    tried = and_(
        earlier.state == "waiting",
        earlier.attempts > 0,
        earlier.reason.not_in((NO_ACCOUNT, OUT_OF_HOURS, BUDGET, HELD)),
    )
    # A CASE, so that it is looked for among the person's messages and not among all that wait: in a burst PostgreSQL
    # still believes that hardly any wait, and read them all for each message (2 ms for 14 messages).
    in_the_way = case((or_(earlier.state == "sending", tried), 1), else_=0)
    overtaken = select(earlier.id).where(
        earlier.person_id == OutboxMessage.person_id, earlier.id < OutboxMessage.id, in_the_way == 1
    )
    return (
        select(OutboxMessage, Program.held_since)
        .outerjoin(Program, Program.id == OutboxMessage.program_id)
        .where(
            OutboxMessage.id.in_(bindparam("ids", expanding=True)),
            OutboxMessage.state == "waiting",
            ~overtaken.exists(),
        )
        .order_by(OutboxMessage.id)
        .with_for_update(skip_locked=True, of=OutboxMessage)
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
def _waiting_unprompted() -> Select[OutboxMessage]:
    to_a_group = and_(OutboxMessage.person_id.is_(None), OutboxMessage.place.is_(None))
    return (
        select(OutboxMessage)
        .where(
            OutboxMessage.state.in_(("waiting", "sending")),
            ~OutboxMessage.prompted,
            or_(OutboxMessage.person_id == bindparam("person"), to_a_group),
        )
        .with_for_update()
    )


@cache
def _sent() -> Update:
    """On the table itself: of several rows at once SQLAlchemy's classes know only their keys."""
    outbox = OutboxMessage.metadata.tables[OutboxMessage.__tablename__]
    mine = outbox.c.id == bindparam("id_"), outbox.c.owner == bindparam("owner_")
    changed: dict[str, Any] = {each: bindparam(each) for each in ("settled_at", "sent_to", "ref")}
    return update(outbox).where(*mine, outbox.c.state == "sending").values(state="sent", reason="", **changed)


@cache
def _settled_by() -> Select[int, str]:
    these = OutboxMessage.id.in_(bindparam("ids", expanding=True))
    return select(OutboxMessage.id, OutboxMessage.owner).where(these, OutboxMessage.state == "sent")


@cache
def _next_moment() -> Select[datetime]:
    waits = OutboxMessage.state == "waiting", OutboxMessage.reason != NO_ACCOUNT
    return select(func.min(OutboxMessage.not_before)).where(*waits, OutboxMessage.not_before > bindparam("after"))
