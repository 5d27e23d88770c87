"""The two forms of a program: what it is about, and its rhythm and dates."""

import calendar
from datetime import date, timedelta
from difflib import get_close_matches

from conversations.actions import Action
from conversations.cadence import calendar_of
from conversations.content import Content, Template
from conversations.flow import Turn
from conversations.forms import Answers, Choice, Choices, Date, Form, Line, Option, Paragraph, Typed
from conversations.people_words import listed, say_when, today_of
from storage.tables import Program

# Three weeks from announcement to matching: people need time to hear of it, and lose interest after more.
SIGN_UP_DAYS = 21
# From the matching to the first introductions: time for the coordinator to look at the pairs.
REVIEW_DAYS = 3
# Whoever picks a later day has slipped, and the computer's own calendar ends as well.
FURTHEST = timedelta(days=2 * 365 + 1)
CADENCES = (
    Option("7", "Every week"),
    Option("14", "Every two weeks (usual)"),
    Option("28", "Every four weeks"),
)
LENGTHS = (Option("3", "3 months"), Option("6", "6 months (usual)"), Option("12", "12 months"))
MINUTES = (
    Option("30", "30 minutes"),
    Option("45", "45 minutes (usual)"),
    Option("60", "60 minutes"),
    Option("90", "90 minutes"),
)
ASK_FIRST = (
    Option("no", "Introduce them once I approve (usual)"),
    Option("yes", "Ask both first; two yes make a pair"),
)
# Slack: at most 10 boxes to tick.
MOST_THEMES = 10


def about_form(turn: Turn, action: Action, values: dict[str, Typed]) -> Form:
    """What it is for, about which themes, and how one will know that it worked."""
    themes = tuple(Option(theme.id, theme.title[:75]) for theme in list(turn.content.themes.values())[:MOST_THEMES])
    form = Form(
        title="Your program",
        action=action,
        fields=(
            Line(key="name", label="Name", max_length=80, hint="Everybody sees it."),
            Paragraph(
                key="objective",
                label="Objective",
                max_length=500,
                hint="Which company goal does it serve? Everybody sees it.",
            ),
            Choices(
                key="themes", label="Themes", options=themes, hint="People pick from these, or add their own words."
            ),
            Paragraph(
                key="questions",
                label="First questions",
                max_length=900,
                hint="One per line. Pairs get them to start their first conversations.",
            ),
            Paragraph(key="success", label="What counts as success?", max_length=500, hint="Shown in the plan."),
        ),
        submit_label="Next",
    )
    return form.filled(values)


def from_template(template: Template, today: date) -> dict[str, Typed]:
    return {
        "name": f"{template.title.partition(':')[0]} {today.year}",
        "objective": template.objective,
        "themes": template.themes,
        "questions": "\n".join(template.questions),
        "success": template.success,
    }


def from_program(program: Program) -> dict[str, Typed]:
    return {
        "name": program.name,
        "objective": program.objective,
        "themes": tuple(program.themes),
        "questions": "\n".join(program.questions),
        "success": program.success,
    }


def plan_form(turn: Turn, program: Program, action: Action) -> Form:
    """Rhythm, length, size and dates."""
    latest = furthest_day(turn)
    form = Form(
        title="Rhythm and dates",
        action=action,
        fields=(
            Choice(key="cadence", label="How often do pairs meet?", options=CADENCES),
            Choice(key="months", label="For how long?", options=LENGTHS),
            Choice(key="minutes", label="How long is a session?", options=MINUTES),
            Choice(key="ask_first", label="How does a pair come about?", options=ASK_FIRST, required=False),
            Line(
                key="most_pairs",
                label="At most how many pairs?",
                required=False,
                max_length=4,
                hint="Empty: as many as sign up. A pilot does well with 8 to 12.",
            ),
            Line(
                key="departments",
                label="Only these departments",
                required=False,
                max_length=500,
                hint="For a pilot. Commas between several. Empty: everybody.",
            ),
            Date(key="matching_on", label="Day of the matching", hint="People answer until then.", latest=latest),
            Date(
                key="starts_on",
                label="First introductions",
                hint="On this day or later, when both are at work.",
                latest=latest,
            ),
        ),
        submit_label="Save",
        intro=f"{program.name}. These are good defaults; all of it can be changed later.",
    )
    return form.filled(_plan_values(program))


def _plan_values(program: Program) -> dict[str, Typed]:
    return {
        "cadence": str(program.cadence_days),
        "months": str(program.months),
        "minutes": str(program.session_minutes),
        "ask_first": "yes" if program.asks_first else "no",
        "most_pairs": str(program.most_pairs or ""),
        "departments": ", ".join(program.departments),
        "matching_on": program.matching_on.isoformat(),
        "starts_on": program.starts_on.isoformat(),
    }


def plan_faults(turn: Turn, program: Program, answers: Answers) -> dict[str, str]:
    """What is wrong with the dates, the size and the departments, by field key."""
    faults: dict[str, str] = {}
    matching, start, today = answers.day("matching_on"), answers.day("starts_on"), today_of(turn)
    if matching and matching != program.matching_on and matching < today:
        faults["matching_on"] = "That day has passed. Please pick today or later."
    if matching and start and start < matching and program.status != "running":
        faults["starts_on"] = "Introductions come after the matching. Please pick that day or a later one."
    most = answers.text("most_pairs")
    if most and not (most.isascii() and most.isdigit() and int(most) > 0):
        faults["most_pairs"] = "Please write a number, such as 12, or leave it empty."
    return _end_faults(turn, program, answers) | faults | _department_faults(turn, departments_of(answers))


def _end_faults(turn: Turn, program: Program, answers: Answers) -> dict[str, str]:
    """A last day that is not ahead any more would end everything overnight, without a question."""
    start, months = answers.day("starts_on"), answers.text("months")
    if not (start and months):
        return {}
    ends_on = months_later(start, int(months))
    if ends_on == program.ends_on or ends_on > today_of(turn):
        return {}
    # Where there is no longer length to pick, only a later start helps.
    longer = int(months) != program.months and months != LENGTHS[-1].id
    key, meant, other = ("months", "", "more") if longer else ("starts_on", " from then", "a later day")
    day = say_when(turn, ends_on)
    return {
        key: f"With {months} months{meant}, its last day would be {day}. "
        f"Please pick {other}; to end it now, type program close."
    }


def _department_faults(turn: Turn, names: list[str]) -> dict[str, str]:
    known = turn.store.people.departments()
    strange = [name for name in names if name.casefold() not in {one.casefold() for one in known}]
    if not (known and strange):
        return {}
    near = get_close_matches(strange[0], known, 1) or list(known[:5])
    return {"departments": f"Nobody is in a department called “{strange[0]}”. Perhaps {listed(near, 'or')}?"}


def departments_of(answers: Answers) -> list[str]:
    return [part.strip() for part in answers.text("departments").replace(";", ",").split(",") if part.strip()]


def spelled(turn: Turn, names: list[str]) -> list[str]:
    """Departments as the roster writes them."""
    known = {name.casefold(): name for name in turn.store.people.departments()}
    return [known.get(name.casefold(), name) for name in names]


def lines_of(answers: Answers, key: str) -> list[str]:
    return [line.strip("-• ").strip() for line in answers.text(key).splitlines() if line.strip("-• ").strip()]


def first_dates(turn: Turn) -> tuple[date, date]:
    """The matching and the first introductions of a new program, both on working days."""
    worker = calendar_of(turn.person)
    matching = worker.next_open_day(today_of(turn) + timedelta(days=SIGN_UP_DAYS))
    return matching, worker.next_open_day(matching + timedelta(days=REVIEW_DAYS))


def furthest_day(turn: Turn) -> date:
    """The last day that a program can be planned for."""
    return today_of(turn) + FURTHEST


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def chosen_themes(content: Content, answers: Answers) -> list[str]:
    """In the order of the content file, so that lists look the same everywhere."""
    return [theme for theme in content.themes if theme in answers.many("themes")]
