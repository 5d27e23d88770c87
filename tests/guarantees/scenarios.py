"""Kills at named points, as plain functions: a few of them run in every test run, all of them in the long one."""

import asyncio
import random
import signal
from dataclasses import dataclass
from itertools import count

from bot.crash_points import RECOVERY
from tests.guarantees.office import Delivery, Outcome, PlatformName, slack_office, teams_office
from tests.guarantees.process import Bot, bot, killed
from tests.support.slack_person import SlackMessage
from tests.support.slack_server import Fault

PEOPLE = 6


async def killed_while_sending(
    point: str,
    hit: int,
    database_url: str,
    platform: PlatformName = "slack",
    *,
    look_back: bool = True,
    delivery: Delivery = "must_arrive",
    lease: float = 45.0,
    kind: str = "sound",
) -> Outcome:
    """A process dies at a point of the send loop, the `hit`-th time that it passes; another one goes on."""
    if platform == "slack":
        opened = slack_office(database_url, look_back=look_back, lease=lease, kind=kind)
    else:
        opened = teams_office(database_url, lease=lease)
    async with opened as office:
        office.post(PEOPLE, delivery=delivery)
        assert await killed(office.orders, f"{point}:{hit}"), f"never came to {point} for the {hit}th time"
        return await office.finish()


async def killed_while_recovering(point: str, database_url: str, *, times: int = 3, lease: float = 45.0) -> Outcome:
    """A process dies just after it has posted; those that find out what became of it die too."""
    async with slack_office(database_url, lease=lease) as office:
        assert office.slack is not None
        # Answers that never come, and the kill: there is something in doubt for each of those who die of it, also when
        # one of them settles several before it dies.
        office.slack.fail("chat.postMessage", *[Fault("hang", taken=True)] * (times - 1))
        office.post(times * PEOPLE)
        assert await killed(office.orders, "posted:1")
        for _ in range(times):
            assert await killed(office.orders, f"{point}:1"), f"never came to {point}"
        return await office.finish()


async def stopped_while_sending(point: str, hit: int, url: str, *, lease: float = 45.0) -> tuple[Outcome, float]:
    """A process is asked to stop at this point. What became of the messages, and the seconds until it had ended."""
    async with slack_office(url, lease=lease) as office:
        if point in RECOVERY:
            assert office.slack is not None
            office.slack.fail("chat.postMessage", *[Fault("drop", taken=True)] * 2)
        office.post(PEOPLE)
        loop = asyncio.get_running_loop()
        async with bot(office.orders, crash=f"{point}:{hit}:stop") as one:
            begun = loop.time()
            assert await one.ended() == 0
            seconds = loop.time() - begun
        return await office.finish(), seconds


async def random_kills(database_url: str, *, messages: int, kills: int, seed: int, lease: float = 45.0) -> Outcome:
    """Process after process dies at a random moment, somewhere within the first few messages that it sends."""
    chance = random.Random(seed)
    async with slack_office(database_url, lease=lease) as office:
        assert office.slack is not None
        office.post(messages)
        loop = asyncio.get_running_loop()
        for _ in range(kills):
            async with bot(office.orders) as one:
                left, delay = count(chance.randint(1, 4), -1), chance.uniform(0, 0.02)

                def taken(_: SlackMessage, one: Bot = one, left: "count[int]" = left, delay: float = delay) -> None:
                    if next(left) == 1:
                        loop.call_later(delay, one.send, signal.SIGKILL)

                office.slack.on_message = taken
                await one.ended()
        office.slack.on_message = lambda message: None
        return await office.finish()


async def two_senders(database_url: str, *, messages: int = 30, lease: float = 45.0) -> Outcome:
    """Two processes work on one database from the start to the end."""
    async with slack_office(database_url, lease=lease) as office, bot(office.orders) as one:
        await one.at_work()
        office.post(messages)
        return await office.finish()


@dataclass(frozen=True, slots=True)
class Handover:
    """What became of the messages, and the seconds until the other process sent its first one."""

    outcome: Outcome
    seconds: float


async def holder_struck(database_url: str, blow: signal.Signals, *, messages: int = 12, lease: float = 1.0) -> Handover:
    """The process that sends is killed, or stands still and comes back to life when another has taken over."""
    async with slack_office(database_url, lease=lease) as office, bot(office.orders) as one:
        slack, loop = office.slack, asyncio.get_running_loop()
        assert slack is not None
        moments: list[float] = []

        def taken(_: SlackMessage) -> None:
            moments.append(loop.time())
            if len(moments) == messages // 2:
                one.send(blow)

        slack.on_message = taken
        await one.at_work()
        # To one person, so that there is one message at a time.
        office.post(1, messages)
        await slack.until(lambda: len(moments) >= messages // 2, "half of the messages", 20)
        await office.finish()
        one.send(signal.SIGCONT)
        one.send(signal.SIGTERM)
        await one.ended()
        return Handover(office.count(), moments[messages // 2] - moments[messages // 2 - 1])
