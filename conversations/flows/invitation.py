"""Invitations to people whom a coordinator put on the list: one question, one reminder, and no match without a yes."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeGuard

from conversations.cadence import Calendar, calendar_of
from conversations.flow import Flow, Turn
from conversations.replies import Notice, Planned, Reply, Tell
from conversations.waiting_cards import invitation_card, invitation_reminder_card
from storage.store import Store
from storage.tables import Enrollment, Person, Program

FLOW = Flow("invitation")

OPEN = ("open", "running")
# Nobody is reminded of what they were asked only a few days ago.
REMIND_AFTER = timedelta(days=4)


@FLOW.plan
def plan(store: Store, now: datetime, horizon: timedelta) -> Iterable[Planned]:
    """An invitation at the next moment that suits each; a reminder on their last working day before the matching."""
    for _, person, program in store.enrollments.waiting("invited"):
        calendar = calendar_of(person)
        here = {"program": program.id}
        yield Planned(_key(program, person), person.id, calendar.next_open(now), FLOW.to("ask", **here))
        if program.status == "open":
            due_at = calendar.good_moment(_day_before(calendar, program.matching_on))
            if now <= due_at <= now + horizon:
                yield Planned(f"{_key(program, person)}/reminder", person.id, due_at, FLOW.to("remind", **here))


@FLOW.step("ask", clock_only=True)
def ask(turn: Turn, program: int) -> list[Reply]:
    found = turn.store.programs.required(program)
    enrollment = turn.store.enrollments.of(turn.person, program)
    if not _is_waiting(enrollment, found):
        return []
    shown = invitation_card(turn, found, enrollment, turn.store.people.get(found.created_by))
    return [Tell(turn.person.id, shown, Notice(key=_key(found, turn.person), kind="invitation"))]


@FLOW.step("remind", clock_only=True)
def remind(turn: Turn, program: int) -> list[Reply]:
    """Only of an invitation that has been there for some days and was not answered."""
    found = turn.store.programs.required(program)
    enrollment = turn.store.enrollments.of(turn.person, program)
    key = _key(found, turn.person)
    invited_at = turn.store.outbox.sent_at(key)
    if not _is_waiting(enrollment, found) or invited_at is None or turn.now - invited_at < REMIND_AFTER:
        return []
    notice = Notice(
        key=f"{key}/reminder",
        kind="invitation_reminder",
        delivery="nudge",
        expires_at=datetime.combine(found.matching_on + timedelta(days=1), time(), UTC),
    )
    return [Tell(turn.person.id, invitation_reminder_card(turn, found, enrollment), notice)]


def _is_waiting(enrollment: Enrollment | None, program: Program) -> TypeGuard[Enrollment]:
    return enrollment is not None and enrollment.status == "invited" and program.status in OPEN


def _key(program: Program, person: Person) -> str:
    return f"invitation/{program.id}/{person.id}"


def _day_before(calendar: Calendar, day: date) -> date:
    """The last working day before, within the week."""
    earlier = list(calendar.open_days(day - timedelta(days=7), day - timedelta(days=1)))
    return earlier[-1] if earlier else day
