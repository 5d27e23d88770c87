"""Any order of messages, faults, crashes and restarts: what must arrive does, and nothing comes twice without need."""

import asyncio
import itertools
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy import delete, insert

from adapters.platform import Refused, Sent, Uncertain
from bot.clock import VirtualClock
from bot.engine import Engine
from conversations.cards import Card
from conversations.contacts import Address, Group, Place
from conversations.packing import pack_card
from storage.database import Database
from storage.store import Store
from storage.tables import Account, OutboxMessage, Person, SenderLease
from tests.support.fake_platform import FakePlatform
from tests.support.tiny_flows import CONTENT, FLOWS, words

MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PEOPLE = 3
STEPS = 40
Trouble = Literal["lost", "answer_lost", "refused", "asked_to_wait", "dies_before", "dies_after"]
TROUBLES: tuple[Trouble, ...] = ("lost", "answer_lost", "refused", "asked_to_wait", "dies_before", "dies_after")


class TroubledPlatform(FakePlatform):
    """What goes wrong with the next sends, one after the other."""

    troubles: list[Trouble]

    async def send(self, to: Address | Group | Place, card: Card, delivery_id: str, update: str = "") -> Sent:
        match self.troubles.pop(0) if self.troubles else None:
            case "lost":
                return Uncertain("timeout")
            case "answer_lost":
                await super().send(to, card, delivery_id, update)
                return Uncertain("dropped")
            case "refused":
                return Refused("not_connected")
            case "asked_to_wait":
                return Refused("ratelimited", retry_after=20)
            case "dies_before":
                raise asyncio.CancelledError
            case "dies_after":
                await super().send(to, card, delivery_id, update)
                raise asyncio.CancelledError
            case None:
                return await super().send(to, card, delivery_id, update)


class Life(RuleBasedStateMachine):
    """One database, one platform, and one process after another."""

    # Kept from life to life, since a new engine compiles each of its statements again.
    database: Database

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.clock = VirtualClock(MONDAY)
        self.platform = TroubledPlatform("slack", clock=self.clock.now)
        self.platform.troubles = []
        self.doubts = 0
        self.numbers = itertools.count(1)
        self.database.write_now(begin)
        self.start()

    def start(self) -> None:
        self.engine = Engine(self.database, [self.platform], flows=FLOWS, content=CONTENT, clock=self.clock)
        self.runner.run(self.engine.delivery.recover(everything=True))

    @initialize(shows_history=st.booleans())
    def choose(self, shows_history: bool) -> None:
        self.platform.shows_history = shows_history

    @rule(person=st.integers(1, PEOPLE), delivery=st.sampled_from(["must_arrive", "nudge"]))
    def post(self, person: int, delivery: str) -> None:
        number = next(self.numbers)
        row = {"kind": "hello", "delivery": delivery, "prompted": True, "person_id": person}
        card = pack_card(words(f"{delivery} {number}"))
        now = self.clock.now()
        self.database.write_now(lambda store: store.outbox.add(f"m{number}", now, row | {"card": card}))

    @rule(trouble=st.sampled_from(TROUBLES))
    def expect(self, trouble: Trouble) -> None:
        self.platform.troubles.append(trouble)

    @rule()
    def deliver(self) -> None:
        before = len(self.platform.troubles)
        try:
            self.runner.run(self.engine.delivery.deliver_due())
        except asyncio.CancelledError:
            self.start()
        self.doubts += before - len(self.platform.troubles)

    @rule(seconds=st.sampled_from([1, 12, 60, 3600]))
    def wait(self, seconds: int) -> None:
        self.clock.move_to(self.clock.now() + timedelta(seconds=seconds))
        self.runner.run(self.engine.delivery.recover())

    @rule()
    def restart(self) -> None:
        self.start()

    def teardown(self) -> None:
        self.platform.troubles.clear()
        # One message a second to each person, so that many take their time.
        for _ in range(2 * STEPS):
            self.deliver()
            if not self.unsettled():
                break
            self.wait(3600)
        self.check()
        self.runner.close()

    def unsettled(self) -> bool:
        rows = self.database.read_now(lambda store: store.outbox.everything())
        return any(row.state in ("waiting", "sending") for row in rows)

    def check(self) -> None:
        rows = self.database.read_now(lambda store: store.outbox.everything())
        arrived = Counter(seen.delivery_id for seen in self.platform.log)
        assert all(row.state not in ("waiting", "sending") for row in rows)
        assert all(arrived[row.delivery_id] for row in rows if row.delivery == "must_arrive"), "lost"
        assert all(arrived[row.delivery_id] <= 1 for row in rows if row.delivery == "nudge"), "a nudge came twice"
        if self.platform.shows_history:
            assert set(arrived.values()) <= {1}, "came twice"
            assert len(arrived) == len(rows), "lost"
            self.check_order([row.delivery_id for row in rows])
        assert sum(arrived.values()) - len(arrived) <= self.doubts

    def check_order(self, ids: list[str]) -> None:
        for person in range(1, PEOPLE + 1):
            seen = [ids.index(one.delivery_id) for one in self.platform.messages_to(f"u{person}")]
            assert seen == sorted(seen), "one message overtook another"


def begin(store: Store) -> None:
    """An empty database but for these people."""
    session, people = store._session, range(1, PEOPLE + 1)
    for table in (OutboxMessage, SenderLease, Account, Person):
        session.execute(delete(table))
    session.execute(insert(Person), [{"id": each, "name": "Somebody", "created_at": MONDAY} for each in people])
    account = {"platform": "slack", "tenant": "larkspur", "last_used_at": MONDAY}
    rows = [{"person_id": each, "user": f"u{each}", "route": f"D{each}"} | account for each in people]
    session.execute(insert(Account), rows)


def live(examples: int, url: str) -> None:
    """So many lives of up to forty steps each, one after the other on this database."""
    quiet = settings(
        max_examples=examples, stateful_step_count=STEPS, deadline=None, suppress_health_check=list(HealthCheck)
    )
    database = Database(url, throw_away=True)
    try:
        run_state_machine_as_test(type("LifeHere", (Life,), {"database": database}), settings=quiet)  # type: ignore[no-untyped-call]
    finally:
        database.close()


@pytest.mark.slow
def test_d13_whatever_happens_in_whatever_order_nothing_is_lost_or_doubled(sqlite_url: str) -> None:
    live(15, sqlite_url)


@pytest.mark.slow
def test_d13_nor_on_postgresql(postgres_url: str) -> None:
    live(4, postgres_url)
