"""What people read around a pause: how long, until when, and welcome back; and the neutral word to their partners."""

from collections.abc import Sequence
from datetime import date

from conversations.actions import Action
from conversations.cards import Block, Button, Card, Text, buttons, card, text
from conversations.forms import Date, Form
from conversations.parting_cards import MY_PROGRAM
from conversations.people_words import first_name, listed
from storage.tables import Person, Program

# In weeks: a holiday, a busy fortnight, a parental month or a long trip.
QUICK = (1, 2, 4)


def how_long_card(partners: Sequence[Person]) -> Card:
    return card(
        "Take a pause",
        text("Until you are back I write nothing unasked, and nobody is told why. Anything on its way is canceled."),
        _what_partners_read(partners),
        buttons(
            *(
                Button("1 week" if weeks == 1 else f"{weeks} weeks", Action("pause", "weeks", {"weeks": weeks}))
                for weeks in QUICK
            ),
            Button("Until a date", Action("pause", "other")),
        ),
    )


def day_form(earliest: date, latest: date, value: str) -> Form:
    back = Date(
        key="back",
        label="Back on",
        hint="The first day on which I may write again, at most six months ahead.",
        earliest=earliest,
        latest=latest,
        value=value,
    )
    return Form("Take a pause", Action("pause", "until"), (back,), "Pause")


def paused_card(day: str, partners: Sequence[Person], ahead: Text) -> Card:
    return card(
        "You are on a pause",
        text(
            "I write nothing unasked until {day}; then I start again by myself. You can write to me at any time.",
            day=day,
        ),
        _what_partners_read(partners),
        buttons(Button("I'm back", Action("pause", "back")), Button("Another day", Action("pause", "other"))),
        ahead,
    )


def on_pause_card(day: str, ahead: Text) -> Card:
    """Asked for once more while it lasts."""
    return card(
        "You are on a pause",
        text("I write nothing unasked until {day}.", day=day),
        buttons(
            Button("I'm back", Action("pause", "back"), "primary"),
            Button("Another day", Action("pause", "other")),
        ),
        ahead,
    )


def too_long_card(program: Program, ends_on: str) -> Card:
    """A pause to the end of a program is a goodbye, and should be one knowingly."""
    return card(
        "The program ends before that",
        text(
            "**{program}** ends on {day}. Pick a day before it, or leave the program: no reason is needed, and your "
            "partner hears none.",
            program=program.name,
            day=ends_on,
        ),
        buttons(
            Button("Pick a day", Action("pause", "other"), "primary"),
            Button("Leave", Action("leaving", "start", {"program": program.id})),
        ),
    )


def back_card(ahead: Text) -> Card:
    """They ended it themselves."""
    return card(
        "Good to have you back",
        text("Your pause is over. Everything goes on from here, and there is nothing to catch up on."),
        buttons(MY_PROGRAM),
        ahead,
    )


def not_paused_card() -> Card:
    return card(
        "",
        text("You are not on a pause; everything is as usual."),
        buttons(MY_PROGRAM, Button("Take a pause", Action("pause", "start"))),
    )


def welcome_back_card(person: Person, ahead: Text) -> Card:
    """On the day that they named. Nothing has to be made up for."""
    return card(
        f"Back from your pause, {first_name(person)}",
        text("As you asked, I am here again. Nothing has piled up, and there is nothing to catch up on."),
        buttons(Button("My program", Action("home", "show")), Button("A little longer", Action("pause", "start"))),
        ahead,
    )


def rests_card(partner: Person, day: str, ahead: Text) -> Card:
    """To the other side, on the fixed weekday; nothing of why, and nothing to do."""
    return card(
        f"Your meetings with {first_name(partner)} take a break",
        text(
            "The break lasts until {day}. Until then I ask nothing about your meetings. Breaks are part of every "
            "program, and there is nothing for you to do. Afterwards you two pick up where you left off.",
            day=day,
        ),
        ahead,
    )


def goes_on_card(partner: Person, ahead: Text) -> Card:
    """To the other side, when a rest that they have heard of is over early."""
    return card(
        f"Your meetings with {first_name(partner)} go on",
        text("The break is over sooner than I said. Whoever reads this first writes first."),
        ahead,
    )


def _what_partners_read(partners: Sequence[Person]) -> Block | None:
    if not partners:
        return None
    return text(
        "{partners} hears on a Thursday that your meetings are on a break, and until when. Nothing else."
        if len(partners) == 1
        else "{partners} hear on a Thursday that your meetings are on a break, and until when. Nothing else.",
        partners=listed(first_name(partner) for partner in partners),
    )
