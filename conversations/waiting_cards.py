"""What people read between signing up and the pairs: news about the dates."""

from datetime import date, timedelta

from conversations.actions import Action
from conversations.cadence import say_day
from conversations.cards import Button, Card, Text, buttons, card, quiet, text
from conversations.people_words import counted
from storage.tables import Program

FRIDAY = 5


def delayed_card(program: Program) -> Card:
    """On the day for which the next word was promised, when there are no pairs yet."""
    return card(
        "The pairs take a little longer",
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
        text("Pairs are now made on {day}. Your answers stay as they are.", day=say_day(program.matching_on, today)),
        quiet("Next from me: {day}, with news of your match.", day=say_day(promised_on(program), today)),
    )


def looked_at_card(ahead: Text) -> Card:
    """They see no difference until they ask for a date. True, and about the roster rather than about them."""
    return card(
        "",
        text(
            "Your coordinator is looking at this pair: something has changed in who works with whom. That is about the "
            "organization chart, not about either of you, so I book nothing new until it is settled. What you two have "
            "arranged already stands."
        ),
        ahead,
    )


def out_of_reach_card(program: Program) -> Card:
    """To whoever can be matched with nobody while all mentors report up to them. No promise that cannot be kept."""
    return card(
        "No mentor within reach yet",
        text(
            "Everybody who could teach you in **{program}** reports to you, directly or through others. I pair nobody "
            "within one reporting line, because it has to be safe to speak openly. Your coordinator sees this too, and "
            "can invite somebody from outside your line.",
            program=program.name,
        ),
        buttons(
            Button("My program", Action("home", "show")),
            Button("Leave the program", Action("leaving", "start", {"program": program.id})),
        ),
        quiet("Next from me: when there is somebody for you."),
    )


def matching_day_card(program: Program, *, mentors: int, mentees: int, to_check: int) -> Card:
    """To the coordinator, on the day of the matching."""
    here = {"program": program.id}
    check = text("{people} for your check.", people=counted(to_check, "person still waits", "people still wait"))
    who = Button("Who signed up", Action("who", "show", here))
    if mentors and mentees:
        what = "You see every pair before anybody else does, and nothing is sent until you approve."
        next_steps = buttons(Button("Propose pairs", Action("matching", "propose", here), "primary"), who)
    else:
        what = "A pair needs one of each, so nobody can be matched yet. Give it a later day, or invite more people."
        later = Button("Rhythm and dates", Action("program", "adjust", here), "primary")
        next_steps = buttons(later, Button("Invite people", Action("invite", "start", here)), who)
    return card(
        f"Today is the matching for {program.name}",
        text(
            "{mentors} and {mentees} have joined.",
            mentors=counted(mentors, "mentor", "mentors"),
            mentees=counted(mentees, "mentee", "mentees"),
        ),
        check if to_check else None,
        text(what),
        next_steps,
    )


def promised_on(program: Program) -> date:
    """The day that a receipt names for the next word from us: pairs that are approved on the day of the matching are
    published on the next working morning (see `publishing`)."""
    day = program.matching_on + timedelta(days=1)
    while day.isoweekday() > FRIDAY:
        day += timedelta(days=1)
    return max(program.starts_on, day)
