"""The conflict firewall through the real heartbeat: HR changes the file, and in the night the pair is frozen."""

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import VirtualClock
from bot.engine import Engine
from bot.roster import import_people, plan_tonight, roster_handler
from bot.scheduler import Heartbeat
from conversations.content import load
from conversations.flows import FLOWS
from storage.database import Database
from storage.tables import Pair
from tests.support import company
from tests.support.chat import Chat
from tests.support.fake_platform import FakePlatform

EVENING = datetime(2026, 3, 3, 20, 0, tzinfo=UTC)
HEAD = "email,name,department,team,manager_email,level\n"


def roster(path: Path, noors_manager: str) -> Path:
    rows = [
        "amara@larkspur.example,Amara Okafor,People,HR,board@larkspur.example,5",
        f"noor@larkspur.example,Noor Haddad,Engineering,Data,{noors_manager},2",
        "rosalind@larkspur.example,Rosalind Meyer,Finance,Board office,board@larkspur.example,7",
        "kofi@larkspur.example,Kofi Mensah,Engineering,Data,dana@larkspur.example,4",
    ]
    path.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def larkspur(database: Database, file: Path) -> int:
    """Noor teaches Rosalind, in a program that Amara runs; all of them are on the roster."""
    chat = Chat(database, now=EVENING)
    amara = chat.person("amara@larkspur.example", coordinator=True, level=5)
    program = company.program(chat, amara, status="running")
    noor = company.mentor(chat, "noor", program, status="matched")
    rosalind = company.mentee(chat, "rosalind", program, status="matched")
    return company.pair(chat, program, noor, rosalind, started_on=date(2026, 2, 16))


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0.02)


@pytest.mark.slow
async def test_a_change_of_manager_in_the_roster_freezes_the_pair_on_the_next_nightly_run(
    sqlite_database: Database, tmp_path: Path
) -> None:
    file = roster(tmp_path / "roster.csv", "kofi@larkspur.example")
    pair_id = larkspur(sqlite_database, file)
    clock = VirtualClock(EVENING)
    platform = FakePlatform("web", clock=clock.now)
    handlers = {"roster": roster_handler(file, clock)}
    engine = Engine(sqlite_database, [platform], flows=FLOWS, content=load(), clock=clock, handlers=handlers)
    heartbeat = Heartbeat(engine, plan_tonight)
    await engine.start()
    await heartbeat.start()

    def pair() -> Pair:
        return sqlite_database.read_now(lambda store: store.pairs.get(pair_id))

    def frozen_after_night() -> bool:
        engine.delivery.wake.set()
        return pair().frozen_at is not None

    def read_times(count: int) -> Callable[[], bool]:
        def done() -> bool:
            engine.delivery.wake.set()
            # Its answer was taken too: until then the same question once more counts as the same question.
            return sqlite_database.read_now(
                lambda store: len(store.roster_reads.done_since(EVENING)) >= count and not store.consultations.waiting()
            )

        return done

    try:
        sqlite_database.write_now(lambda store: plan_tonight(store, clock.now()))
        clock.move_to(EVENING + timedelta(hours=7))
        await until(read_times(1))
        assert pair().frozen_at is None
        roster(file, "rosalind@larkspur.example")
        sqlite_database.write_now(lambda store: plan_tonight(store, clock.now()))
        clock.move_to(EVENING + timedelta(days=1, hours=7))
        await until(frozen_after_night)
        assert pair().frozen_by_rule == "reporting line"
    finally:
        await heartbeat.stop()
        await engine.stop()
    waiting = sqlite_database.read_now(lambda store: [each.kind for each in store.outbox.everything()])
    assert "coordinator_conflict" in waiting


def test_an_import_by_command_has_the_bot_look_at_once(sqlite_url: str, tmp_path: Path) -> None:
    database = Database(sqlite_url, throw_away=True)
    file = roster(tmp_path / "roster.csv", "rosalind@larkspur.example")
    larkspur(database, file)
    report = import_people(sqlite_url, file.read_bytes(), None, False, EVENING)
    assert report.done
    due = database.read_now(lambda store: [nudge.action for nudge in store.nudges.due(EVENING, 10)])
    database.close()
    assert "frozen.check" in due
