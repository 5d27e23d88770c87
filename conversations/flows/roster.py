"""Importing people in the chat: from the roster file on the server, or pasted. For coordinators."""

from conversations.cards import Card
from conversations.flow import Flow, Turn
from conversations.forms import read
from conversations.import_people import ImportReport, import_file
from conversations.replies import Ask, Consult, Correct, Reply, Say
from conversations.roster_cards import (
    fault_words,
    no_file_card,
    paste_form,
    reading_card,
    report_card,
    where_from_card,
)
from conversations.which_program import which_program
from storage.tables import Program

FLOW = Flow("roster")
FLOW.command(
    "program import",
    "start",
    "Import the roster, or invite people from a list",
    coordinators_only=True,
    also="import, roster",
)

ALIVE = ("draft", "open", "running")
# An error under a field should stay readable.
FAULTS_SHOWN = 4


@FLOW.step("start", coordinators_only=True)
def start(turn: Turn, program: int = 0) -> list[Reply]:
    found: Program | Say | None = None
    if program or turn.store.programs.with_status(*ALIVE):
        found = which_program(turn, program, FLOW.to("start"), *ALIVE)
    if isinstance(found, Say):
        return [found]
    into = found.id if found else 0
    return [Say(where_from_card(found, FLOW.to("file", program=into), FLOW.to("paste", program=into)))]


@FLOW.step("file", coordinators_only=True)
def from_file(turn: Turn, program: int) -> list[Reply]:
    """The bot reads the file outside any transaction, imports it, and brings the report to `imported`."""
    then = FLOW.to("imported", program=program)
    return [Consult("roster", then, {"program": program}, meanwhile=reading_card())]


@FLOW.step("imported", coordinators_only=True, clock_only=True)
def imported(turn: Turn, program: int) -> list[Reply]:
    report = turn.consulted.answer
    if not isinstance(report, ImportReport):
        reason = turn.consulted.fault or "The file could not be read."
        return [Say(no_file_card(reason, FLOW.to("paste", program=program)))]
    return [Say(_reported(turn, report, program))]


@FLOW.step("paste", coordinators_only=True)
def paste(turn: Turn, program: int = 0) -> list[Reply]:
    return [Ask(paste_form(FLOW.to("pasted", program=program)))]


@FLOW.step("pasted", coordinators_only=True)
def pasted(turn: Turn, program: int) -> list[Reply]:
    """A short list is read on the spot, and comes back with what is wrong in it."""
    form = paste_form(turn.action)
    answers = read(form, turn.values)
    if answers.errors:
        return [Correct(form.filled(turn.values), answers.errors)]
    report = import_file(turn.store, answers.text("rows"), _into(turn, program), turn.now)
    if not report.done:
        shown = [fault_words(fault) for fault in report.errors[:FAULTS_SHOWN]]
        more = len(report.errors) - len(shown)
        words = " ".join([*shown, *([f"And {more} more."] if more else [])])
        return [Correct(form.filled(turn.values), {"rows": words})]
    return [Say(_reported(turn, report, program))]


def _reported(turn: Turn, report: ImportReport, program: int) -> Card:
    found = _into(turn, program)
    if report.done:
        counts = {"new": report.written.added, "changed": report.written.changed, "invited": report.written.invited}
        turn.store.audit.add(turn.now, turn.person, "people imported", found.id if found else None, counts)
    return report_card(report, found)


def _into(turn: Turn, program: int) -> Program | None:
    """Nobody is invited into a program that has ended."""
    found = turn.store.programs.required(program) if program else None
    return found if found and found.status != "closed" else None
