"""Which messages may go now, in the order in which they do, and which would overtake an earlier one."""

from datetime import timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from storage.outbox import BUDGET, HELD, NO_ACCOUNT, OUT_OF_HOURS, UNCERTAIN
from storage.tables import Account, OutboxMessage

# A doubt whose next look is further away than this was looked at in vain for most of an hour (`bot.looking_back`):
# what comes after it does not wait for that.
SOON = timedelta(minutes=5)


class Ready(NamedTuple):
    """A message whose time has come, and whose lane it is in: one lane sends one message at a time."""

    id: int
    person_id: int | None
    group_ids: list[Any] | None
    place: str | None
    is_edit: bool = False
    has_file: bool = False
    unasked: bool = False
    in_doubt: bool = False

    @property
    def lane(self) -> str:
        if self.person_id is not None:
            return f"person {self.person_id}"
        return f"group {self.group_ids}" if self.group_ids else f"place {self.place}"


# Built once, since building a statement costs more than running it.


@cache
def ready_messages(only_doubts: bool) -> Select[*tuple[Any, ...]]:
    """With `now`, `soon` (SOON later), and `most` of each workspace."""
    waits = aliased(OutboxMessage)
    doubt = and_(waits.reason == UNCERTAIN, waits.changes_key.is_(None))
    urgent = case((or_(waits.prompted, waits.delivery == "must_arrive"), 0), else_=1)
    order = urgent, waits.not_before, waits.id
    # To look takes longer than to send, so that doubts take no place of what may go.
    place = func.row_number().over(partition_by=(_queue(waits), doubt), order_by=order).label("place_in_queue")
    # What `take` would not give out takes no place of what may go: else, after an outage, it took all of them. Here it
    # is asked of all that wait, so what is in the way is read once: one by one took seconds for thousands to a person.
    first = select(OutboxMessage.person_id, func.min(OutboxMessage.id).label("id")).where(
        OutboxMessage.state.in_(("waiting", "sending")), _is_in_the_way(OutboxMessage)
    )
    in_the_way = first.group_by(OutboxMessage.person_id).subquery()
    ranked = (
        select(waits.id, place, urgent.label("urgent"), doubt.label("in_doubt"))
        .outerjoin(in_the_way, in_the_way.c.person_id == waits.person_id)
        .where(waits.state == "waiting", waits.not_before <= bindparam("now"), *([doubt] if only_doubts else []))
        .where(or_(in_the_way.c.id.is_(None), in_the_way.c.id >= waits.id))
        .subquery()
    )
    columns = OutboxMessage.id, OutboxMessage.person_id, OutboxMessage.group_ids, OutboxMessage.place
    return (
        select(
            *columns,
            OutboxMessage.changes_key.is_not(None),
            OutboxMessage.file.is_not(None),
            OutboxMessage.prompted.is_(False),
            ranked.c.in_doubt,
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


def overtakes_none(message: Any) -> ColumnElement[bool]:
    """No earlier one to the same person is on its way or waits for another try. With `soon`."""
    earlier = aliased(OutboxMessage)
    # A CASE, so that it is looked for among the person's messages and not among all that wait: in a burst PostgreSQL
    # still believes that hardly any wait, and read them all for each message (2 ms for 14 messages).
    in_the_way = case((_is_in_the_way(earlier), 1), else_=0)
    return ~exists().where(earlier.person_id == message.person_id, earlier.id < message.id, in_the_way == 1)


def _is_in_the_way(message: Any) -> ColumnElement[bool]:
    """It is on its way, or waits for another try: what comes after it would overtake it."""
    tried = message.attempts > 0, message.reason.not_in((NO_ACCOUNT, OUT_OF_HOURS, BUDGET, HELD))
    endless = and_(message.reason == UNCERTAIN, message.not_before > bindparam("soon"))
    return or_(message.state == "sending", and_(message.state == "waiting", *tried, ~endless))
