"""A proposed pair becomes real: its row, and its introduction on a day that both work."""

from collections.abc import Iterable
from datetime import date, timedelta

from conversations.actions import Action
from conversations.budget import rank
from conversations.cadence import calendar_of
from conversations.flow import Turn
from conversations.introduction_days import introduction_moment
from conversations.replies import Planned
from storage.tables import Pair, Person, Program, ProposedPair


def make_pair(turn: Turn, program: Program, row: ProposedPair) -> Planned:
    """The nudge for the introduction."""
    people = turn.store.people.by_ids((row.mentor_id, row.mentee_id))
    mentor, mentee = calendar_of(people[row.mentor_id]), calendar_of(people[row.mentee_id])
    days = turn.store.pairs.introduction_days(sorted(people), turn.now.date() - timedelta(days=1))
    taken = set[date]().union(*days.values(), _written_to(turn, people.values()))
    moment = introduction_moment(mentor, mentee, program.starts_on, taken, turn.now)
    pair = turn.store.pairs.add(
        Pair(
            program_id=program.id,
            mentor_id=row.mentor_id,
            mentee_id=row.mentee_id,
            reason=row.reason,
            started_on=mentor.today(moment),
            created_at=turn.now,
        )
    )
    if program.status == "open":
        program.status = "running"
    turn.store.enrollments.mark_matched(program.id, (row.mentor_id, row.mentee_id))
    action = Action("introduction", "introduce", {"pair": pair.id})
    return Planned(f"introduction/{pair.id}", row.mentor_id, moment, action)


def _written_to(turn: Turn, people: Iterable[Person]) -> set[date]:
    """The days on which one of them heard from us unasked: the budget would keep the introduction for the next one, and
    what was said of its day would not be true."""
    calendars = {person.id: calendar_of(person) for person in people}
    heard = turn.store.sending.unprompted_of(list(calendars), turn.now - timedelta(days=1))
    return {
        calendars[number].today(row.went_at)
        for number, rows in heard.items()
        for row in rows
        if row.went_at and rank(row.kind) is not None
    }
