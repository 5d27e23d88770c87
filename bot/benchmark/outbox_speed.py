"""One database's outbox: how fast facts are written with their messages, and how fast messages go out one by one."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.benchmark.company import MONDAY, found, hire
from bot.benchmark.sink import Sink
from bot.clock import VirtualClock, stopwatch
from bot.delivery import Delivery
from bot.files import Files
from bot.pace import Pace
from bot.posting import post
from conversations.actions import Action
from conversations.cards import Button, Card, buttons, card, quiet, text
from conversations.content import Content, load
from conversations.events import Due, Inbound
from conversations.flow import Turn
from conversations.replies import AtOnce, Notice, Tell
from storage.database import Database
from storage.migrate import migrate
from storage.store import Store

FACTS_A_TRANSACTION = 200
# Everybody is at work then, and the messages are not late.
MORNING = MONDAY + timedelta(hours=4)
# Programs: somebody is invited once to each.
EARLIER, TODAY = 1, 2


@dataclass(frozen=True, slots=True)
class OutboxSpeed:
    """Messages that the sink saw, its own count of those that came twice, and rows that did not end as sent."""

    messages: int
    seconds: float
    cpu_seconds: float
    repeated: int
    unsent: int
    facts: int
    facts_seconds: float

    @property
    def per_second(self) -> float:
        return self.messages / self.seconds


def outbox_speed(url: str, messages: int, facts: int, at_least: int = 0) -> OutboxSpeed:
    """Fills the empty database, with at least so many people, and measures on it."""
    migrate(url)
    database = Database(url)
    try:
        hire(database, max(messages, facts, at_least))
        found(database, EARLIER, TODAY)
        _write_facts(database, messages, TODAY)
        sink, seconds, cpu_seconds = asyncio.run(_deliver(database))
        unsent = database.read_now(lambda store: sum(row.state != "sent" for row in store.outbox.everything()))
        facts_seconds = _write_facts(database, facts, EARLIER)
    finally:
        database.close()
    repeated = sum(times - 1 for times in sink.taken.values())
    return OutboxSpeed(len(sink.taken), seconds, cpu_seconds, repeated, unsent, facts, facts_seconds)


async def _deliver(database: Database) -> tuple[Sink, float, float]:
    """The sender as in `flipside run`, with nobody who asks it to be slow."""
    sink, clock = Sink(), VirtualClock(MORNING)
    files = Files(database, (), load(), clock)
    delivery = Delivery(database, {sink.name: sink}, clock, files, pace=Pace({}))
    await sink.start(_nobody)
    try:
        elapsed, cpu = stopwatch(), time.process_time()
        await delivery.deliver_due()
        seconds, cpu_seconds = elapsed() / 1000, time.process_time() - cpu
        await delivery.stop()
    finally:
        await sink.stop()
    return sink, seconds, cpu_seconds


async def _nobody(inbound: Inbound) -> Sequence[AtOnce]:
    """Nothing comes in here."""
    return ()


def _write_facts(database: Database, facts: int, program: int) -> float:
    """That each of so many people is invited, and the card that says so; the seconds that it took."""
    content, shown = load(), question()
    elapsed = stopwatch()
    for first in range(1, facts + 1, FACTS_A_TRANSACTION):
        some = range(first, min(first + FACTS_A_TRANSACTION, facts + 1))
        database.write_now(lambda store, some=some: _invite(store, some, program, content, shown))  # type: ignore[misc]
    return elapsed() / 1000


def _invite(store: Store, people: Sequence[int], program: int, content: Content, shown: Card) -> None:
    """What a turn of the clock does with a batch: rows by the store, and replies that become messages."""
    turn = Turn(
        event=Due(),
        action=Action("invite", "batch"),
        person=store.people.get(1),
        store=store,
        now=MORNING,
        content=content,
        coordinator=True,
    )
    invitation = {"program_id": program, "role": "mentor", "invited_by": 1, "created_at": MORNING}
    store.invitations.add_all(people, invitation)
    expires_at = MORNING + timedelta(days=7)
    notices = (Notice(key=f"invitation/{program}/{each}", kind="check_in", expires_at=expires_at) for each in people)
    post(turn, [Tell(each, shown, notice) for each, notice in zip(people, notices, strict=True)], "")


def question() -> Card:
    """A card of the size of a check-in."""
    labels = {"met": "We met", "date_set": "A date is set", "not_yet": "Not yet", "skip": "Skip this one"}
    choices = [Button(label, Action("check_in", step, {"check_in": 1, "pair": 1})) for step, label in labels.items()]
    return card(
        "How is it going?",
        text("Two weeks have passed. Have you and your partner met?"),
        buttons(*choices),
        quiet("Next from me: in two weeks."),
    )
