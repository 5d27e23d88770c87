"""The two screens of sign-up, the form for changes afterwards, and how what is known fills them in."""

from datetime import date, datetime, time, timedelta

from conversations.actions import Action
from conversations.content import Content
from conversations.flow import Turn
from conversations.forms import Answers, Form, Typed
from conversations.sign_up_fields import (
    LEVELS,
    about_you_fields,
    agreement_field,
    hours_fields,
    interests_field,
    language_codes,
    languages_field,
    optional_fields,
    role_field,
    theme_fields,
    time_given_field,
)
from storage.tables import Enrollment, Person, Program

# Less than this a day leaves no room to meet.
LEAST_WORKING_TIME = timedelta(hours=1)


def first_screen(turn: Turn, program: Program, action: Action, *, about_you: bool) -> Form:
    """Role and themes; `about_you` asks what the roster would know."""
    known = "" if about_you else f"\n{known_words(turn.person)}"
    return Form(
        title="Join: 1 of 2",
        action=action,
        fields=(role_field(), *theme_fields(turn.content, program), *(about_you_fields() if about_you else ())),
        submit_label="Next",
        intro=f"{program.name}. {turn.content.text('sign_up.roles')}{known}",
    )


def second_screen(turn: Turn, program: Program, action: Action, role: str) -> Form:
    """Time and the agreement; the rest is optional."""
    return Form(
        title="Join: 2 of 2",
        action=action,
        fields=(
            *hours_fields(turn.person),
            time_given_field(role, program),
            agreement_field(turn.content),
            *optional_fields(turn, role),
        ),
        submit_label="Join",
        intro="Nearly there. Everything below the agreement is optional and helps me find you a good match.",
    )


def later_form(turn: Turn, action: Action) -> Form:
    """What can still change once somebody is paired."""
    return Form(
        title="Edit my answers",
        action=action,
        fields=(*hours_fields(turn.person), interests_field(), languages_field(turn.person)),
        submit_label="Save",
        intro="You are paired already, so your role and themes stay. Hours, interests and languages can change.",
    )


def known_words(person: Person) -> str:
    """What is on the company list about this person, so that nobody types it again."""
    parts = [person.name, person.department, person.team, person.location]
    return f"From the company list: {', '.join(part for part in parts if part)}. Not right? Tell a coordinator."


def prefill(turn: Turn, enrollment: Enrollment | None, program: Program) -> dict[str, Typed]:
    """Values for every field, from what is known."""
    person = turn.person
    values: dict[str, Typed] = {
        "work_start": person.work_start,
        "work_end": person.work_end,
        "languages": tuple(code for code in person.languages if code in language_codes(person)),
        "department": person.department,
        "team": person.team,
        "manager_email": person.manager_email,
        "level": str(person.level) if person.level in range(1, len(LEVELS) + 1) else "",
    }
    if enrollment is not None:
        values |= _enrolled(enrollment, program, turn.content)
    return values


def _enrolled(enrollment: Enrollment, program: Program, content: Content) -> dict[str, Typed]:
    # A people file names themes by their titles.
    by_title = {theme.title.casefold(): theme.id for theme in content.themes.values()}
    words = enrollment.offers if enrollment.role == "mentor" else enrollment.wants
    chosen = [by_title.get(word.casefold(), word) for word in words]
    own = [word for word in chosen if word not in program.themes]
    avoid = [*enrollment.avoid, "", ""]
    return {
        "role": enrollment.role,
        "themes": tuple(theme for theme in chosen if theme in program.themes),
        "own_words": enrollment.own_words or ", ".join(own),
        "capacity": str(min(enrollment.capacity, 3)),
        "hours_a_month": str(enrollment.hours_a_month) if enrollment.hours_a_month in (1, 2, 3, 4) else "",
        "agreement": ("agreed",) if enrollment.agreed_at else (),
        "goals": enrollment.goals,
        "interests": ", ".join(enrollment.interests),
        "want_back": enrollment.want_back,
        "avoid": avoid[0],
        "avoid_too": avoid[1],
    }


def about_you_faults(person: Person, answers: Answers, program: Program) -> dict[str, str]:
    """What is wrong with the first screen, by field key."""
    faults: dict[str, str] = {}
    if not answers.many("themes") and not answers.text("own_words"):
        faults["themes"] = "Pick at least one theme, or write your own below."
    if answers.text("manager_email") == (person.email or "-"):
        faults["manager_email"] = "That is your own e-mail. Who do you report to?"
    department = answers.text("department")
    if "department" in answers.values and program.departments and not in_departments(program, department):
        faults["department"] = f"This program is for {', '.join(program.departments)} for now."
    return faults


def hours_faults(answers: Answers) -> dict[str, str]:
    start, end = answers.clock("work_start"), answers.clock("work_end")
    if start is None or end is None:
        return {}
    if end <= start:
        return {"work_end": "This is not after the start of your day. Please pick a later time."}
    if _on_a_day(end) - _on_a_day(start) < LEAST_WORKING_TIME:
        return {"work_end": "Please leave at least an hour, or no meeting would fit."}
    return {}


def avoid_faults(person: Person, answers: Answers) -> dict[str, str]:
    own = person.email or "-"
    return {key: "That is you." for key in ("avoid", "avoid_too") if answers.text(key) == own}


def in_departments(program: Program, department: str) -> bool:
    """An empty list of departments means everybody."""
    wanted = {name.casefold().strip() for name in program.departments}
    return not wanted or department.casefold().strip() in wanted


def own_themes(words: str) -> list[str]:
    """What somebody wrote in their own words, as separate themes."""
    parts = words.replace("\n", ",").replace(";", ",").split(",")
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _on_a_day(clock: time) -> datetime:
    return datetime.combine(date.min, clock)
