"""Invitations: one question, one reminder, and no match without a yes."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TypeGuard

from conversations.cadence import Calendar, calendar_of
from conversations.flow import Flow, Turn
from conversations.invitation_cards import invitation_card, invitation_reminder_card
from conversations.invitation_days import answer_by, expires_at, invitation_key
from conversations.replies import Notice, Planned, Reply, Tell
from storage.store import Store
from storage.tables import Enrollment, Person, Program

FLOW = Flow("invitation")

OPEN = ("open", "running")
ASKED = ("invited", "nominated")
# Nobody is reminded of what they were asked only a few days ago.
REMIND_AFTER = timedelta(days=4)


@FLOW.plan
def plan(store: Store, now: datetime, horizon: timedelta) -> Iterable[Planned]:
    """An invitation at the next moment that suits each; a reminder on their last working day before it ends.

    Whoever a colleague named has been written to at once.
    """
    for enrollment, person, program in store.enrollments.waiting(*ASKED):
        if person.gone_since is not None or program.held_since is not None:
            continue
        key, here = invitation_key(program, person), {"program": program.id}
        calendar = calendar_of(person)
        asked_at = calendar.next_open(now)
        if enrollment.status == "invited" and asked_at <= now + horizon:
            yield Planned(key, person.id, asked_at, FLOW.to("ask", **here))
        if program.status == "open" or enrollment.reply_by is not None:
            due_at = calendar.good_moment(_day_before(calendar, answer_by(program, enrollment)))
            if now <= due_at <= now + horizon:
                yield Planned(f"{key}/reminder", person.id, due_at, FLOW.to("remind", **here))


@FLOW.step("ask", clock_only=True)
def ask(turn: Turn, program: int) -> list[Reply]:
    found = turn.store.programs.required(program)
    enrollment = turn.store.enrollments.of(turn.person, program)
    if not _is_waiting(enrollment, found) or enrollment.status != "invited":
        return []
    shown = invitation_card(turn, found, enrollment, _who_asks(turn, found, enrollment))
    notice = Notice(
        key=invitation_key(found, turn.person),
        kind="invitation",
        expires_at=expires_at(found, enrollment, turn.person, turn.now),
        program=program,
    )
    return [Tell(turn.person.id, shown, notice)]


@FLOW.step("remind", clock_only=True)
def remind(turn: Turn, program: int) -> list[Reply]:
    """Only of an invitation that has been there for some days and was not answered."""
    found = turn.store.programs.required(program)
    enrollment = turn.store.enrollments.of(turn.person, program)
    key = invitation_key(found, turn.person)
    invited_at = turn.store.outbox.sent_at(key)
    if not _is_waiting(enrollment, found) or invited_at is None or turn.now - invited_at < REMIND_AFTER:
        return []
    if found.held_since is not None or answer_by(found, enrollment) < calendar_of(turn.person).today(turn.now):
        return []
    notice = Notice(
        key=f"{key}/reminder",
        kind="invitation_reminder",
        delivery="nudge",
        expires_at=expires_at(found, enrollment, turn.person, turn.now),
        program=program,
    )
    return [Tell(turn.person.id, invitation_reminder_card(turn, found, enrollment), notice)]


def _is_waiting(enrollment: Enrollment | None, program: Program) -> TypeGuard[Enrollment]:
    return enrollment is not None and enrollment.status in ASKED and program.status in OPEN


def _who_asks(turn: Turn, program: Program, enrollment: Enrollment) -> Person:
    """Whoever put them on the list, while they run programs; else whoever answers for this one."""
    able = {person.id: person for person in turn.store.coordinators.able()}
    return able.get(enrollment.invited_by or 0) or turn.store.coordinators.in_charge(program)


def _day_before(calendar: Calendar, day: date) -> date:
    """The last working day before, within the week."""
    earlier = list(calendar.open_days(day - timedelta(days=7), day - timedelta(days=1)))
    return earlier[-1] if earlier else day
