"""Importing people in the chat."""

from conversations.import_people import import_file
from conversations.roster_changes import RosterReport
from tests.support.chat import Chat
from tests.support.programs import an_open_program

ROWS = """email,name,department,manager_email,level,role,offers
ana@larkspur.example,Ana Ruiz,Sales,mei@larkspur.example,2,mentor,Digital tools for everyday work;podcasts
mei@larkspur.example,Mei Chen,Sales,chief@larkspur.example,5,mentee,
bo@larkspur.example,Bo Lind,Finance,chief@larkspur.example,3,,
"""


def test_pasted_rows_become_people_and_invitations(chat: Chat) -> None:
    noor = chat.person("noor@larkspur.example", coordinator=True)
    an_open_program(chat, noor)
    mei = chat.person("mei@larkspur.example", source="platform", level=None)
    noor.command("program import")
    noor.sees("Import people", "email, name, department", "invited into Digital fluency 2026")
    noor.press("Paste rows")
    noor.submit(rows=ROWS)
    noor.sees("People imported", "New: 2", "Changed: 1", "Invited: 2")
    assert (mei.row.level, mei.row.source) == (5, "roster")
    chat.advance(hours=1)
    mei.sees("An invitation, Mei", "as a mentee")


def test_faults_come_back_with_line_column_and_fix_and_nothing_is_lost_or_imported(chat: Chat) -> None:
    noor = chat.person("noor@larkspur.example", coordinator=True)
    noor.command("program import")
    noor.sees("No program is open, so this only updates the roster")
    noor.press("Paste rows")
    bad = "email,name,level,timezone\nana@larkspur.example,Ana,high,Mars/Base\nana@larkspur.example,Ana,2,\n"
    noor.submit(rows=bad)
    assert "Line 2, level" in noor.errors["rows"]
    assert "Line 2, timezone" in noor.errors["rows"]
    assert noor.field("rows").value == bad
    assert chat.look(lambda store: store.people.by_email("ana@larkspur.example")) is None


def test_the_roster_file_is_read_by_the_bot_and_the_report_comes_back(chat: Chat) -> None:
    noor = chat.person("noor@larkspur.example", coordinator=True)
    program = an_open_program(chat, noor)
    chat.consultants["roster"] = lambda store, about: RosterReport(
        import_file(store, ROWS, store.programs.get(about["program"]) if about["program"] else None, chat.now)
    )
    noor.command("program import")
    noor.press("Read the roster file")
    noor.sees("People imported", "New: 3", "Invited: 2")
    noor.press("Read the roster file")
    noor.sees("As before: 3", "Invited: 0")
    noor.command("program who")
    noor.sees("1 invited (no answer yet)")
    assert program


def test_a_file_that_cannot_be_read_says_why_and_offers_another_way(chat: Chat) -> None:
    noor = chat.person("noor@larkspur.example", coordinator=True)
    chat.consultants["roster"] = lambda store, about: None
    noor.command("program import")
    noor.press("Read the roster file")
    noor.sees("The roster could not be read")
    noor.press("Paste rows")
    assert noor.form is not None


def test_who_waited_for_a_check_and_is_on_the_roster_now_needs_none(chat: Chat) -> None:
    noor = chat.person("noor@larkspur.example", coordinator=True)
    program = an_open_program(chat, noor)
    ana = chat.person("ana@larkspur.example", source="self", level=1)
    chat.join_all(program, [ana], confirmed=False)
    noor.command("program who")
    noor.sees("Please check 1 person")
    noor.command("program import")
    noor.press("Paste rows")
    noor.submit(rows=ROWS)
    noor.command("program who")
    assert "Please check" not in noor.last.text


def test_an_answer_already_given_survives_the_next_import(chat: Chat) -> None:
    noor = chat.person("noor@larkspur.example", coordinator=True)
    program = an_open_program(chat, noor)
    ana = chat.person("ana@larkspur.example")
    chat.join_all(program, [ana], offers=["sustainability"])
    noor.command("program import")
    noor.press("Paste rows")
    noor.submit(rows=ROWS)
    noor.command("program who")
    noor.sees("Sustainability in practice: 1 teach")
