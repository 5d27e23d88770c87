"""`flipside backup`, `restore` and `resume` as an operator meets them: nothing overwritten or lost, or a reason."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.backup import BackupFault, back_up
from bot.copying import NoDatabase
from bot.operating import age, resume_lines
from bot.restore import hold, restore, resume
from storage.backup import InUse, UnsoundFile
from storage.database import Database
from storage.store import Store
from storage.tables import Person

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def quietly(words: str, done: float) -> None:
    """Nobody watches."""


def hire(url: str, name: str) -> None:
    change(url, lambda store: store.people.add(Person(name=name, created_at=NOW)))


def change(url: str, work: object) -> None:
    database = Database(url)
    database.write_now(work)  # type: ignore[arg-type]
    database.close()


def names(url: str) -> list[str]:
    database = Database(url)
    found = database.read_now(lambda store: sorted(person.name for person in store.people.everybody()))
    database.close()
    return found


def is_held(url: str) -> bool:
    database = Database(url)
    held = database.read_now(lambda store: store.installation.is_held())
    database.close()
    return held


def file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


@pytest.fixture
def backup(sqlite_url: str, tmp_path: Path) -> Path:
    """One that knows Ana; the database has met Ben since."""
    hire(sqlite_url, "Ana")
    file = tmp_path / "backups" / "backup.db"
    back_up(sqlite_url, file, quietly)
    hire(sqlite_url, "Ben")
    return file


def test_a_restored_backup_is_the_state_of_then_and_what_was_there_is_kept(sqlite_url: str, backup: Path) -> None:
    done = restore(sqlite_url, backup, NOW, quietly)
    assert names(sqlite_url) == ["Ana"]
    assert is_held(sqlite_url)
    assert done.aside is not None
    assert names(f"sqlite:///{done.aside}") == ["Ana", "Ben"]
    assert not is_held(f"sqlite:///{done.aside}")
    assert not list(backup.parent.parent.glob("*.restoring*"))


def test_where_nothing_was_before_nothing_is_kept_aside(backup: Path, tmp_path: Path) -> None:
    new = tmp_path / "elsewhere" / "flipside.db"
    new.parent.mkdir()
    done = restore(f"sqlite:///{new}", backup, NOW, quietly)
    assert done.aside is None
    assert {each.name for each in new.parent.iterdir()} <= {"flipside.db", "flipside.db-lock"}
    assert names(f"sqlite:///{new}")


def test_in_the_wrong_folder_hold_and_resume_make_no_database_and_say_so(tmp_path: Path) -> None:
    missing = tmp_path / "data" / "flipside.db"
    for command in (hold, resume):
        with pytest.raises(NoDatabase, match="Run this in the folder where the bot runs"):
            command(f"sqlite:///{missing}", NOW)
    assert not missing.parent.exists()


def test_before_it_is_time_to_resume_one_can_see_what_would_go(sqlite_url: str) -> None:
    row = {"kind": "hello", "delivery": "nudge", "card": "{}", "place": "slack/T1/C1"}
    change(sqlite_url, lambda store: store.outbox.add("hello", NOW, row))
    hold(sqlite_url, NOW, restored=True)
    shown = "\n".join(resume_lines(resume(sqlite_url, NOW, look_only=True), NOW, look_only=True))
    assert "Not yet" in shown
    assert "on hold" in shown
    assert "1 message may go out then" in shown


def test_only_its_owner_may_read_a_backup(backup: Path) -> None:
    assert backup.stat().st_mode & 0o077 == 0


def test_a_backup_overwrites_nothing_unless_told_to(sqlite_url: str, backup: Path) -> None:
    before = backup.read_bytes()
    with pytest.raises(BackupFault, match="--force"):
        back_up(sqlite_url, backup, quietly)
    assert backup.read_bytes() == before
    back_up(sqlite_url, backup, quietly, force=True)
    assert names(f"sqlite:///{backup}") == ["Ana", "Ben"]
    with pytest.raises(BackupFault, match="the database itself"):
        back_up(sqlite_url, file_of(sqlite_url), quietly, force=True)


def test_restore_refuses_while_a_bot_runs(sqlite_url: str, backup: Path) -> None:
    running = Database(sqlite_url)
    assert running.is_alone()
    with pytest.raises(InUse):
        restore(sqlite_url, backup, NOW, quietly)
    running.close()
    assert names(sqlite_url) == ["Ana", "Ben"]


def test_restore_refuses_while_anybody_has_the_file_open(sqlite_url: str, backup: Path) -> None:
    with closing(sqlite3.connect(file_of(sqlite_url))) as shell:
        shell.execute("SELECT count(*) FROM people").fetchall()
        with pytest.raises(InUse):
            restore(sqlite_url, backup, NOW, quietly)
    assert names(sqlite_url) == ["Ana", "Ben"]


@pytest.mark.parametrize("damage", ["no database", "cut off", "another program's"])
def test_restore_refuses_what_is_no_sound_backup(sqlite_url: str, backup: Path, damage: str) -> None:
    match damage:
        case "no database":
            backup.write_text("not a database at all\n" * 1000)
        case "cut off":
            backup.write_bytes(backup.read_bytes()[: backup.stat().st_size // 2])
        case _:
            backup.unlink()
            with closing(sqlite3.connect(backup)) as other:
                other.execute("CREATE TABLE tune (name TEXT)")
    with pytest.raises(UnsoundFile):
        restore(sqlite_url, backup, NOW, quietly)
    assert names(sqlite_url) == ["Ana", "Ben"]


def test_a_damaged_database_can_be_replaced(sqlite_url: str, backup: Path) -> None:
    """That is what backups are for; a log that lies beside it is not played into the new file."""
    file_of(sqlite_url).write_bytes(b"damaged" * 5000)
    Path(f"{file_of(sqlite_url)}-wal").write_bytes(b"left over" * 500)
    done = restore(sqlite_url, backup, NOW, quietly)
    assert names(sqlite_url) == ["Ana"]
    assert done.aside is not None
    assert done.aside.read_bytes().startswith(b"damaged")


def _message(store: Store, key: str, kind: str, written: timedelta) -> None:
    row = {"kind": kind, "delivery": "must_arrive", "person_id": 1}
    store.outbox.add(key, NOW - written, row)


def test_resume_says_what_waits_and_drops_what_is_too_old(sqlite_url: str) -> None:
    hire(sqlite_url, "Ana")
    change(sqlite_url, lambda store: _message(store, "old", "check_in", timedelta(days=3)))
    change(sqlite_url, lambda store: _message(store, "new", "introduction", timedelta(minutes=5)))
    hold(sqlite_url, NOW)
    shown = "\n".join(resume_lines(resume(sqlite_url, NOW, look_only=True), NOW, look_only=True))
    assert "on hold" in shown
    assert "1  check_in, the oldest written 3 days ago" in shown
    assert is_held(sqlite_url)
    done = resume(sqlite_url, NOW, age("12h"))
    assert (done.was_held, done.dropped, [each.kind for each in done.waiting]) == (True, 1, ["introduction"])
    assert not is_held(sqlite_url)


@pytest.mark.parametrize(
    ("written", "meant"),
    [("90m", timedelta(minutes=90)), ("12h", timedelta(hours=12)), ("2d", timedelta(days=2)), ("2", None), ("", None)],
)
def test_an_age_is_a_number_with_a_letter(written: str, meant: timedelta | None) -> None:
    assert age(written) == meant


@pytest.mark.slow
@pytest.mark.parametrize("point", ["copied:1", "held:1", "restored:1", "restored:2"])
def test_d12_a_restore_that_is_killed_leaves_the_old_state_or_the_new_one_on_hold(
    sqlite_url: str, backup: Path, point: str
) -> None:
    killed = subprocess.run(
        [sys.executable, "-m", "bot", "restore", str(backup)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "FLIPSIDE_DATABASE_URL": sqlite_url, "FLIPSIDE_CRASH": point},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert (names(sqlite_url), is_held(sqlite_url)) in [(["Ana", "Ben"], False), (["Ana"], True)]
    restore(sqlite_url, backup, NOW + timedelta(minutes=1), quietly)
    assert (names(sqlite_url), is_held(sqlite_url)) == (["Ana"], True)


@pytest.fixture
def _ana_on_postgres(postgres_url: str) -> Iterator[None]:
    hire(postgres_url, "Ana")
    yield


@pytest.mark.slow
@pytest.mark.usefixtures("_ana_on_postgres")
def test_a_backup_of_postgresql_is_restored_into_an_empty_database_on_hold(
    postgres_url: str, sqlite_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "backup.db"
    back_up(postgres_url, file, quietly)
    restore(sqlite_url, file, NOW, quietly)
    assert (names(sqlite_url), is_held(sqlite_url)) == (["Ana"], True)
    change(postgres_url, lambda store: store.people.get(1).__setattr__("name", "Ana Ruiz"))
    with pytest.raises(Exception, match="not empty"):
        restore(postgres_url, file, NOW, quietly)
    assert names(postgres_url) == ["Ana Ruiz"]
