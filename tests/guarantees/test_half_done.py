"""Killed in the middle of an answer, an erasure or the start of a program: whole or not there, and never twice."""

from pathlib import Path

import pytest

from tests.guarantees.half_done import (
    Survey,
    killed_while_answering,
    killed_while_erasing,
    killed_while_publishing,
    tables_erased,
    whole_start,
)

pytestmark = pytest.mark.slow


# Every point and both databases, every table, and every point of a tick: in the long part.
@pytest.mark.parametrize("point", ["answer_written", "committed"])
def test_d7_an_answer_to_a_survey_is_there_once_or_not_at_all(point: str, sqlite_url: str) -> None:
    between, at_last = killed_while_answering(sqlite_url, f"{point}:1")
    assert between.is_whole
    assert at_last == Survey(noted=True, answers=3)
    # Nothing of the order in which answers came is left in the log of the database.
    log = Path(f"{sqlite_url.removeprefix('sqlite:///')}-wal")
    assert not log.exists() or log.stat().st_size == 0


@pytest.fixture
def tables(sqlite_template: Path, tmp_path: Path) -> int:
    """How many an erasure empties, on either database."""
    there = tmp_path / "count.db"
    there.write_bytes(sqlite_template.read_bytes())
    return tables_erased(f"sqlite:///{there}")


@pytest.mark.parametrize("share", [0.7])
def test_p2_an_erasure_that_is_killed_at_a_table_has_changed_nothing_and_is_whole_when_repeated(
    share: float, tables: int, sqlite_url: str
) -> None:
    assert killed_while_erasing(sqlite_url, f"erased:{round(share * tables)}") == (True, True)


# Early, and when only the commit is left.
@pytest.mark.parametrize("share", [0.3, 1.0])
def test_p2_nor_has_one_on_postgresql(share: float, tables: int, postgres_url: str) -> None:
    assert killed_while_erasing(postgres_url, f"erased:{round(share * tables)}") == (True, True)


@pytest.mark.parametrize("crash", ["written:2", "announced:4"])
def test_d6_the_start_of_a_program_that_is_killed_tells_everybody_once(
    crash: str, sqlite_url: str, tmp_path: Path
) -> None:
    assert killed_while_publishing(sqlite_url, tmp_path / "log", crash, 3) == whole_start(3)
