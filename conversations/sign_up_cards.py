"""What people read around signing up: the invitation, the receipt, and the ways in which it cannot be."""

import json
from hashlib import sha256

from conversations.actions import Action, Argument
from conversations.cards import Button, Buttons, Card, Facts, Text, buttons, card, quiet, text
from conversations.flow import Turn
from conversations.people_words import (
    ROLES,
    cadence_words,
    first_name,
    listed,
    minutes_a_month,
    named,
    say_when,
    today_of,
)
from conversations.waiting_cards import promised_on
from storage.tables import Enrollment, Person, Program

OWN_WORDS = "Nobody else has checked these details yet."
FROM_ROSTER = "The roster leaves a gap here, so please have a look."
# The last line where nothing is planned.
UNTIL_THEN = quiet("Next from me: when you write, or when somebody invites you.")


def receipt_card(turn: Turn, program: Program, enrollment: Enrollment, edit: Action, leave: Action) -> Card:
    """What was signed up for, and what happens when."""
    return card(
        f"You are in, {first_name(turn.person)}",
        text("Thank you for joining **{program}**.", program=program.name),
        Facts(answer_rows(turn, program, enrollment)),
        None if enrollment.confirmed else text("A coordinator checks your manager and level before the matching."),
        text(_what_next(turn, program), day=say_when(turn, program.matching_on)),
        buttons(
            Button("Edit my answers", edit),
            # Optional, so it is no third screen.
            Button("How I like to work", Action("working_style", "start", {"program": program.id})),
            Button("Leave the program", leave),
        ),
        _next(turn, program),
    )


def answer_rows(turn: Turn, program: Program, enrollment: Enrollment) -> tuple[tuple[str, str], ...]:
    chosen = enrollment.offers if enrollment.role == "mentor" else enrollment.wants
    themes = ", ".join(turn.content.theme_title(theme) for theme in chosen) or "none yet"
    person = turn.person
    return (
        ("Role", ROLES[enrollment.role]),
        ("Themes", themes),
        ("You teach" if enrollment.role == "mentor" else "Time", time_words(enrollment)),
        ("Hours", f"{person.work_start} to {person.work_end}"),
    )


def time_words(enrollment: Enrollment) -> str:
    if enrollment.role == "mentor":
        return "one colleague" if enrollment.capacity == 1 else f"up to {enrollment.capacity} colleagues"
    match hours := enrollment.hours_a_month:
        case None:
            return "as the program plans"
        case 1:
            return "1 hour a month"
        case _:
            return f"{hours} hours a month" if hours < 4 else "4 hours a month or more"


def _what_next(turn: Turn, program: Program) -> str:
    if program.matching_on >= today_of(turn):
        return "Pairs are made on {day}. Then I introduce you to your match."
    if program.status == "running":
        return (
            "The first pairs are made, and no day is set for the next matching yet. When there is one, you are among "
            "the first. If a place comes free before that, I suggest it to your coordinator, who decides."
        )
    return "Pairs are about to be made. Then I introduce you to your match."


def _next(turn: Turn, program: Program) -> Text:
    if program.matching_on < today_of(turn):
        return quiet("Next from me: when there is a match for you.")
    return quiet("Next from me: {day}, with news of your match.", day=say_when(turn, promised_on(program)))


def already_in_card(turn: Turn, program: Program, enrollment: Enrollment, edit: Action, leave: Action) -> Card:
    if enrollment.status == "matched":
        return card(
            f"You are in, {first_name(turn.person)}",
            text("You are part of **{program}** and have your match.", program=program.name),
            buttons(Button("Edit my hours", edit), Button("My program", Action("home", "show"))),
        )
    return receipt_card(turn, program, enrollment, edit, leave)


def nothing_open_card() -> Card:
    return card(
        "Nothing is open right now",
        text("When the next program opens for sign-up, its coordinators announce it."),
        buttons(Button("What I can do", Action("help", "show"))),
        UNTIL_THEN,
    )


def nothing_to_edit_card() -> Card:
    return card(
        "Nothing to edit yet",
        text("You have not joined a program yet."),
        buttons(Button("See what is open", Action("sign_up", "start"))),
    )


def not_open_card(program: Program) -> Card:
    if program.status == "draft":
        being_prepared = text(
            "**{program}** is still being prepared. Its coordinators announce it when it opens.", program=program.name
        )
        return card("Not open yet", being_prepared, UNTIL_THEN)
    return card(
        "This program has ended",
        text("**{program}** is over and takes no more sign-ups. Thank you for your interest.", program=program.name),
        buttons(Button("See what is open", Action("sign_up", "start"))),
    )


def out_of_scope_card(program: Program) -> Card:
    return card(
        "Not for your department yet",
        text(
            "**{program}** is for {departments} for now. If that changes, its coordinators announce it.",
            program=program.name,
            departments=listed(program.departments),
        ),
        UNTIL_THEN,
    )


def no_email_card() -> Card:
    return card(
        "I cannot see your work e-mail",
        text(
            "Programs are for colleagues, and I know them by their work e-mail. Guests cannot take part. "
            "If you work here, try again in a minute, or ask the coordinator of the program."
        ),
        UNTIL_THEN,
    )


def more_card(turn: Turn, program: Program) -> Card:
    """For whoever would like to know more before they say yes."""
    in_time = program.matching_on >= today_of(turn)
    return card(
        f"About {program.name}",
        text("{objective}", objective=program.objective),
        text(
            turn.content.text("sign_up.more"),
            minutes=str(program.session_minutes),
            cadence=cadence_words(program.cadence_days),
            month=str(minutes_a_month(program.session_minutes, program.cadence_days)),
            matching=say_when(turn, program.matching_on) if in_time else "the day of the next matching",
            ends=say_when(turn, program.ends_on),
        ),
        text(turn.content.text("sign_up.private")),
        buttons(Button("Join", Action("sign_up", "start", {"program": program.id}), "primary")),
    )


def saved_card(person: Person, ahead: Text) -> Card:
    return card(
        "Saved",
        text("Your hours are {start} to {end} now.", start=person.work_start, end=person.work_end),
        buttons(Button("My program", Action("home", "show"))),
        ahead,
    )


def to_confirm_card(program: Program, person: Person, enrollment: Enrollment) -> Card:
    """To the coordinator: somebody whom no roster vouches for has signed up."""
    why = "I match {first} only once you confirm, so that nobody is paired within one reporting line."
    gap = "Nobody can be matched without a level, so please fill it in, and the manager too, if there is one."
    return card(
        f"Please check: {person.name}",
        text(
            "{name} joined **{program}**. " + (FROM_ROSTER if person.source == "roster" else OWN_WORDS),
            name=named(person),
            program=program.name,
        ),
        Facts(declared_rows(person)),
        text(gap if person.level is None else why, first=first_name(person)),
        check_buttons(person, enrollment),
    )


def check_buttons(person: Person, enrollment: Enrollment, **where: Argument) -> Buttons:
    """Details without a level cannot be confirmed: nobody could tell who of two is the junior."""
    correct = Action("who", "correct", {"enrollment": enrollment.id, **where})
    if person.level is None:
        return buttons(Button("Fill in", correct, "primary"))
    confirm = Action("who", "confirm", {"enrollment": enrollment.id, "seen": details_mark(person), **where})
    return buttons(Button("Confirm", confirm, "primary"), Button("Correct", correct))


def details_mark(person: Person) -> str:
    """Changes with the details that a coordinator checks: a button on an older card then confirms nothing unseen."""
    seen = json.dumps([person.department, person.team, person.manager_email, person.level])
    return sha256(seen.encode()).hexdigest()[:8]


def declared_rows(person: Person) -> tuple[tuple[str, str], ...]:
    return (
        ("Department", person.department or "not given"),
        ("Team", person.team or "not given"),
        ("Manager", person.manager_email or "not given"),
        ("Level", str(person.level) if person.level is not None else "not given"),
    )
