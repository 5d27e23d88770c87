"""What an operator may count on: backups, restores, migrations, figures, and a door that tells the truth."""

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp
import psycopg
import pytest

from adapters.platform import Delivered, Refused
from bot.app import build
from bot.backup import back_up
from bot.clock import VirtualClock
from bot.engine import Engine
from bot.operating import resume_lines
from bot.restore import hold, restore, resume
from bot.settings import Settings
from bot.web import Server
from conversations.packing import pack_card
from storage.database import Database
from storage.migrate import NewerSchema, migrate
from storage.nudges import Slot
from storage.store import Store
from storage.tables import Person
from tests.guarantees.backups import NOW, backups_during_load, hire
from tests.guarantees.migrations import (
    Copies,
    PostgresCopies,
    SqliteCopies,
    filled,
    kills_while_migrating,
    rows,
    schema,
)
from tests.guarantees.outages import (
    Break,
    an_hour_without_slack,
    full,
    survived,
)
from tests.support.fake_platform import FakePlatform
from tests.support.tiny_flows import CONTENT, FLOWS, TRY, words

# Where in a migration the process dies: after this share of its statements.
SHARES = (0.0, 0.4, 0.97)


def quietly(words: str, done: float) -> None:
    """Nobody watches."""


def _messages(store: Store, number: int) -> None:
    for each in range(number):
        hire(store, each)
        card = pack_card(words(f"Message {each}"))
        row = {"kind": "hello", "delivery": "must_arrive", "prompted": True, "person_id": each + 1, "card": card}
        store.outbox.add(f"message/{each}", NOW, row)


@dataclass
class Installation:
    """One database, a Slack that outlives whatever happens to it, and a bot that works on it now and then."""

    url: str
    clock: VirtualClock
    slack: FakePlatform

    async def live(self, moment: timedelta, arrives: str = "") -> None:
        """A bot works on the database for some minutes. `arrives`: who opens the chat meanwhile."""
        self.clock.move_to(NOW + moment)
        database = Database(self.url)
        engine = Engine(database, [self.slack], flows=FLOWS, content=CONTENT, clock=self.clock)
        await engine.start()
        if arrives:
            await self.slack.arrive(arrives)
        await engine.time_travel(self.clock).advance(self.clock.now() + timedelta(minutes=5))
        await engine.delivery.recover()
        await engine.delivery.deliver_due()
        await engine.stop()
        database.close()

    def change(self, work: Callable[[Store], object]) -> None:
        database = Database(self.url)
        database.write_now(work)
        database.close()

    def seen(self) -> list[str]:
        return [seen.text for seen in self.slack.log]


@pytest.fixture
def here(sqlite_url: str) -> Installation:
    clock = VirtualClock(NOW)
    return Installation(sqlite_url, clock, FakePlatform("slack", clock=clock.now, shows_history=True))


@pytest.mark.slow
async def test_d12_a_backup_one_day_old_sends_nothing_until_resume_and_nothing_twice(
    here: Installation, tmp_path: Path
) -> None:
    backup = tmp_path / "backup.db"
    here.change(lambda store: _messages(store, 6))
    back_up(here.url, backup, quietly)
    # After four the platform asks to wait, for longer than this bot lives.
    four = (Delivered(f"four/{each}") for each in range(4))
    here.slack.outcomes.extend([*four, Refused("ratelimited", retry_after=3600 * 48)])
    await here.live(timedelta())
    arrived = here.seen()
    assert len(arrived) == 4

    restore(here.url, backup, NOW + timedelta(days=1), quietly)
    await here.live(timedelta(days=1))
    assert here.seen() == arrived
    shown = resume(here.url, here.clock.now(), look_only=True)
    # What the chats show is known by now: only the rest waits.
    assert shown.was_held
    assert [(each.kind, each.many, each.doubtful) for each in shown.waiting] == [("hello", 6 - len(arrived), 0)]
    resume(here.url, here.clock.now())
    await here.live(timedelta(days=1, minutes=10))
    assert sorted(here.seen()) == [f"Message {each}" for each in range(6)]


def _reminders(store: Store, number: int, due: datetime) -> None:
    for person in range(1, number + 1):
        store.nudges.put(f"remind/{person}", "try", Slot(person, due, TRY.to("reminded").pack()))


@pytest.mark.slow
async def test_d12_what_the_clock_writes_anew_after_a_restore_is_found_where_it_was_sent_before(
    here: Installation, tmp_path: Path
) -> None:
    """The backup knows of reminders that were due after it, and not that they were sent."""
    backup = tmp_path / "backup.db"
    here.change(lambda store: (_messages(store, 3), _reminders(store, 3, NOW + timedelta(minutes=2))))
    back_up(here.url, backup, quietly)
    await here.live(timedelta())
    sent = sorted(here.seen())
    assert sent == [*(f"Message {each}" for each in range(3)), *["You wanted to know"] * 3]

    restore(here.url, backup, NOW + timedelta(days=1), quietly)
    await here.live(timedelta(days=1))
    assert not resume(here.url, here.clock.now(), look_only=True).waiting
    resume(here.url, here.clock.now())
    await here.live(timedelta(days=1, minutes=10))
    assert sorted(here.seen()) == sent
    # Something new is no doubt any more.
    here.change(lambda store: _reminders(store, 3, NOW + timedelta(days=2)) or _another(store))
    await here.live(timedelta(days=2))
    assert here.seen().count("Something new") == 1


def _another(store: Store) -> None:
    row = {"kind": "hello", "delivery": "must_arrive", "prompted": True, "person_id": 1}
    store.outbox.add("new", NOW, row | {"card": pack_card(words("Something new"))})


@pytest.mark.slow
async def test_d12_what_waited_for_another_try_at_the_backup_is_looked_for_too(
    here: Installation, tmp_path: Path
) -> None:
    here.change(lambda store: _messages(store, 1))
    here.slack.outcomes.append(Refused("ratelimited", retry_after=600))
    await here.live(timedelta())
    assert here.seen() == []
    back_up(here.url, tmp_path / "backup.db", quietly)
    await here.live(timedelta(minutes=20))

    restore(here.url, tmp_path / "backup.db", NOW + timedelta(days=1), quietly)
    await here.live(timedelta(days=1))
    resume(here.url, here.clock.now())
    await here.live(timedelta(days=1, minutes=10))
    assert here.seen() == ["Message 0"]


@pytest.mark.slow
async def test_d12_what_waited_for_somebody_to_arrive_does_not_come_when_they_arrive_once_more(
    here: Installation, tmp_path: Path
) -> None:
    card = pack_card(words("You are invited"))
    row = {"kind": "invitation", "delivery": "must_arrive", "prompted": True, "person_id": 1, "card": card}

    def invite(store: Store) -> None:
        store.people.add(Person(name="Bo", email="bo@larkspur.example", created_at=NOW))
        store.outbox.add("invitation", NOW, row)

    here.change(invite)
    await here.live(timedelta())
    back_up(here.url, tmp_path / "backup.db", quietly)
    here.slack.employ("bo", timezone="UTC")
    await here.live(timedelta(hours=7), arrives="bo")
    assert here.seen().count("You are invited") == 1

    restore(here.url, tmp_path / "backup.db", NOW + timedelta(hours=8), quietly)
    await here.live(timedelta(hours=8))
    resume(here.url, here.clock.now())
    await here.live(timedelta(hours=9), arrives="bo")
    assert here.seen().count("You are invited") == 1


@pytest.mark.slow
async def test_d12_nothing_goes_out_before_the_clock_has_written_what_fell_due_since_the_backup(
    here: Installation, tmp_path: Path
) -> None:
    here.change(lambda store: (_messages(store, 1), _reminders(store, 1, NOW + timedelta(minutes=2))))
    back_up(here.url, tmp_path / "backup.db", quietly)
    await here.live(timedelta())
    sent = here.seen()
    assert sent == ["Message 0", "You wanted to know"]

    restore(here.url, tmp_path / "backup.db", NOW + timedelta(days=1), quietly)
    too_early = resume(here.url, NOW + timedelta(days=1, minutes=1))
    assert too_early.behind
    assert any("Start Flipside" in line for line in resume_lines(too_early, NOW, look_only=False))
    await here.live(timedelta(days=1, minutes=2))
    assert here.seen() == sent
    assert not resume(here.url, here.clock.now()).behind
    await here.live(timedelta(days=1, minutes=10))
    assert here.seen() == sent


@pytest.mark.slow
async def test_d12_nor_before_it_has_planned_for_what_was_new_when_the_backup_was_made(
    here: Installation, tmp_path: Path
) -> None:
    """Nothing is due in the backup; yet its facts may ask for messages that went out a minute later."""
    here.change(lambda store: _messages(store, 1))
    back_up(here.url, tmp_path / "backup.db", quietly)
    restore(here.url, tmp_path / "backup.db", NOW + timedelta(days=1), quietly)
    assert resume(here.url, NOW + timedelta(days=1)).behind
    await here.live(timedelta(days=1))
    assert not resume(here.url, here.clock.now()).behind


@pytest.mark.slow
async def test_d12_nor_when_the_backup_was_made_on_hold(here: Installation, tmp_path: Path) -> None:
    here.change(lambda store: (_messages(store, 1), _reminders(store, 1, NOW + timedelta(minutes=2))))
    hold(here.url, NOW)
    back_up(here.url, tmp_path / "backup.db", quietly)
    resume(here.url, NOW)
    await here.live(timedelta())
    sent = here.seen()
    assert sent == ["Message 0", "You wanted to know"]

    restore(here.url, tmp_path / "backup.db", NOW + timedelta(days=1), quietly)
    assert resume(here.url, NOW + timedelta(days=1, minutes=1)).behind
    await here.live(timedelta(days=1, minutes=2))
    assert not resume(here.url, here.clock.now()).behind
    await here.live(timedelta(days=1, minutes=10))
    assert here.seen() == sent


@pytest.mark.slow
async def test_d12_who_wants_to_can_resume_before_the_first_start(here: Installation, tmp_path: Path) -> None:
    here.change(lambda store: (_messages(store, 1), _reminders(store, 1, NOW + timedelta(minutes=2))))
    back_up(here.url, tmp_path / "backup.db", quietly)
    restore(here.url, tmp_path / "backup.db", NOW + timedelta(days=1), quietly)
    assert resume(here.url, NOW + timedelta(days=1), anyway=True).was_held
    await here.live(timedelta(days=1))
    assert sorted(here.seen()) == ["Message 0", "You wanted to know"]


def _nudges(store: Store, number: int) -> None:
    for each in range(number):
        hire(store, each)
        row = {"kind": "hello", "delivery": "nudge", "prompted": True, "person_id": each + 1}
        store.outbox.add(f"nudge/{each}", NOW, row | {"card": pack_card(words(f"Nudge {each}"))})


async def test_a_healthy_installation_on_hold_loses_no_nudge_where_nobody_can_look(here: Installation) -> None:
    here.slack.shows_history = False
    here.change(lambda store: _nudges(store, 2))
    hold(here.url, NOW)
    await here.live(timedelta())
    assert here.seen() == []
    resume(here.url, here.clock.now())
    await here.live(timedelta(minutes=10))
    assert sorted(here.seen()) == ["Nudge 0", "Nudge 1"]


@pytest.mark.parametrize("shows_history", [True, False])
async def test_a_hold_stops_what_is_being_sent(here: Installation, shows_history: bool) -> None:
    here.slack.shows_history = shows_history
    here.change(lambda store: _nudges(store, 100))

    async def at_the_first_message() -> None:
        if here.slack.attempts == 1:
            await asyncio.to_thread(hold, here.url, NOW)

    here.slack.meanwhile = at_the_first_message
    await here.live(timedelta())
    # What was under way at that moment.
    assert 1 <= len(here.seen()) <= 48
    resume(here.url, here.clock.now())
    await here.live(timedelta(minutes=10))
    assert sorted(here.seen()) == sorted(f"Nudge {each}" for each in range(100))


async def test_d12_a_message_has_the_same_id_again_only_if_it_is_the_same_message(sqlite_url: str) -> None:
    """Nobody can guess it, another installation has another one, and a number given anew makes no mistake."""

    def ids(url: str, *cards: str) -> list[str]:
        database = Database(url)
        for number, card in enumerate(cards):
            row = {"kind": "hello", "delivery": "must_arrive", "card": pack_card(words(card))}
            database.write_now(lambda store, row=row, number=number: store.outbox.add(f"pair/{number}", NOW, row))  # type: ignore[misc]
        found = database.read_now(lambda store: [each.delivery_id for each in store.outbox.everything()])
        database.close()
        return found

    secret = Database(sqlite_url)
    secret.write_now(lambda store: store.outbox.add("first", NOW, {"kind": "hello", "delivery": "nudge"}))
    secret.close()
    copies = [Path(f"{sqlite_url.removeprefix('sqlite:///')}{number}") for number in range(2)]
    for each in copies:
        back_up(sqlite_url, each, quietly)
    one, other = (ids(f"sqlite:///{each}", *cards) for each, cards in zip(copies, ("AB", "AC"), strict=True))
    assert one[:2] == other[:2]
    assert one[2] != other[2]
    assert len(set(one)) == 3


@pytest.mark.slow
def test_o4_backups_during_load_restore_clean(sqlite_url: str, tmp_path: Path) -> None:
    done = backups_during_load(sqlite_url, tmp_path, 8)
    assert done.torn == 0
    # There was load: each backup knows of more people than the one before.
    assert sorted(set(done.rows)) == list(done.rows)


@pytest.fixture(params=["sqlite", "postgresql"])
def copies(request: pytest.FixtureRequest, tmp_path: Path) -> Copies:
    """Makes databases: empty ones, and copies of others."""
    if request.param == "sqlite":
        return SqliteCopies(tmp_path)
    server: str = request.getfixturevalue("postgres")
    made = PostgresCopies(server)
    request.addfinalizer(made.drop)
    return made


@pytest.mark.slow
@pytest.mark.parametrize("revision", ["0001", "0002"])
def test_o3_a_filled_database_of_an_earlier_version_keeps_every_row(revision: str, copies: Copies) -> None:
    url = copies.another()
    before = filled(url, revision)
    migrate(url)
    after, fresh = rows(url), copies.another()
    assert {name: after[name] for name in before} == before
    migrate(fresh)
    assert schema(url) == schema(fresh)


@pytest.mark.slow
def test_o3_a_kill_at_a_statement_of_a_migration_loses_nothing(copies: Copies) -> None:
    old, whole = copies.another(), copies.another()
    outcome = kills_while_migrating("0001", old, whole, copies, SHARES)
    assert outcome == {"": len(SHARES)}


@pytest.mark.slow
async def test_o2_readyz_follows_the_database_within_ten_seconds(postgres: str, postgres_url: str) -> None:
    name = postgres_url.partition("?")[0].rpartition("/")[2]
    settings = Settings.model_validate({"database_url": postgres_url})
    app = build(settings, chosen=[FakePlatform("slack")], port=0)
    server = await app.start()
    try:
        assert await _answers(server, 200) == "ready\n"
        with psycopg.connect(postgres, autocommit=True) as administrator:
            administrator.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
            administrator.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            assert await _answers(server, 503) == "not ready\n"
            administrator.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
        await _answers(server, 200)
    finally:
        await app.stop(server)
        app.close()


# Locked, and a PostgreSQL that restarts: in the long part.
@pytest.mark.slow
@pytest.mark.parametrize("breaks", [full])
async def test_o2_a_database_that_cannot_be_written_is_not_ready_and_nothing_is_lost(
    breaks: Break, sqlite_url: str
) -> None:
    outage = await survived(sqlite_url, breaks, 3)
    assert outage.is_survived, outage


@pytest.mark.slow
async def test_o2_after_an_hour_without_slack_everything_arrives_once(sqlite_database: Database) -> None:
    outcome = await an_hour_without_slack(sqlite_database)
    assert outcome.is_perfect, outcome


async def _answers(server: Server, status: int) -> str:
    """What /readyz says, once it answers with this status."""
    async with asyncio.timeout(10), aiohttp.ClientSession() as session:
        while True:
            async with session.get(f"http://127.0.0.1:{server.port}/readyz") as answer:
                if answer.status == status:
                    return await answer.text()
            await asyncio.sleep(0.05)


def test_o3_a_backup_of_a_newer_version_is_refused_and_the_database_left_alone(sqlite_url: str, tmp_path: Path) -> None:
    backup = tmp_path / "backup.db"
    back_up(sqlite_url, backup, quietly)
    database = Database(f"sqlite:///{backup}")
    database.write_now(
        lambda store: store.people._session.connection().exec_driver_sql(
            "UPDATE alembic_version SET version_num='9999'"
        )
    )
    database.close()
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    before = file.read_bytes()
    with pytest.raises(NewerSchema, match="newer"):
        restore(sqlite_url, backup, NOW, quietly)
    assert file.read_bytes() == before


def test_o4_a_backup_is_whole_or_not_there(sqlite_url: str, tmp_path: Path) -> None:
    """What an interrupted attempt left is no backup, and is no hindrance either."""
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "backup.db.part").write_bytes(b"half of one")
    shutil.copy(sqlite_url.removeprefix("sqlite:///"), folder / "other.db")
    back_up(sqlite_url, folder / "backup.db", quietly)
    assert sorted(path.name for path in folder.iterdir()) == ["backup.db", "other.db"]
