"""The benchmark of the outbox sends real rows over a real socket, and leaves a database with something in it alone."""

from dataclasses import replace

import pytest
from rich.console import Console
from typer.testing import CliRunner

from bot.__main__ import app
from bot.benchmark.delivery import DeliveryReport, deliveries
from bot.benchmark.inbound import Turns
from bot.benchmark.job_peer import PeerSpeed, peer_is_installed
from bot.benchmark.outbox_speed import OutboxSpeed, Speed
from storage.database import Database
from tests.support.postgres import create_database, drop_database


@pytest.mark.slow
def test_each_message_is_sent_once_on_both_databases_and_the_table_says_so(postgres: str) -> None:
    said: list[str] = []
    empty = create_database(postgres, "flipside_bench")
    report = deliveries(12, empty, lambda words, share: said.append(words), facts=20, seconds=0.3)
    drop_database(postgres, "flipside_bench")
    assert report.is_sound
    assert report.postgres is not None
    both = report.sqlite, report.postgres
    assert [(each.one_by_one.messages, each.together.messages, each.facts) for each in both] == [(12, 12, 20)] * 2
    assert report.turns is not None
    assert min(report.turns.alone, report.turns.together) > 0
    console = Console(width=140)
    with console.capture() as captured:
        console.print(report.table())
    assert "20 facts with messages" in captured.get()
    assert said[-1] == "One process answers over HTTP, then two"
    assert (report.peer is not None) == peer_is_installed()


def _shown(report: DeliveryReport) -> str:
    console = Console(width=140)
    with console.capture() as captured:
        console.print(report.table())
    return captured.get()


ONE_BY_ONE, TOGETHER = Speed(1000, 2.5, 2.0), Speed(1000, 2.0, 1.0)
SPEED = OutboxSpeed(ONE_BY_ONE, TOGETHER, 20, 0.1)


def test_the_peer_stands_beside_ours_with_its_ratio_and_our_limit() -> None:
    """One at a time beside one at a time, and many at once beside its best."""
    peer = PeerSpeed({1: 160.0, 4: 240.0, 8: 250.0, 16: 200.0})
    shown = _shown(DeliveryReport(SPEED, SPEED, Turns(300, 600), peer))
    one, many = (line for line in shown.splitlines() if "our messages/s" in line)
    assert "one at a time" in one
    assert "2.50" in one
    assert "16 at once" in many
    assert "2.00" in many
    assert "at least 1.5" in many
    assert "8 at once (its best)" in shown


def test_rounds_add_up() -> None:
    both = Speed(10, 1.0, 0.5, 1, 2) + Speed(30, 1.0, 1.5, 0, 1)
    assert both == Speed(40, 2.0, 2.0, 1, 3)
    assert (both.per_second, both.cpu_milliseconds) == (20, 50)


def test_without_the_peer_the_table_says_how_to_get_it() -> None:
    shown = " ".join(_shown(DeliveryReport(SPEED, SPEED, Turns(300, 600), None)).split())
    assert "procrastinate is not installed" in shown
    assert "requirements-bench.txt" in shown


def test_a_message_that_came_twice_or_never_makes_the_figures_unsound() -> None:
    assert DeliveryReport(SPEED, SPEED, None, None).is_sound
    twice, never = replace(ONE_BY_ONE, repeated=1), replace(TOGETHER, unsent=1)
    assert not DeliveryReport(SPEED, replace(SPEED, one_by_one=twice), None, None).is_sound
    assert not DeliveryReport(replace(SPEED, together=never), SPEED, None, None).is_sound


@pytest.mark.slow
def test_a_database_that_is_in_use_is_refused_and_stays_as_it_is(postgres_url: str) -> None:
    refused = CliRunner().invoke(app, ["bench", "delivery", "--messages", "1", "--database", postgres_url])
    assert refused.exit_code == 2
    assert "empty one" in refused.output
    database = Database(postgres_url)
    assert database.read_now(lambda store: store.outbox.everything()) == []
    database.close()
