"""Who signed up, and checking the details that no roster vouches for. For coordinators."""

from collections.abc import Sequence

from conversations.actions import Action
from conversations.cards import Card
from conversations.flow import Flow, Turn
from conversations.forms import Answers, read
from conversations.joining import check_key
from conversations.people_cells import HIGHEST_LEVEL
from conversations.replies import Ask, Correct, Planned, Replace, Reply, Say, Update
from conversations.sign_up_cards import details_mark, to_confirm_card
from conversations.which_program import which_program
from conversations.who_cards import confirmed_card, correct_form, gone_card, who_card
from storage.tables import Enrollment, Person, Program

FLOW = Flow("who")
FLOW.command(
    "program who",
    "show",
    "See who signed up, and check their details",
    coordinators_only=True,
    also="program people",
)


@FLOW.step("show", coordinators_only=True)
def show(turn: Turn, program: int = 0, page: int = 0) -> list[Reply]:
    """`page` is set by the buttons that leaf through: they change the card; a first look is a new one."""
    found = which_program(turn, program, FLOW.to("show"), "open", "running", "draft")
    if isinstance(found, Say):
        return [found]
    shown = _list(turn, found, page)
    return [Replace(shown) if page else Say(shown)]


def _list(turn: Turn, program: Program, page: int) -> Card:
    rows, settling = turn.store.enrollments.in_program(program.id), turn.store.pairs.settling(program.id)
    return who_card(turn.content, program, rows, page, settling)


@FLOW.step("confirm", coordinators_only=True)
def confirm(turn: Turn, enrollment: int, seen: str, page: int = 0) -> Sequence[Reply]:
    """`page`: pressed in the list, which then shows who is next. `seen` marks the details that were on the card."""
    found, person = turn.store.enrollments.with_person(enrollment)
    program = turn.store.programs.required(found.program_id)
    if not _waits(found, program):
        return [Replace(gone_card(person, program))]
    if seen != details_mark(person) and not found.confirmed:
        return [Replace(to_confirm_card(program, person, found))]
    if person.level is None:
        return correct(turn, enrollment, page)
    _confirm(turn, found, person)
    return _settled(turn, program, person, check_key(program, person), page)


@FLOW.step("correct", coordinators_only=True)
def correct(turn: Turn, enrollment: int, page: int = 0) -> list[Reply]:
    found, person = turn.store.enrollments.with_person(enrollment)
    program = turn.store.programs.required(found.program_id)
    if not _waits(found, program):
        return [Replace(gone_card(person, program))]
    return [Ask(correct_form(person, FLOW.to("corrected", enrollment=enrollment, page=page)))]


@FLOW.step("corrected", coordinators_only=True)
def corrected(turn: Turn, enrollment: int, page: int = 0) -> list[Reply]:
    found, person = turn.store.enrollments.with_person(enrollment)
    program = turn.store.programs.required(found.program_id)
    if not _waits(found, program):
        return [Replace(gone_card(person, program))]
    form = correct_form(person, turn.action)
    answers = read(form, turn.values)
    if errors := {**_faults(person, answers), **answers.errors}:
        return [Correct(form.filled(turn.values), errors)]
    asked = check_key(program, person)
    person.department, person.team = answers.text("department"), answers.text("team")
    person.manager_email, person.level = answers.text("manager_email"), int(answers.text("level"))
    _confirm(turn, found, person)
    # Another manager may put one of their pairs into a conflict.
    key, check = f"firewall/corrected/{person.id}/{turn.now:%Y-%m-%dT%H:%M:%S}", Action("frozen", "check")
    return [*_settled(turn, program, person, asked, page), Planned(key, turn.person.id, turn.now, check)]


def _settled(turn: Turn, program: Program, person: Person, asked: str, page: int) -> list[Reply]:
    """Here, and in the message that asked; one that still waits is not sent any more."""
    settled = confirmed_card(person, program)
    return [Replace(_list(turn, program, page) if page else settled), Update(asked, settled)]


def _faults(person: Person, answers: Answers) -> dict[str, str]:
    faults: dict[str, str] = {}
    level = answers.text("level")
    if not (level.isascii() and level.isdigit() and int(level) <= HIGHEST_LEVEL):
        faults["level"] = f"Please write a whole number from 0 to {HIGHEST_LEVEL}."
    if answers.text("manager_email") == (person.email or "-"):
        faults["manager_email"] = "Nobody is their own manager. Please pick somebody else."
    return faults


def _waits(enrollment: Enrollment, program: Program) -> bool:
    return enrollment.status == "joined" and program.status != "closed"


def _confirm(turn: Turn, enrollment: Enrollment, person: Person) -> None:
    if not enrollment.confirmed:
        turn.store.enrollments.confirm(person)
        enrollment.confirmed = True
        turn.store.audit.add(turn.now, turn.person, "details confirmed", enrollment.program_id, {"person": person.id})
