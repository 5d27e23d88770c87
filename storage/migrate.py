"""Brings a database to the newest schema, by one process at a time, and refuses one that is newer than we are."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, event, select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from storage.engines import driver_url, make_file
from storage.installation import OUTBOX_HELD
from storage.tables import InstallationState

# Any fixed number of our own: PostgreSQL's advisory lock for migrations.
_LOCK = 0x666C6970


class DatabaseUnreachable(Exception):
    """The database does not answer, or does not let us in. The driver's first line says why; it holds no password."""


class NewerSchema(Exception):
    """The database was made by a newer Flipside."""


def migrate(url: str, after_statement: Callable[[], None] = lambda: None) -> str:
    """Runs what is missing and returns the revision. Raises NewerSchema; a second process waits for the first.

    `after_statement` is called again and again, for whoever wants to know what a crash in between leaves.
    """
    parsed = driver_url(url)
    make_file(parsed)
    engine = create_engine(parsed, hide_parameters=True)
    event.listen(engine, "after_cursor_execute", lambda *_: after_statement())
    try:
        with who_answers(), engine.connect() as connection:
            _lock(connection)
            config = _config(connection)
            _refuse_newer(connection, config)
            command.upgrade(config, "head")
            connection.commit()
            return newest()
    finally:
        engine.dispose()


@contextmanager
def who_answers() -> Iterator[None]:
    """Raises DatabaseUnreachable where the driver says that it cannot go on."""
    try:
        yield
    except DBAPIError as fault:
        # A lock, a login, a file that is no database; what a statement of ours did wrong keeps its traceback.
        if not isinstance(fault, OperationalError) and _is_ours(fault):
            raise
        raise DatabaseUnreachable(str(fault.orig).partition("\n")[0]) from None


def _is_ours(fault: DBAPIError) -> bool:
    """Everything but what comes while we connect (no statement yet) and ask for the lock."""
    return fault.statement is not None and not fault.statement.startswith(("BEGIN", "PRAGMA", "SELECT pg_advisory"))


def newest() -> str:
    """The revision that this version of Flipside works with."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    return head or ""


def is_known(revision: str) -> bool:
    """Whether this version of Flipside has heard of the revision."""
    return revision in {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def current(url: str) -> str:
    """The revision of a database; empty when it has none yet. Raises DatabaseUnreachable."""
    engine = create_engine(driver_url(url), hide_parameters=True)
    try:
        with who_answers(), engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision() or ""
    finally:
        engine.dispose()


def outbox_held_since(url: str) -> str:
    """Since when nothing is sent from a database with today's schema; empty when it is."""
    engine = create_engine(driver_url(url), hide_parameters=True)
    try:
        with engine.connect() as connection:
            held = select(InstallationState.value).where(InstallationState.name == OUTBOX_HELD)
            return connection.execute(held).scalar() or ""
    finally:
        engine.dispose()


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_lock({_LOCK})"))
        connection.commit()
    else:
        # Waits for the other process; the lock ends with this transaction.
        connection.exec_driver_sql("PRAGMA busy_timeout=60000")
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _refuse_newer(connection: Connection, config: Config) -> None:
    found = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise NewerSchema(
            f"This database has revision {found}, which this version of Flipside does not know. "
            "It was used with a newer version: install that one, or restore a backup."
        )
