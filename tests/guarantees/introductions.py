"""Many messages through the real Slack adapter on a clock that stands still until it is moved."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from adapters.slack import Slack
from bot.clock import VirtualClock
from bot.delivery import Patience
from bot.engine import Engine
from bot.time_travel import TimeTravel
from conversations.packing import pack_card
from storage.database import Database
from storage.store import Store
from storage.tables import Account, Person
from tests.support.slack_server import SlackStub
from tests.support.tiny_flows import CONTENT, FLOWS, words

MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@dataclass
class Morning:
    """A workspace, an engine with the pace that we ship, and the clock of both."""

    slack: SlackStub
    engine: Engine
    clock: VirtualClock
    travel: TimeTravel
    database: Database

    def hire(self, number: int, *, known: bool = False) -> int:
        """Somebody with an account. `known`: their chat with the bot is open already."""
        person = self.slack.add_person(f"Person {number}", f"person{number}@larkspur.example")
        route = person.dm if known else ""

        def work(store: Store) -> int:
            added = store.people.add(Person(name=f"Person {number}", timezone="UTC", created_at=MONDAY))
            store.accounts.add(
                Account(
                    person_id=added.id,
                    platform="slack",
                    tenant=self.slack.team,
                    user=person.id,
                    route=route,
                    member=True,
                    known=True,
                    last_used_at=MONDAY,
                )
            )
            return added.id

        return self.database.write_now(work)

    def post(self, key: str, *, delivery: str = "must_arrive", text: str = "", **target: object) -> None:
        """A message waits."""
        values = {"kind": "hello", "delivery": delivery, "prompted": True, "card": pack_card(words(text or key))}
        now = self.clock.now()
        self.database.write_now(lambda store: store.outbox.add(key, now, values | target))

    def introduce(self, pairs: int) -> None:
        """Two private cards and a group chat for each pair."""
        people = [self.hire(number) for number in range(2 * pairs)]
        for one, other in zip(people[::2], people[1::2], strict=True):
            for person in (one, other):
                self.post(f"intro{one}/{person}", kind="introduction", person_id=person)
            self.post(f"intro{one}/group", kind="introduction", group_ids=[one, other])

    def moments(self, method: str) -> list[datetime]:
        return [at for name, at in self.slack.called_at if name == method]

    def states(self) -> set[str]:
        return self.database.read_now(lambda store: {row.state for row in store.outbox.everything()})


@asynccontextmanager
async def morning(database: Database, patience: Patience | None = None) -> AsyncIterator[Morning]:
    """Nine thirty on a Monday."""
    clock = VirtualClock(MONDAY)
    async with SlackStub(clock=clock.now) as slack:
        adapter = Slack(
            bot_token=slack.bot_token, signing_secret=slack.signing_secret, api_url=slack.api_url, clock=clock.now
        )
        engine = Engine(database, [adapter], flows=FLOWS, content=CONTENT, clock=clock, patience=patience)
        await engine.start()
        yield Morning(slack, engine, clock, engine.time_travel(clock), database)
        await engine.stop()


def most_within(moments: list[datetime], window: timedelta) -> int:
    """The most calls in any window of this length."""
    moments = sorted(moments)
    most, first = 0, 0
    for last, moment in enumerate(moments):
        while moments[first] <= moment - window:
            first += 1
        most = max(most, last - first + 1)
    return most


MINUTE = timedelta(minutes=1)
