"""Programs, enrollments, drafts and the roster's questions, on both databases."""

from datetime import UTC, date, datetime

import pytest

from storage.database import Database
from storage.store import Store
from storage.subject import NotYours
from storage.tables import Account, Enrollment, Person, Program

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def person(store: Store, name: str, **columns: object) -> Person:
    row = {"email": f"{name.lower()}@larkspur.example", "created_at": NOW} | columns
    return store.people.add(Person(name=name, **row))


def program(store: Store, name: str = "Digital fluency", status: str = "open") -> Program:
    runs_it = store.people.by_email("noor@larkspur.example") or person(store, "Noor")
    return store.programs.add(
        Program(
            name=name,
            status=status,
            template="digital_fluency",
            objective="",
            success="",
            themes=[],
            questions=[],
            matching_on=date(2026, 3, 23),
            starts_on=date(2026, 3, 26),
            ends_on=date(2026, 9, 26),
            created_by=runs_it.id,
            created_at=NOW,
        )
    )


def enroll(store: Store, who: Person, where: Program, **columns: object) -> Enrollment:
    row = {"role": "mentor", "status": "joined", "agreed_at": NOW, "created_at": NOW} | columns
    return store.enrollments.add(Enrollment(program_id=where.id, person_id=who.id, **row))


def test_a_program_is_found_by_name_whatever_the_case_and_an_unknown_id_is_nobodys(database: Database) -> None:
    def work(store: Store) -> None:
        made = program(store)
        assert store.programs.named("  DIGITAL fluency ") is made
        assert store.programs.named("Digital") is None
        with pytest.raises(NotYours):
            store.programs.required(made.id + 1)

    database.write_now(work)


def test_people_are_counted_by_role_and_status_and_read_in_pages(database: Database) -> None:
    def work(store: Store) -> None:
        made = program(store)
        rows = [enroll(store, person(store, f"P{number}"), made) for number in range(5)]
        enroll(store, person(store, "Mei"), made, role="mentee", status="invited")
        assert store.enrollments.counts(made.id) == {("mentor", "joined"): 5, ("mentee", "invited"): 1}
        first = store.enrollments.page(made.id, 0, 3, "joined")
        rest = store.enrollments.page(made.id, first[-1][0].id, 3, "joined")
        assert [enrollment.id for enrollment, _ in [*first, *rest]] == [row.id for row in rows]

    database.write_now(work)


def test_a_check_by_a_coordinator_holds_in_every_program(database: Database) -> None:
    def work(store: Store) -> None:
        ana, one, two = person(store, "Ana"), program(store), program(store, "Inclusion")
        enroll(store, ana, one, confirmed=False)
        enroll(store, ana, two, confirmed=False)
        assert not store.enrollments.is_confirmed(ana)
        assert [who.name for _, who in store.enrollments.unconfirmed(one.id)] == ["Ana"]
        store.enrollments.confirm(ana)
        assert store.enrollments.is_confirmed(ana)
        assert not store.enrollments.unconfirmed(two.id)

    database.write_now(work)


def test_an_invitation_nobody_signed_vouches_for_nothing(database: Database) -> None:
    def work(store: Store) -> None:
        ana = person(store, "Ana")
        enroll(store, ana, program(store), status="invited", agreed_at=None)
        assert not store.enrollments.is_confirmed(ana)

    database.write_now(work)


def test_who_has_no_open_account_cannot_be_reached(database: Database) -> None:
    def work(store: Store) -> None:
        made = program(store)
        reached, closed, never = (person(store, name) for name in ("Ana", "Bo", "Cleo"))
        for who in (reached, closed, never):
            enroll(store, who, made)
        for who, closed_at in ((reached, None), (closed, NOW)):
            store.accounts.add(
                Account(
                    person_id=who.id,
                    platform="web",
                    tenant="t",
                    user=who.name,
                    last_used_at=NOW,
                    closed_at=closed_at,
                )
            )
        assert [who.name for who in store.enrollments.unreachable(made.id)] == ["Bo", "Cleo"]

    database.write_now(work)


def test_only_programs_that_take_sign_ups_have_anybody_waiting(database: Database) -> None:
    def work(store: Store) -> None:
        ana = person(store, "Ana")
        enroll(store, ana, program(store, "Open"), status="invited")
        enroll(store, ana, program(store, "Draft", "draft"), status="invited")
        enroll(store, ana, program(store, "Closed", "closed"), status="invited")
        assert [where.name for _, _, where in store.enrollments.waiting("invited")] == ["Open"]

    database.write_now(work)


def test_the_roster_knows_departments_and_who_has_reports(database: Database) -> None:
    def work(store: Store) -> None:
        mei = person(store, "Mei", department="Sales")
        ana = person(store, "Ana", department="Sales", manager_email="mei@larkspur.example")
        person(store, "Bo", department="Finance")
        person(store, "Cleo")
        assert store.people.departments() == ["Finance", "Sales"]
        assert store.people.has_reports(mei)
        assert not store.people.has_reports(ana)
        assert set(store.people.by_emails(["ANA@larkspur.example", "nobody@larkspur.example"])) == {
            "ana@larkspur.example"
        }

    database.write_now(work)


def test_a_draft_is_kept_replaced_and_dropped(database: Database) -> None:
    def work(store: Store) -> None:
        ana = person(store, "Ana")
        assert store.drafts.get(ana, "sign_up", "1") == {}
        store.drafts.keep(ana, "sign_up", "1", {"role": "mentor", "themes": ("inclusion",)}, NOW)
        store.flush()
        store.drafts.keep(ana, "sign_up", "1", {"role": "mentee"}, NOW)
        assert store.drafts.get(ana, "sign_up", "1") == {"role": "mentee"}
        store.drafts.drop(ana, "sign_up", "1")
        store.flush()
        assert store.drafts.get(ana, "sign_up", "1") == {}

    database.write_now(work)
