"""What people read between signing up and the pairs: news about the dates."""

from datetime import date, timedelta

from conversations.actions import Action
from conversations.cadence import say_day
from conversations.cards import Button, Card, buttons, card, quiet, text
from conversations.people_words import counted
from storage.tables import Program

FRIDAY = 5


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
    """The day that a receipt names for the next word from us: pairs that are approved on the day of the matching are
    published on the next working morning (see `publishing`)."""
    day = program.matching_on + timedelta(days=1)
    while day.isoweekday() > FRIDAY:
        day += timedelta(days=1)
    return max(program.starts_on, day)
