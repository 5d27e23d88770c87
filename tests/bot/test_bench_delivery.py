"""The benchmark of the outbox sends real rows over a real socket, and leaves a database with something in it alone."""

import pytest
from rich.console import Console
from typer.testing import CliRunner

from bot.__main__ import app
from bot.benchmark.delivery import deliveries
from storage.database import Database
from tests.support.postgres import create_database, drop_database

pytestmark = pytest.mark.slow


def test_each_message_is_sent_once_on_both_databases_and_the_table_says_so(postgres: str) -> None:
    said: list[str] = []
    empty = create_database(postgres, "flipside_bench")
    report = deliveries(12, empty, lambda words, share: said.append(words), facts=20, seconds=0.3)
    drop_database(postgres, "flipside_bench")
    assert report.is_sound
    assert report.postgres is not None
    assert [(each.messages, each.facts) for each in (report.sqlite, report.postgres)] == [(12, 20)] * 2
    assert report.turns is not None
    assert min(report.turns.alone, report.turns.together) > 0
    console = Console(width=140)
    with console.capture() as captured:
        console.print(report.table())
    assert "20 facts with messages" in captured.get()
    assert said[-1] == "One process takes turns, then two"


def test_a_database_that_is_in_use_is_refused_and_stays_as_it_is(postgres_url: str) -> None:
    refused = CliRunner().invoke(app, ["bench", "delivery", "--messages", "1", "--database", postgres_url])
    assert refused.exit_code == 2
    assert "empty one" in refused.output
    database = Database(postgres_url)
    assert database.read_now(lambda store: store.outbox.everything()) == []
    database.close()
