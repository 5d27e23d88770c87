"""Until when an invitation is open, and the key it is sent under."""

from datetime import UTC, date, datetime, time, timedelta

from conversations.cadence import calendar_of
from storage.tables import Enrollment, Person, Program

# How long people have to answer where no matching is planned.
USUAL_TIME = timedelta(days=14)


def invitation_key(program: Program, person: Person) -> str:
    return f"invitation/{program.id}/{person.id}"


def usual_reply_by(program: Program, today: date) -> date:
    """The day of the matching, or two weeks once that has passed; never after the end."""
    return program.matching_on if program.matching_on >= today else min(today + USUAL_TIME, program.ends_on)


def last_reply_by(program: Program, today: date) -> date:
    """Who answers after the matching would miss it."""
    return program.matching_on if program.matching_on >= today else max(program.ends_on, today)


def answer_by(program: Program, enrollment: Enrollment) -> date:
    """A matching that was moved to an earlier day ends it earlier."""
    if enrollment.reply_by is None:
        return program.matching_on
    return min(enrollment.reply_by, program.matching_on) if program.status == "open" else enrollment.reply_by


def expires_at(program: Program, enrollment: Enrollment, person: Person, now: datetime) -> datetime:
    """With the day of the answer; an invitation that is late already is good for two weeks more."""
    last = answer_by(program, enrollment)
    if last < calendar_of(person).today(now):
        return now + USUAL_TIME
    # The day has ended everywhere 12 hours after it has in UTC.
    return datetime.combine(last + timedelta(days=1), time(12), UTC)
