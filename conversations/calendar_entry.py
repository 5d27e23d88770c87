"""A meeting as calendars take it: an .ics file, and links that open a filled-in entry in Google and Outlook. Pure.

Nothing in it says what the two meet for: colleagues see each other's calendars.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from conversations.cut import cut

# A calendar shows far fewer; names are up to 200 characters each in the roster.
LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class Entry:
    """`uid` stays the same when it is moved, and `revision` grows: so a calendar changes the entry that it has."""

    uid: str
    title: str
    begins: datetime
    minutes: int
    revision: int = 0

    @property
    def ends(self) -> datetime:
        return self.begins + timedelta(minutes=self.minutes)

    @property
    def short_title(self) -> str:
        return cut(" ".join(self.title.split()), LONGEST_TITLE)


def ics(entry: Entry, now: datetime) -> bytes:
    """An iCalendar file (RFC 5545). Times are UTC, so that every calendar shows them in its owner's zone.

    PUBLISH, not REQUEST: nobody is asked to answer to a bot. Without an organizer, since Outlook lets only the
    organizer change an entry.
    """
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("sequence", entry.revision)
    event.add("summary", entry.short_title)
    event.add("dtstart", entry.begins.astimezone(UTC))
    event.add("dtend", entry.ends.astimezone(UTC))
    calendar = Calendar()
    calendar.add("prodid", "-//Flipside//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
