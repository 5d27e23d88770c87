"""From what the store knows to a matching request: who is ready, who reports to whom, who was a pair before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time

from conversations.content import Content
from storage.store import Store
from storage.tables import Enrollment, Person, Program

from . import Candidate, Hours, Role, Rules
from .candidates import MOST_PLACES
from .request import MatchingRequest

READY = ("joined", "matched")


def request(store: Store, program_id: int, content: Content) -> MatchingRequest:
    """Everybody who is ready to be paired in this program, on a snapshot."""
    program = store.programs.get(program_id)
    keys, managers = _reporting(store)
    busy = store.pairs.active_count(program_id)
    people = [
        _candidate(enrollment, person, busy.get(person.id, 0), keys, managers)
        for enrollment, person in store.enrollments.in_program(program_id, *READY)
        if person.gone_since is None and is_ready(enrollment, busy.get(person.id, 0))
    ]
    return MatchingRequest(
        candidates=tuple(people),
        managers=managers,
        past_pairs=frozenset((str(mentor), str(mentee)) for mentor, mentee in store.pairs.ever()),
        on=program.starts_on,
        rules=rules_of(program),
        themes={theme.id: theme.title for theme in content.themes.values()},
    )


def is_ready(enrollment: Enrollment, busy: int) -> bool:
    """Signed, confirmed, and with a place left. A mentee has one mentor."""
    signed = enrollment.status in READY and enrollment.agreed_at is not None
    return signed and enrollment.confirmed and busy < places(enrollment)


def places(enrollment: Enrollment) -> int:
    return min(enrollment.capacity, MOST_PLACES) if enrollment.role == "mentor" else 1


def rules_of(program: Program) -> Rules:
    """The departments of a pilot are checked when people join; whoever a coordinator invites beyond them may stay."""
    return Rules(min_level_gap=program.min_level_gap)


def _reporting(store: Store) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Keys by e-mail, and everybody's manager. A manager whom we do not know stands as their e-mail."""
    lines = store.people.reporting_lines()
    keys = {email: str(person_id) for person_id, email, _ in lines if email}
    managers = {str(person_id): keys.get(manager, manager) for person_id, _, manager in lines if manager}
    return keys, managers


def _candidate(
    enrollment: Enrollment, person: Person, busy: int, keys: Mapping[str, str], managers: Mapping[str, str]
) -> Candidate:
    role: Role = "mentor" if enrollment.role == "mentor" else "mentee"
    return Candidate(
        key=str(person.id),
        name=person.name,
        role=role,
        level=person.level,
        department=person.department,
        team=person.team,
        manager=managers.get(str(person.id)),
        timezone=person.timezone or "UTC",
        languages=frozenset(person.languages),
        hours=Hours(time.fromisoformat(person.work_start), time.fromisoformat(person.work_end), _workdays(person)),
        capacity=places(enrollment) - busy,
        offers=tuple(enrollment.offers),
        wants=tuple(enrollment.wants),
        goals=(enrollment.goals,) if enrollment.goals else (),
        interests=tuple(enrollment.interests),
        avoid=frozenset(keys[email] for email in enrollment.avoid if email in keys),
        location=person.location,
        country=person.country,
        unmatched_before=enrollment.unmatched_rounds,
    )


def _workdays(person: Person) -> frozenset[int]:
    """Ours are ISO weekdays from 1; the matching counts from Monday as 0."""
    return frozenset(int(day) - 1 for day in person.workdays)
