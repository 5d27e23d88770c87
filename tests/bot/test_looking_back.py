"""Nobody knows whether a message arrived: the chat is looked at, for as long as that is worth it, and it comes once."""

from datetime import timedelta

import pytest

from adapters.platform import CannotLook
from storage.database import Database
from tests.bot.test_delivery import BO, CHIDI, NOW, Office, expire
from tests.guarantees.introductions import MINUTE, MONDAY, morning, most_within
from tests.guarantees.test_delivery_d10_d14 import both_platforms, queue
from tests.support.slack_server import Fault

SHOWN = timedelta(seconds=11)


@pytest.fixture
async def here(database: Database) -> Office:
    """Its Slack shows what it has, and takes the first message without saying so."""
    office = Office(database)
    office.slack.shows_history = True
    office.slack.forgets = 1
    await office.open("ana", "bo", "chidi")
    return office


async def test_what_may_be_there_is_looked_for_although_somebody_is_not_to_be_disturbed(here: Office) -> None:
    await here.tell(BO, prompted="no")
    await here.deliver()
    here.slack.quiet["bo"] = NOW + timedelta(minutes=30)
    await here.travel.advance(NOW + SHOWN)
    assert here.states == ["sent"]
    await here.travel.advance(NOW + timedelta(hours=1))
    assert len(here.slack.log) == 1


@pytest.mark.parametrize("delivery", ["must_arrive", "nudge"])
@pytest.mark.parametrize("blind", [CannotLook("timeout"), CannotLook("ratelimited", retry_after=30)])
async def test_after_a_long_downtime_a_look_that_fails_is_tried_again_before_anything_comes_twice(
    delivery: str, blind: CannotLook, here: Office
) -> None:
    await here.tell(BO, delivery=delivery)
    await here.deliver()
    here.clock.move_to(NOW + timedelta(days=1))
    here.slack.blind = blind
    await here.deliver()
    here.slack.blind = None
    await here.travel.advance(NOW + timedelta(days=1, minutes=1))
    assert (here.states, len(here.slack.log)) == (["sent"], 1)


@pytest.mark.parametrize("delivery", ["must_arrive", "nudge"])
async def test_a_platform_that_asks_us_to_wait_with_looking_is_not_given_up(delivery: str, here: Office) -> None:
    await here.tell(BO, delivery=delivery)
    await here.deliver()
    here.slack.blind = CannotLook("ratelimited", retry_after=5 * 3600)
    await here.travel.advance(NOW + timedelta(hours=4))
    looks = here.slack.looks
    await here.tell(CHIDI)
    here.slack.blind = None
    await here.travel.advance(NOW + timedelta(hours=4, minutes=50))
    assert here.slack.looks == looks
    await here.travel.advance(NOW + timedelta(hours=6))
    assert (here.states, len(here.slack.log)) == (["sent", "sent"], 2)


async def test_what_must_arrive_waits_for_a_look_as_long_as_that_may_take_and_then_goes_again(here: Office) -> None:
    await here.tell(BO)
    await here.deliver()
    here.slack.blind = CannotLook("timeout")
    await here.travel.advance(NOW + timedelta(hours=23))
    assert here.slack.attempts == 1
    # It was asked again and again, less and less often.
    assert 20 < here.slack.looks < 100
    await here.travel.advance(NOW + timedelta(days=2))
    assert (here.states, here.slack.attempts) == (["sent"], 2)


async def test_a_nudge_is_looked_for_during_an_hour_and_then_let_go(here: Office) -> None:
    await here.tell(BO, delivery="nudge")
    await here.deliver()
    here.slack.blind = CannotLook("timeout")
    await here.travel.advance(NOW + timedelta(minutes=50))
    assert here.states == ["waiting"]
    await here.travel.advance(NOW + timedelta(hours=2))
    assert (here.states, here.slack.attempts) == (["dropped"], 1)


async def test_what_is_old_news_meanwhile_is_not_sent_again(here: Office) -> None:
    await here.tell(BO)
    await here.deliver()
    here.database.write_now(lambda store: expire(store, NOW + timedelta(hours=3)))
    here.slack.blind = CannotLook("timeout")
    await here.travel.advance(NOW + timedelta(days=2))
    assert (here.states[0], here.slack.messages_to("bo")) == ("dropped", here.slack.log[:1])


async def test_d8_looks_keep_slacks_pace(sqlite_database: Database) -> None:
    people = 60
    async with morning(sqlite_database) as here:
        here.slack.fail("chat.postMessage", *[Fault("drop", taken=True)] * people)
        for number in range(people):
            here.post(f"message {number}", person_id=here.hire(number, known=True))
        await here.travel.advance(MONDAY + 4 * MINUTE)
        looks = here.moments("conversations.history")
        assert len(looks) >= people
        assert most_within(looks, MINUTE) <= 50
        assert (len(here.slack.messages), here.states()) == (people, {"sent"})


async def test_a_workspace_that_cannot_say_whether_we_may_look_is_asked_once_a_minute(
    sqlite_database: Database,
) -> None:
    """After a restart: messages to all the others go, one at a time, and none waits for a look of its own."""
    engine, slack, _ = both_platforms(sqlite_database)
    sqlite_database.write_now(lambda store: queue(store, "slack", 20, delivery="must_arrive", route="D"))
    slack.blind = CannotLook("timeout")
    await engine.delivery.deliver_due()
    assert (len(slack.log), slack.looks) == (20, 1)
