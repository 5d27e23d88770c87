"""Invitations as they are kept, on both databases."""

from datetime import UTC, date, datetime

from storage.database import Database
from storage.store import Store
from storage.tables import Account, Person, Program

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def a_program(store: Store, person: Person, name: str, status: str = "open") -> Program:
    return store.programs.add(
        Program(
            name=name,
            template="digital_fluency",
            status=status,
            objective="Learn",
            themes=[],
            questions=[],
            success="Pairs meet",
            matching_on=date(2026, 3, 23),
            starts_on=date(2026, 3, 26),
            ends_on=date(2026, 9, 26),
            created_by=person.id,
            created_at=NOW,
        )
    )


def a_person(store: Store, user: str, **columns: object) -> Person:
    values = {"name": user.title(), "source": "roster", "department": "Sales", "created_at": NOW} | columns
    return store.people.add(Person(email=f"{user}@larkspur.example", **values))


def test_a_program_where_one_side_waits_alone_is_named_with_the_side_that_is_missing(database: Database) -> None:
    def work(store: Store) -> list[tuple[str, str, int]]:
        ana, bo = a_person(store, "ana"), a_person(store, "bo")
        rows = (
            ("One side", ((ana, "mentor", "joined"), (bo, "mentor", "joined"))),
            ("Both", ((ana, "mentor", "joined"), (bo, "mentee", "joined"))),
            ("Only invited", ((ana, "mentor", "invited"),)),
        )
        for name, people in rows:
            program = a_program(store, ana, name)
            for one, role, status in people:
                row = {"program_id": program.id, "role": role, "status": status, "created_at": NOW}
                store.invitations.add_all([one.id], row)
        return [(program.name, missing, count) for program, missing, count in store.invitations.one_sided()]

    assert database.write_now(work) == [("One side", "mentee", 2)]


def test_a_wish_about_the_roster_finds_those_who_are_there_and_fit(database: Database) -> None:
    def work(store: Store) -> list[str]:
        a_person(store, "fits", level=4, location="Leeds")
        a_person(store, "young", level=1, location="Leeds")
        a_person(store, "unknown", location="Leeds")
        a_person(store, "gone", level=5, location="Leeds", gone_since=NOW)
        a_person(store, "guest", level=5, location="Leeds", source="platform")
        a_person(store, "elsewhere", level=5, location="Oslo")
        a_person(store, "lawyer", level=5, location="Leeds", department="Legal")
        found = store.invitations.on_roster(departments=["Sales"], least=3, most=6, location="Leeds")
        everybody = store.invitations.on_roster(departments=[], least=None, most=None, location="")
        assert len(everybody) == 5
        return [person.name for person in found]

    assert database.write_now(work) == ["Fits"]


def test_members_are_those_with_an_open_account_of_a_colleague(database: Database) -> None:
    def work(store: Store) -> list[bool]:
        people = [a_person(store, user) for user in ("member", "guest", "closed", "never")]
        for person, member, closed_at in zip(people, (True, False, True), (None, None, NOW), strict=False):
            store.accounts.add(
                Account(
                    person_id=person.id,
                    platform="web",
                    tenant="larkspur",
                    user=person.name,
                    member=member,
                    closed_at=closed_at,
                    last_used_at=NOW,
                )
            )
        members = store.invitations.members([person.id for person in people])
        return [person.id in members for person in people]

    assert database.write_now(work) == [True, False, False, False]
