"""One database's outbox: how fast facts are written with their messages, and how fast messages go out."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from datetime import timedelta
from itertools import pairwise

from bot.benchmark.company import MONDAY, found, hire
from bot.benchmark.sink import Sink
from bot.clock import VirtualClock, stopwatch
from bot.delivery import Delivery
from bot.files import Files
from bot.memory import keep_what_is_there
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
ROUNDS = 4
# Everybody is at work then, and the messages are not late.
MORNING = MONDAY + timedelta(hours=4)
# Programs: somebody is invited once to each.
EARLIER, TODAY = 1, 2


@dataclass(frozen=True, slots=True)
class Speed:
    """Messages that the sink saw, its own count of those that came twice, and rows that did not end as sent."""

    messages: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    repeated: int = 0
    unsent: int = 0

    def __add__(self, other: "Speed") -> "Speed":
        return Speed(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))

    @property
    def per_second(self) -> float:
        return self.messages / self.seconds

    @property
    def cpu_milliseconds(self) -> float:
        """Of one message."""
        return self.cpu_seconds * 1000 / max(self.messages, 1)


@dataclass(frozen=True, slots=True)
class OutboxSpeed:
    """`one_by_one`: where nobody can look back, so that a crash leaves one message in doubt. `together`: where the
    platform shows what it has, to many people at once.
    """

    one_by_one: Speed
    together: Speed
    facts: int
    facts_seconds: float


def outbox_speed(url: str, messages: int, facts: int, between: Callable[[], None] = lambda: None) -> OutboxSpeed:
    """Fills the empty database and measures on it: so many messages in each way, in rounds, since a machine's speed
    wavers. `between`: runs once in each round, for whoever is measured beside it.
    """
    migrate(url)
    database = Database(url)
    try:
        hire(database, max(2 * messages, facts))
        found(database, EARLIER, TODAY)
        # As `flipside run` does; whoever is measured beside it has it, too.
        keep_what_is_there()
        one_by_one = together = Speed()
        for some in _in_rounds(messages):
            one_by_one += _sent(database, some, shows=False)
            together += _sent(database, range(some.start + messages, some.stop + messages), shows=True)
            between()
        facts_seconds = _write_facts(database, range(1, facts + 1), EARLIER)
    finally:
        database.close()
    return OutboxSpeed(one_by_one, together, facts, facts_seconds)


def _in_rounds(messages: int) -> Sequence[range]:
    """Whom each round writes to."""
    ends = [messages * each // ROUNDS for each in range(ROUNDS + 1)]
    return [range(first + 1, last + 1) for first, last in pairwise(ends)]


def _sent(database: Database, people: range, *, shows: bool) -> Speed:
    """What each of them gets."""
    _write_facts(database, people, TODAY)
    sink, seconds, cpu_seconds = asyncio.run(_deliver(database, Sink(shows=shows)))
    unsent = database.read_now(lambda store: len(store.outbox.waiting(MORNING)) + len(store.sending.under_way()))
    return Speed(len(sink.taken), seconds, cpu_seconds, sum(times - 1 for times in sink.taken.values()), unsent)


async def _deliver(database: Database, sink: Sink) -> tuple[Sink, float, float]:
    """The sender as in `flipside run`, with nobody who asks it to be slow."""
    clock = VirtualClock(MORNING)
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


def _write_facts(database: Database, people: range, program: int) -> float:
    """That each of these people is invited, and the card that says so; the seconds that it took."""
    content, shown = load(), question()
    elapsed = stopwatch()
    for first in range(0, len(people), FACTS_A_TRANSACTION):
        some = people[first : first + FACTS_A_TRANSACTION]
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
