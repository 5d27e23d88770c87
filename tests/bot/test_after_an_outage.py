"""What was away comes back, a platform or the database: everything that waited goes, to everybody, and once."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from adapters.platform import CannotLook, Refused
from bot import one_by_one
from bot.outgoing import READY_AT_ONCE
from storage.database import Database, PlainWork, Work
from storage.store import Store
from tests.bot.test_delivery import BO, CHIDI, NOW, Office
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


class Leaving(Database):
    """So many writes from now on find nobody there."""

    away = 0

    def _is_there(self) -> None:
        if self.away:
            self.away -= 1
            raise OperationalError("UPDATE outbox", None, Exception("server closed the connection"))

    def write_now(self, work: Work[Any]) -> Any:
        self._is_there()
        return super().write_now(work)

    def write_plainly_now(self, work: PlainWork[Any]) -> Any:
        self._is_there()
        return super().write_plainly_now(work)


@pytest.mark.parametrize("writes", [2, 9])
async def test_what_was_posted_while_the_database_went_away_does_not_come_twice(
    writes: int, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nobody can look back, as on Teams: only the one who posted it knows that it arrived."""
    monkeypatch.setattr(one_by_one, "AGAIN_SECONDS", 0.0)
    database = Leaving(database_url)
    here = Office(database)
    await here.open("ana", "bo", "chidi")
    for person in (BO, CHIDI):
        await here.tell(person)

    async def goes_away() -> None:
        here.slack.meanwhile = None
        database.away = writes

    here.slack.meanwhile = goes_away
    await here.deliver()
    here.clock.move_to(NOW + timedelta(minutes=2))
    await here.engine.delivery.recover()
    await here.travel.advance(NOW + timedelta(minutes=5))
    assert here.states == ["sent", "sent"]
    assert len(here.slack.log) == 2
    database.close()


@pytest.fixture
async def in_doubt(database: Database) -> Office:
    """Nobody knows that Bo got a message, and Slack does not say."""
    here = Office(database)
    here.slack.shows_history = True
    await here.open("ana", "bo")
    here.slack.forgets = 1
    await here.tell(BO)
    await here.deliver()
    here.slack.blind = CannotLook("internal_error")
    return here


async def test_a_doubt_that_nobody_can_settle_holds_up_what_comes_after_it_for_an_hour_at_most(
    in_doubt: Office,
) -> None:
    await in_doubt.tell(BO)
    await in_doubt.travel.advance(NOW + timedelta(minutes=20))
    assert len(in_doubt.slack.messages_to("bo")) == 1
    await in_doubt.travel.advance(NOW + timedelta(minutes=80))
    assert len(in_doubt.slack.messages_to("bo")) == 2
    assert sorted(in_doubt.states) == ["sent", "waiting"]


async def test_whoever_has_moved_to_the_other_platform_gets_what_is_in_doubt_there_within_the_hour(
    in_doubt: Office,
) -> None:
    await in_doubt.tell(BO)
    del in_doubt.engine.platforms["slack"]
    in_doubt.clock.move_to(NOW + timedelta(minutes=5))
    in_doubt.teams.employ("29:bo", email="bo@larkspur.example", timezone="Europe/London")
    await in_doubt.teams.arrive("29:bo")
    await in_doubt.travel.advance(NOW + timedelta(minutes=80))
    assert in_doubt.states == ["sent", "sent"]
    assert len(in_doubt.teams.messages_to("29:bo")) == 2


async def test_what_is_written_while_an_earlier_one_is_on_its_way_goes_right_after_it(database: Database) -> None:
    here = Office(database)
    here.slack.shows_history = True
    await here.open("ana", "bo")
    await here.tell(BO)

    async def meanwhile() -> None:
        here.slack.meanwhile = None
        await here.tell(BO)
        # The heartbeat looks, and finds nothing that may go yet.
        assert await here.engine.delivery.begin_due() == []

    here.slack.meanwhile = meanwhile
    for drain in await here.engine.delivery.begin_due():
        await drain
    assert here.engine.delivery.wake.is_set()
    for drain in await here.engine.delivery.begin_due():
        await drain
    assert here.states == ["sent", "sent"]
