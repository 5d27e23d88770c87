"""Backups of a database that is written to all the time, as a function: few in every test run, many in a long one."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.backup import back_up
from bot.copying import file_of
from bot.restore import restore
from storage.backup import check
from storage.database import Database
from storage.store import Store
from storage.tables import Account, Person

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Backups:
    """`torn`: restored databases whose rows are not of one moment. `rows`: people in each, in order."""

    rows: tuple[int, ...]
    torn: int


def backups_during_load(url: str, folder: Path, number: int) -> Backups:
    """Each backup is restored into a place of its own; SQLite's checks are part of both."""
    rows, torn = [], 0
    with hiring(url):
        for which in range(number):
            file = folder / f"backup{which}.db"
            back_up(url, file, _quietly)
            restored = f"sqlite:///{folder / 'restored.db'}"
            restore(restored, file, NOW, _quietly)
            path = file_of(restored)
            assert path is not None
            found = check(path)
            rows.append(found["people"])
            torn += found["people"] != found["accounts"]
            for each in (file, *folder.glob("restored.db*")):
                each.unlink()
    return Backups(tuple(rows), torn)


@contextmanager
def hiring(url: str) -> Iterator[None]:
    """Meanwhile somebody new comes all the time: a person and an account in one transaction."""
    stop, database = threading.Event(), Database(url)

    def work() -> None:
        number = 0
        while not stop.is_set():
            database.write_now(lambda store, number=number: hire(store, number))  # type: ignore[misc]
            number += 1

    hires = threading.Thread(target=work)
    hires.start()
    try:
        yield
    finally:
        stop.set()
        hires.join(30)
        database.close()


def hire(store: Store, number: int) -> None:
    person = store.people.add(Person(name=f"Person {number}", created_at=NOW))
    store.accounts.add(
        Account(person_id=person.id, platform="slack", tenant="larkspur", user=f"U{number}", last_used_at=NOW)
    )


def _quietly(words: str, done: float) -> None:
    """Nobody watches."""
