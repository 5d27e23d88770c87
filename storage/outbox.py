"""Messages that must reach somebody."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import (
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    update,
)

from storage.delivery_ids import DeliveryIds
from storage.subject import Subject
from storage.tables import OutboxMessage

# Why a message waits, where it is not for its moment or its next try.
NO_ACCOUNT, OUT_OF_HOURS, BUDGET, HELD = "no_account", "out_of_hours", "budget", "held"
# Why one was dropped, or waits for another try: nobody knows whether it arrived.
UNCERTAIN = "uncertain"
MOST_CHARACTERS = 200
# Kinds that begin so go to somebody as a coordinator.
AS_COORDINATOR = "coordinator_"


class Label(NamedTuple):
    """What kind of message it is, for whoever counts messages."""

    kind: str
    prompted: bool
    pair_id: int | None


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

    def group(self, key: str) -> Sequence[int]:
        """Who is in the group that this message is for."""
        found = self._session.scalar(select(OutboxMessage.group_ids).where(OutboxMessage.key == fitting(key)))
        return [int(each) for each in found or ()]

    def waiting(self, now: datetime) -> Sequence[OutboxMessage]:
        """Messages that may go now, oldest first."""
        may_go = OutboxMessage.state == "waiting", OutboxMessage.not_before <= now
        return self._session.scalars(select(OutboxMessage).where(*may_go).order_by(OutboxMessage.id)).all()

    def hurry(self, person_id: int, now: datetime) -> bool:
        """What waited because this person could not be reached may go now; or is looked for, if it may have gone."""
        waiting = OutboxMessage.state == "waiting", OutboxMessage.person_id == person_id
        reason = case((OutboxMessage.sending_since.is_(None), ""), else_=UNCERTAIN)
        return self._change(and_(*waiting, OutboxMessage.reason == NO_ACCOUNT), {"not_before": now, "reason": reason})

    def drop(self, keys: Iterable[str], reason: str, now: datetime) -> None:
        """Messages that nobody needs any more. One that may have arrived is looked for, and not sent again."""
        wanted = [fitting(key) for key in keys]
        self._drop_unsent(wanted, reason, now)
        # What waits yet is in doubt.
        on_its_way = OutboxMessage.key.in_(wanted), OutboxMessage.state.in_(("sending", "waiting"))
        self._change(and_(*on_its_way), {"expires_at": now})

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

    def drop_about(self, person_ids: Collection[int], pair_ids: Collection[int], reason: str, now: datetime) -> None:
        """What waits for one of these people about one of these pairs, and for a group chat of one of the pairs."""
        theirs = or_(OutboxMessage.person_id.in_(person_ids), OutboxMessage.person_id.is_(None))
        on_its_way = OutboxMessage.state == "sending"
        # One statement: between two, a post that is turned away would come back to wait.
        self._change(
            and_(OutboxMessage.pair_id.in_(pair_ids), theirs, OutboxMessage.state.in_(("waiting", "sending"))),
            {
                "state": case((on_its_way, OutboxMessage.state), else_="dropped"),
                "reason": case((on_its_way, OutboxMessage.reason), else_=reason),
                "settled_at": case(
                    (on_its_way, OutboxMessage.settled_at), else_=literal(now, OutboxMessage.settled_at.type)
                ),
                # Should it not get there, it is not tried again.
                "expires_at": case(
                    (on_its_way, literal(now, OutboxMessage.expires_at.type)), else_=OutboxMessage.expires_at
                ),
            },
        )

    def give_back(self, keys: Iterable[str], reason: str, now: datetime) -> None:
        """Messages that never went out give their keys back, so that the same may be written anew, up to date."""
        wanted = [fitting(key) for key in keys]
        self._drop_unsent(wanted, reason, now)
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

    def _drop_unsent(self, keys: Collection[str], reason: str, now: datetime) -> None:
        surely = or_(OutboxMessage.attempts == 0, OutboxMessage.reason != UNCERTAIN)
        self._change(
            and_(OutboxMessage.key.in_(keys), OutboxMessage.state == "waiting", surely),
            {"state": "dropped", "reason": reason, "settled_at": now},
        )

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
def _next_moment() -> Select[datetime]:
    waits = OutboxMessage.state == "waiting", OutboxMessage.reason != NO_ACCOUNT
    return select(func.min(OutboxMessage.not_before)).where(*waits, OutboxMessage.not_before > bindparam("after"))
