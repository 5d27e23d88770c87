"""The end of a pair: one neutral text, on one weekday, whatever the cause."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from conversations.cadence import calendar_of
from conversations.flow import Flow, Turn
from conversations.introduced import introduced_pair, introduced_partners
from conversations.leaving_programs import leave
from conversations.next_word import next_word
from conversations.parting_cards import (
    before_card,
    keep_card,
    left_as_it_is_card,
    new_partner_card,
    note_card,
    over_card,
    parted_card,
    rematch_card,
    rematched_card,
    stop_card,
)
from conversations.parting_days import is_late, note_day
from conversations.parting_pairs import drop_question, give_first_place, part, was_introduced
from conversations.people_words import say_when, today_of
from conversations.replies import Notice, Planned, Replace, Reply, Say, Tell
from storage.pair_days import goes_on
from storage.store import Store
from storage.tables import Pair, Person, Program

FLOW = Flow("parting")
# A note that could not be delivered for so long would be a surprise; home tells the truth by then.
NOTE_LASTS = timedelta(days=21)


# Whoever ends it -------------------------------------------------------------------------------------------------


@FLOW.step("new_partner")
def new_partner(turn: Turn, pair: int) -> list[Reply]:
    """No reason is asked, here or anywhere."""
    found, program = _mine(turn, pair)
    if found is None:
        return [Say(over_card(next_word(turn)))]
    partner = turn.store.pairs.partner_of(turn.person, pair)
    return [Say(new_partner_card(turn.content, found, partner, program, _late(turn, program)))]


@FLOW.step("yes_new")
def yes_new(turn: Turn, pair: int) -> list[Reply]:
    found, program = _mine(turn, pair)
    if found is None:
        return [Replace(over_card(next_word(turn)))]
    partner = turn.store.pairs.partner_of(turn.person, pair)
    part(turn.store, found, turn.person.id, turn.now)
    give_first_place(turn.store, turn.person, program, turn.now)
    return [Replace(parted_card(turn.content, partner, program, next_word(turn)))]


@FLOW.step("stop")
def stop(turn: Turn, pair: int) -> list[Reply]:
    found, program = _mine(turn, pair)
    if found is None:
        return [Say(over_card(next_word(turn)))]
    partner = turn.store.pairs.partner_of(turn.person, pair)
    return [Say(stop_card(turn.content, found, partner, program, len(_others(turn, found))))]


@FLOW.step("yes_stop")
def yes_stop(turn: Turn, pair: int) -> list[Reply]:
    """The last pair: they leave the program. Otherwise this pair alone ends."""
    found, program = _mine(turn, pair)
    if found is None:
        return [Replace(over_card(next_word(turn)))]
    partner = turn.store.pairs.partner_of(turn.person, pair)
    enrollment = turn.store.enrollments.of(turn.person, program.id)
    if _others(turn, found) or enrollment is None:
        part(turn.store, found, turn.person.id, turn.now)
    else:
        leave(turn, enrollment, program)
    return [Replace(parted_card(turn.content, partner, program, next_word(turn)))]


@FLOW.step("keep")
def keep(turn: Turn, pair: int) -> list[Reply]:
    (partner,) = introduced_partners(turn, [introduced_pair(turn, pair)])
    return [Replace(keep_card(partner, next_word(turn)))]


def _mine(turn: Turn, pair: int) -> tuple[Pair | None, Program]:
    """The same for whoever presses a button: one whose introduction is still to come is not there yet."""
    introduced_pair(turn, pair)
    return _open(turn, pair)


def _open(turn: Turn, pair: int) -> tuple[Pair | None, Program]:
    """The pair, if it still goes on for this person. Raises NotYours for somebody else's."""
    found = turn.store.pairs.required(turn.person, pair)
    program = turn.store.programs.get(found.program_id)
    return (found if goes_on(found, turn.person.id) and program.status != "closed" else None), program


def _others(turn: Turn, pair: Pair) -> list[Pair]:
    return [one for one in turn.store.pairs.active_of(turn.person) if one.program_id == pair.program_id and one != pair]


def _late(turn: Turn, program: Program) -> str:
    return say_when(turn, program.ends_on) if is_late(program.ends_on, today_of(turn)) else ""


# The coordinator -------------------------------------------------------------------------------------------------


@FLOW.step("rematch", coordinators_only=True)
def rematch(turn: Turn, pair: int) -> list[Reply]:
    found = turn.store.pairs.get(pair)
    if found.status != "active":
        return [Say(over_card(next_word(turn)))]
    people = turn.store.people.by_ids((found.mentor_id, found.mentee_id))
    day = say_when(turn, note_day(today_of(turn)))
    return [Say(rematch_card(found, people[found.mentor_id], people[found.mentee_id], day))]


@FLOW.step("yes_rematch", coordinators_only=True)
def yes_rematch(turn: Turn, pair: int) -> list[Reply]:
    found = turn.store.pairs.get(pair)
    program = turn.store.programs.get(found.program_id)
    if found.status != "active" or program.status == "closed":
        return [Replace(over_card(next_word(turn)))]
    part(turn.store, found, None, turn.now)
    turn.store.audit.add(turn.now, turn.person, "pair re-matched", program.id, {"pair": pair})
    return [Replace(rematched_card(program, say_when(turn, found.tell_on or today_of(turn))))]


@FLOW.step("leave_it", coordinators_only=True)
def leave_it(turn: Turn, pair: int) -> list[Reply]:
    return [Replace(left_as_it_is_card())]


# The clock -------------------------------------------------------------------------------------------------------


@FLOW.plan
def plan(store: Store, now: datetime, horizon: timedelta) -> Iterable[Planned]:
    """Pairs that somebody has left behind come to an end; on the fixed weekday the other side hears of it."""
    for pair, program, _ in store.leaving.abandoned():
        key = f"parting/abandoned/{pair.id}/{pair.status}/{pair.known_to or 0}"
        yield Planned(key, program.created_by, now, FLOW.to("abandoned", pair=pair.id))
    ending = store.leaving.ending()
    people = store.people.by_ids(side for pair, _ in ending for side in (pair.mentor_id, pair.mentee_id))
    for pair, _ in ending:
        for side in (pair.mentor_id, pair.mentee_id):
            due_at = _note_moment(pair, people[side], now)
            if side != pair.known_to and people[side].gone_since is None and due_at <= now + horizon:
                yield Planned(_note_key(pair, side), side, due_at, FLOW.to("tell", pair=pair.id))


def _note_moment(pair: Pair, person: Person, now: datetime) -> datetime:
    """Ten o'clock of the day; after an outage as soon as it may be said."""
    calendar = calendar_of(person)
    due_at = calendar.good_moment(pair.tell_on or calendar.today(now))
    return due_at if due_at >= now else calendar.next_open(now)


def _note_key(pair: Pair, person_id: int) -> str:
    return f"parting/{pair.id}/{person_id}"


@FLOW.step("abandoned", clock_only=True)
def abandoned(turn: Turn, pair: int) -> list[Reply]:
    """Somebody has left the program or the company: their pair ends like any other."""
    for found, _, out in turn.store.leaving.abandoned():
        if found.id == pair:
            for person_id in out:
                part(turn.store, found, person_id, turn.now)
                _takes_no_part(turn, found, person_id)
    return []


def _takes_no_part(turn: Turn, pair: Pair, person_id: int) -> None:
    person = turn.store.people.get(person_id)
    enrollment = turn.store.enrollments.of(person, pair.program_id)
    if enrollment is not None and enrollment.status not in ("left", "declined"):
        enrollment.status, enrollment.left_at = "left", turn.now
    turn.store.outbox.drop_unprompted(person_id, "left", turn.now, pair.program_id)


@FLOW.step("tell", clock_only=True)
def tell(turn: Turn, pair: int) -> list[Reply]:
    """The note to the side that does not know yet. It is read by people who look for a reason: there is none in it."""
    found, program = _open(turn, pair)
    if found is None or found.status != "ending" or turn.person.gone_since is not None:
        return []
    introduced = was_introduced(turn.store, found, turn.person)
    turn.store.leaving.heard(found, turn.person.id, turn.now)
    drop_question(turn.store, turn.person, turn.now)
    give_first_place(turn.store, turn.person, program, turn.now)
    notice = Notice(
        key=_note_key(found, turn.person.id),
        kind="rotation",
        expires_at=turn.now + NOTE_LASTS,
        program=program.id,
    )
    # Another note of today says what it has to say itself: nothing is promised here that it takes back.
    today = today_of(turn)
    mine = [pair for pair, _ in turn.store.pairs.meeting_of(turn.person) if not _is_told_by(pair, today)]
    others = [turn.store.pairs.partner_of(turn.person, pair.id).name for pair in mine]
    make = note_card if introduced else before_card
    return [Tell(turn.person.id, make(turn.content, program, others, _late(turn, program)), notice)]


def _is_told_by(pair: Pair, today: date) -> bool:
    return pair.status == "ending" and pair.tell_on is not None and pair.tell_on <= today
