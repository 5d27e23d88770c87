"""Reminders of a check-in: the one that comes by itself, and the one that somebody asks for."""

from collections.abc import Sequence
from datetime import date, timedelta

from conversations.cadence import calendar_of
from conversations.check_in_asked import Row, key
from conversations.check_in_cards import remind_form
from conversations.check_in_days import Rhythm, last_ask_day
from conversations.check_in_screen import asked_of
from conversations.flow import Turn
from conversations.forms import Form
from storage.tables import CheckIn

# "Remind me on a day" looks at most this far ahead: four check-ins later it is another conversation.
FURTHEST_REMINDER = timedelta(days=56)


def is_worth_a_reminder(turn: Turn, check_in: CheckIn, rhythm: Rhythm) -> bool:
    """The question arrived, has no answer, is still the newest, and no date or session has answered it meanwhile."""
    question = key(turn.person.id, check_in.period)
    arrived = turn.store.outbox.states([question]).get(question, "sent") == "sent"
    if check_in.answered_at or check_in.reminded_at or not arrived or not rhythm.due(check_in.period):
        return False
    calendar = calendar_of(turn.person)
    if check_in.asked_at is None or calendar.today(turn.now) > last_ask_day(check_in.period, rhythm.cadence, calendar):
        return False
    pairs = [each.pair for each in rhythm.due(check_in.period)]
    return min(_life(turn, pairs)) < calendar.today(check_in.asked_at)


def _life(turn: Turn, pairs: Sequence[int]) -> Sequence[date]:
    """For each pair, the day since which nothing has happened."""
    found = turn.store.quiet_pairs.of_pairs(pairs, calendar_of(turn.person).today(turn.now))
    return [found[pair].since if pair in found else date.min for pair in pairs]


def form_for(turn: Turn, check_in: CheckIn, mine: Row, reminder: int) -> Form:
    """From tomorrow on, and not beyond the program."""
    calendar = calendar_of(turn.person)
    tomorrow = calendar.today(turn.now) + timedelta(days=1)
    ends_on = turn.store.programs.get(mine.pair.program_id).ends_on
    last = max(tomorrow, min(ends_on, tomorrow + FURTHEST_REMINDER))
    suggested = min(calendar.next_open_day(tomorrow + timedelta(days=2)), last)
    return remind_form(asked_of(turn, check_in, reminder), mine, tomorrow, last, suggested)


def is_still_wanted(turn: Turn, mine: Row, day: date) -> bool:
    """Not when they chose another day, met or found a date since, went apart, or are away."""
    answer, calendar = mine.answer, calendar_of(turn.person)
    if answer is None or answer.state != "not_yet" or answer.remind_on != day or mine.pair.status != "active":
        return False
    if calendar.back_on is not None and calendar.today(turn.now) < calendar.back_on:
        return False
    return _life(turn, [mine.pair.id])[0] <= calendar.today(answer.answered_at)
