"""Who is reminded of a booked session, and when."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from conversations.booking_days import reminder_moment
from conversations.cadence import calendar_of
from storage.store import Store
from storage.tables import Pair, Session

# A reminder comes at most so long before its session: a day, and the closed days between.
WITHIN = timedelta(days=14)


def reminders(store: Store, now: datetime, until: datetime) -> Iterator[tuple[Session, int, datetime]]:
    """(session, person id, moment) of every reminder up to `until`."""
    rows = store.sessions.booked_between(now, until + WITHIN)
    people = store.people.by_ids(id for _, pair, _ in rows for id in (pair.mentor_id, pair.mentee_id))
    for session, pair, program in rows:
        begins, booked_at = session.planned_at, session.booked_at
        if begins is None or booked_at is None or program.held_since or pair.frozen_at:
            continue
        for person in reminded(session, pair):
            due_at = reminder_moment(begins, booked_at, calendar_of(people[person]))
            if due_at and now <= due_at <= until:
                yield session, person, due_at


def reminder_key(session: Session, person: int) -> str:
    return f"session_reminder/{session.id}/{session.revision}/{person}"


def reminded(session: Session, pair: Pair) -> Sequence[int]:
    """Whoever booked it, and the other side once they said that it works."""
    both = (pair.mentor_id, pair.mentee_id)
    return both if session.confirmed_at else [one for one in both if one == session.booked_by]
