"""The form for a day and a time."""

from conversations.actions import Action
from conversations.booking_days import Days, say_zone
from conversations.cadence import Calendar
from conversations.forms import Date, Form, Time
from conversations.people_words import first_name
from storage.tables import Person, Program


def booking_form(action: Action, partner: Person, program: Program, calendar: Calendar, days: Days) -> Form:
    """Filled in with the first hour that suits both calendars, so that one press is enough."""
    begins = days.suggestion.astimezone(calendar.zone)
    name = first_name(partner)
    return Form(
        "Book a time",
        action,
        (
            Date(
                key="day",
                label="Which day?",
                value=min(max(begins.date(), days.first), days.last).isoformat(),
                hint="A working day for both of you is easiest to keep.",
                earliest=days.first,
                latest=days.last,
            ),
            Time(
                key="time",
                label="At what time?",
                value=f"{begins:%H:%M}",
                hint=f"In {say_zone(calendar)}. I show it to {name} in the right time zone.",
            ),
        ),
        "Book it",
        intro=(
            f"{program.session_minutes} minutes with {partner.name}. This is the first time that suits both your "
            f"working hours; change it freely. {name} hears of it and can move it."
        ),
    )
