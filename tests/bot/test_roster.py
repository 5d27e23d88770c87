"""The roster file: read whole or not at all, by the command line and from the chat."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.clock import VirtualClock
from bot.consultations import ConsultationFault
from bot.roster import import_people, roster_handler
from conversations.roster_changes import RosterReport
from storage.database import Database
from storage.store import Store
from storage.tables import Person, Program

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ROSTER = """\
email,name,department,team,manager_email,level,timezone,languages,role,offers,wants
ines@larkspur.example,Ines Duarte,Operations,Plants,,6,Europe/Lisbon,en;pt,mentee,,artificial_intelligence
noor@larkspur.example,Noor Haddad,Sales,Field,ines@larkspur.example,2,Europe/Berlin,en;de,mentor,digital_tools,
"""
BAD = ROSTER + "noor@larkspur.example,Noor Again,,,,two,Europe/Nowhere,,,,\nbo@larkspur.example,Bo Berg,,,,3,,,,,\n"


def people(database: Database) -> dict[str, Person]:
    return database.read_now(lambda store: {person.name: person for person in store.people.everybody()})


def create_program(store: Store) -> Program:
    coordinator = store.people.add(Person(name="Amara Okafor", email="amara@larkspur.example", created_at=NOW))
    return store.programs.add(
        Program(
            name="Digital fluency",
            template="digital_fluency",
            status="open",
            objective="",
            themes=[],
            questions=[],
            success="",
            matching_on=date(2026, 3, 20),
            starts_on=date(2026, 3, 23),
            ends_on=date(2026, 9, 23),
            created_by=coordinator.id,
            created_at=NOW,
        )
    )


def test_people_are_added_and_a_second_import_changes_nothing(database_url: str, database: Database) -> None:
    assert import_people(database_url, ROSTER, None, False, NOW).lines()[-1] == (
        "People: 2 new, 0 changed, 0 as before."
    )
    assert import_people(database_url, ROSTER.encode(), None, False, NOW).lines()[-1] == (
        "People: 0 new, 0 changed, 2 as before."
    )
    assert people(database)["Noor Haddad"].timezone == "Europe/Berlin"


def test_a_fresh_database_is_made_by_the_import(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'data' / 'new.db'}"
    assert import_people(url, ROSTER, None, False, NOW).done


def test_one_bad_row_keeps_everything_out(database_url: str, database: Database) -> None:
    imported = import_people(database_url, BAD, None, False, NOW)
    assert not imported.done
    assert people(database) == {}
    said = "\n".join(imported.lines())
    for words in ("line 4, level", "Europe/Nowhere", "already on line 3", "Nothing was imported"):
        assert words in said


def test_skipping_bad_rows_imports_the_rest_and_says_what_it_left_out(database_url: str, database: Database) -> None:
    imported = import_people(database_url, BAD, None, True, NOW)
    assert imported.done
    assert set(people(database)) == {"Ines Duarte", "Noor Haddad", "Bo Berg"}
    said = "\n".join(imported.lines())
    assert "Left out: line 4" in said
    assert "Left out: 1 line in all" in said


def test_a_manager_nobody_knows_and_a_circle_are_imported_with_a_warning(database_url: str) -> None:
    circle = ROSTER.replace("Plants,,", "Plants,noor@larkspur.example,")
    stranger = circle + "bo@larkspur.example,Bo Berg,,,ghost@larkspur.example,3,,,,,\n"
    said = "\n".join(import_people(database_url, stranger, None, False, NOW).lines())
    assert "Warning: line 4, manager_email: the manager ghost@larkspur.example is not in the file" in said
    assert "managers in a circle" in said
    assert "People: 3 new" in said


def test_a_manager_from_an_earlier_import_is_known(database_url: str) -> None:
    import_people(database_url, ROSTER, None, False, NOW)
    new = "email,name,manager_email\nbo@larkspur.example,Bo Berg,ines@larkspur.example\n"
    assert import_people(database_url, new, None, False, NOW).lines() == ["People: 1 new, 0 changed, 0 as before."]


def test_people_with_a_role_are_invited_into_the_program(database_url: str, database: Database) -> None:
    program = database.write_now(create_program)
    said = import_people(database_url, ROSTER, "digital FLUENCY", False, NOW).lines()
    assert said[-1] == "Invited into Digital fluency: 2."
    enrolled = database.read_now(lambda store: store.enrollments.in_program(program.id))
    assert {(person.name, enrollment.role, enrollment.status) for enrollment, person in enrolled} == {
        ("Ines Duarte", "mentee", "invited"),
        ("Noor Haddad", "mentor", "invited"),
    }


def test_an_unknown_program_is_named_with_those_there_are(database_url: str, database: Database) -> None:
    database.write_now(create_program)
    imported = import_people(database_url, ROSTER, "Knitting", False, NOW)
    assert not imported.done
    assert "Knitting" in imported.lines()[0]
    assert "Digital fluency" in imported.lines()[0]


async def test_the_chat_reads_the_file_that_the_settings_name(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "roster.csv"
    file.write_text(ROSTER, encoding="utf-8")
    report = await roster_handler(file, VirtualClock(NOW))(database, {"program": 0})
    assert isinstance(report, RosterReport)
    assert report.report.written.added == 2
    assert report.changes.added == ("Ines Duarte", "Noor Haddad")
    assert set(people(database)) == {"Ines Duarte", "Noor Haddad"}


@pytest.mark.parametrize(("file", "words"), [(None, "no roster file yet"), (Path("no/such.csv"), "cannot be read")])
async def test_without_a_roster_file_the_chat_says_why(
    sqlite_database: Database, file: Path | None, words: str
) -> None:
    with pytest.raises(ConsultationFault, match=words):
        await roster_handler(file, VirtualClock(NOW))(sqlite_database, {"program": 0})
