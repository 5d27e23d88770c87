"""The benchmark of the matching runs real matchings, and says plainly what it could not run."""

import pytest
from rich.console import Console
from typer.testing import CliRunner

from bot.__main__ import app
from bot.benchmark.ack import Progress
from bot.benchmark.match import Judged, MatchReport, matchings
from bot.benchmark.match_figures import MatchRun
from bot.benchmark.match_people import people_csv
from conversations.people_file import read_people_file


def _run(seconds: float, peak_mb: float) -> MatchRun:
    return MatchRun(seconds, seconds, seconds, peak_mb, True, [("ana", "wim")])


def _shown(report: MatchReport) -> str:
    console = Console(width=140)
    with console.capture() as captured:
        for table in report.tables():
            console.print(table)
    return captured.get()


def _silent(_words: str, _share: float) -> None:
    return None


def test_both_stand_side_by_side_with_their_ratio_and_our_limits() -> None:
    peer = Judged(_run(26.0, 1400), 70_000, 210)
    shown = _shown(MatchReport([(500, _run(0.9, 60))], 1000, Judged(_run(0.5, 70), 77_000, 0), peer, _run(0.8, 70)))
    seconds = next(line for line in shown.splitlines() if line.startswith("│ Seconds"))
    assert "52" in seconds
    assert "at least 40" in seconds
    assert "1.5 s" in shown
    assert "210" in shown
    assert "20.0" in next(line for line in shown.splitlines() if line.startswith("│ Peak MB of the process"))
    assert "0.80" in next(line for line in shown.splitlines() if line.startswith("│ Seconds of a what-if"))


def test_without_the_peer_the_table_says_how_to_get_it() -> None:
    shown = _shown(MatchReport([], 1000, Judged(_run(0.5, 70), 77_000, 0), None, _run(0.8, 70)))
    assert "mentor-match is not installed" in shown
    assert "requirements-bench.txt" in shown


def test_the_made_up_people_are_a_file_without_a_fault_and_the_same_each_time() -> None:
    text = people_csv(40, 1)
    read = read_people_file(text)
    assert (read.errors, read.warnings) == ((), ())
    assert sorted(row.role or "" for row in read.rows) == ["mentee"] * 40 + ["mentor"] * 40
    assert text == people_csv(40, 1)


def test_a_size_that_is_no_number_is_refused_with_an_example() -> None:
    answer = CliRunner().invoke(app, ["bench", "match", "--sizes", "500,many"])
    assert answer.exit_code == 2
    assert "such as 500,10000" in answer.output


@pytest.mark.slow
def test_every_pair_of_a_measured_matching_keeps_the_rules() -> None:
    progress: Progress = _silent
    report = matchings(30, [20], progress)
    assert report.ours.broken == 0
    assert report.ours.run.proved
    assert report.ours.total > 0
    assert report.what_if.solving > 0
    assert [(people, len(run.pairs)) for people, run in report.alone] == [(20, 20)]
