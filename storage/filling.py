"""Many rows at once, into a database that nobody uses yet: for measuring with a large company."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from sqlalchemy import create_engine, insert, inspect

from storage.engines import driver_url
from storage.store import Store
from storage.tables import Table


def fill(store: Store, rows: Iterable[Table]) -> None:
    """Each run of alike rows is one statement, beside the session. Ids that are given are kept."""
    connection = store._session.connection()
    for (table, _), some in groupby(rows, key=lambda row: (type(row), tuple(vars(row)))):
        connection.execute(insert(table), [_values(row) for row in some])


def _values(row: Table) -> dict[str, Any]:
    """What was set; the rest are defaults."""
    return {name: value for name, value in vars(row).items() if not name.startswith("_")}


def is_untouched(url: str) -> bool:
    """There is no table in this database yet, neither of ours nor of anybody else."""
    engine = create_engine(driver_url(url), hide_parameters=True)
    try:
        return not inspect(engine).get_table_names()
    finally:
        engine.dispose()
