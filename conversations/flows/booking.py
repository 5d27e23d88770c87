"""A date for a session, in both calendars: booked, moved or called off by either side, in each one's own time zone."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from conversations.booked import booked_for, same_moment
from conversations.booking_answers import begins_of, form_for
from conversations.booking_cards import (
    Booked,
    booked_card,
    choose_card,
    no_pair_card,
    not_now_card,
    off_card,
    over_card,
    reminder_card,
    standing_card,
    sure_card,
)
from conversations.booking_messages import (
    booked_key,
    card_there,
    keys_of,
    off_notice,
    outdated,
    tell_date,
    tell_off,
    tell_partner,
)
from conversations.booking_reminders import reminded, reminder_key, reminders
from conversations.cadence import calendar_of
from conversations.calendar_entry import ics
from conversations.cards import Card, Text
from conversations.check_in_screen import redrawn
from conversations.content import Content
from conversations.files import File
from conversations.flow import Flow, Turn
from conversations.hello_cards import hello_key, not_needed_card
from conversations.introduced import introduced
from conversations.next_from_me import next_from_me
from conversations.next_word import next_word
from conversations.replies import Ask, Correct, Notice, Planned, Replace, Reply, Say, Tell, Update
from conversations.waiting_cards import looked_at_card
from storage.pair_days import goes_on
from storage.store import Store
from storage.tables import Pair, Person, Session

FLOW = Flow("booking")
FLOW.command("book", "start", "Book a time with your partner", also="book a time, schedule, calendar, reschedule")


@FLOW.file("ics")
def calendar_file(store: Store, person: Person, now: datetime, _content: Content, session: int) -> File | None:
    """None for a date that was called off, or whose pair ended, before the message went out."""
    found = store.sessions.required(person, session)
    booked = booked_for(store, person, found, now)
    if found.planned_at is None or not goes_on(booked.pair, person.id):
        return None
    return File(f"{found.planned_on or now.date()}.ics", "text/calendar", ics(booked.entry(), now))


# Booking ---------------------------------------------------------------------------------------------------------


@FLOW.step("start")
def start(turn: Turn, pair: int = 0, check_in: int = 0) -> Sequence[Reply]:
    """The date that there is, or the form for one; the question with whom, for somebody with several partners."""
    if not pair:
        pairs = introduced(turn, turn.store.pairs.active_of(turn.person))
        if not pairs:
            return [Say(no_pair_card(next_word(turn)))]
        if len(pairs) > 1:
            return [Say(choose_card([(each, turn.store.pairs.partner_of(turn.person, each.id)) for each in pairs]))]
        pair = pairs[0].id
    row = turn.store.pairs.required(turn.person, pair)
    if dates := turn.store.sessions.ahead([row.id], turn.now) if goes_on(row, turn.person.id) else []:
        return [Say(standing_card(booked_for(turn.store, turn.person, dates[0], turn.now)))]
    return _ask(turn, row, check_in=check_in)


@FLOW.step("another")
def another(turn: Turn, pair: int) -> Sequence[Reply]:
    """One more, besides the date that there is."""
    return _ask(turn, turn.store.pairs.required(turn.person, pair))


@FLOW.step("move")
def move(turn: Turn, session: int) -> Sequence[Reply]:
    found = _standing(turn, session)
    if found is None:
        return _over(turn, session)
    return _ask(turn, turn.store.pairs.required(turn.person, found.pair_id), session=session)


@FLOW.step("save")
def save(turn: Turn, pair: int, session: int = 0, check_in: int = 0) -> Sequence[Reply]:
    """Books it, or moves what is booked. The same moment a second time changes nothing."""
    row = turn.store.pairs.required(turn.person, pair)
    moving = _standing(turn, session) if session else None
    if session and moving is None:
        return _over(turn, session)
    form = form_for(turn, row, session, check_in)
    if form is None:
        return [Say(not_now_card(_ahead(turn, turn.person)))]
    begins = begins_of(turn, row, form, session)
    if isinstance(begins, Correct):
        return [begins]
    if there := same_moment(turn.store, row, begins, turn.now):
        return [Say(_card(turn, booked_for(turn.store, turn.person, there, turn.now)))]
    booked = [*_in_touch(turn, row), *_book(turn, row, begins, moving)]
    return [*booked, *_note_in_check_in(turn, row, check_in)]


def _ask(turn: Turn, pair: Pair, session: int = 0, check_in: int = 0) -> Sequence[Reply]:
    if pair.frozen_at and goes_on(pair, turn.person.id):
        return [Say(looked_at_card(_ahead(turn, turn.person)))]
    form = form_for(turn, pair, session, check_in)
    return [Ask(form)] if form else [Say(not_now_card(_ahead(turn, turn.person)))]


def _book(turn: Turn, pair: Pair, begins: datetime, moving: Session | None) -> Sequence[Reply]:
    """Both get the date as a card and a file; what they read of the old date says that it has changed."""
    people = turn.store.people.by_ids((pair.mentor_id, pair.mentee_id))
    # A pair that ends goes on for the side that has not heard of it; the other one hears nothing more.
    theirs = [one for one in people.values() if goes_on(pair, one.id)]
    when = (calendar_of(people[pair.mentor_id]).today(begins), begins)
    stale: dict[int, frozenset[str]] = {}
    if moving is None:
        session = turn.store.sessions.book(pair.id, when, turn.person.id, turn.now)
    else:
        session = moving
        stale = {one.id: keys_of(turn, session, one) for one in theirs}
        turn.store.sessions.move(session, when, turn.person.id, turn.now)
    replies: list[Reply] = []
    # Whoever acts reads of their own date first, and then what became of the other side's.
    for one in sorted(theirs, key=lambda each: each.id != turn.person.id):
        old = stale.get(one.id, frozenset())
        if one.id == turn.person.id:
            replies += [*outdated(turn, old, one), *tell_date(turn, session, one)]
        else:
            replies += tell_partner(turn, session, one, old)
    return replies


def _in_touch(turn: Turn, pair: Pair) -> Sequence[Reply]:
    """Whoever books has begun: a hello to copy is not needed any more."""
    if pair.in_touch_at is not None:
        return []
    pair.in_touch_at = turn.now
    mentee = turn.store.people.get(pair.mentee_id)
    if not goes_on(pair, mentee.id):
        return []
    return [Update(hello_key(pair.id), not_needed_card(_ahead(turn, mentee)))]


def _note_in_check_in(turn: Turn, pair: Pair, check_in: int) -> Sequence[Reply]:
    """Booked from a check-in that has no answer, or says "not yet": now there is a date, and its card says so."""
    if not check_in:
        return []
    row = turn.store.check_ins.required(turn.person, check_in)
    answer = turn.store.check_ins.answer(row, pair.id)
    if answer is None or answer.state in ("not_yet", "skip"):
        turn.store.check_ins.record(row, pair.id, "date_set", turn.now)
    return redrawn(turn, row)


# What happens to a date ------------------------------------------------------------------------------------------


@FLOW.step("show")
def show(turn: Turn, session: int) -> Sequence[Reply]:
    found = _standing(turn, session)
    return [Replace(_card(turn, _booked(turn, found)))] if found else _over(turn, session)


@FLOW.step("confirm")
def confirm(turn: Turn, session: int) -> Sequence[Reply]:
    """The other side's word. Whoever booked sees it on their card; it is no message of its own."""
    found = _standing(turn, session)
    if found is None:
        return _over(turn, session)
    booked = _booked(turn, found)
    if booked.mine or found.confirmed_at:
        return [Replace(_card(turn, booked))]
    found.confirmed_at = turn.now
    theirs = booked_for(turn.store, booked.partner, found, turn.now)
    key = card_there(turn, found, booked.partner) or booked_key(found, booked.partner.id)
    there = Update(key, _card(turn, theirs))
    return [Replace(_card(turn, booked)), *([there] if goes_on(booked.pair, booked.partner.id) else [])]


@FLOW.step("call_off")
def call_off(turn: Turn, session: int) -> Sequence[Reply]:
    found = _standing(turn, session)
    return [Replace(sure_card(_booked(turn, found)))] if found else _over(turn, session)


@FLOW.step("called_off")
def called_off(turn: Turn, session: int) -> Sequence[Reply]:
    """Both read the same neutral words and are offered a new time."""
    found = _standing(turn, session)
    if found is None:
        return _over(turn, session)
    mine = _booked(turn, found)
    theirs = booked_for(turn.store, mine.partner, found, turn.now)
    shown, told = (off_card(one.contact, one.pair, one.when) for one in (mine, theirs))
    notice = off_notice(theirs)
    stale = keys_of(turn, found, theirs.reader)
    turn.store.sessions.call_off(found, turn.now)
    tell = tell_off(turn, theirs, told, notice, stale) if goes_on(mine.pair, theirs.reader.id) else ()
    return [Replace(shown), *tell]


def _standing(turn: Turn, session: int) -> Session | None:
    """The session, while it is still to come and its pair goes on. Raises NotYours."""
    found = turn.store.sessions.required(turn.person, session)
    pair = turn.store.pairs.required(turn.person, found.pair_id)
    ahead = found.planned_at is not None and found.planned_at > turn.now and found.held_on is None
    return found if ahead and goes_on(pair, turn.person.id) else None


def _over(turn: Turn, session: int) -> Sequence[Reply]:
    found = turn.store.sessions.required(turn.person, session)
    pair = turn.store.pairs.required(turn.person, found.pair_id)
    end = _ahead(turn, turn.person)
    return [Replace(over_card(pair, end) if goes_on(pair, turn.person.id) else not_now_card(end))]


def _card(turn: Turn, booked: Booked) -> Card:
    return booked_card(booked, _ahead(turn, booked.reader))


def _booked(turn: Turn, session: Session) -> Booked:
    return booked_for(turn.store, turn.person, session, turn.now)


def _ahead(turn: Turn, person: Person) -> Text:
    return next_from_me(turn.store, person, turn.now)


# The reminder ----------------------------------------------------------------------------------------------------


@FLOW.plan
def plan(store: Store, now: datetime, horizon: timedelta) -> Iterable[Planned]:
    """One for each session to each side that booked it or said that it works."""
    for session, person, due_at in reminders(store, now, now + horizon):
        action = FLOW.to("remind", session=session.id, revision=session.revision)
        yield Planned(reminder_key(session, person), person, due_at, action)


@FLOW.step("remind", clock_only=True)
def remind(turn: Turn, session: int, revision: int) -> Sequence[Reply]:
    found = _standing(turn, session)
    if found is None or found.revision != revision:
        return []
    booked = _booked(turn, found)
    if turn.person.id not in reminded(found, booked.pair) or booked.program.held_since:
        return []
    notice = Notice(
        key=reminder_key(found, turn.person.id),
        kind="session_reminder",
        delivery="nudge",
        expires_at=booked.begins,
        pair=booked.pair.id,
        program=booked.program.id,
    )
    return [Tell(turn.person.id, reminder_card(booked, next_word(turn)), notice)]
