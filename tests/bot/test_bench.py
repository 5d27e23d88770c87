"""The benchmark of the acknowledgement measures two servers that really answer."""

import asyncio
from secrets import token_hex

import pytest
from rich.console import Console

from bot.benchmark.ack import AckReport, Measured, acknowledgements
from bot.benchmark.commands import Commands, Latencies, NotAcknowledged
from bot.benchmark.servers import running, serve_bare
from bot.clock import SystemClock


def _report(cpu_ms: float) -> AckReport:
    latencies = Latencies([float(number) for number in range(1, 101)])
    return AckReport(100, Measured(0.5, latencies, latencies), Measured(cpu_ms, latencies, latencies), 1.5, 0.4)


def _shown(report: AckReport) -> str:
    console = Console(width=120)
    with console.capture() as captured:
        console.print(report.table())
    return captured.get()


def test_percentiles_are_of_the_sorted_latencies() -> None:
    latencies = Latencies([1.0, 2.0, 3.0, 4.0])
    assert [latencies.percentile(share) for share in (0, 0.5, 0.99, 1)] == [1.0, 3.0, 4.0, 4.0]


def test_the_table_holds_both_servers_the_ratio_and_the_limits() -> None:
    shown = _shown(_report(2.0))
    ratio = next(line for line in shown.splitlines() if "times the bare" in line)
    assert "4.0" in ratio
    assert " 8 " in ratio
    assert "p99 at 16 connections" in shown


@pytest.mark.slow
def test_a_run_measures_the_real_bot_and_a_bare_bolt_app() -> None:
    said: list[str] = []
    report = acknowledgements(20, lambda words, share: said.append(words))
    assert len(report.bot.alone.milliseconds) == len(report.bare.together.milliseconds) == 20
    assert 0 < report.bare.cpu_ms < report.bot.cpu_ms
    assert min(report.inbox_row_ms, report.turn_ms) > 0
    assert "Asking a bare Bolt app and Flipside in turns" in said
    assert _shown(report)


@pytest.mark.slow
def test_s1_figures_of_a_server_that_refuses_are_no_figures() -> None:
    async def post_with_another_secret(url: str) -> None:
        await Commands(token_hex(16), SystemClock(), "http://127.0.0.1:9").post(url, 1, 1)

    with running(serve_bare, token_hex(16)) as server, pytest.raises(NotAcknowledged):
        asyncio.run(post_with_another_secret(server.url))
