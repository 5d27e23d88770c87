"""CSV files that no spreadsheet runs."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.csv_file import csv_bytes

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


def cells(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("name", ["=1+1", "+49 30 1", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\0=1", "＝1", " =1"])
def test_s9_no_cell_begins_like_a_formula(name: str) -> None:
    [[cell]] = cells(csv_bytes([[name]]))
    assert cell.startswith("'")


@given(st.lists(st.lists(st.text(max_size=12), min_size=1, max_size=4), max_size=4))
def test_s9_whatever_people_are_called_the_file_reads_back_as_text(rows: list[list[str]]) -> None:
    data = csv_bytes(rows)
    assert data.startswith("\ufeff".encode())
    for cell in (cell for row in cells(data) for cell in row):
        assert not cell.startswith(FORMULAS)


def test_umlauts_commas_and_quotes_survive() -> None:
    written = ["Jürgen “Jo” Müller, Sales", 'a "b"', 7]
    assert cells(csv_bytes([written])) == [["Jürgen “Jo” Müller, Sales", 'a "b"', "7"]]
