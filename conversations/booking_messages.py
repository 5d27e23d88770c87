"""How the news of a date travels to the two of a pair."""

from datetime import datetime

from conversations.booked import booked_for
from conversations.booking_cards import Booked, booked_card, calendar_file_card
from conversations.cadence import calendar_of
from conversations.files import FileRequest
from conversations.flow import Turn
from conversations.replies import Hand, Notice, Tell
from storage.tables import Person, Session


def tell_date(turn: Turn, session: Session, reader: Person) -> tuple[Hand, Tell]:
    """The .ics file, and the card below it. Whoever acted gets them at once, the other side in their working hours.

    Two messages, since Slack names no message for a shared file, and the card changes when the date does.
    """
    booked = booked_for(turn.store, reader, session, turn.now)
    prompted = reader.id == turn.person.id or _too_late_otherwise(reader, booked.begins, turn.now)
    key, file = booked_key(session, reader.id), FileRequest("booking", "ics", {"session": session.id})
    return (
        Hand(reader.id, file, calendar_file_card(booked), _notice(booked, f"{key}/file", prompted=prompted)),
        Tell(reader.id, booked_card(booked), _notice(booked, key, prompted=prompted)),
    )


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
