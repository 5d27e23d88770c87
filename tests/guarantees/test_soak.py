"""The long run: its table tells what broke, and its exit code too."""

from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from tests.guarantees.office import Outcome
from tests.guarantees.soak_checks import QUICK, Databases, Found, Numbers, judged
from tests.guarantees.soak_run import Row, main, no_server, table, taken


def _shown(*rows: Row) -> str:
    console = Console(width=120)
    with console.capture() as captured:
        console.print(table(rows))
    return captured.get()


def test_what_a_promise_allows_is_shown_and_what_is_beyond_it_is_not_kept() -> None:
    outcome = Outcome(wanted=6, lost=0, repeated=1)
    assert Row("D2", judged(outcome, (0, 1)), 1.0).is_kept
    broken = Row("D1", judged(outcome), 1.0)
    assert not broken.is_kept
    assert "NO" in _shown(broken)
    assert not Row("D1", judged(Outcome(wanted=6, lost=0, repeated=0, unsettled=1)), 1.0).is_kept


def test_a_check_that_stumbles_is_a_row_that_says_over_what(tmp_path: Path) -> None:
    def stumbles(numbers: Numbers, databases: Databases) -> Found:
        raise AssertionError("never came to posted")

    row = taken("D1", stumbles, QUICK, Databases(tmp_path, no_server))
    assert not row.is_kept
    assert "never came to posted" in _shown(row)


def test_the_short_run_tries_a_tenth_of_the_cases_and_the_same_ones_each_time() -> None:
    cases = [(str(number),) for number in range(40)]
    assert len(QUICK.some(cases)) == 4
    assert QUICK.some(cases) == QUICK.some(cases)
    assert sorted(replace(QUICK, share=1.0).some(cases)) == sorted(cases)


@pytest.mark.slow
def test_one_check_runs_alone_and_the_run_ends_well() -> None:
    console = Console(width=120)
    with console.capture() as captured:
        code = main(["--quick", "--only", "o4"], console)
    assert code == 0
    assert "O4 backups under load" in captured.get()


def test_an_id_that_no_check_has_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--only", "D99"], Console())
    assert ended.value.code == 2
    assert "no check has one of these ids" in capsys.readouterr().err
