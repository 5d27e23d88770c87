"""The roster file is read every night: what changed reaches the coordinators, and too many gone stops it."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import VirtualClock
from bot.consultations import ConsultationFault
from bot.roster import check_conflicts, plan_tonight, roster_handler
from conversations.actions import Action
from conversations.import_people import ImportReport
from conversations.roster_changes import Changes, RosterReport
from storage.database import Database
from storage.store import Store
from storage.tables import Person
from tests.support.chat import Chat, ChatPerson

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
LEFT = Changes(gone=(29,), gone_names=("Person 29",), known=30)
HEADER = "email,name,department,manager_email,level\n"


@pytest.fixture
def chat(sqlite_database: Database) -> Chat:
    return Chat(sqlite_database)


def line(number: int, department: str = "Sales") -> str:
    return f"p{number}@larkspur.example,Person {number},{department},chief@larkspur.example,2\n"


def roster(path: Path, numbers: range, department: str = "Sales") -> Path:
    path.write_text(HEADER + "".join(line(number, department) for number in numbers), encoding="utf-8")
    return path


async def read(database: Database, file: Path | None, **about: int) -> RosterReport | None:
    found = await roster_handler(file, VirtualClock(NOW))(database, {"program": 0, "nightly": 1, **about})
    assert found is None or isinstance(found, RosterReport)
    return found


async def reported(database: Database, file: Path, **about: int) -> RosterReport:
    found = await read(database, file, **about)
    assert found is not None
    return found


def gone(database: Database) -> set[str]:
    everybody = database.read_now(lambda store: list(store.people.everybody()))
    return {person.name for person in everybody if person.gone_since}


async def test_the_same_file_is_taken_over_once(database: Database, tmp_path: Path) -> None:
    file = roster(tmp_path / "roster.csv", range(10))
    assert (await reported(database, file)).report.written.added == 10
    assert await read(database, file) is None
    assert not (await reported(database, roster(file, range(10), "Finance"))).changes.gone


async def test_new_changed_and_gone_people_are_told_apart(database: Database, tmp_path: Path) -> None:
    await read(database, roster(tmp_path / "roster.csv", range(100)))
    file = roster(tmp_path / "roster.csv", range(3, 101))
    file.write_text(file.read_text().replace("Person 7,Sales", "Person 7,Finance"))
    changes = (await reported(database, file)).changes
    assert changes.added == ("Person 100",)
    assert [(one.name, one.columns) for one in changes.changed] == [("Person 7", ("department",))]
    assert changes.gone_names == ("Person 0", "Person 1", "Person 2")
    assert gone(database) == {"Person 0", "Person 1", "Person 2"}


@pytest.mark.parametrize(("leavers", "stopped"), [(5, False), (6, True), (100, True)])
async def test_more_than_a_twentieth_gone_stops_the_import_until_somebody_says_yes(
    database: Database, tmp_path: Path, leavers: int, stopped: bool
) -> None:
    await read(database, roster(tmp_path / "roster.csv", range(100)))
    file = roster(tmp_path / "roster.csv", range(leavers, 101))
    found = await reported(database, file)
    assert bool(found.waits) is stopped
    assert len(gone(database)) == (0 if stopped else leavers)
    if stopped:
        assert database.read_now(lambda store: store.people.by_email("p100@larkspur.example")) is None
        assert not (await reported(database, file, nightly=0, read=found.waits)).waits
        assert len(gone(database)) == leavers


async def test_a_yes_to_a_file_that_has_changed_since_is_asked_again(database: Database, tmp_path: Path) -> None:
    await read(database, roster(tmp_path / "roster.csv", range(100)))
    asked = await reported(database, roster(tmp_path / "roster.csv", range(50)))
    again = await reported(database, roster(tmp_path / "roster.csv", range(40)), nightly=0, read=asked.waits)
    assert again.waits
    assert again.newer
    assert gone(database) == set()


async def test_two_of_ten_may_leave_without_a_question_and_come_back(database: Database, tmp_path: Path) -> None:
    await read(database, roster(tmp_path / "roster.csv", range(10)))
    await read(database, roster(tmp_path / "roster.csv", range(8)))
    assert gone(database) == {"Person 8", "Person 9"}
    changes = (await reported(database, roster(tmp_path / "roster.csv", range(10)))).changes
    assert {one.columns for one in changes.changed} == {("back",)}
    assert gone(database) == set()


async def test_whoever_was_never_on_a_roster_is_not_gone_from_it(database: Database, tmp_path: Path) -> None:
    database.write_now(
        lambda store: store.people.add(Person(name="Zofia", email="zofia@larkspur.example", created_at=NOW))
    )
    await read(database, roster(tmp_path / "roster.csv", range(3)))
    assert (await reported(database, roster(tmp_path / "roster.csv", range(1, 4)))).changes.gone_names == ("Person 0",)


async def test_a_faulty_file_changes_nothing_and_a_missing_one_says_so(database: Database, tmp_path: Path) -> None:
    file = roster(tmp_path / "roster.csv", range(10))
    await read(database, file)
    file.write_text(HEADER + line(1) + "not an address,Nobody,,,\n")
    found = await reported(database, file)
    assert not found.report.done
    assert gone(database) == set()
    file.unlink()
    with pytest.raises(ConsultationFault, match="cannot be read"):
        await read(database, file)


def test_the_night_is_planned_once_however_often_it_is_planned(database: Database) -> None:
    database.write_now(lambda store: plan_tonight(store, NOW))
    assert database.read_now(lambda store: store.nudges.due(NOW + timedelta(days=3), 10)) == []
    chat = Chat(database, now=NOW)
    chat.person("noor@larkspur.example", coordinator=True)
    for minutes in (0, 2, 24 * 60 - 1):
        database.write_now(lambda store, minutes=minutes: plan_tonight(store, NOW + timedelta(minutes=minutes)))  # type: ignore[misc]
    planned = database.read_now(lambda store: store.nudges.due(NOW + timedelta(days=3), 10))
    assert [nudge.due_at for nudge in planned] == [NOW + timedelta(days=1)]


def test_the_nightly_reading_belongs_to_somebody_who_may_act(chat: Chat) -> None:
    """Who is on the list and never wrote to the bot has no rights yet: their step would not run."""

    def list_amara(store: Store) -> None:
        store.people.add(Person(name="Amara", email="amara@larkspur.example", created_at=NOW))
        store.people.appoint(["amara@larkspur.example"])

    chat.database.write_now(list_amara)
    noor = chat.person("noor@larkspur.example", coordinator=True)
    for plan in (plan_tonight, check_conflicts):
        chat.database.write_now(lambda store, plan=plan: plan(store, NOW))  # type: ignore[misc]
    due = chat.database.read_now(lambda store: store.nudges.due(NOW + timedelta(days=1), 10))
    assert [nudge.person_id for nudge in due] == [noor.id] * 2


# What the coordinators read --------------------------------------------------------------------------------------


def test_every_coordinator_reads_who_is_new_changed_and_gone(chat: Chat, tmp_path: Path) -> None:
    noor = chat.person("noor@larkspur.example", coordinator=True, source="platform")
    omar = chat.person("omar@larkspur.example", coordinator=True, source="platform")
    by_hand(chat, noor, roster(tmp_path / "roster.csv", range(30)))
    noor.sees("People imported", "New: 30", "Person 9", "and 20 more")
    for _ in range(2):
        at_night(chat, roster(tmp_path / "roster.csv", range(1, 30)))
    for coordinator in (noor, omar):
        coordinator.sees("The roster has changed", "Gone: 1", "Person 0", "Their partners hear a neutral word")
        assert len([message for message in coordinator.messages if "Gone: 1" in message.text]) == 1


def test_half_a_file_waits_for_a_coordinator_and_either_answer_ends_it(chat: Chat, tmp_path: Path) -> None:
    noor = chat.person("noor@larkspur.example", coordinator=True, source="platform")
    omar = chat.person("omar@larkspur.example", coordinator=True, source="platform")
    by_hand(chat, noor, roster(tmp_path / "roster.csv", range(30)))
    at_night(chat, roster(tmp_path / "roster.csv", range(20)))
    noor.sees("Is this the whole roster?", "10 people of 30 would be gone", "I changed nothing so far")
    noor.press("Leave it")
    noor.sees("I left the roster as it was")
    omar.press("Import it all the same")
    omar.sees("That is settled already")
    at_night(chat, roster(tmp_path / "roster.csv", range(19)))
    chat.consultants["roster"] = lambda store, about: asked.append(about) or RosterReport(ImportReport(), LEFT)
    asked: list[object] = []
    omar.press("Import it all the same")
    omar.sees("People imported", "Gone: 1", "Person 29")
    assert asked == [{"program": 0, "read": chat.look(lambda store: store.roster_reads.latest()).id}]


def test_a_file_without_any_coordinator_waits_for_a_yes_of_one(chat: Chat, tmp_path: Path) -> None:
    noor = chat.person("noor@larkspur.example", coordinator=True)
    by_hand(chat, noor, roster(tmp_path / "roster.csv", range(30)))
    noor.sees("Is this the whole roster?", "1 person of 1", "Every coordinator is among them")


def test_not_one_of_them_in_the_file_is_said_in_so_many_words(chat: Chat, tmp_path: Path) -> None:
    noor = chat.person("noor@larkspur.example", coordinator=True, source="platform")
    by_hand(chat, noor, roster(tmp_path / "roster.csv", range(30)))
    by_hand(chat, noor, roster(tmp_path / "roster.csv", range(50, 60)))
    noor.sees("Not one of the 30 people on the roster is in the new file")


def test_a_coordinator_who_is_gone_has_no_rights_any_more(chat: Chat) -> None:
    noor = chat.person("noor@larkspur.example", coordinator=True)
    chat.look(lambda store: store.people.mark_gone([noor.id], chat.now))
    assert not chat.look(lambda store: store.people.is_coordinator(store.people.get(noor.id)))
    assert not chat.look(lambda store: store.people.with_rights(noor.id))[1]
    assert chat.look(lambda store: list(store.people.coordinators())) == []


def answers(chat: Chat, file: Path, **about: int) -> None:
    """What the real handler answers, had beforehand: the harness asks inside a transaction of its own."""
    found = asyncio.run(read(chat.database, file, **about))
    chat.consultants["roster"] = lambda _store, _about: found


def by_hand(chat: Chat, who: ChatPerson, file: Path) -> None:
    answers(chat, file, nightly=0)
    chat.press_action(who, "roster", "file", program=0)


def at_night(chat: Chat, file: Path) -> None:
    answers(chat, file)
    coordinator = chat.look(lambda store: store.people.coordinators()[0])
    chat.due(chat.people[coordinator.id], Action("roster", "nightly"))
