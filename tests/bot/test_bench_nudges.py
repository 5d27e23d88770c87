"""The benchmark of the calendar asks real people and plans for real pairs."""

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.benchmark.nudges import nudges

pytestmark = pytest.mark.slow


def test_everybody_is_asked_once_and_the_second_planning_finds_nothing_to_do() -> None:
    report = nudges(4, lambda words, share: None, asked=6)
    assert report.taken.check_ins == 12
    first, following = report.plannings
    assert first.changes >= 8
    assert following.changes == 0
    assert first.peak_mb <= following.peak_mb


def test_no_pairs_are_no_benchmark() -> None:
    refused = CliRunner().invoke(app, ["bench", "nudges", "--pairs", "0"])
    assert refused.exit_code == 2
