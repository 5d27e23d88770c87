"""Late visibility is counted, a restored backup sends nothing by itself, one platform never holds up another."""

import asyncio
import shutil
import signal
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.platform import Refused, Uncertain
from bot.clock import VirtualClock
from bot.counters import EXPIRED, REPEATED
from bot.delivery import Patience
from bot.engine import Engine
from bot.pace import Limit, Pace
from conversations.packing import pack_card
from storage.database import Database
from storage.installation import Installation
from storage.store import Store
from storage.tables import Account, Person
from tests.bot.test_budget import Company, Wish, at, flood
from tests.guarantees.introductions import MINUTE, MONDAY, morning
from tests.guarantees.office import slack_office
from tests.guarantees.process import bot
from tests.guarantees.scenarios import stopped_while_sending
from tests.support.fake_platform import FakePlatform
from tests.support.slack_server import Fault
from tests.support.tiny_flows import CONTENT, FLOWS, words


async def test_d5_what_slack_shows_much_too_late_comes_twice_and_is_counted(sqlite_database: Database) -> None:
    async with morning(sqlite_database, Patience(shown_after=timedelta(seconds=10))) as here:
        here.slack.shown_after = 3600
        here.slack.fail("chat.postMessage", Fault("drop", taken=True))
        here.post("first", person_id=here.hire(1))
        await here.travel.advance(MONDAY + MINUTE)
        assert [message.text for message in here.slack.messages] == ["first", "first"]
        here.slack.shown_after = 0
        await here.travel.advance(MONDAY + 5 * MINUTE)
        await here.engine.delivery.recover()
        assert here.engine.delivery.counters[REPEATED] == 1


@pytest.mark.parametrize("seconds", [0, 4, 9.5])
async def test_d5_what_slack_shows_within_the_settle_time_never_comes_twice(
    seconds: float, sqlite_database: Database
) -> None:
    async with morning(sqlite_database, Patience(shown_after=timedelta(seconds=10))) as here:
        here.slack.shown_after = seconds
        here.slack.fail("chat.postMessage", Fault("drop", taken=True), Fault("status", status=500, taken=True))
        for number in range(2):
            here.post(f"message {number}", person_id=here.hire(number))
        await here.travel.advance(MONDAY + 5 * MINUTE)
        assert sorted(message.text for message in here.slack.messages) == ["message 0", "message 1"]
        assert here.engine.delivery.counters[REPEATED] == 0


async def heard_after_an_outage(database: Database, ticks: int) -> tuple[list[tuple[str, str]], int]:
    """What each person reads after three days without a tick, and then so many within a minute; how much expired."""
    wishes: list[Wish] = []
    here = Company(database, [flood(wishes)])
    people = [here.hire(name) for name in ("ana", "bo", "chidi")]
    kinds = ("hello", "pulse", "check_in", "check_in_reminder")
    wishes += [Wish(who, at(1), kind, lasts=60) for who in people for kind in kinds]
    wishes += [Wish(people[0], at(1), "answer", lasts=1)]
    await here.engine.nudges.plan_nudges(here.clock.now())
    here.clock.move_to(at(1))
    await here.engine.nudges.run_due(here.clock.now())
    for tick in range(ticks):
        here.clock.move_to(at(4, 12) + timedelta(seconds=6 * tick))
        await here.engine.nudges.plan_nudges(here.clock.now())
        await here.engine.nudges.run_due(here.clock.now())
        await here.engine.delivery.deliver_due()
    heard = [(name, one.text) for name in here.zones for one in here.seen(name)]
    return sorted(heard), here.engine.delivery.counters[EXPIRED]


@pytest.mark.slow
async def test_d10_ten_ticks_in_a_minute_say_what_one_tick_says_and_what_expired_is_counted(
    sqlite_url: str, tmp_path: Path
) -> None:
    other = tmp_path / "other.db"
    shutil.copy(sqlite_url.removeprefix("sqlite:///"), other)
    heard = []
    for url, ticks in ((sqlite_url, 1), (f"sqlite:///{other}", 10)):
        database = Database(url)
        heard.append(await heard_after_an_outage(database, ticks))
        database.close()
    assert heard[0] == heard[1]
    said, expired = heard[0]
    assert Counter(name for name, _ in said) == {"ana": 1, "bo": 1, "chidi": 1}
    assert expired == 1


@pytest.mark.parametrize("outcome", [Refused("ratelimited", retry_after=20), Uncertain("timeout"), None])
@pytest.mark.parametrize("moment", ["before", "meanwhile", "after"])
async def test_d14_who_leaves_at_any_point_before_the_post_hears_nothing_more(
    moment: str, outcome: Refused | Uncertain | None, sqlite_database: Database
) -> None:
    """While it waits, while the first post is under way, and when that was turned away or nobody knows."""
    engine, slack, _ = both_platforms(sqlite_database)
    sqlite_database.write_now(lambda store: queue(store, "slack", 1))

    def leaves() -> None:
        sqlite_database.write_now(lambda store: store.outbox.drop_unprompted(1, "left", MONDAY))

    async def meanwhile() -> None:
        slack.meanwhile = None
        leaves()

    if moment == "before":
        leaves()
    elif moment == "meanwhile":
        slack.meanwhile = meanwhile
    slack.outcomes.extend([outcome] if outcome else [])
    await engine.delivery.deliver_due()
    if moment == "after":
        leaves()
    clock = engine.clock
    assert isinstance(clock, VirtualClock)
    await engine.time_travel(clock).advance(MONDAY + timedelta(days=1))
    went = outcome is None and moment != "before"
    assert len(slack.log) == went


async def test_d12_a_restored_backup_sends_nothing_until_resume_and_then_only_what_never_arrived(
    sqlite_url: str, tmp_path: Path
) -> None:
    file, backup = sqlite_url.removeprefix("sqlite:///"), tmp_path / "backup.db"
    database = Database(sqlite_url)
    async with morning(database) as here:
        people = [here.hire(number) for number in range(6)]
        for person in people:
            here.post(f"for {person}", person_id=person)
        database.close()
        shutil.copy(file, backup)
        here.database = database = Database(sqlite_url)
        # What the bot that wrote on did before it broke: all but two arrived.
        before = Engine(database, here.engine.platforms.values(), flows=FLOWS, content=CONTENT, clock=here.clock)
        here.slack.fail("chat.postMessage", *[Fault("status", status=503)] * 2)
        await before.delivery.deliver_due()
        arrived = len(here.slack.messages)
        assert arrived == len(people) - 2
        database.close()
        for each in Path(file).parent.glob(f"{Path(file).name}*"):
            each.unlink()
        shutil.copy(backup, file)

        database = Database(sqlite_url)
        here.clock.move_to(MONDAY + timedelta(days=1))
        for note in (Installation.hold, Installation.restored):
            database.write_now(lambda store, note=note: note(store.installation, here.clock.now()))
        after = Engine(database, here.engine.platforms.values(), flows=FLOWS, content=CONTENT, clock=here.clock)
        await after.delivery.deliver_due()
        assert len(here.slack.messages) == arrived
        database.write_now(lambda store: store.installation.resume())
        await after.delivery.deliver_due()
        assert sorted(message.text for message in here.slack.messages) == [f"for {person}" for person in people]
        database.close()


def both_platforms(database: Database, pace: Pace | None = None) -> tuple[Engine, FakePlatform, FakePlatform]:
    clock = VirtualClock(MONDAY)
    slack, teams = (FakePlatform(name, clock=clock.now, shows_history=True) for name in ("slack", "teams"))
    engine = Engine(database, [slack, teams], flows=FLOWS, content=CONTENT, clock=clock, pace=pace)
    return engine, slack, teams


def queue(store: Store, platform: str, many: int, *, delivery: str = "nudge", route: str = "") -> None:
    """So many people, each with a message that waits. `route`: their chats are known."""
    for number in range(many):
        person = store.people.add(Person(name="Somebody", timezone="UTC", created_at=MONDAY))
        store.accounts.add(
            Account(
                person_id=person.id,
                platform=platform,
                tenant="larkspur",
                user=f"{platform}{delivery}{number}",
                route=route,
                last_used_at=MONDAY,
            )
        )
        card = pack_card(words(f"{delivery} {number}"))
        row = {"kind": "hello", "delivery": delivery, "prompted": delivery != "nudge", "person_id": person.id}
        store.outbox.add(f"{platform}/{delivery}/{number}", MONDAY, row | {"card": card})


async def test_d8_a_long_queue_of_one_platform_holds_up_no_other(sqlite_database: Database) -> None:
    engine, slack, teams = both_platforms(sqlite_database)
    sqlite_database.write_now(lambda store: queue(store, "slack", 260))
    sqlite_database.write_now(lambda store: queue(store, "teams", 3))
    slack.judge = lambda to, card: Refused("ratelimited", retry_after=600)
    await engine.delivery.deliver_due()
    assert (len(slack.log), len(teams.log)) == (0, 3)


async def test_d8_a_platform_that_hangs_holds_up_no_other(sqlite_database: Database) -> None:
    engine, slack, teams = both_platforms(sqlite_database)
    sqlite_database.write_now(lambda store: queue(store, "slack", 20))
    let_go = asyncio.Event()

    async def hang() -> None:
        await asyncio.wait_for(let_go.wait(), 20)

    slack.meanwhile = hang
    await engine.delivery.begin_due()
    sqlite_database.write_now(lambda store: queue(store, "teams", 3))
    running = await engine.delivery.begin_due()
    await asyncio.wait_for(asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED), 10)
    assert len(teams.log) == 3
    let_go.set()
    await engine.delivery.deliver_due()
    assert len(slack.log) == 20


async def test_d8_what_somebody_waits_for_goes_ahead_of_a_burst_of_nudges(sqlite_database: Database) -> None:
    engine, slack, _ = both_platforms(sqlite_database, Pace({"slack": Limit(messages=10, seconds=60)}))
    sqlite_database.write_now(lambda store: queue(store, "slack", 210))
    sqlite_database.write_now(lambda store: queue(store, "slack", 5, delivery="must_arrive"))
    await engine.delivery.deliver_due()
    assert len(slack.log) == 10
    assert sum("must_arrive" in message.text for message in slack.log) == 5


@pytest.mark.slow
@pytest.mark.parametrize(("point", "hit"), [("in_flight", 1), ("rec_after_read", 1)])
async def test_o1_sigterm_at_any_point_ends_in_ten_seconds_and_loses_nothing(
    point: str, hit: int, sqlite_url: str
) -> None:
    outcome, seconds = await stopped_while_sending(point, hit, sqlite_url)
    assert outcome.is_perfect, outcome
    assert seconds < 10


@pytest.mark.slow
async def test_o1_sigterm_in_the_middle_of_a_message_ends_in_ten_seconds_and_loses_nothing(sqlite_url: str) -> None:
    async with slack_office(sqlite_url) as office:
        assert office.slack is not None
        office.slack.fail("chat.postMessage", Fault("hang", taken=True))
        loop = asyncio.get_running_loop()
        async with bot(office.orders) as one:
            await one.at_work()
            office.post(4)
            slack = office.slack
            await slack.until(lambda: bool(slack.messages), "the message that hangs", 20)
            asked = loop.time()
            one.send(signal.SIGTERM)
            assert await one.ended() == 0
            assert loop.time() - asked < 10
        outcome = await office.finish()
    assert outcome.is_perfect, outcome
