"""How often a pair meets: either side may change it, and the other one is told."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from conversations.flow import Flow, Turn
from conversations.forms import read
from conversations.introduced import introduced_pair, is_introduced
from conversations.next_from_me import next_from_me
from conversations.next_word import next_word
from conversations.people_words import contact_of
from conversations.replies import Ask, Correct, Notice, Reply, Say, Tell, Update
from conversations.rhythm_cards import no_rhythm_card, rhythm_form, set_card, told_card, which_pair_card
from conversations.told_enough import free_from, told_enough_card
from storage.pair_days import goes_on
from storage.tables import Pair, Person

FLOW = Flow("rhythm")
FLOW.command("rhythm", "start", "Meet more or less often", also="change rhythm, how often, frequency")


@FLOW.step("start")
def start(turn: Turn, pair: int = 0) -> Sequence[Reply]:
    """The form for one pair; the question which, for somebody with several."""
    mine = turn.store.pairs.active_of(turn.person)
    pairs = [one for one in mine if is_introduced(turn.store, one, turn.now)]
    if pair:
        pairs = [one for one in pairs if one.id == introduced_pair(turn, pair).id]
    if not pairs:
        return [Say(no_rhythm_card(next_word(turn)))]
    rows = [(one, turn.store.pairs.partner_of(turn.person, one.id)) for one in pairs]
    if len(rows) > 1:
        return [Say(which_pair_card(rows))]
    only, partner = rows[0]
    return [Ask(rhythm_form(only, partner, _days(turn, only)))]


@FLOW.step("save")
def save(turn: Turn, pair: int) -> Sequence[Reply]:
    """From the next check-in on. The same rhythm again tells nobody anything."""
    row = introduced_pair(turn, pair)
    if not goes_on(row, turn.person.id):
        return [Say(no_rhythm_card(next_word(turn)))]
    before, partner = _days(turn, row), turn.store.pairs.partner_of(turn.person, pair)
    form = rhythm_form(row, partner, before)
    answers = read(form, turn.values)
    if answers.errors:
        return [Correct(form.filled(turn.values), answers.errors)]
    row.cadence_days = int(answers.text("days"))
    turn.store.flush()
    contact = contact_of(turn.store, partner)
    here = Say(set_card(contact, row.cadence_days, next_word(turn)))
    if row.cadence_days == before or not goes_on(row, partner.id):
        return [here]
    return [here, *_tell(turn, row, partner)]


def _tell(turn: Turn, pair: Pair, partner: Person) -> Sequence[Reply]:
    """A message; after the third of a day the one that is there changes, and whoever acted hears that."""
    beginning = f"rhythm/{pair.id}/"
    shown = told_card(
        pair, contact_of(turn.store, turn.person), _days(turn, pair), next_from_me(turn.store, partner, turn.now)
    )
    # What waits for their working hours says something older.
    waiting = turn.store.told.waiting(partner.id, beginning)
    stale = [Update(key, shown) for key in waiting]
    free, there = free_from(turn, pair, partner, waiting), turn.store.told.newest(partner.id, [beginning])
    if free <= turn.now:
        return [*stale, Tell(partner.id, shown, _notice(turn, pair, turn.now))]
    enough = told_enough_card(partner, contact_of(turn.store, partner), next_word(turn), later=not there)
    if there:
        return [*stale, Update(there, shown), Say(enough)]
    return [*stale, Tell(partner.id, shown, _notice(turn, pair, free)), Say(enough)]


def _notice(turn: Turn, pair: Pair, not_before: datetime) -> Notice:
    return Notice(
        key=f"rhythm/{pair.id}/{turn.person.id}/{turn.now:%Y-%m-%dT%H:%M:%S}",
        kind="update",
        delivery="nudge",
        # A change of the rhythm is in the next check-in anyway.
        expires_at=turn.now + timedelta(days=7),
        not_before=not_before,
        pair=pair.id,
        program=pair.program_id,
    )


def _days(turn: Turn, pair: Pair) -> int:
    return pair.cadence_days or turn.store.programs.get(pair.program_id).cadence_days
