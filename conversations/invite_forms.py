"""What a coordinator fills in to invite people: a list of e-mails, or a wish about the roster."""

from collections.abc import Sequence
from datetime import date
from difflib import get_close_matches

from conversations.actions import Action
from conversations.forms import Answers, Choice, Date, Field, Form, Line, Option, Paragraph
from conversations.invitation_days import last_reply_by, usual_reply_by
from conversations.people_cells import HIGHEST_LEVEL
from conversations.people_words import listed
from conversations.program_forms import departments_of
from storage.tables import Program

ROLES = (Option("mentor", "Mentors: junior, they teach"), Option("mentee", "Mentees: senior, they learn"))


def paste_form(program: Program, action: Action, today: date) -> Form:
    return Form(
        title="Invite by e-mail",
        action=action,
        fields=(
            Paragraph(
                key="emails",
                label="Work e-mails",
                # Slack takes 3000 characters here, about 120 addresses.
                max_length=3000,
                hint="One per line, or with commas between. About 120 fit; send me a longer list as a message.",
            ),
            *_details(program, today),
        ),
        submit_label="Look at the list",
        intro=f"{program.name}. You see who is meant before anything is sent.",
    )


def details_form(program: Program, action: Action, today: date) -> Form:
    """For a list that came as a message."""
    return Form(
        title="Role and date",
        action=action,
        fields=_details(program, today),
        submit_label="Look at the list",
        intro=f"{program.name}. You see who is meant before anything is sent.",
    )


def filter_form(program: Program, action: Action, today: date, departments: Sequence[str]) -> Form:
    some = f"Such as {listed(departments[:3], 'or')}. " if departments else ""
    return Form(
        title="Invite from the roster",
        action=action,
        fields=(
            Line(
                key="departments",
                label="Departments",
                required=False,
                max_length=500,
                value=", ".join(program.departments),
                hint=f"{some}Commas between several. Empty: all of them.",
            ),
            Line(key="least", label="Level at least", required=False, max_length=4, hint="Higher is more senior."),
            Line(key="most", label="Level at most", required=False, max_length=4),
            Line(key="location", label="Location", required=False, max_length=200, hint="Empty: everywhere."),
            *_details(program, today),
        ),
        submit_label="See who that is",
        intro=f"{program.name}. You see how many people that is, and ten names, before anything is sent.",
    )


def _details(program: Program, today: date) -> tuple[Field, ...]:
    return (
        Choice(key="role", label="What are they invited as?", options=ROLES),
        Date(
            key="reply_by",
            label="Answer by",
            value=usual_reply_by(program, today).isoformat(),
            earliest=today,
            latest=last_reply_by(program, today),
            hint="They read this day. I remind once, shortly before it.",
        ),
    )


def spelled(wanted: Sequence[str], known: Sequence[str]) -> list[str]:
    """Names as the roster writes them."""
    by_small = {name.casefold(): name for name in known}
    return [by_small[name.casefold()] for name in wanted if name.casefold() in by_small]


def filter_faults(answers: Answers, departments: Sequence[str], locations: Sequence[str]) -> dict[str, str]:
    """What is wrong with the wishes, by field key."""
    faults: dict[str, str] = {}
    for key in ("least", "most"):
        if answers.text(key) and level_of(answers, key) is None:
            faults[key] = f"Please write a whole number from 0 to {HIGHEST_LEVEL}, or leave it empty."
    least, most = level_of(answers, "least"), level_of(answers, "most")
    if least is not None and most is not None and most < least:
        faults["most"] = f"Nobody is below {most} and above {least} at once. Please swap the two."
    if strange := _strange(departments_of(answers), departments):
        faults["departments"] = f"Nobody is in a department called {strange}"
    if strange := _strange([answers.text("location")] if answers.text("location") else [], locations):
        faults["location"] = f"Nobody is at a location called {strange}"
    return faults


def level_of(answers: Answers, key: str) -> int | None:
    typed = answers.text(key)
    fits = typed.isascii() and typed.isdigit() and int(typed) <= HIGHEST_LEVEL
    return int(typed) if fits else None


def _strange(wanted: Sequence[str], known: Sequence[str]) -> str:
    """The first name that nobody knows, and what it may have been; empty when all are known."""
    small = {name.casefold() for name in known}
    strange = next((name for name in wanted if name.casefold() not in small), "")
    if not strange:
        return ""
    near = get_close_matches(strange, known, 1) or list(known[:5])
    return f"“{strange}”. Perhaps {listed(near, 'or')}?" if near else f"“{strange}”."
