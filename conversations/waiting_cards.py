"""What people read before there is a match: an invitation, one reminder, and news about the dates."""

from datetime import date

from conversations.actions import Action
from conversations.cadence import calendar_of, say_day
from conversations.cards import Button, Buttons, Card, Facts, buttons, card, quiet, text
from conversations.flow import Turn
from conversations.people_words import counted, first_name, minutes_a_month, named, say_when
from storage.tables import Enrollment, Person, Program


def invitation_card(turn: Turn, program: Program, enrollment: Enrollment, runs_it: Person) -> Card:
    """To somebody whom a coordinator put on the list: nothing happens before they press Join."""
    in_time = program.matching_on >= calendar_of(turn.person).today(turn.now)
    answer_by = (("Answer by", say_when(turn, program.matching_on)),) if in_time else ()
    return card(
        f"An invitation, {first_name(turn.person)}",
        text(
            turn.content.text("sign_up.invitation"),
            coordinator=named(runs_it),
            program=program.name,
            role=enrollment.role,
            objective=program.objective,
        ),
        text(turn.content.text("sign_up.roles")),
        Facts(
            (
                ("Time", f"About {minutes_a_month(program.session_minutes, program.cadence_days)} minutes a month"),
                ("Length", f"{program.months} months"),
                *answer_by,
            )
        ),
        text(turn.content.text("sign_up.no_obligation")),
        _answer(program),
    )


def invitation_reminder_card(turn: Turn, program: Program, enrollment: Enrollment) -> Card:
    """The only reminder, shortly before it is too late."""
    return card(
        "Still time to join",
        text(
            "Pairs for **{program}** are made on {day}, and you are invited as a **{role}**. If you would like to be "
            "part of it, two short screens are enough. If not, there is nothing to do.",
            program=program.name,
            day=say_when(turn, program.matching_on),
            role=enrollment.role,
        ),
        _answer(program),
    )


def delayed_card(program: Program) -> Card:
    """On the day for which the next word was promised, when there are no pairs yet."""
    return card(
        "A little more patience",
        text(
            "The matching for **{program}** takes longer than planned. Your place is safe and there is nothing to do.",
            program=program.name,
        ),
        quiet("Next from me: as soon as the pairs are made."),
    )


def moved_card(program: Program, today: date) -> Card:
    """The coordinator has set other dates after people joined."""
    return card(
        f"New dates for {program.name}",
        text("Pairs are made on {day} now. Your answers stay as they are.", day=say_day(program.matching_on, today)),
        quiet("Next from me: {day}", day=say_day(promised_on(program), today)),
    )


def matching_day_card(program: Program, *, mentors: int, mentees: int, to_check: int) -> Card:
    """To the coordinator, on the day of the matching."""
    here = {"program": program.id}
    check = text("{people} for your check.", people=counted(to_check, "person still waits", "people still wait"))
    return card(
        f"Today is the matching for {program.name}",
        text(
            "{mentors} and {mentees} have joined.",
            mentors=counted(mentors, "mentor", "mentors"),
            mentees=counted(mentees, "mentee", "mentees"),
        ),
        check if to_check else None,
        text("You see every pair before anybody else does, and nothing is sent until you approve."),
        buttons(
            Button("Propose pairs", Action("matching", "propose", here), "primary"),
            Button("Who signed up", Action("who", "show", here)),
        ),
    )


def promised_on(program: Program) -> date:
    """The day that a receipt names for the next word from us."""
    return max(program.starts_on, program.matching_on)


def _answer(program: Program) -> Buttons:
    here = {"program": program.id}
    return buttons(
        Button("Join", Action("sign_up", "start", here), "primary"),
        Button("Tell me more", Action("sign_up", "more", here)),
        Button("Not for me", Action("sign_up", "leave", here)),
    )
