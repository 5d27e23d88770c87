"""A session recorded at any time: also one that was held elsewhere, on a day of the past."""

from collections.abc import Sequence
from datetime import date

from conversations.cadence import calendar_of
from conversations.cards import Card, Text, card, text
from conversations.check_ins_ahead import meeting
from conversations.contacts import Contact
from conversations.flow import Flow, Turn
from conversations.forms import Date, Form, read
from conversations.introduced import introduced, introduced_pair
from conversations.next_word import next_word
from conversations.people_words import contact_of, say_when
from conversations.replies import Ask, Correct, Reply, Say
from conversations.which_partner import partner_buttons
from storage.pair_days import goes_on
from storage.tables import Pair, Person

FLOW = Flow("met")
FLOW.command("met", "start", "Record a session you had", also="we met, record")


@FLOW.step("start")
def start(turn: Turn, pair: int = 0) -> Sequence[Reply]:
    """The form for one pair; the question which, for somebody with several."""
    if pair:
        return _ask(turn, introduced_pair(turn, pair))
    pairs = introduced(turn, turn.store.pairs.active_of(turn.person))
    match pairs:
        case []:
            return [Say(no_pair_card(next_word(turn)))]
        case [only]:
            return _ask(turn, only)
        case _:
            rows = [(each, turn.store.pairs.partner_of(turn.person, each.id)) for each in pairs]
            return [Say(choose_card(rows))]


def _ask(turn: Turn, pair: Pair) -> Sequence[Reply]:
    return [Ask(_form(turn, pair))] if goes_on(pair, turn.person.id) else [Say(ended_card(next_word(turn)))]


@FLOW.step("save")
def save(turn: Turn, pair: int) -> Sequence[Reply]:
    """The same meeting told by both, here or in a check-in, counts once: see `Sessions.record_held`."""
    row = introduced_pair(turn, pair)
    if not goes_on(row, turn.person.id):
        return [Say(ended_card(next_word(turn)))]
    form = _form(turn, row)
    answers = read(form, turn.values)
    day = answers.day("day")
    if day is None:
        return [Correct(form.filled(turn.values), answers.errors)]
    seen = meeting(row, turn.store.programs.get(row.program_id))
    turn.store.sessions.record_held(pair, day, seen.window(seen.slot_of_day(day)), turn.now)
    partner = turn.store.pairs.partner_of(turn.person, pair)
    return [Say(recorded_card(contact_of(turn.store, partner), say_when(turn, day), next_word(turn)))]


def _form(turn: Turn, pair: Pair) -> Form:
    partner = turn.store.pairs.partner_of(turn.person, pair.id)
    return session_form(pair, partner, calendar_of(turn.person).today(turn.now))


def session_form(pair: Pair, partner: Person, today: date) -> Form:
    return Form(
        "A session you had",
        FLOW.to("save", pair=pair.id),
        (
            Date(
                key="day",
                label="When did you meet?",
                value=today.isoformat(),
                hint="Your partner and the coordinator see that you met, nothing else.",
                # Where the mentor is, their first day may have begun before this side's.
                earliest=min(pair.started_on, today),
                latest=today,
            ),
        ),
        "Record it",
        intro=f"With {partner.name}. Wherever it was: a call, a coffee, a walk.",
    )


def choose_card(rows: Sequence[tuple[Pair, Person]]) -> Card:
    return card("Who did you meet?", *partner_buttons(rows, FLOW.to("start")))


def no_pair_card(ahead: Text) -> Card:
    return card("", text("Right now you have no partner with whom a session could be recorded."), ahead)


def ended_card(ahead: Text) -> Card:
    return card("", text("This pair has ended, so there is nothing more to record."), ahead)


def recorded_card(partner: Contact, day: str, ahead: Text) -> Card:
    return card(
        "Recorded", text("Your session with {partner} on {day} counts. Thank you.", partner=partner, day=day), ahead
    )
