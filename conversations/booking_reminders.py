"""Who is reminded of a booked session, and when."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from conversations.booking_days import reminder_moment
from conversations.cadence import calendar_of
from storage.pair_days import PairDays
from storage.paired import BookedDays
from storage.store import Store
from storage.tables import Pair, Session

# A reminder comes at most so long before its session: a day, and the closed days between.
WITHIN = timedelta(days=14)


def reminders(store: Store, now: datetime, until: datetime) -> Iterator[tuple[BookedDays, int, datetime]]:
    """(session, person id, moment) of every reminder up to `until`."""
    for rows in store.paired.booked_between(now, until + WITHIN):
        people = store.paired.people(side for _, pair, _ in rows for side in (pair.mentor_id, pair.mentee_id))
        for session, pair, program in rows:
            if program.held_since or pair.is_frozen:
                continue
            for person in reminded(session, pair):
                due_at = reminder_moment(session.planned_at, session.booked_at, calendar_of(people[person]))
                if due_at and now <= due_at <= until:
                    yield session, person, due_at


def reminder_key(session: Session | BookedDays, person: int) -> str:
    return f"session_reminder/{session.id}/{session.revision}/{person}"


def reminded(session: Session | BookedDays, pair: Pair | PairDays) -> Sequence[int]:
    """Whoever booked it, and the other side once they said that it works."""
    both = (pair.mentor_id, pair.mentee_id)
    return both if session.confirmed_at else [one for one in both if one == session.booked_by]
