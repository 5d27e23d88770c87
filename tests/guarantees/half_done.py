"""A process dies in the middle of an answer, an erasure or the start of a program: nothing is half done afterwards."""

import asyncio
import json
import os
import signal
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy import func, select

from adapters.platform import Delivered, Sent
from bot import crash_points
from bot.clock import VirtualClock
from bot.engine import Engine
from bot.pace import Pace
from bot.time_travel import TimeTravel
from conversations.actions import Action
from conversations.cards import Card
from conversations.contacts import Address, Group, Place
from conversations.content import load
from conversations.events import Commanded, Submitted
from conversations.flows import FLOWS
from storage.database import Database
from storage.store import Store
from storage.tables import Enrollment, Pair, Proposal, ProposedPair, PulseAnswer, Table
from tests.guarantees.process import exit_of
from tests.storage.test_erasure import AMARA, ME, a_company
from tests.support.chat import MONDAY, Chat, ChatPerson
from tests.support.company import mentee, mentor, pair, program
from tests.support.fake_platform import FakePlatform
from tests.support.filled import NOW

T = TypeVar("T")

# An answer to a survey ---------------------------------------------------------------------------------------------

ANSWERS = {"often": "4", "useful": "3", "openly": "5"}
ROUND = 1
ANSWERED_AT = datetime(2026, 4, 7, 9, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Survey:
    """What is there of one person's answer: whether it is noted that they answered, and how many answers there are."""

    noted: bool
    answers: int

    @property
    def is_whole(self) -> bool:
        return self.answers == (len(ANSWERS) if self.noted else 0)


def killed_while_answering(url: str, crash: str) -> tuple[Survey, Survey]:
    """Somebody sends a survey's form and the process dies; the platform repeats it twice. Right after, and at last."""
    database = Database(url)
    chat = Chat(database)
    cora = chat.person("cora.lind@larkspur.example", coordinator=True)
    number = program(chat, cora, status="running")
    ana, erik = mentor(chat, "ana.costa", number), mentee(chat, "erik.berg", number)
    pair(chat, number, ana, erik)
    database.write_now(lambda store: _asked(store, number, ana))
    database.close()
    assert exit_of(_answer, url, crash, ana.email) == -signal.SIGKILL, f"never came to {crash}"
    between = _survey(url, ana.id)
    assert exit_of(_answer, url, None, ana.email) == 0
    return between, _survey(url, ana.id)


def _asked(store: Store, number: int, who: ChatPerson) -> None:
    asked = store.pulses.round(number, "early", date(2026, 4, 6), date(2026, 4, 20))
    assert asked.id == ROUND
    store.pulses.ask(asked.id, store.people.get(who.id))


def _answer(url: str, crash: str | None, user: str) -> None:
    crash_points.arm(crash)
    platform = FakePlatform("web")
    engine = _engine(url, platform, ANSWERED_AT)

    async def work() -> None:
        await engine.start()
        for _ in range(2):
            await platform.happen(user, Submitted(ANSWERS), Action("pulse", "record", {"round": ROUND}), "the form")
        await engine.stop()

    asyncio.run(work())
    engine.database.close()


def _survey(url: str, person: int) -> Survey:
    def look(store: Store) -> Survey:
        noted = store.pulses.participation(ROUND, store.people.get(person))
        return Survey(bool(noted), store._session.scalar(select(func.count()).select_from(PulseAnswer)) or 0)

    return _looked(url, look)


# An erasure --------------------------------------------------------------------------------------------------------


def killed_while_erasing(url: str, crash: str) -> tuple[bool, bool]:
    """Somebody is erased and the process dies; then they are erased once more. Whether right after the kill nothing
    had changed, and whether at last nothing of them was left in any table.
    """
    database = Database(url)
    database.write_now(a_company)
    before = _rows(database)
    database.close()
    assert exit_of(_erase, url, crash) == -signal.SIGKILL, f"never came to {crash}"
    database = Database(url)
    unchanged = _rows(database) == before
    database.close()
    assert exit_of(_erase, url, None) == 0
    database = Database(url)
    left = json.dumps(_rows(database), default=str)
    database.close()
    return unchanged, "mine." not in left


def tables_erased(url: str) -> int:
    """How many points an erasure passes."""
    passed: list[str] = []
    database = Database(url, passes=passed.append)
    database.write_now(a_company)
    _erase_in(database)
    database.close()
    return passed.count("erased")


def _erase(url: str, crash: str | None) -> None:
    crash_points.arm(crash)
    database = Database(url, passes=crash_points.crash_here)
    _erase_in(database)
    database.close()


def _erase_in(database: Database) -> None:
    database.write_now(lambda store: store.erasure.erase(store.people.get(ME), store.people.get(AMARA), NOW))


def _rows(database: Database) -> Mapping[str, list[object]]:
    def read(store: Store) -> Mapping[str, list[object]]:
        tables = Table.metadata.sorted_tables
        return {each.name: sorted(map(repr, store._session.execute(select(each)))) for each in tables}  # type: ignore[arg-type]

    return database.read_now(read)


# The start of a program ---------------------------------------------------------------------------------------------

STARTS = MONDAY + timedelta(days=1)
# By then everybody has been introduced.
UNTIL = MONDAY + timedelta(days=9)


@dataclass(frozen=True, slots=True)
class Start:
    """What the platform showed, by its own log, and the pairs there are."""

    pairs: int
    doubled_pairs: int
    announcements: int
    introductions: int
    repeated: int
    unmatched: int


def whole_start(pairs: int) -> Start:
    """Each pair once, a private card for both and one group chat for each, one announcement, a word to one left out."""
    return Start(pairs, 0, 1, 3 * pairs, 0, 1)


def killed_while_publishing(url: str, log: Path, crash: str, pairs: int) -> Start:
    """A program is announced and approved pairs are published in batches; the process dies, and another goes on."""
    database = Database(url)
    chat = Chat(database)
    cora = chat.person("cora.lind@larkspur.example", coordinator=True)
    number = program(chat, cora, status="draft")
    sides = [(mentor(chat, f"ana.n{each}", number), mentee(chat, f"ben.n{each}", number)) for each in range(pairs)]
    alone = mentor(chat, "alone.moss", number)
    database.write_now(lambda store: _approved(store, number, cora, sides, alone))
    database.close()
    assert exit_of(_start, url, crash, str(log)) == -signal.SIGKILL, f"never came to {crash}"
    assert exit_of(_start, url, None, str(log)) == 0
    return _started(url, log)


def _approved(
    store: Store,
    number: int,
    cora: ChatPerson,
    sides: Sequence[tuple[ChatPerson, ChatPerson]],
    alone: ChatPerson,
) -> None:
    rows = [ProposedPair(mentor_id=one.id, mentee_id=other.id, score=80, reason="Both.") for one, other in sides]
    proposal = Proposal(
        program_id=number,
        status="approved",
        total=80,
        unmatched=[{"person": alone.id, "reason": "nobody"}],
        made_by=cora.id,
        made_at=MONDAY,
        approved_at=MONDAY,
        publish_at=STARTS,
    )
    store.proposals.add(proposal, rows)
    for row in store._session.scalars(select(Enrollment)):
        row.joined_at = MONDAY


class Written(FakePlatform):
    """Keeps its log in a file, so that it outlives the process that posts."""

    file: Path

    async def send(self, to: Address | Group | Place, card: Card, delivery_id: str, update: str = "") -> Sent:
        sent = await super().send(to, card, delivery_id, update)
        if isinstance(sent, Delivered) and not update:
            line = json.dumps([delivery_id, type(to).__name__, card.title])
            descriptor = os.open(self.file, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
            os.write(descriptor, f"{line}\n".encode())
            os.close(descriptor)
        return sent


def _start(url: str, crash: str | None, log: str) -> None:
    crash_points.arm(crash)
    platform = Written("web", shows_history=True)
    platform.file = Path(log)
    engine = _engine(url, platform, MONDAY)
    clock = engine.clock
    assert isinstance(clock, VirtualClock)

    async def work() -> None:
        await engine.start()
        opens = Commanded("program open", platform.place())
        await platform.happen("cora.lind@larkspur.example", opens, None, "the command")
        ways = engine.nudges, engine.delivery, engine.consultations
        await TimeTravel(engine.database, clock, *ways, plan_every=timedelta(days=1)).advance(UNTIL)
        await engine.stop()

    asyncio.run(work())
    engine.database.close()


def _started(url: str, log: Path) -> Start:
    shown = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    kinds = _looked(url, lambda store: {key: label.kind for key, label in store.outbox.labels().items()})
    made = _looked(url, lambda store: [(one.mentor_id, one.mentee_id) for one in store._session.scalars(select(Pair))])
    came = Counter(kinds.get(delivery_id, "") for delivery_id, _, _ in shown)
    return Start(
        len(set(made)),
        len(made) - len(set(made)),
        came["announcement"],
        came["introduction"],
        len(shown) - len({delivery_id for delivery_id, _, _ in shown}),
        came["unmatched"],
    )


def _engine(url: str, platform: FakePlatform, now: datetime) -> Engine:
    clock = VirtualClock(now)
    platform.clock = clock.now
    database = Database(url, passes=crash_points.crash_here)
    return Engine(database, [platform], flows=FLOWS, content=load(), clock=clock, pace=Pace({}))


def _looked(url: str, look: Callable[[Store], T]) -> T:
    database = Database(url)
    try:
        return database.read_now(look)
    finally:
        database.close()
