"""`/metrics`: what an operator alarms on, and nothing about anybody."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from adapters.platform import Uncertain
from bot.app import App, build
from bot.clock import VirtualClock
from bot.engine import Engine
from bot.metrics import figures
from bot.settings import Settings
from conversations.actions import Action
from conversations.contacts import Place
from conversations.flows import FLOWS
from conversations.packing import pack_card
from storage.database import Database
from storage.store import Store
from storage.tables import Account, Person
from tests.guarantees.backups import NOW
from tests.support.fake_platform import FakePlatform
from tests.support.tiny_flows import CONTENT, words

LINE = re.compile(r'^[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? -?[0-9.e+-]+$')


def people(store: Store, first: int, last: int) -> None:
    """Each with an account and a message that waits."""
    for number in range(first, last):
        person = store.people.add(
            Person(name=f"Canary {number}", email=f"canary{number}@larkspur.example", created_at=NOW)
        )
        store.accounts.add(
            Account(person_id=person.id, platform="slack", tenant="T1", user=f"CANARY{number}", last_used_at=NOW)
        )
        values = {"kind": "hello", "delivery": "must_arrive", "prompted": True, "person_id": person.id}
        store.outbox.add(f"canary/{number}", NOW, values | {"card": pack_card(words("Canary"))})


@pytest.fixture
def engine(sqlite_database: Database) -> Engine:
    return engine_on(sqlite_database)


def engine_on(database: Database) -> Engine:
    platforms = [FakePlatform("slack", "T1", shows_history=True), FakePlatform("teams", "T2")]
    return Engine(database, platforms, flows=FLOWS, content=CONTENT, clock=VirtualClock(NOW))


def samples(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith("#")]


def value(text: str, series: str) -> float:
    return float(next(line for line in text.splitlines() if line.startswith(f"{series} ")).rpartition(" ")[2])


async def test_o6_the_series_are_the_same_however_many_people_there_are(engine: Engine) -> None:
    def series(text: str) -> list[str]:
        return [line.rpartition(" ")[0] for line in text.splitlines()]

    empty = await figures(engine)
    engine.database.write_now(lambda store: people(store, 0, 3))
    await engine.delivery.deliver_due()
    few = await figures(engine)
    engine.database.write_now(lambda store: people(store, 3, 60))
    many = await figures(engine)
    assert series(empty) == series(few) == series(many)
    assert len(empty.splitlines()) < 250
    assert "anary" not in many.lower()
    assert "larkspur" not in many
    # Nothing tells how many answered what.
    assert not re.search(r"pulse|answer|check_in|survey", "\n".join(samples(many)))


async def test_o6_every_line_is_prometheus_text(engine: Engine) -> None:
    text = await figures(engine)
    assert [line for line in samples(text) if not LINE.match(line)] == []
    # Each name is introduced once.
    names = [line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")]
    assert len(names) == len(set(names))


async def test_a_queue_that_grows_is_seen_by_platform_and_age(engine: Engine) -> None:
    engine.database.write_now(lambda store: people(store, 0, 3))
    assert isinstance(engine.clock, VirtualClock)
    engine.clock.move_to(NOW + timedelta(minutes=10))
    text = await figures(engine)
    assert value(text, 'flipside_outbox_due{platform="slack"}') == 3
    assert value(text, 'flipside_outbox_due{platform="teams"}') == 0
    assert value(text, 'flipside_outbox_oldest_due_seconds{platform="slack"}') == 600


@pytest.mark.slow
async def test_a_queue_is_seen_on_postgresql_too(postgres_url: str) -> None:
    database = Database(postgres_url)
    database.write_now(lambda store: people(store, 0, 3))
    database.write_now(
        lambda store: store.outbox.add("group", NOW, {"kind": "hello", "delivery": "nudge", "group_ids": [1, 2]})
    )
    place = Place("teams", "T2", "general").pack()
    database.write_now(
        lambda store: store.outbox.add("place", NOW, {"kind": "hello", "delivery": "nudge", "place": place})
    )
    text = await figures(engine_on(database))
    due = {label: value(text, f'flipside_outbox_due{{platform="{label}"}}') for label in ("slack", "teams", "group")}
    assert due == {"slack": 3, "teams": 1, "group": 1}
    database.close()


async def test_what_became_of_attempts_and_turns_is_counted(engine: Engine) -> None:
    engine.database.write_now(lambda store: people(store, 0, 2))
    slack = engine.platforms["slack"]
    assert isinstance(slack, FakePlatform)
    slack.outcomes.append(Uncertain("timeout"))
    await engine.start()
    await engine.delivery.deliver_due()
    await slack.press("CANARY0", Action("hello", "help"))
    await engine.stop()
    text = await figures(engine)
    assert value(text, 'flipside_delivery_attempts_total{platform="slack",outcome="sent"}') == 1
    assert value(text, 'flipside_delivery_attempts_total{platform="slack",outcome="uncertain"}') == 1
    assert value(text, "flipside_outbox_uncertain") == 1
    turns = [
        value(text, f'flipside_turns_total{{platform="slack",outcome="{each}"}}') for each in ("ok", "earlier_card")
    ]
    assert sum(turns) == 1
    assert value(text, "flipside_turn_seconds_count") == 1
    assert value(text, 'flipside_turn_seconds_bucket{le="+Inf"}') == 1


async def test_a_held_outbox_and_a_late_calendar_are_seen(engine: Engine) -> None:
    engine.database.write_now(lambda store: store.installation.hold(NOW))
    assert value(await figures(engine), "flipside_outbox_held") == 1


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    settings = Settings.model_validate(
        {"database_url": f"sqlite:///{tmp_path / 'run.db'}", "port": 1, "metrics": "127.0.0.1:1"}
    )
    built = build(settings, chosen=[FakePlatform("slack")], port=0)
    # A free port: the setting takes none but fixed ones.
    object.__setattr__(built, "metrics", ("127.0.0.1", 0))
    yield built
    built.close()


@pytest.mark.slow
async def test_figures_are_served_on_an_address_of_their_own_and_only_there(app: App) -> None:
    server = await app.start()
    assert server.beside is not None
    try:
        async with aiohttp.ClientSession() as session:
            async with session.get(f"http://127.0.0.1:{server.beside.port}/metrics") as answer:
                assert answer.status == 200
                assert answer.content_type == "text/plain"
                assert "flipside_database_up 1" in await answer.text()
            async with session.get(f"http://127.0.0.1:{server.port}/metrics") as answer:
                assert answer.status == 404
    finally:
        await app.stop(server)


async def test_while_the_database_is_away_the_process_still_tells_what_it_knows(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    engine = Engine(database, [FakePlatform("slack")], flows=FLOWS, content=CONTENT, clock=VirtualClock(NOW))
    database.close()
    text = await figures(engine)
    assert value(text, "flipside_database_up") == 0
    assert value(text, "flipside_turn_seconds_count") == 0
