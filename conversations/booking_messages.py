"""How the news of a date travels to the two of a pair."""

from datetime import datetime

from conversations.booked import booked_for
from conversations.booking_cards import Booked, booked_card
from conversations.cadence import calendar_of
from conversations.files import FileRequest
from conversations.flow import Turn
from conversations.replies import Hand, Notice
from storage.tables import Person, Session


def hand(turn: Turn, session: Session, reader: Person) -> Hand:
    """The date with its .ics file. Whoever acted gets it at once, the other side in their working hours."""
    booked = booked_for(turn.store, reader, session, turn.now)
    prompted = reader.id == turn.person.id or _too_late_otherwise(reader, booked.begins, turn.now)
    notice = _notice(booked, booked_key(session, reader.id), prompted=prompted)
    return Hand(reader.id, FileRequest("booking", "ics", {"session": session.id}), booked_card(booked), notice)


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
