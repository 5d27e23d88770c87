"""What a roster file would change: who is new, who changed and in what, and who is gone. It only compares."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from conversations.import_people import ImportReport, values_of
from conversations.people_cells import PersonRow
from storage.store import Store
from storage.tables import Person

# Above this share of the known roster a file is more likely to be half a file than a wave of departures.
MOST_GONE = 0.05
# In a company of forty, two who leave are 5 %: that few are nothing to stop for.
FEW_GONE = 2


@dataclass(frozen=True, slots=True)
class Change:
    """Somebody of whom the roster says something else now; `columns` as the roster calls them."""

    name: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """`known`: how many people of the roster there were before. `gone`: their ids, in the order of `gone_names`."""

    added: tuple[str, ...] = ()
    changed: tuple[Change, ...] = ()
    gone: tuple[int, ...] = ()
    gone_names: tuple[str, ...] = ()
    known: int = 0
    # Every coordinator would be gone, and with them whoever could put it right.
    no_coordinator_left: bool = False

    @property
    def is_doubtful(self) -> bool:
        return self.no_coordinator_left or len(self.gone) > max(FEW_GONE, self.known * MOST_GONE)

    @property
    def any(self) -> bool:
        return bool(self.added or self.changed or self.gone)


@dataclass(frozen=True, slots=True)
class RosterReport:
    """What came of reading the roster file. `waits`: the reading that a coordinator has to say yes to, or 0."""

    report: ImportReport
    changes: Changes = field(default_factory=Changes)
    read: int = 0
    waits: int = 0
    # The coordinator's yes came after the file had changed, so it was compared anew.
    newer: bool = False


def compare(store: Store, rows: Sequence[PersonRow], columns: Collection[str]) -> Changes:
    """The whole roster against what is known. Whoever was never on a roster cannot be gone from it."""
    people = {person.email: person for person in store.people.everybody() if person.email}
    before = [person for person in people.values() if person.source == "roster" and person.gone_since is None]
    here = {row.email for row in rows}
    gone = [person for person in before if person.email not in here]
    changed = [
        Change(row.name, different)
        for row in rows
        if (person := people.get(row.email)) is not None and (different := _different(person, row, columns))
    ]
    leaving = {person.id for person in gone}
    coordinators = store.people.coordinators()
    return Changes(
        tuple(row.name for row in rows if row.email not in people),
        tuple(changed),
        tuple(person.id for person in gone),
        tuple(person.name for person in gone),
        len(before),
        bool(coordinators) and all(person.id in leaving for person in coordinators),
    )


def _different(person: Person, row: PersonRow, columns: Collection[str]) -> tuple[str, ...]:
    values = values_of(row, columns)
    names = {"manager_email": "manager", "work_start": "hours", "work_end": "hours", "source": "on the roster"}
    names |= {"gone_since": "back"}
    found = [names.get(key, key) for key, value in values.items() if getattr(person, key) != value]
    return tuple(dict.fromkeys(found))
