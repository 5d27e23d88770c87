"""Slow questions: asked outside a turn, answered to whoever asked, repeated when something went wrong."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.clock import VirtualClock
from bot.consultations import ConsultationFault, Handler, Live, Tell
from bot.engine import Engine
from bot.scheduler import Heartbeat
from conversations.events import Progress
from storage.database import Database
from tests.support.fake_platform import FakePlatform
from tests.support.tiny_flows import CONTENT, FLOWS, TRY

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class Adding:
    """Adds numbers; fails the first so many times."""

    def __init__(self, failures: int = 0, fault: str = "") -> None:
        self.failures = failures
        self.fault = fault
        self.asked = 0

    async def __call__(self, database: Database, about: Mapping[str, Any]) -> int:
        self.asked += 1
        if self.fault:
            raise ConsultationFault(self.fault)
        if self.asked <= self.failures:
            raise ConnectionError
        return sum(about["of"])


class Office:
    def __init__(self, database: Database, adding: Adding, **more: Handler | Live) -> None:
        handlers: dict[str, Handler | Live] = {"sum": adding, **more}
        self.clock = clock = VirtualClock(NOW)
        self.slack = FakePlatform("slack", clock=clock.now)
        self.slack.employ("ana")
        self.slack.employ("ben")
        self.engine = Engine(database, [self.slack], flows=FLOWS, content=CONTENT, clock=clock, handlers=handlers)

    async def ask(self) -> list[str]:
        """What Ana reads after she asked."""
        await self.engine.start()
        await self.slack.press("ana", TRY.to("consults"))
        assert self.engine.consultations.wake.is_set()
        return await self.answers()

    async def answers(self) -> list[str]:
        await self.engine.consultations.run_waiting()
        return await self.delivered()

    async def delivered(self) -> list[str]:
        # Slack takes one message a second in a conversation.
        self.clock.move_to(self.clock.now() + timedelta(seconds=2))
        await self.engine.delivery.deliver_due()
        return [message.text for message in self.slack.messages_to("ana")]


async def test_the_answer_comes_to_whoever_asked_and_only_once(database: Database) -> None:
    office = Office(database, Adding())
    assert await office.ask() == ["The answer is 3"]
    assert await office.answers() == ["The answer is 3"]


async def test_a_second_press_while_the_first_is_worked_on_asks_nothing_more(database: Database) -> None:
    adding = Adding()
    office = Office(database, adding)
    await office.engine.start()
    await office.slack.press("ana", TRY.to("consults"))
    await office.slack.press("ana", TRY.to("consults"))
    assert await office.answers() == ["The answer is 3"]
    assert adding.asked == 1


async def test_a_question_that_fails_is_asked_again(database: Database) -> None:
    adding = Adding(failures=2)
    assert await Office(database, adding).ask() == ["The answer is 3"]
    assert adding.asked == 3


async def test_after_three_attempts_the_person_is_told(database: Database) -> None:
    adding = Adding(failures=9)
    [told] = await Office(database, adding).ask()
    assert "please try again" in told
    assert adding.asked == 3


async def test_whoever_waits_for_a_long_answer_sees_on_one_card_how_far_it_is(database: Database) -> None:
    seen: list[list[str]] = []

    async def matching(_database: Database, _about: Mapping[str, Any], tell: Tell) -> int:
        for share in (0.3, 0.7):
            await tell(Progress("Comparing", share))
            seen.append(await office.delivered())
        return 7

    office = Office(database, Adding(), live=Live(matching))
    await office.engine.start()
    await office.slack.press("ana", TRY.to("consults_live"))
    assert await office.delivered() == ["I am thinking"]
    await office.engine.consultations.run_waiting()
    assert seen == [["Comparing: 30%"], ["Comparing: 70%"]]
    await office.delivered()
    assert await office.delivered() == ["Done", "The answer is 7"]


async def test_the_clock_of_the_demo_waits_for_what_the_heartbeat_is_at(database: Database) -> None:
    """Else the answer to what somebody asked this morning would come in the night."""

    async def thinking(_database: Database, _about: Mapping[str, Any]) -> int:
        for _ in range(2_000):
            await asyncio.sleep(0)
            if office.clock.now() != NOW:
                break
        return 7

    office = Office(database, Adding(), sum=thinking)
    await office.engine.start()
    await office.slack.press("ana", TRY.to("consults"))
    async with asyncio.TaskGroup() as group:
        group.create_task(office.engine.consultations.run_waiting())
        await asyncio.sleep(0)
        await office.engine.time_travel(office.clock).advance(NOW + timedelta(hours=8))
    assert [message.at for message in office.slack.messages_to("ana")] == [NOW]


async def test_a_question_without_an_answer_says_why_at_once(database: Database) -> None:
    adding = Adding(fault="There is no roster file.")
    assert await Office(database, adding).ask() == ["Fault: There is no roster file."]
    assert adding.asked == 1


async def test_a_question_of_an_earlier_process_is_answered_after_a_restart(database: Database) -> None:
    before = Office(database, Adding())
    await before.engine.start()
    await before.slack.press("ana", TRY.to("consults"))
    after = Office(database, Adding())
    assert await after.answers() == ["The answer is 3"]


async def test_a_question_is_answered_after_the_database_was_away_for_its_answer(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody starts anything again, and nobody asks anything else."""

    async def away(*_given: object, **_more: object) -> None:
        raise ConnectionError

    async def meanwhile_away(_database: Database, about: Mapping[str, Any]) -> int:
        monkeypatch.setattr(database, "write", away)
        monkeypatch.setattr(database, "read", away)
        return sum(about["of"])

    office = Office(database, Adding(), sum=meanwhile_away)
    heartbeat = Heartbeat(office.engine)
    await office.engine.start()
    await office.slack.press("ana", TRY.to("consults"))
    with pytest.raises(ConnectionError):
        await office.engine.consultations.run_waiting()
    monkeypatch.undo()
    office.engine.consultations._handlers = {"sum": Adding()}
    await heartbeat._recover()
    # It might be another process's.
    assert not office.engine.consultations.wake.is_set()
    office.clock.move_to(NOW + timedelta(minutes=6))
    await heartbeat._recover()
    assert office.engine.consultations.wake.is_set()
    assert await office.answers() == ["The answer is 3"]


async def test_a_step_that_cannot_take_the_answer_does_not_ask_for_ever(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    adding = Adding()
    office = Office(database, adding)
    await office.engine.start()
    await office.slack.press("ana", TRY.to("consults_in_vain"))
    assert await office.answers() == []
    assert adding.asked == 3
    assert "try.breaks answer failed ZeroDivisionError" in caplog.text
    assert await office.engine.consultations.run_waiting() == 0


async def test_l1_a_long_question_of_one_kind_keeps_nobody_waiting_who_asked_a_short_one(database: Database) -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def matching(_database: Database, _about: Mapping[str, Any]) -> int:
        begun.set()
        await may_end.wait()
        return 7

    office = Office(database, Adding(), matching=matching, topics=Adding())
    await office.engine.start()
    for user in ("ana", "ben"):
        await office.slack.press(user, TRY.to("consults"))
    await office.answers()

    def asks(what: str, person: int) -> None:
        then = TRY.to("consulted").pack()
        database.write_now(lambda store: store.consultations.add(what, {"of": [4, 5]}, then, person, NOW))

    asks("matching", 1)
    long = asyncio.create_task(office.engine.consultations.run_waiting())
    await asyncio.wait_for(begun.wait(), 10)
    asks("topics", 2)
    await asyncio.wait_for(office.answers(), 10)
    assert office.slack.messages_to("ben")[-1].text == "The answer is 9"
    assert office.slack.messages_to("ana")[-1].text == "The answer is 3"
    may_end.set()
    await asyncio.wait_for(long, 10)
    assert (await office.answers())[-1] == "The answer is 7"
