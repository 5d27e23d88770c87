"""A program in figures, each defined in one line; as a card and as CSV."""

from datetime import datetime

from conversations.cadence import calendar_of
from conversations.content import Content
from conversations.csv_file import csv_bytes
from conversations.files import File
from conversations.flow import Flow, Turn
from conversations.people_words import say_when, today_of
from conversations.replies import Hand, Notice, Reply, Say
from conversations.report_cards import figures_file_card, meanings_card, pairs_file_card, report_card
from conversations.report_figures import figures
from conversations.status_words import STATES
from conversations.which_program import which_program
from storage.store import Store
from storage.tables import Person, Program

FLOW = Flow("report")
FLOW.command("program report", "show", "The program in figures, also as a file", coordinators_only=True, also="report")

ANY = ("running", "closed", "open", "draft")


@FLOW.step("show", coordinators_only=True)
def show(turn: Turn, program: int = 0) -> list[Reply]:
    """Without words the programs that run; if none does, those that ended."""
    running = turn.store.programs.with_status("running")
    found = which_program(turn, program, FLOW.to("show"), *(("running",) if running else ANY))
    if isinstance(found, Say):
        return [found]
    today = today_of(turn)
    counts = turn.store.reports.counts(found.id, today)
    shown = figures(turn.store, found, turn.content, today)
    return [Say(report_card(found, shown, say_when(turn, today), counts.introduced, counts.met))]


@FLOW.step("meanings", coordinators_only=True)
def meanings(turn: Turn, program: int) -> list[Reply]:
    found = turn.store.programs.required(program)
    return [Say(meanings_card(found, figures(turn.store, found, turn.content, today_of(turn))))]


@FLOW.step("figures", coordinators_only=True)
def figures_file(turn: Turn, program: int) -> list[Reply]:
    return _hand(turn, turn.store.programs.required(program), "figures")


@FLOW.step("pairs", coordinators_only=True)
def pairs_file(turn: Turn, program: int) -> list[Reply]:
    found = turn.store.programs.required(program)
    turn.store.audit.add(turn.now, turn.person, "pairs exported", program)
    return _hand(turn, found, "pairs")


def _hand(turn: Turn, program: Program, name: str) -> list[Reply]:
    shown = figures_file_card(program) if name == "figures" else pairs_file_card(program)
    return [Hand(turn.person.id, FLOW.asks_for(name, program=program.id), shown, Notice(kind="file", prompted=True))]


@FLOW.file("figures")
def make_figures(store: Store, person: Person, now: datetime, content: Content, program: int) -> File | None:
    """None for somebody who is no coordinator any more."""
    if not store.people.is_coordinator(person):
        return None
    found = store.programs.required(program)
    shown = figures(store, found, content, calendar_of(person).today(now))
    rows = [("Figure", "Value", "What it means"), *((one.label, one.value, one.means) for one in shown.lines)]
    return File(_name(found, "figures"), "text/csv", csv_bytes(rows))


@FLOW.file("pairs")
def make_pairs(store: Store, person: Person, now: datetime, content: Content, program: int) -> File | None:
    """Names and e-mails of both sides, and the pair's state; no answers."""
    if not store.people.is_coordinator(person):
        return None
    found, states = store.programs.required(program), store.pairs.states(program, now, person.id)
    head = ("Mentor", "Mentor's e-mail", "Mentee", "Mentee's e-mail", "Introduced on", "State", "Sessions")
    held = _sessions(store, program)
    words = dict(STATES)
    rows = [
        (
            mentor.name,
            mentor.email or "",
            mentee.name,
            mentee.email or "",
            pair.started_on.isoformat(),
            words.get(states[pair.id], states[pair.id]),
            held.get(pair.id, 0),
        )
        for pair, mentor, mentee in store.reports.pairs(program)
    ]
    return File(_name(found, "pairs"), "text/csv", csv_bytes([head, *rows]))


def _sessions(store: Store, program: int) -> dict[int, int]:
    counts: dict[int, int] = {}
    for session in store.sessions.held_in([pair.id for pair in store.pairs.in_program(program)]):
        counts[session.pair_id] = counts.get(session.pair_id, 0) + 1
    return counts


def _name(program: Program, what: str) -> str:
    """A file name that every system takes."""
    plain = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in program.name.lower())
    return f"{'-'.join(part for part in plain.split('-') if part)[:60] or 'program'}-{what}.csv"
