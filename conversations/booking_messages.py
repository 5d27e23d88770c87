"""How the news of a date travels to the two of a pair."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from conversations.booked import booked_for
from conversations.booking_cards import Booked, booked_card, calendar_file_card, changed_card, old_file_card
from conversations.cadence import calendar_of
from conversations.cards import Card
from conversations.files import FileRequest
from conversations.flow import Turn
from conversations.next_from_me import next_from_me
from conversations.next_word import next_word
from conversations.people_words import contact_of
from conversations.replies import Hand, Notice, Reply, Say, Tell, Update
from conversations.told_enough import free_from, told_enough_card
from storage.tables import Person, Session
from storage.told import FILE


def tell_date(turn: Turn, session: Session, reader: Person, not_before: datetime | None = None) -> tuple[Tell, Hand]:
    """The card, and the .ics file below it. Whoever acted gets them at once, the other side in their working hours.

    Two messages, since Slack names no message for a shared file, and the card changes when the date does. The card
    goes first: a file that Slack does not take now must not keep the date waiting.
    """
    booked = booked_for(turn.store, reader, session, turn.now)
    prompted = reader.id == turn.person.id or _too_late_otherwise(reader, booked.begins, turn.now)
    key, file = booked_key(session, reader.id), FileRequest("booking", "ics", {"session": session.id})
    shown = booked_card(booked, next_from_me(turn.store, reader, turn.now))
    notice = replace(_notice(booked, key, prompted=prompted), not_before=not_before)
    return (
        Tell(reader.id, shown, notice),
        Hand(reader.id, file, calendar_file_card(booked), replace(notice, key=key + FILE)),
    )


def tell_partner(turn: Turn, session: Session, reader: Person, stale: Collection[str]) -> Sequence[Reply]:
    """The date for the side that did not act: a message, or, after the third of a day, what they have already changes,
    and whoever acted hears that. `stale`: keys of what they have of the date before."""
    pair = turn.store.pairs.get(session.pair_id)
    booked = booked_for(turn.store, reader, session, turn.now)
    there = card_there(turn, session, reader)
    free = free_from(turn, pair, reader, set(stale) - {there})
    if free > turn.now and there:
        return _changed(turn, reader, there, stale, booked_card(booked, next_from_me(turn.store, reader, turn.now)))
    old = outdated(turn, stale, reader)
    if turn.now < free < booked.begins:
        return *old, *tell_date(turn, session, reader, free), _enough(turn, reader, later=True)
    return *old, *tell_date(turn, session, reader)


def tell_off(turn: Turn, theirs: Booked, told: Card, notice: Notice, stale: Collection[str]) -> Sequence[Reply]:
    """The same for a date that is called off. `told`: what they read."""
    reader, there = theirs.reader, card_there(turn, theirs.session, theirs.reader)
    if there and free_from(turn, theirs.pair, reader, set(stale) - {there}) > turn.now:
        return _changed(turn, reader, there, stale, told)
    return *outdated(turn, stale, reader), Tell(reader.id, told, notice)


def _changed(turn: Turn, reader: Person, there: str, stale: Collection[str], shown: Card) -> Sequence[Reply]:
    """No new message: the card that is there shows the latest."""
    file = Update(there + FILE, old_file_card(next_from_me(turn.store, reader, turn.now)))
    others = outdated(turn, [key for key in stale if key != there], reader)
    return *others, file, Update(there, shown), _enough(turn, reader, later=False)


def _enough(turn: Turn, reader: Person, *, later: bool) -> Say:
    return Say(told_enough_card(reader, contact_of(turn.store, reader), next_word(turn), later=later))


def card_there(turn: Turn, session: Session, reader: Person) -> str:
    """The key of the newest card of this session, a date or that it is off, which somebody has; empty when none."""
    beginnings = f"booked/{session.id}/", f"off/booked/{session.id}/"
    return turn.store.told.newest(reader.id, beginnings)


def keys_of(turn: Turn, session: Session, reader: Person) -> frozenset[str]:
    """Of what somebody has, or is about to get, of a session as it stands."""
    return frozenset({booked_key(session, reader.id), card_there(turn, session, reader)} - {""})


def outdated(turn: Turn, keys: Iterable[str], reader: Person) -> Sequence[Update]:
    """What somebody has of a date that is moved or called off just now; what waits for them is not needed any more."""
    ahead = next_from_me(turn.store, reader, turn.now)
    cards = [Update(key, changed_card(ahead)) for key in sorted(keys)]
    return [*cards, *(Update(key + FILE, old_file_card(ahead)) for key in sorted(keys))]


def off_notice(theirs: Booked) -> Notice:
    """For the side that did not call it off."""
    prompted = _too_late_otherwise(theirs.reader, theirs.begins, theirs.now)
    return _notice(theirs, f"off/{booked_key(theirs.session, theirs.reader.id)}", prompted=prompted)


def booked_key(session: Session, person: int) -> str:
    """One message a person for each time that a date is set."""
    return f"booked/{session.id}/{session.revision}/{person}"


def _notice(booked: Booked, key: str, *, prompted: bool) -> Notice:
    return Notice(
        key=key,
        kind="booked",
        prompted=prompted,
        expires_at=booked.begins,
        pair=booked.pair.id,
        program=booked.program.id,
    )


def _too_late_otherwise(reader: Person, begins: datetime, now: datetime) -> bool:
    """Their next working hour comes after the date itself: then it is better to know at once."""
    return calendar_of(reader).next_open(now) >= begins
