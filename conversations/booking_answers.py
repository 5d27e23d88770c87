"""The form for a date as it can be filled in now, and the moment that was typed, or what is wrong with it."""

from datetime import datetime

from conversations.actions import Action
from conversations.booked import clash, free_days, same_moment
from conversations.booking_days import moment_of
from conversations.booking_forms import booking_form
from conversations.cadence import calendar_of
from conversations.flow import Turn
from conversations.forms import Form, read
from conversations.introduced import is_introduced
from conversations.replies import Correct
from storage.pair_days import goes_on
from storage.tables import Pair


def form_for(turn: Turn, pair: Pair, session: int = 0, check_in: int = 0) -> Form | None:
    """None where there is nothing to book: an ended pair, one that waits for a coordinator, no day left in it."""
    program = turn.store.programs.get(pair.program_id)
    calendar = calendar_of(turn.person)
    known = is_introduced(turn.store, pair, turn.now)
    if not goes_on(pair, turn.person.id) or pair.frozen_at or program.status == "closed" or not known:
        return None
    days = free_days(turn.store, turn.person, pair, program, turn.now)
    if not days.open:
        return None
    partner = turn.store.pairs.partner_of(turn.person, pair.id)
    action = Action("booking", "save", {"pair": pair.id, "session": session, "check_in": check_in})
    return booking_form(action, partner, program, calendar, days)


def begins_of(turn: Turn, pair: Pair, form: Form, session: int) -> datetime | Correct:
    """The moment that was typed, or what is wrong with it."""
    answers = read(form, turn.values)
    errors = dict(answers.errors)
    day, clock = answers.day("day"), answers.clock("time")
    moment = moment_of(day, clock.replace(second=0, microsecond=0), calendar_of(turn.person)) if day and clock else None
    if moment is None:
        gap = "The clocks go forward over that time, so it does not exist on that day. Please pick another one."
        errors = errors or {"time": gap}
    elif moment <= turn.now:
        errors["time"] = "That time has passed. Please pick a later one."
    elif same_moment(turn.store, pair, moment, turn.now) is None:
        minutes = turn.store.programs.get(pair.program_id).session_minutes
        if taken := clash(turn.store, turn.person, pair, (moment, minutes), session):
            errors["time"] = taken
    return Correct(form.filled(turn.values), errors) if errors or moment is None else moment
