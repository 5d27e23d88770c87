"""Messages that wait in a real database, people on a fake platform who get them, and the count of what arrived."""

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from adapters.teams.route import Route
from conversations.packing import pack_card
from storage.database import Database
from storage.store import Store
from storage.tables import Account, OutboxMessage, Person
from tests.guarantees.process import Orders, bot
from tests.support.slack_server import SlackStub
from tests.support.teams_server import BOT, TENANT, TeamsStub
from tests.support.tiny_flows import words

# Long enough for a machine that does much else: what never settles is found all the same.
SETTLES_WITHIN = 300.0
LOOKS_EVERY = 0.05
PlatformName = Literal["slack", "teams"]
Delivery = Literal["must_arrive", "nudge"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the platform's own log says. `unsettled`: rows that still wait, or are being sent. `calls`: posts that
    reached the platform; `attempts`: how many the outbox knows of.
    """

    wanted: int
    lost: int
    repeated: int
    unsettled: int = 0
    calls: int = 0
    attempts: int = 0

    @property
    def is_perfect(self) -> bool:
        return (self.lost, self.repeated, self.unsettled) == (0, 0, 0)

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(
            self.wanted + other.wanted,
            self.lost + other.lost,
            self.repeated + other.repeated,
            self.unsettled + other.unsettled,
            self.calls + other.calls,
            self.attempts + other.attempts,
        )


@dataclass
class Office:
    """One fake platform, one database, and the orders for the processes that work between them."""

    platform: PlatformName
    orders: Orders
    slack: SlackStub | None = None
    teams: TeamsStub | None = None

    def post(
        self, people: int, each: int = 1, *, delivery: Delivery = "must_arrive", now: datetime | None = None
    ) -> None:
        """`each` messages for every one of so many new people wait to be sent."""
        now = now or datetime.now(UTC)
        accounts = [self._account(number) for number in range(people)]
        database = Database(self.orders.database_url)
        database.write_now(lambda store: _write(store, accounts, each, delivery, now))
        database.close()

    def _account(self, number: int) -> dict[str, str]:
        if self.slack is not None:
            person = self.slack.add_person(f"Person {number}", f"person{number}@larkspur.example")
            # Every other one has talked to the bot already, so that their chat is known.
            route = f"D{person.id[1:]}" if number % 2 else ""
            return {"platform": "slack", "tenant": self.slack.team, "user": person.id, "route": route}
        assert self.teams is not None
        member = self.teams.person(f"Person {number}", f"person{number}@larkspur.example")
        route = Route(self.teams.service_url, member.conversation, member.member_id, BOT).pack()
        return {"platform": "teams", "tenant": TENANT, "user": member.aad_id, "route": route}

    def rows(self) -> Sequence[OutboxMessage]:
        database = Database(self.orders.database_url)
        try:
            return database.read_now(lambda store: store.outbox.everything())
        finally:
            database.close()

    async def until_settled(self, seconds: float = SETTLES_WITHIN) -> None:
        """Waits until nothing waits any more."""
        database = Database(self.orders.database_url)
        try:
            async with asyncio.timeout(seconds):
                while await database.read(_unsettled):
                    await asyncio.wait([asyncio.ensure_future(asyncio.sleep(LOOKS_EVERY))])
        finally:
            await asyncio.to_thread(database.close)

    async def finish(self, **changes: Any) -> Outcome:
        """A process that nobody kills does the rest; then the platform's log is counted."""
        async with bot(self.orders, **changes) as one:
            await one.at_work()
            await self.until_settled()
            one.send(signal.SIGTERM)
            assert await one.ended() == 0
        return self.count()

    def count(self) -> Outcome:
        rows = self.rows()
        arrived = self.arrived()
        keys = [self._mark(row) for row in rows]
        return Outcome(
            wanted=len(rows),
            lost=sum(arrived[key] == 0 for key in keys),
            repeated=sum(max(arrived[key] - 1, 0) for key in keys),
            unsettled=sum(row.state in ("waiting", "sending") for row in rows),
            calls=self.posts(),
            attempts=sum(row.attempts for row in rows),
        )

    def arrived(self) -> Counter[str]:
        """How often each message was shown, by its words, which are its key."""
        if self.slack is not None:
            return Counter(message.text.strip() for message in self.slack.messages)
        assert self.teams is not None
        return Counter(_teams_words(message.activity) for message in self.teams.messages)

    def posts(self) -> int:
        if self.slack is not None:
            return len(self.slack.called("chat.postMessage"))
        assert self.teams is not None
        return self.teams.calls.count("post")

    def _mark(self, row: OutboxMessage) -> str:
        return f"Message {row.key}"


def _teams_words(activity: Mapping[str, Any]) -> str:
    return str(activity["attachments"][0]["content"]["fallbackText"]).strip()


def _unsettled(store: Store) -> int:
    return sum(row.state in ("waiting", "sending") for row in store.outbox.everything())


def _write(store: Store, accounts: Sequence[dict[str, str]], each: int, delivery: str, now: datetime) -> None:
    for number, account in enumerate(accounts):
        person = store.people.add(Person(name=f"Person {number}", timezone="UTC", created_at=now))
        store.accounts.add(Account(person_id=person.id, member=True, known=True, last_used_at=now, **account))
        for which in range(each):
            key = f"{person.id}.{which}"
            values = {
                "kind": "hello",
                "delivery": delivery,
                "prompted": True,
                "person_id": person.id,
                "card": pack_card(words(f"Message {key}")),
            }
            store.outbox.add(key, now, values)


@asynccontextmanager
async def slack_office(database_url: str, *, look_back: bool = True, **orders: Any) -> AsyncIterator[Office]:
    """A workspace. Without `look_back` the operator left im:history out."""
    async with SlackStub() as slack:
        if not look_back:
            slack.scopes = slack.scopes.replace("im:history,", "")
        adapter = {"bot_token": slack.bot_token, "signing_secret": slack.signing_secret, "api_url": slack.api_url}
        yield Office("slack", Orders(database_url, slack=adapter, **orders), slack=slack)


@asynccontextmanager
async def teams_office(database_url: str, **orders: Any) -> AsyncIterator[Office]:
    """A tenant."""
    async with TeamsStub() as teams:
        yield Office("teams", Orders(database_url, teams=teams.settings, **orders), teams=teams)
