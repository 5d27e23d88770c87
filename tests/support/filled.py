"""A row of every table about one person, with a canary in every column that can hold words: made from the tables
themselves, so that a new one cannot be forgotten."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, Integer, String, Table, Text, insert
from sqlalchemy.orm import Session

from storage.export import ABOUT_NOBODY
from storage.tables import Moment
from storage.tables import Table as Base

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
# Our own words, ids of the company's programs, and what a coordinator wrote about a program: nobody's data.
OURS = {
    "programs": {"name", "template", "status", "objective", "themes", "questions", "success", "place", "page_url"}
    | {"announcements", "quiet_dates", "departments", "matching"},
    "enrollments": {"role", "status"},
    "pairs": {"status", "frozen_by_rule"},
    "proposals": {"status", "figures"},
    "audit": {"what"},
    "outbox": {"state"},
    "pulse_rounds": {"name", "status"},
    "people": {"workdays", "work_start", "work_end", "quiet_dates"},
}
SMALL = {"programs": "running", "enrollments": "matched", "pairs": "active", "proposals": "approved", "outbox": "sent"}


def canary(mark: str, column: Column[Any]) -> str:
    return f"{mark}.{column.table.name}.{column.name}"


def words(table: Table) -> Iterator[Column[Any]]:
    """Columns that can hold something about somebody, wide enough for it to be told apart."""
    ours = OURS.get(table.name, set())
    for column in table.columns:
        wide = isinstance(column.type, Text | JSON) or (
            isinstance(column.type, String) and (column.type.length or 0) > 9
        )
        if wide and column.name not in ours and not column.foreign_keys:
            yield column


def tables() -> Iterator[Table]:
    """Every table that is about people, parents first."""
    yield from (table for table in Base.metadata.sorted_tables if table.name not in ABOUT_NOBODY)


def fill(session: Session, mark: str, person: int, special: Mapping[str, Mapping[str, Any]], *skipped: str) -> None:
    """`special`: columns by table that need a value of their own. Every id of another row is 1."""
    for table in Base.metadata.sorted_tables:
        about = table.name not in ABOUT_NOBODY or table.name == "pulse_rounds"
        if about and table.name != "people" and table.name not in skipped:
            session.execute(insert(table).values(**{**_row(table, mark, person), **special.get(table.name, {})}))


def _row(table: Table, mark: str, person: int) -> Mapping[str, Any]:
    row = {column.name: _value(column, person) for column in table.columns if _needs_value(column)}
    row |= {column.name: word(column, mark) for column in words(table)}
    return row | ({"status" if table.name != "outbox" else "state": SMALL[table.name]} if table.name in SMALL else {})


def _needs_value(column: Column[Any]) -> bool:
    return not (column.primary_key and isinstance(column.type, Integer) and not column.foreign_keys)


def word(column: Column[Any], mark: str) -> Any:
    """A canary as the column takes it: PostgreSQL refuses what is too wide, SQLite would take it."""
    said = canary(mark, column)
    if isinstance(column.type, JSON):
        return {"words": said} if column.type.python_type is dict and column.name != "group_ids" else [said]
    return said[: getattr(column.type, "length", None) or len(said)]


def _value(column: Column[Any], person: int) -> Any:
    if column.foreign_keys:
        return person if next(iter(column.foreign_keys)).column.table.name == "people" else 1
    match column.type:
        case Boolean():
            return False
        case Integer():
            return 1
        case Date():
            return date(2026, 3, 2)
        case Moment():
            return NOW
        case JSON():
            return []
        case _:
            return column.default.arg if column.default is not None else "x"
