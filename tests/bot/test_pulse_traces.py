"""A pulse through the whole bot, with every log open: what was answered is in none of them."""

import logging
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import VirtualClock
from bot.engine import Engine
from conversations.content import load
from conversations.flows import FLOWS
from storage.database import Database
from storage.store import Store
from storage.tables import Enrollment, Pair, Person, Program
from tests.support.letterbox import Letterbox
from tests.support.stages.letterbox import PEOPLE, LetterWriter

pytestmark = pytest.mark.slow

BEGINS = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
# What differs from run to run whatever is answered: times taken, places in memory, ids of deliveries and connections.
BY_CHANCE = re.compile(r"ms=[\d.]+|\[[\w ]*[\d.]+s[^\]]*\]|0x[0-9a-f]+|[0-9a-f]{8}-[0-9a-f-]{27}|post-\d+|/\S+\.db\S*")


def company(store: Store) -> None:
    """Ana teaches Ben since 2 March."""
    ana, ben = (
        store.people.add(Person(name=profile.name, email=profile.email, timezone="UTC", created_at=BEGINS))
        for profile in PEOPLE.values()
    )
    program = store.programs.add(
        Program(
            name="Digital fluency",
            template="digital_fluency",
            status="running",
            objective="Leaders use our tools with ease.",
            themes=["digital_tools"],
            questions=[],
            success="Three new habits each.",
            matching_on=BEGINS.date(),
            starts_on=BEGINS.date(),
            ends_on=BEGINS.date() + timedelta(days=184),
            created_by=ana.id,
            created_at=BEGINS,
        )
    )
    for person, role in ((ana, "mentor"), (ben, "mentee")):
        store.enrollments.add(
            Enrollment(program_id=program.id, person_id=person.id, role=role, status="matched", created_at=BEGINS)
        )
    sides = {"mentor_id": ana.id, "mentee_id": ben.id}
    store.pairs.add(Pair(program_id=program.id, started_on=BEGINS.date(), created_at=BEGINS, **sides))


async def answered(database: Database, value: str) -> list[str]:
    """Ana lives through five weeks and answers; what lies on her desk afterwards."""
    database.write_now(company)
    box, clock = Letterbox(PEOPLE), VirtualClock(BEGINS)
    engine = Engine(database, [box], flows=FLOWS, content=load(), clock=clock)
    ana = LetterWriter(box, "ana")
    await engine.start()
    await ana.say("hello")
    await engine.time_travel(clock).advance(BEGINS + timedelta(days=40))
    await ana.press("Answer 3 questions")
    await ana.submit(dict.fromkeys(("often", "useful", "openly"), value))
    await engine.time_travel(clock).advance(BEGINS + timedelta(days=42))
    await engine.stop()
    await ana.sees("Recorded, thank you")
    return [letter.text for letter in ana.messages]


async def test_a7_logs_and_letters_are_the_same_whatever_was_answered(
    sqlite_template: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    told: dict[str, tuple[list[str], list[str]]] = {}
    for value in ("1", "5"):
        caplog.clear()
        path = tmp_path / f"{value}.db"
        shutil.copy(sqlite_template, path)
        database = Database(f"sqlite:///{path}")
        letters = await answered(database, value)
        told[value] = letters, [BY_CHANCE.sub("", record.getMessage()) for record in caplog.records]
        database.close()
    assert told["1"] == told["5"]
    assert any("pulse.record" in line for line in told["1"][1])
