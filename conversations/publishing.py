"""When approved pairs are published: on the next permitted morning, so that there is time to stop it."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from conversations.cadence import Calendar, calendar_of, say_day
from conversations.flow import Turn
from storage.tables import Person, Program, Proposal

AT = time(9)


def publishing_moment(person: Person, program: Program, now: datetime, day: date | None = None) -> datetime:
    """Nine o'clock on the next open day of whoever approves, after today, outside the program's quiet dates. UTC.

    `day`: not before this one.
    """
    calendar = _calendar(person, program)
    tomorrow = calendar.today(now) + timedelta(days=1)
    day = calendar.next_open_day(max(tomorrow, day or tomorrow))
    return calendar.at(day, AT)


def waits(proposal: Proposal) -> bool:
    """Approved, and not published yet: it can still be stopped."""
    return proposal.status == "approved" and proposal.publish_at is not None


def say_moment(turn: Turn, moment: datetime) -> str:
    """ "Tuesday 24 March, 09:00", in the reader's own zone."""
    local = moment.astimezone(calendar_of(turn.person).zone)
    return f"{local:%A} {say_day(local.date(), calendar_of(turn.person).today(turn.now))}, {local:%H:%M}"


def _calendar(person: Person, program: Program) -> Calendar:
    own = calendar_of(person)
    quiet = tuple((date.fromisoformat(first), date.fromisoformat(last)) for first, last in program.quiet_dates)
    return replace(own, quiet=(*own.quiet, *quiet))
