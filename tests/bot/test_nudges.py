"""The calendar: it stays true to the plan, runs each nudge once, and one that fails holds nobody up."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import VirtualClock
from bot.engine import Engine
from bot.nudges import COMPARED_AT_ONCE
from conversations.events import Pressed
from conversations.replies import Planned
from storage.database import Database
from storage.store import Store
from storage.tables import Person
from tests.support.fake_platform import FakePlatform
from tests.support.tiny_flows import CONTENT, FLOWS, TRY, weekly

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)  # a Monday

Plan = dict[str, tuple[int, datetime]]


class Office:
    """Ana and Bo, a plan that tests change, and an engine on a virtual clock."""

    def __init__(self, database: Database) -> None:
        self.clock = VirtualClock(NOW)
        self.slack = FakePlatform("slack", clock=self.clock.now)
        self.plan: Plan = {}
        self.flows = (*FLOWS, weekly(NOW - timedelta(days=30), self.plan))
        self.engine = Engine(database, [self.slack], flows=self.flows, content=CONTENT, clock=self.clock)
        self.travel = self.engine.time_travel(self.clock)
        for user in ("ana", "bo"):
            self.slack.employ(user)
            database.write_now(lambda store, user=user: store.people.add(person(user)))  # type: ignore[misc]

    def seen(self, user: str) -> list[datetime | None]:
        return [message.at for message in self.slack.messages_to(user)]


def person(user: str) -> Person:
    return Person(name=user.title(), email=f"{user}@larkspur.example", created_at=NOW)


@pytest.fixture
def here(database: Database) -> Office:
    return Office(database)


def days(number: float) -> timedelta:
    return timedelta(days=number)


async def test_what_is_planned_happens_at_its_moment(here: Office) -> None:
    here.plan["w1"] = (1, NOW + days(1))
    await here.travel.advance(NOW + days(2))
    assert here.seen("ana") == [NOW + days(1)]


async def test_planning_ten_times_changes_nothing_more(here: Office) -> None:
    here.plan["w1"] = (1, NOW + days(1))
    assert [await here.engine.nudges.plan_nudges(NOW) for _ in range(10)] == [1] + [0] * 9


async def test_a_moved_plan_moves_the_nudge(here: Office) -> None:
    here.plan["w1"] = (1, NOW + days(1))
    await here.engine.nudges.plan_nudges(NOW)
    here.plan["w1"] = (1, NOW + days(3))
    await here.travel.advance(NOW + days(2))
    assert here.seen("ana") == []
    await here.travel.advance(NOW + days(4))
    assert here.seen("ana") == [NOW + days(3)]


async def test_what_vanishes_from_the_plan_is_cancelled_and_may_come_back(here: Office) -> None:
    here.plan["w1"] = (1, NOW + days(1))
    await here.engine.nudges.plan_nudges(NOW)
    gone = here.plan.pop("w1")
    assert await here.engine.nudges.plan_nudges(NOW) == 1
    here.plan["w1"] = gone
    await here.travel.advance(NOW + days(2))
    assert here.seen("ana") == [NOW + days(1)]


async def test_a_plan_of_many_slices_is_kept_true_like_a_small_one(here: Office) -> None:
    everything = 2 * COMPARED_AT_ONCE + 7
    here.plan.update({f"w{number}": (1, NOW + days(1 + number % 9)) for number in range(everything)})
    assert await here.engine.nudges.plan_nudges(NOW) == everything
    here.plan["w0"] = (1, NOW + days(12))
    del here.plan["w1"], here.plan[f"w{everything - 1}"]
    here.plan["new"] = (2, NOW + days(2))
    assert await here.engine.nudges.plan_nudges(NOW) == 4
    assert await here.engine.nudges.plan_nudges(NOW) == 0


async def test_what_ran_never_comes_back(here: Office) -> None:
    here.plan["w1"] = (1, NOW + days(1))
    await here.travel.advance(NOW + days(1))
    here.plan["w1"] = (1, NOW + days(2))
    await here.travel.advance(NOW + days(3))
    assert here.seen("ana") == [NOW + days(1)]


async def test_d10_an_outage_of_three_days_sends_each_message_once(here: Office) -> None:
    here.plan["w1"] = (1, NOW + days(0.1))
    await here.engine.nudges.plan_nudges(NOW)
    here.clock.move_to(NOW + days(3))
    for _ in range(10):
        await here.engine.nudges.plan_nudges(NOW + days(3))
        await here.engine.nudges.run_due(NOW + days(3))
        await here.engine.delivery.deliver_due()
    assert here.seen("ana") == [NOW + days(3)]


async def test_a_failing_nudge_holds_nobody_up_and_is_tried_a_few_times(
    here: Office, caplog: pytest.LogCaptureFixture
) -> None:
    here.plan["fails"] = (1, NOW + days(0.1))
    here.plan["w1"] = (2, NOW + days(0.1))
    await here.travel.advance(NOW + days(3))
    assert here.seen("bo") == [NOW + days(0.1)]
    failures = [record for record in caplog.records if "weekly.fails" in record.getMessage()]
    assert len(failures) == 6
    assert all("ZeroDivisionError" in record.getMessage() for record in failures)


def _breaks(store: Store, now: datetime, horizon: timedelta) -> list[Planned]:
    raise KeyError


async def test_a_broken_plan_leaves_the_other_plans_alone(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    here = Office(database)
    here.plan["w1"] = (1, NOW + days(1))
    broken = weekly(NOW, {})
    broken.name = "broken"
    broken.planner = _breaks
    here.engine.dispatcher.house.router.flows = {"broken": broken, **here.engine.dispatcher.house.router.flows}
    assert await here.engine.nudges.plan_nudges(NOW) == 1
    assert "plan flow=broken failed KeyError" in caplog.text


async def test_a_reminder_that_somebody_asked_for_comes(here: Office) -> None:
    await here.engine.start()
    await here.slack.press("ana", TRY.to("remind", minutes=30))
    await here.slack.press("ana", TRY.to("remind", minutes=60))
    await here.travel.advance(NOW + days(1))
    assert here.seen("ana") == [NOW + timedelta(minutes=60)]


async def test_the_next_moment_is_the_next_thing_planned(here: Office) -> None:
    assert await here.travel.next_moment() is None
    here.plan["w1"] = (1, NOW + days(13))
    assert await here.travel.next_moment() == NOW + days(13)


@pytest.mark.slow
async def test_d9_two_processes_on_one_database_run_each_nudge_once(database_url: str) -> None:
    databases = [Database(database_url), Database(database_url)]
    one = Office(databases[0])
    other = Engine(databases[1], [one.slack], flows=one.flows, content=CONTENT, clock=one.clock)
    one.plan.update({f"w{number}": (1 + number % 2, NOW) for number in range(60)})
    await one.engine.nudges.plan_nudges(NOW - days(1))
    await asyncio.gather(*(nudges.run_due(NOW) for nudges in (one.engine.nudges, other.nudges) * 2))
    await asyncio.gather(one.engine.delivery.deliver_due(), other.delivery.deliver_due())
    # Whichever of the two has the right to send, only one of them lives on.
    await other.delivery.stop()
    await one.travel.advance(NOW + days(1))
    assert len(one.slack.log) == 60
    for database in databases:
        database.close()


async def test_what_no_platform_repeats_any_more_is_forgotten(here: Office) -> None:
    await here.engine.start()
    await here.slack.happen("ana", Pressed(), TRY.to("remind", minutes=30), inbound_id="same")
    here.clock.move_to(NOW + days(2))
    await here.engine.forget()
    assert list(await here.slack.happen("ana", Pressed(), TRY.to("pressed"), inbound_id="same")) == []
    here.clock.move_to(NOW + days(5))
    await here.engine.forget()
    assert len(await here.slack.happen("ana", Pressed(), TRY.to("pressed"), inbound_id="same")) == 1
