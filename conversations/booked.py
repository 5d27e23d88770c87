"""Booked sessions read from the store: as one of the two sees them, which days are free for a pair, and clashes."""

from datetime import datetime, timedelta

from conversations.booking_cards import Booked
from conversations.booking_days import Days, Slot, overlap, say_booked_day, suggestion
from conversations.cadence import calendar_of
from conversations.people_words import contact_of
from storage.store import Store
from storage.tables import Pair, Person, Program, Session

# No session is longer (the longest that a program offers is 90 minutes), so nothing further away can clash.
LONGEST = timedelta(hours=12)
# The usual distance between check-ins, and the week by which closed days may move one.
ASKED_ABOUT_FOR = timedelta(days=21)


def booked_for(store: Store, reader: Person, session: Session, now: datetime) -> Booked:
    """A session of one of the reader's pairs, as they see it. Raises NotYours."""
    pair = store.pairs.required(reader, session.pair_id)
    partner = store.pairs.partner_of(reader, pair.id)
    program = store.programs.get(pair.program_id)
    return Booked(session, pair, program, reader, partner, contact_of(store, partner), now)


def free_days(store: Store, person: Person, pair: Pair, program: Program, now: datetime) -> Days:
    """From today, or from the end of a pause of either, to the end of the program."""
    partner = store.pairs.partner_of(person, pair.id)
    mine, theirs = calendar_of(person), calendar_of(partner)
    first = mine.today(now)
    for day in (pair.rests_until + timedelta(days=1) if pair.rests_until else None, mine.back_on, theirs.back_on):
        first = max(first, day) if day else first
    return Days(first, program.ends_on, suggestion(mine, theirs, first, now))


def clash(store: Store, person: Person, pair: Pair, slot: Slot, moving: int = 0) -> str:
    """Why this slot does not do, in a sentence; empty when it does. `moving`: the session that is moved."""
    begins, _ = slot
    partner = store.pairs.partner_of(person, pair.id)
    near = store.sessions.booked_of([person.id, partner.id], begins - LONGEST, begins + LONGEST)
    for session, other, program in near:
        taken = (session.planned_at or begins, program.session_minutes)
        if session.id == moving or not overlap(slot, taken):
            continue
        if other.id == pair.id:
            return "You two have a session at that time already. Please pick another one."
        if person.id in (other.mentor_id, other.mentee_id):
            return "You have another session at that time. Please pick another one."
        return "Your partner is taken at that time. Please pick another one."
    return ""


def same_moment(store: Store, pair: Pair, begins: datetime, now: datetime) -> Session | None:
    """The session that this pair has at that very moment: booked a second time by a double click, or by both."""
    return next((one for one in store.sessions.ahead([pair.id], now) if one.planned_at == begins), None)


def had_booked(store: Store, reader: Person, pair: Pair, now: datetime) -> str:
    """The day of a booked session whose time has passed and of which nobody has told, such as "12 May"; else empty.

    One of long ago, about which a check-in has asked before, is not asked about again.
    """
    passed = store.sessions.untold([pair.id], now)
    moment = passed[-1].planned_at if passed else None
    recent = moment is not None and moment >= now - ASKED_ABOUT_FOR
    return say_booked_day(moment, calendar_of(reader), now) if moment and recent else ""
