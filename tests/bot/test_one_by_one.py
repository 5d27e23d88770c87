"""Where nobody can look back, one message of a workspace is on its way at a time, and nothing is decided too early."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text

from adapters.platform import Refused, Uncertain
from bot.pace import Limit, Pace
from storage.database import Database, PlainWork, Work
from storage.store import Store
from storage.tables import OutboxMessage, SenderLease
from tests.bot.test_delivery import ANA, NOW, Office, mark

USERS = tuple(f"user{number:02}" for number in range(12))
FIRST, SECOND, THIRD = 2, 3, 4


class Counting(Database):
    """Counts its transactions."""

    writes = 0

    async def write(self, work: Work[Any], *, clock: bool = False) -> Any:
        self.writes += 1
        return await super().write(work, clock=clock)

    async def write_plainly(self, work: PlainWork[Any], *, clock: bool = False) -> Any:
        self.writes += 1
        return await super().write_plainly(work, clock=clock)


class Hall(Office):
    """Twelve people and Ana, who writes to them."""

    async def open(self, *users: str) -> None:
        await super().open("ana", *(users or USERS))

    async def tell_all(self, **args: str | int) -> None:
        for person in range(FIRST, FIRST + len(USERS)):
            await self.tell(person, **args)

    def on_its_way(self) -> int:
        return self.database.read_now(_sending)

    def during(self, number: int, act: Callable[[], Awaitable[object]]) -> None:
        """While so many messages have left, the last of them not yet arrived."""

        async def meanwhile() -> None:
            if self.slack.attempts == number:
                await act()

        self.slack.meanwhile = meanwhile

    def states_of(self, *people: int) -> list[str]:
        states = {row.person_id: row.state for row in self.rows()}
        return [states[each] for each in people]


def _sending(store: Store) -> int:
    rows = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.state == "sending")
    return store.people._session.scalar(rows) or 0


@pytest.fixture
async def hall(database: Database) -> Hall:
    found = Hall(database)
    await found.open()
    return found


async def test_d2_never_more_than_one_is_on_its_way_so_that_a_crash_leaves_one_in_doubt(hall: Hall) -> None:
    await hall.tell_all()
    seen: list[int] = []

    async def meanwhile() -> None:
        seen.append(hall.on_its_way())
        await asyncio.sleep(0)

    hall.slack.meanwhile = meanwhile
    await hall.deliver()
    assert seen == [1] * len(USERS)
    assert Counter(hall.states) == {"sent": len(USERS)}


async def test_each_message_costs_one_transaction_and_many_are_looked_at_in_one(sqlite_url: str) -> None:
    database = Counting(sqlite_url)
    hall = Hall(database)
    await hall.open()
    await hall.tell_all()
    database.writes = 0
    await hall.deliver()
    # Each is marked with the one before settled; the look, the last one settled, and the lease.
    assert (len(hall.slack.log), database.writes) == (len(USERS), len(USERS) + 3)
    database.close()


async def test_what_is_cancelled_while_others_are_sent_does_not_go(hall: Hall) -> None:
    await hall.tell_all()
    keys = {row.person_id: row.key for row in hall.rows()}

    async def cancel() -> None:
        hall.database.write_now(lambda store: store.outbox.drop([keys[THIRD]], "cancelled", NOW))

    hall.during(1, cancel)
    await hall.deliver()
    assert hall.states_of(FIRST, SECOND, THIRD) == ["sent", "sent", "dropped"]
    assert len(hall.slack.log) == len(USERS) - 1


async def test_somebody_who_is_gone_meanwhile_gets_nothing_once_a_moment_has_passed(hall: Hall) -> None:
    """It changes no message: they are looked at again when that was too long ago."""
    await hall.tell_all(prompted="no")

    async def goes() -> None:
        mark(hall, SECOND, gone_since=NOW)
        hall.clock.move_to(hall.clock.now() + timedelta(seconds=1))

    hall.during(1, goes)
    await hall.deliver()
    assert hall.states_of(FIRST, SECOND, THIRD) == ["sent", "dropped", "sent"]


async def test_whoever_lost_the_lease_meanwhile_sends_nothing_more(hall: Hall) -> None:
    await hall.tell_all()

    def take_over(store: Store) -> None:
        for lease in store.people._session.scalars(select(SenderLease)):
            lease.owner, lease.fence = "somebody else", lease.fence + 1

    async def taken() -> None:
        hall.database.write_now(take_over)

    hall.during(1, taken)
    await hall.deliver()
    assert hall.slack.attempts == 1
    # What had left is still its sender's to settle, until the other one takes it over.
    assert hall.states == ["sent"] + ["waiting"] * (len(USERS) - 1)


@pytest.mark.parametrize("shows_history", [False, True])
async def test_a_lease_that_was_lost_and_is_free_again_lets_no_message_overtake_another(
    hall: Hall, shows_history: bool
) -> None:
    hall.slack.shows_history = shows_history
    for user in USERS:
        await hall.slack.say(user, "open")
    await hall.tell(FIRST)
    await hall.deliver()
    for person in (FIRST, FIRST, FIRST, SECOND, SECOND, THIRD):
        await hall.tell(person)

    def pass_by(store: Store) -> None:
        for lease in store.people._session.scalars(select(SenderLease)):
            lease.owner, lease.fence, lease.until = "somebody else", lease.fence + 1, NOW

    hall.database.write_now(pass_by)
    await hall.deliver()
    ids = [row.delivery_id for row in hall.rows()]
    assert Counter(hall.states) == {"sent": 7}
    for user in USERS[:3]:
        order = [ids.index(message.delivery_id) for message in hall.slack.messages_to(user)]
        assert order == sorted(order)


async def test_a_message_that_cannot_be_looked_at_holds_up_none_of_those_beside_it(hall: Hall) -> None:
    await hall.tell_all()

    def spoil(store: Store) -> None:
        [spoilt] = [row for row in store.outbox.everything() if row.person_id == SECOND]
        # There is no such pair.
        spoilt.kind, spoilt.pair_id = "introduction", 999

    hall.database.write_now(spoil)
    await hall.deliver()
    assert hall.states_of(FIRST, SECOND, THIRD) == ["sent", "waiting", "sent"]
    assert len(hall.slack.log) == len(USERS) - 1


async def test_what_was_sent_is_written_down_although_the_following_one_cannot_be_marked(hall: Hall) -> None:
    await hall.tell_all()
    [wrong] = [row.id for row in hall.rows() if row.person_id == SECOND]
    hall.database.write_now(lambda store: _forbid(store, wrong, on_sqlite=hall.database.is_sqlite))
    await hall.deliver()
    assert hall.states_of(FIRST, SECOND, THIRD) == ["sent", "waiting", "sent"]
    assert Counter(message.delivery_id for message in hall.slack.log).most_common(1)[0][1] == 1
    assert len(hall.slack.log) == len(USERS) - 1


def _forbid(store: Store, message_id: int, *, on_sqlite: bool) -> None:
    """The database itself refuses to have this message marked as being sent."""
    when = f"WHEN (NEW.id = {message_id} AND NEW.state = 'sending')"
    if on_sqlite:
        made = [f"CREATE TRIGGER never BEFORE UPDATE ON outbox {when} BEGIN SELECT RAISE(ABORT, 'never'); END"]
    else:
        refuse = "BEGIN RAISE EXCEPTION 'never'; END"
        made = [
            f"CREATE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS $$ {refuse} $$",
            f"CREATE TRIGGER never BEFORE UPDATE ON outbox FOR EACH ROW {when} EXECUTE FUNCTION never()",
        ]
    for statement in made:
        store.people._session.execute(text(statement))


async def test_something_urgent_that_comes_meanwhile_goes_before_the_rest(hall: Hall) -> None:
    await hall.tell_all(prompted="no", delivery="nudge")
    urgent: list[int] = []

    async def write() -> None:
        await hall.tell(ANA)
        urgent.append(hall.rows()[-1].id)
        # As the loop of the bot does when it was woken.
        await hall.engine.delivery.begin_due()

    hall.during(1, write)
    await hall.deliver()
    order = {row.delivery_id: row.id for row in hall.rows()}
    gone = [order[message.delivery_id] for message in hall.slack.log]
    assert len(gone) == len(USERS) + 1
    assert gone.index(urgent[0]) == 1


async def test_whoever_waits_until_all_is_sent_waits_for_what_somebody_else_began(hall: Hall) -> None:
    """As in the demo, where the loop of the bot and a journey through time look at once."""
    on_teams = range(SECOND, SECOND + 4)
    for person in on_teams:
        user = USERS[person - FIRST]
        hall.teams.employ(f"29:{user}", email=f"{user}@larkspur.example")
        hall.clock.move_to(hall.clock.now() + timedelta(minutes=1))
        await hall.teams.arrive(f"29:{user}")
    for person in (FIRST, *on_teams):
        await hall.tell(person)
    delivery, released = hall.engine.delivery, asyncio.Event()

    async def slow() -> None:
        await released.wait()

    async def meanwhile() -> None:
        if hall.teams.attempts == 1:
            await delivery.begin_due()
        if hall.teams.attempts == 2:
            released.set()
            # Long enough for whoever waits to be told.
            for _ in range(100):
                await asyncio.sleep(0)

    async def loop() -> None:
        while True:
            await delivery.wake.wait()
            await delivery.begin_due()

    hall.slack.meanwhile, hall.teams.meanwhile = slow, meanwhile
    async with asyncio.TaskGroup() as group:
        looping = group.create_task(loop())
        await asyncio.wait_for(delivery.deliver_due(), 30)
        states = Counter(hall.states)
        looping.cancel()
    assert states == {"sent": 1 + len(on_teams)}


async def test_whoever_waits_until_all_is_sent_does_not_rely_on_another_that_was_woken_and_is_slow(hall: Hall) -> None:
    """The loop of the bot clears the event and runs what is due, before it looks at what is ready."""
    await hall.tell_all()
    delivery = hall.engine.delivery
    hall.during(1, delivery.begin_due)

    async def slow_loop() -> None:
        while True:
            await delivery.wake.wait()
            delivery.wake.clear()

    async with asyncio.TaskGroup() as group:
        looping = group.create_task(slow_loop())
        group.create_task(delivery.begin_due())
        await asyncio.sleep(0)
        await asyncio.wait_for(delivery.deliver_due(), 30)
        states = Counter(hall.states)
        looping.cancel()
    assert states == {"sent": len(USERS)}


@pytest.mark.parametrize("outcome", [Uncertain("timeout"), Refused("not_now"), Refused("blocked", for_good=True)])
async def test_what_did_not_arrive_holds_up_only_its_own_lane(hall: Hall, outcome: Uncertain | Refused) -> None:
    await hall.tell_all(delivery="nudge")
    hall.slack.outcomes.append(outcome)
    await hall.deliver()
    assert hall.slack.attempts == len(USERS)
    assert hall.states_of(FIRST, SECOND) == ["waiting", "sent"]
    assert len(hall.slack.log) == len(USERS) - 1


async def test_what_the_pace_holds_back_is_not_marked_and_goes_when_there_is_room(sqlite_database: Database) -> None:
    hall = Hall(sqlite_database, Pace({"slack": Limit(4, 60)}))
    await hall.open()
    await hall.tell_all()
    await hall.deliver()
    assert Counter(hall.states) == {"sent": 4, "waiting": len(USERS) - 4}
    assert {row.attempts for row in hall.rows() if row.state == "waiting"} == {0}
    await hall.travel.advance(NOW + timedelta(minutes=10))
    assert Counter(hall.states) == {"sent": len(USERS)}
    assert Counter(message.at for message in hall.slack.log).most_common(1)[0][1] == 4
