"""Importing people in the chat: from the roster file on the server, or pasted; and what every night brings."""

from datetime import timedelta

from conversations.actions import Action
from conversations.cards import Card
from conversations.flow import Flow, Turn
from conversations.forms import read
from conversations.import_people import ImportReport, import_file
from conversations.replies import Ask, Consult, Correct, Notice, Planned, Replace, Reply, Say, Tell
from conversations.roster_cards import (
    changes_card,
    fault_words,
    left_alone_card,
    no_file_card,
    paste_form,
    reading_card,
    report_card,
    settled_card,
    too_many_gone_card,
    where_from_card,
)
from conversations.roster_changes import RosterReport
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
# What changed in the roster is in the list of people anyway after this.
NEWS_LASTS = timedelta(days=3)
# Whether a pair has come into a conflict by what was read.
CHECK = Action("frozen", "check")


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
    found = turn.consulted.answer
    if not isinstance(found, RosterReport):
        reason = turn.consulted.fault or "The file could not be read."
        return [Say(no_file_card(reason, FLOW.to("paste", program=program)))]
    if found.waits:
        return [Say(_doubtful(found, program))]
    plain = _reported(turn, found.report, program)
    if not (found.report.done and found.changes.any):
        return [Say(plain)]
    return [Say(changes_card(found.changes, found.report, _into(turn, program)))]


# Every night -----------------------------------------------------------------------------------------------------


@FLOW.step("nightly", coordinators_only=True, clock_only=True)
def nightly(turn: Turn) -> list[Reply]:
    """The file is read again, into no program: people are invited by hand."""
    return [Consult("roster", FLOW.to("read"), {"program": 0, "nightly": 1})]


@FLOW.step("read", coordinators_only=True, clock_only=True)
def read_again(turn: Turn) -> list[Reply]:
    """What changed, to every coordinator in their own morning; nothing when nothing did."""
    found = turn.consulted.answer
    if turn.consulted.fault:
        shown = no_file_card(turn.consulted.fault, FLOW.to("paste"))
        return _tell_coordinators(turn, shown, f"fault/{turn.now:%Y-%m-%d}")
    if not isinstance(found, RosterReport):
        return []
    if found.waits:
        return _tell_coordinators(turn, _doubtful(found, 0), str(found.read))
    if not found.report.done:
        return _tell_coordinators(turn, report_card(found.report, None), str(found.read))
    if not found.changes.any:
        return []
    _reported(turn, found.report, 0)
    return _tell_coordinators(turn, changes_card(found.changes, found.report, None, nightly=True), str(found.read))


def _tell_coordinators(turn: Turn, shown: Card, key: str) -> list[Reply]:
    return [
        Tell(
            person.id,
            shown,
            Notice(
                key=f"roster/{key}/{person.id}",
                kind="coordinator_roster",
                delivery="nudge",
                expires_at=turn.now + NEWS_LASTS,
            ),
        )
        for person in turn.store.people.coordinators()
    ]


def _doubtful(found: RosterReport, program: int) -> Card:
    here = {"read": found.read, "program": program}
    return too_many_gone_card(found, FLOW.to("anyway", **here), FLOW.to("refuse", **here))


@FLOW.step("anyway", coordinators_only=True)
def anyway(turn: Turn, read: int, program: int = 0) -> list[Reply]:
    """A coordinator knows that so many have left: the same file is taken over after all."""
    if turn.store.roster_reads.required(read).status != "waiting" or _is_old(turn, read):
        return [Replace(settled_card())]
    then = FLOW.to("imported", program=program)
    return [Replace(reading_card()), Consult("roster", then, {"program": program, "read": read})]


@FLOW.step("refuse", coordinators_only=True)
def refuse(turn: Turn, read: int, program: int = 0) -> list[Reply]:
    found = turn.store.roster_reads.required(read)
    if found.status != "waiting" or _is_old(turn, read):
        return [Replace(settled_card())]
    found.status = "refused"
    return [Replace(left_alone_card())]


def _is_old(turn: Turn, read: int) -> bool:
    """A newer file was read since, so this question is settled."""
    latest = turn.store.roster_reads.latest()
    return latest is not None and latest.id != read


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
    looks = Planned(f"firewall/pasted/{turn.now:%Y-%m-%dT%H:%M:%S}", turn.person.id, turn.now, CHECK)
    return [Say(_reported(turn, report, program)), looks]


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
