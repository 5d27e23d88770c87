"""Random kills, what comes in during a kill, waiting when asked to, and several processes."""

import asyncio
import signal
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from bot.attempts import SEND_SECONDS
from bot.clock import VirtualClock
from bot.crash_points import INBOX
from bot.delivery import Patience
from bot.engine import Engine
from bot.leases import LASTS
from bot.scheduler import Heartbeat
from conversations.packing import pack_card
from storage.database import Database
from storage.store import Store
from storage.tables import Account, Person
from tests.guarantees.inbound import killed_while_receiving_from_slack, killed_while_receiving_from_teams
from tests.guarantees.introductions import MINUTE, MONDAY, morning, most_within
from tests.guarantees.scenarios import holder_struck, random_kills, two_senders
from tests.support.fake_platform import FakePlatform
from tests.support.slack_server import Fault
from tests.support.tiny_flows import CONTENT, FLOWS, words

pytestmark = pytest.mark.slow


async def test_d6_random_kills_over_the_start_of_a_program_lose_and_repeat_nothing(sqlite_url: str) -> None:
    outcome = await random_kills(sqlite_url, messages=150, kills=6, seed=6)
    assert outcome.is_perfect, outcome


@pytest.mark.parametrize("point", INBOX)
async def test_d7_a_command_that_was_acknowledged_is_stored_and_its_repeats_do_nothing(
    point: str, sqlite_url: str
) -> None:
    received = await killed_while_receiving_from_slack(point, "command", sqlite_url)
    assert received.stored or not received.acknowledged
    assert received.effects == 1


@pytest.mark.parametrize("kind", ["message", "button", "form"])
async def test_d7_so_is_everything_else_that_slack_sends(kind: str, sqlite_url: str) -> None:
    received = await killed_while_receiving_from_slack("committed", kind, sqlite_url)
    assert received.stored or not received.acknowledged
    assert received.effects == 1


@pytest.mark.parametrize(
    ("kind", "point"), [("message", "before_commit"), ("message", "acked"), ("invoke", "committed")]
)
async def test_d7_and_what_teams_sends(kind: str, point: str, sqlite_url: str) -> None:
    received = await killed_while_receiving_from_teams(point, kind, sqlite_url)
    assert received.stored or not received.acknowledged
    assert received.effects == 1


async def test_d8_introductions_drain_at_slacks_pace_without_a_single_refusal(sqlite_database: Database) -> None:
    async with morning(sqlite_database) as here:
        here.introduce(50)
        await here.travel.advance(MONDAY + 10 * MINUTE)
        assert here.states() == {"sent"}
        assert len(here.slack.messages) == 150
        assert most_within(here.moments("conversations.open"), MINUTE) <= 50
        assert most_within(here.moments("chat.postMessage"), MINUTE) <= 240
        seconds = [(message.channel, message.ts.partition(".")[0]) for message in here.slack.messages]
        assert len(set(seconds)) == len(seconds), "two messages in one chat within a second"


async def test_d8_nobody_calls_a_method_before_slack_allows_it_and_other_methods_go_on(
    sqlite_database: Database,
) -> None:
    async with morning(sqlite_database) as here:
        ana, ben, chidi = (here.hire(number, known=True) for number in range(3))
        here.post("first", person_id=ana)
        await here.travel.settle()
        here.slack.fail("chat.postMessage", Fault("ratelimited", retry_after=30))
        await here.travel.advance(MONDAY + timedelta(seconds=2))
        here.post("second", person_id=ben)
        await here.travel.settle()
        here.post("third", person_id=ben)
        here.post("fourth", person_id=chidi)
        here.post("edit", person_id=ana, changes_key="first", text="Edited")
        await here.travel.advance(MONDAY + 2 * MINUTE)
        posts = here.moments("chat.postMessage")
        assert min(at for at in posts if at > posts[1]) == posts[1] + timedelta(seconds=30)
        assert here.moments("chat.update") == [MONDAY + timedelta(seconds=2)]
        to_ben = [message.text for message in here.slack.messages if message.text in ("second", "third")]
        assert to_ben == ["second", "third"]
        assert here.states() == {"sent"}


async def test_d9_two_processes_on_one_sqlite_file_send_each_message_once(sqlite_url: str) -> None:
    outcome = await two_senders(sqlite_url)
    assert outcome.is_perfect, outcome
    assert outcome.calls == outcome.wanted


async def test_d9_two_processes_on_postgresql_send_each_message_once(postgres_url: str) -> None:
    outcome = await two_senders(postgres_url)
    assert outcome.is_perfect, outcome
    assert outcome.calls == outcome.wanted


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGSTOP])
async def test_d9_when_the_sender_dies_or_stands_still_another_goes_on(blow: signal.Signals, postgres_url: str) -> None:
    handover = await holder_struck(postgres_url, blow)
    assert handover.outcome.is_perfect, handover
    assert handover.seconds < 20


async def test_d9_a_dead_process_is_taken_over_within_a_minute(sqlite_database: Database) -> None:
    """With the lease and the heartbeat that we ship, on a clock that is moved; the soak waits for the real minute."""
    clock = VirtualClock(MONDAY)
    dying, living = (FakePlatform("slack", clock=clock.now, shows_history=True) for _ in range(2))
    first, second = (
        Engine(sqlite_database, [each], flows=FLOWS, content=CONTENT, clock=clock) for each in (dying, living)
    )
    posting, let_go = asyncio.Event(), asyncio.Event()

    async def hang() -> None:
        posting.set()
        await let_go.wait()

    dying.meanwhile = hang
    # It has just taken its lease, and never comes back from its first post.
    sqlite_database.write_now(lambda store: hello(store, "in flight"))
    await first.delivery.begin_due()
    await asyncio.wait_for(posting.wait(), 20)
    sqlite_database.write_now(lambda store: hello(store, "waiting"))
    heart = Heartbeat(second)
    await heart.start()
    heart._scheduler.pause()
    taken_over: datetime | None = None
    async for now in beats(heart, second, clock):
        doubtful = sqlite_database.read_now(lambda store: store.outbox.with_key("in flight"))
        if doubtful is not None and doubtful.state != "sending":
            taken_over = taken_over or now
        if len(living.log) == 2 or now > MONDAY + 2 * MINUTE:
            break
    await heart.stop()
    sent = {one.text: one.at for one in living.log}
    # Nobody else may send while the lease lasts, since its holder might only be slow.
    assert taken_over is not None
    assert min(sent["waiting"], taken_over) >= MONDAY + LASTS
    assert max(sent["waiting"], taken_over) <= MONDAY + MINUTE
    # What it was posting is looked for when Slack must have shown it, and only then sent again.
    assert sent["in flight"] >= MONDAY + timedelta(seconds=SEND_SECONDS) + Patience().shown_after
    assert sent["in flight"] <= MONDAY + MINUTE
    let_go.set()
    await first.delivery.deliver_due()


async def beats(heart: Heartbeat, engine: Engine, clock: VirtualClock) -> AsyncIterator[datetime]:
    """The jobs of a heart, as its own scheduler has them, each at its moments of a clock that is moved.

    The worst there is: each of them has looked a moment before the lease of LASTS ends.
    """
    jobs = heart._scheduler.get_jobs()
    looked = clock.now() + LASTS - timedelta(seconds=0.1)
    due = [looked - ((looked - clock.now()) // job.trigger.interval) * job.trigger.interval for job in jobs]
    while True:
        next_one = min(range(len(jobs)), key=lambda each: due[each])
        clock.move_to(due[next_one])
        due[next_one] += jobs[next_one].trigger.interval
        await jobs[next_one].func(*jobs[next_one].args)
        await asyncio.gather(*engine.delivery._drains.values())
        yield clock.now()


def hello(store: Store, key: str) -> None:
    """A message to somebody new waits."""
    person = store.people.add(Person(name=key, timezone="UTC", created_at=MONDAY))
    account = {"platform": "slack", "tenant": "larkspur", "user": key, "route": f"D{key}", "last_used_at": MONDAY}
    store.accounts.add(Account(person_id=person.id, member=True, known=True, **account))
    values = {"kind": "hello", "delivery": "must_arrive", "prompted": True, "person_id": person.id}
    store.outbox.add(key, MONDAY, values | {"card": pack_card(words(key))})
