"""The rules and weights of a program's matching: tried out first, then saved or left. For coordinators."""

from collections.abc import Sequence

from conversations.flow import Flow, Turn
from conversations.forms import read
from conversations.matching.settings import Kept
from conversations.matching.what_if import Difference, in_words
from conversations.matching_notices import closed_card
from conversations.matching_rules_cards import (
    failed_card,
    gone_card,
    left_card,
    nobody_to_try_card,
    rules_card,
    saved_card,
    trying_card,
    what_if_card,
)
from conversations.matching_rules_forms import rules_form, rules_settings, weights_form, weights_settings
from conversations.people_words import told_apart
from conversations.proposal_screen import show
from conversations.proposal_shown import readiness
from conversations.replies import Ask, Consult, Correct, Reply, Say
from conversations.which_program import which_program
from storage.tables import Program

FLOW = Flow("matching_rules")
FLOW.command(
    "program rules",
    "rules",
    "Choose what counts in the matching, and see what would differ",
    coordinators_only=True,
    also="what if, program what if, program weights, rules",
)
ALIVE = ("draft", "open", "running")
# Tells two questions apart that wait at the same time.
SECONDS = 1_000_000


@FLOW.step("rules", coordinators_only=True)
def rules(turn: Turn, program: int = 0) -> Sequence[Reply]:
    found = which_program(turn, program, FLOW.to("rules"), *ALIVE)
    if not isinstance(found, Program):
        return [found]
    if found.status == "closed":
        return [Say(closed_card(found))]
    return [Say(rules_card(found, found.matching or {}))]


@FLOW.step("change", coordinators_only=True)
def change(turn: Turn, program: int) -> Sequence[Reply]:
    """Begins with what is being tried, or with the rules as they are."""
    found = turn.store.programs.required(program)
    return [Ask(rules_form(found, _tried(turn, found) or found.matching or {}, FLOW.to("changed", program=program)))]


@FLOW.step("points", coordinators_only=True)
def points(turn: Turn, program: int) -> Sequence[Reply]:
    found = turn.store.programs.required(program)
    kept = _tried(turn, found) or found.matching or {}
    return [Ask(weights_form(found, kept, FLOW.to("points_changed", program=program)))]


@FLOW.step("changed", coordinators_only=True)
def changed(turn: Turn, program: int) -> Sequence[Reply]:
    found = turn.store.programs.required(program)
    before = _tried(turn, found) or found.matching or {}
    form = rules_form(found, before, turn.action)
    answers = read(form, turn.values)
    kept, faults = rules_settings(turn, found, before, answers)
    if answers.errors or faults:
        return [Correct(form.filled(turn.values), {**faults, **answers.errors})]
    return _try(turn, found, kept)


@FLOW.step("points_changed", coordinators_only=True)
def points_changed(turn: Turn, program: int) -> Sequence[Reply]:
    found = turn.store.programs.required(program)
    before = _tried(turn, found) or found.matching or {}
    form = weights_form(found, before, turn.action)
    answers = read(form, turn.values)
    if answers.errors:
        return [Correct(form.filled(turn.values), answers.errors)]
    return _try(turn, found, weights_settings(before, answers))


@FLOW.step("again", coordinators_only=True)
def again(turn: Turn, program: int) -> Sequence[Reply]:
    found = turn.store.programs.required(program)
    kept = _tried(turn, found)
    return _try(turn, found, kept) if kept else [show(turn, gone_card(found))]


def _try(turn: Turn, program: Program, kept: Kept) -> Sequence[Reply]:
    """Kept aside until it is decided: a button holds a pointer only."""
    turn.store.drafts.keep(turn.person, FLOW.name, str(program.id), kept, turn.now)
    if program.status == "closed":
        return [Say(closed_card(program))]
    ready = readiness(turn, program)
    if not (ready.mentors and ready.mentees):
        return [show(turn, nobody_to_try_card(program, kept))]
    about = {"program": program.id, "today": turn.now.date().isoformat(), "settings": dict(kept)}
    # A second try is a question of its own, not a repeat of the first.
    then = FLOW.to("compared", program=program.id, asked=int(turn.now.timestamp()) % SECONDS)
    return [Consult("what_if", then, about, meanwhile=trying_card(program))]


@FLOW.step("compared", coordinators_only=True, clock_only=True)
def compared(turn: Turn, program: int, asked: int = 0) -> Sequence[Reply]:
    found = turn.store.programs.required(program)
    answer, kept = turn.consulted.answer, _tried(turn, found)
    if not kept:
        return [Say(gone_card(found))]
    if not isinstance(answer, Difference):
        return [Say(failed_card(found))]
    people = [person for _, person in turn.store.enrollments.in_program(program)]
    names = {str(person): name for person, name in told_apart(people).items()}
    same_points = (kept.get("preset"), kept.get("weights")) == (_points_of(found))
    return [Say(what_if_card(found, kept, in_words(answer, names, comparable=same_points)))]


def _points_of(program: Program) -> tuple[object, object]:
    kept = program.matching or {}
    return kept.get("preset", "balanced"), kept.get("weights", {})


@FLOW.step("save", coordinators_only=True)
def save(turn: Turn, program: int) -> Sequence[Reply]:
    found = turn.store.programs.required(program)
    kept = _tried(turn, found)
    if not kept:
        return [show(turn, gone_card(found))]
    found.matching = dict(kept)
    turn.store.drafts.drop(turn.person, FLOW.name, str(program))
    turn.store.audit.add(turn.now, turn.person, "matching rules changed", program, {"settings": dict(kept)})
    return [show(turn, saved_card(found))]


@FLOW.step("leave", coordinators_only=True)
def leave(turn: Turn, program: int) -> Sequence[Reply]:
    found = turn.store.programs.required(program)
    turn.store.drafts.drop(turn.person, FLOW.name, str(program))
    return [show(turn, left_card(found))]


def _tried(turn: Turn, program: Program) -> Kept:
    return turn.store.drafts.get(turn.person, FLOW.name, str(program.id))
