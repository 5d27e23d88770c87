"""A platform that was away comes back: everything that waited goes, to everybody."""

from datetime import timedelta

from adapters.platform import Refused
from bot.outgoing import READY_AT_ONCE
from storage.database import Database
from storage.store import Store
from tests.guarantees.introductions import MINUTE, MONDAY
from tests.guarantees.test_delivery_d10_d14 import both_platforms, queue

PEOPLE = 70
MORE_EACH = READY_AT_ONCE // PEOPLE + 1


async def test_d8_what_waits_behind_another_try_does_not_stop_the_outbox(sqlite_database: Database) -> None:
    """More of it is due than is looked at together, and its own first try is not due yet."""
    engine, slack, _ = both_platforms(sqlite_database)
    sqlite_database.write_now(lambda store: queue(store, "slack", PEOPLE, delivery="must_arrive"))
    slack.judge = lambda to, card: Refused("not_connected")
    await engine.delivery.deliver_due()
    sqlite_database.write_now(lambda store: say_more(store, MORE_EACH))
    slack.judge = lambda to, card: None
    await engine.time_travel(engine.clock).advance(MONDAY + 2 * MINUTE)
    assert len(slack.log) == PEOPLE * (1 + MORE_EACH)


def say_more(store: Store, each: int) -> None:
    """To everybody for whom something waits already. It was due before that is tried again."""
    for first in store.outbox.everything():
        for number in range(each):
            same = {"kind", "delivery", "prompted", "person_id", "card"}
            values = {column: getattr(first, column) for column in same}
            store.outbox.add(f"{first.key}/{number}", MONDAY + timedelta(seconds=1), values)
