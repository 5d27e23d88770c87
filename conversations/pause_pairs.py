"""What a pause means for somebody's pairs: they rest, and the other side hears of it on the fixed weekday."""

from collections.abc import Sequence
from datetime import date

from conversations.cadence import calendar_of
from conversations.flow import Turn
from conversations.introduced import introduced_partners
from conversations.parting_days import note_day
from storage.tables import Pair, Person, Program


def partners_of(turn: Turn) -> Sequence[Person]:
    return introduced_partners(turn, [pair for pair, _ in turn.store.pairs.meeting_of(turn.person)])


def ends_before(turn: Turn, day: date) -> Program | None:
    """A program in which they have a partner, and which is over by the day on which they would be back."""
    return next((program for _, program in turn.store.pairs.meeting_of(turn.person) if program.ends_on <= day), None)


def rest(turn: Turn, day: date) -> None:
    """Their pairs rest until this day."""
    for pair, _ in turn.store.pairs.meeting_of(turn.person):
        if pair.status == "active":
            partner = turn.store.pairs.partner_of(turn.person, pair.id)
            _until(turn, pair, partner, max(day, partner.paused_until or day))


def go_on(turn: Turn) -> None:
    """They are back early: pairs go on, unless the partner is away as well."""
    today = calendar_of(turn.person).today(turn.now)
    for pair, _ in turn.store.pairs.meeting_of(turn.person):
        if pair.status == "active" and pair.rests_until and pair.rests_until > today:
            partner = turn.store.pairs.partner_of(turn.person, pair.id)
            _until(turn, pair, partner, partner.paused_until)


def _until(turn: Turn, pair: Pair, partner: Person, day: date | None) -> None:
    """Sets the day, and what the partner is to hear: nothing when that is what they know already."""
    today = calendar_of(partner).today(turn.now)
    heard = pair.rests_until if pair.tell_on is None and pair.rests_until and pair.rests_until > today else None
    pair.rests_until = day if day and day > today else None
    tell_on = note_day(today)
    # A rest that is over by the day of the note needs none.
    news = pair.rests_until != heard and (heard is not None or (pair.rests_until or today) > tell_on)
    pair.tell_on, pair.known_to = (tell_on, turn.person.id) if news else (None, None)
