"""Making a program: from a template, in two forms, and adjusting it afterwards. For coordinators."""

from conversations.actions import Action
from conversations.cards import Button, Card, buttons, card, text
from conversations.flow import BadArguments, Flow, Turn
from conversations.forms import Answers, read
from conversations.moved_dates import tell_new_dates
from conversations.paging import page_of
from conversations.people_words import counted, say_when, today_of
from conversations.program_cards import PROGRAMS_A_PAGE, hold_words, list_card, plan_card, sign_up_days, templates_card
from conversations.program_forms import (
    about_form,
    chosen_themes,
    departments_of,
    first_dates,
    from_program,
    from_template,
    lines_of,
    months_later,
    plan_faults,
    plan_form,
    spelled,
)
from conversations.program_people import people_faults, people_form, quiet_dates_of
from conversations.replies import Ask, Correct, Replace, Reply, Say
from conversations.which_program import which_program
from storage.tables import Program

FLOW = Flow("program")
FLOW.command(
    "program create", "create", "Create a program from a template", coordinators_only=True, also="program new, create"
)
FLOW.command("program adjust", "adjust", "Change rhythm, length, size and dates", coordinators_only=True, also="adjust")
FLOW.command(
    "program people and dates",
    "people",
    "Set sponsor, contact, page and quiet dates",
    coordinators_only=True,
    also="program contact, program sponsor, quiet dates, program quiet dates",
)
FLOW.command("program show", "show", "See the plan of a program", coordinators_only=True, also="program plan")
FLOW.command("program list", "list", "See all programs", coordinators_only=True, also="programs, program")

ALIVE = ("draft", "open", "running")


@FLOW.step("create", coordinators_only=True)
def create(turn: Turn) -> list[Reply]:
    return [Say(templates_card(turn.content))]


@FLOW.step("chosen", coordinators_only=True)
def chosen(turn: Turn, template: str) -> list[Reply]:
    if template not in turn.content.templates:
        raise BadArguments(template)
    values = from_template(turn.content.templates[template], today_of(turn))
    return [Ask(about_form(turn, FLOW.to("created", template=template), values))]


@FLOW.step("created", coordinators_only=True)
def created(turn: Turn, template: str) -> list[Reply]:
    """The program exists from here on, with dates that work, whether or not the second form is sent."""
    form = about_form(turn, turn.action, {})
    answers = read(form, turn.values)
    if errors := _about_faults(turn, answers, None):
        return [Correct(form.filled(turn.values), errors)]
    matching_on, starts_on = first_dates(turn)
    program = Program(
        template=template,
        created_by=turn.person.id,
        created_at=turn.now,
        matching_on=matching_on,
        starts_on=starts_on,
        ends_on=months_later(starts_on, 6),
        months=6,
        **_about(turn, answers),
    )
    turn.store.programs.add(program)
    turn.store.audit.add(turn.now, turn.person, "program created", program.id)
    return [Ask(plan_form(turn, program, FLOW.to("planned", program=program.id)))]


@FLOW.step("describe", coordinators_only=True)
def describe(turn: Turn, program: int) -> list[Reply]:
    found = turn.store.programs.required(program)
    if found.status == "closed":
        return [Say(ended_card(found))]
    return [Ask(about_form(turn, FLOW.to("described", program=program), from_program(found)))]


@FLOW.step("described", coordinators_only=True)
def described(turn: Turn, program: int) -> list[Reply]:
    found = turn.store.programs.required(program)
    if found.status == "closed":
        return [Say(ended_card(found))]
    form = about_form(turn, turn.action, {})
    answers = read(form, turn.values)
    if errors := _about_faults(turn, answers, found):
        return [Correct(form.filled(turn.values), errors)]
    for column, value in _about(turn, answers).items():
        setattr(found, column, value)
    turn.store.audit.add(turn.now, turn.person, "program described", program)
    return [Say(plan_card(turn, found))]


@FLOW.step("adjust", coordinators_only=True)
def adjust(turn: Turn, program: int = 0) -> list[Reply]:
    found = which_program(turn, program, FLOW.to("adjust"), *ALIVE)
    if isinstance(found, Say):
        return [found]
    if found.status == "closed":
        return [Say(ended_card(found))]
    return [Ask(plan_form(turn, found, FLOW.to("planned", program=found.id)))]


@FLOW.step("planned", coordinators_only=True)
def planned(turn: Turn, program: int) -> list[Reply]:
    found = turn.store.programs.required(program)
    if found.status == "closed":
        return [Say(ended_card(found))]
    form = plan_form(turn, found, turn.action)
    answers = read(form, turn.values)
    if errors := {**plan_faults(turn, found, answers), **answers.errors}:
        return [Correct(form.filled(turn.values), errors)]
    dates = found.matching_on, found.starts_on
    _plan(turn, found, answers)
    turn.store.audit.add(turn.now, turn.person, "program adjusted", program)
    moved = dates != (found.matching_on, found.starts_on)
    return [Say(plan_card(turn, found)), *(tell_new_dates(turn, found) if moved else ())]


@FLOW.step("people", coordinators_only=True)
def people(turn: Turn, program: int = 0) -> list[Reply]:
    found = which_program(turn, program, FLOW.to("people"), *ALIVE)
    if isinstance(found, Say):
        return [found]
    if found.status == "closed":
        return [Say(ended_card(found))]
    return [Ask(people_form(found, FLOW.to("named", program=found.id)))]


@FLOW.step("named", coordinators_only=True)
def named(turn: Turn, program: int) -> list[Reply]:
    """Quiet dates go to everybody in the program at once, since every reminder asks the person's own calendar."""
    found = turn.store.programs.required(program)
    if found.status == "closed":
        return [Say(ended_card(found))]
    form = people_form(found, turn.action)
    answers = read(form, turn.values)
    if errors := {**people_faults(found, answers, today_of(turn)), **answers.errors}:
        return [Correct(form.filled(turn.values), errors)]
    found.sponsor_email, found.page_url = answers.text("sponsor"), answers.text("page_url")
    found.contact_name, found.contact_reach = answers.text("contact_name"), answers.text("contact_reach")
    found.quiet_dates = quiet_dates_of(answers)
    turn.store.enrollments.spread_quiet_dates(program)
    turn.store.audit.add(turn.now, turn.person, "program people and dates", program)
    return [Say(plan_card(turn, found))]


@FLOW.step("show", coordinators_only=True)
def show(turn: Turn, program: int = 0) -> list[Reply]:
    found = which_program(turn, program, FLOW.to("show"), *ALIVE, "closed")
    return [found if isinstance(found, Say) else Say(plan_card(turn, found))]


@FLOW.step("list", coordinators_only=True)
def list_programs(turn: Turn, page: int = 0) -> list[Reply]:
    """`page` is set by the buttons that leaf through: they change the card."""
    here = page_of(turn.store.programs.with_status(), max(page - 1, 0), PROGRAMS_A_PAGE)
    shown = list_card(here, [_line(turn, program) for program in here.rows])
    return [Replace(shown) if page else Say(shown)]


def ended_card(program: Program) -> Card:
    return card(
        "That program has ended",
        text("**{program}** is closed, so its plan stays as it was.", program=program.name),
        buttons(Button("New program", Action("program", "create"))),
    )


def _about_faults(turn: Turn, answers: Answers, program: Program | None) -> dict[str, str]:
    same = turn.store.programs.named(answers.text("name"))
    taken = same is not None and (program is None or same.id != program.id)
    own = {"name": "There is a program with this name already. Please pick another."} if taken else {}
    return {**own, **answers.errors}


def _about(turn: Turn, answers: Answers) -> dict[str, object]:
    return {
        "name": answers.text("name"),
        "objective": answers.text("objective"),
        "themes": chosen_themes(turn.content, answers),
        "questions": lines_of(answers, "questions"),
        "success": answers.text("success"),
    }


def _plan(turn: Turn, program: Program, answers: Answers) -> None:
    program.cadence_days = int(answers.text("cadence"))
    program.months = int(answers.text("months"))
    program.session_minutes = int(answers.text("minutes"))
    # Absent on a form that was opened before there was the question.
    program.asks_first = answers.text("ask_first") == "yes" if answers.text("ask_first") else program.asks_first
    program.most_pairs = int(answers.text("most_pairs")) if answers.text("most_pairs") else None
    program.departments = spelled(turn, departments_of(answers))
    program.matching_on = answers.day("matching_on") or program.matching_on
    program.starts_on = answers.day("starts_on") or program.starts_on
    program.ends_on = months_later(program.starts_on, program.months)


def _line(turn: Turn, program: Program) -> str:
    counts = turn.store.enrollments.counts(program.id)
    people = sum(number for (_, status), number in counts.items() if status in ("joined", "matched"))
    if held := hold_words(turn, program):
        return f"{held}, {counted(people, 'person', 'people')}"
    match program.status:
        case "draft":
            return "Being prepared"
        case "open":
            return f"Open for sign-up {sign_up_days(turn, program)}, {counted(people, 'person', 'people')}"
        case "running":
            return f"Running until {say_when(turn, program.ends_on)}, {counted(people, 'person', 'people')}"
        case _:
            return f"Ended, {counted(people, 'person', 'people')} took part"
