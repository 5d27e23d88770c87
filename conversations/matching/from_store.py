"""From what the store knows to a matching request: who is ready, who reports to whom, who was a pair before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from conversations.content import Content
from storage.enrollments import SignedUp
from storage.store import Store
from storage.tables import Enrollment, Pair, Person, Program

from . import Candidate, Hours, Role, Rules
from . import settings as chosen
from .candidates import MOST_PLACES
from .request import MatchingRequest
from .settings import Kept

READY = ("joined", "matched")
# A month of a window; nobody counts the days of "twelve months ago".
MONTH = timedelta(days=30.44)


def request(
    store: Store, program_id: int, content: Content, today: date | None = None, among: Collection[int] | None = None
) -> MatchingRequest:
    """Everybody who is ready to be paired in this program, on a snapshot. `today`: on which somebody is away.

    `among`: of these people only, for a click about a few pairs.
    """
    program = store.programs.get(program_id)
    rules, today = rules_of(program), today or program.starts_on
    reporting = _reporting(store)
    busy = store.pairs.active_count(program_id)
    people = [
        _candidate(enrollment, person, busy.get(person.id, 0), reporting, today)
        for enrollment, person in store.enrollments.in_program(program_id, *READY, among=among)
        if person.gone_since is None and is_ready(enrollment, busy.get(person.id, 0))
    ]
    return MatchingRequest(
        candidates=tuple(people),
        managers=reporting[1],
        past_pairs=_past(store, rules, today),
        on=program.starts_on,
        rules=rules,
        weights=chosen.weights_of(program.matching or {}),
        themes={theme.id: theme.title for theme in content.themes.values()},
        locked=frozenset((str(pair.mentor_id), str(pair.mentee_id)) for pair in store.proposals.locked(program_id)),
        forbidden=frozenset(
            (str(pair.mentor_id), str(pair.mentee_id)) for pair in store.forbidden_pairs.in_program(program_id)
        ),
    )


def everybody_again(store: Store, program_id: int, content: Content, today: date | None = None) -> MatchingRequest:
    """The same for a re-match of everybody: pairs of today are no obstacle, and rather kept than broken. One of whom
    somebody is away, or that a coordinator kept against a rule, stays whatever comes."""
    asked, reporting = request(store, program_id, content, today), _reporting(store)
    day = today or store.programs.get(program_id).starts_on
    people = {
        person.id: _candidate(enrollment, person, 0, reporting, day)
        for enrollment, person in store.enrollments.in_program(program_id, *READY)
        if person.gone_since is None and is_ready(enrollment, 0)
    }
    pairs = [pair for pair in store.pairs.in_program(program_id) if pair.status == "active" and not pair.frozen_at]
    pairs = [pair for pair in pairs if pair.mentor_id in people and pair.mentee_id in people]
    stay = [p for p in pairs if p.kept_despite or people[p.mentor_id].away or people[p.mentee_id].away]
    standing = _keys(pairs)
    return replace(
        asked,
        candidates=tuple(people.values()),
        past_pairs=asked.past_pairs - standing,
        standing=standing,
        locked=_keys(stay),
    )


def _keys(pairs: Iterable[Pair]) -> frozenset[tuple[str, str]]:
    return frozenset((str(pair.mentor_id), str(pair.mentee_id)) for pair in pairs)


def with_settings(asked: MatchingRequest, program: Program, kept: Kept, store: Store, today: date) -> MatchingRequest:
    """The same people under other rules and weights, for a look at what would differ."""
    rules = chosen.rules_of(kept, program.min_level_gap)
    past = _past(store, rules, today)
    return replace(asked, rules=rules, weights=chosen.weights_of(kept), past_pairs=past)


def only(asked: MatchingRequest, keys: frozenset[str]) -> MatchingRequest:
    """The same for a few people: enough to look whether a rule forbids their pairs."""
    return replace(asked, candidates=tuple(person for person in asked.candidates if person.key in keys))


def is_ready(enrollment: Enrollment | SignedUp, busy: int) -> bool:
    """Signed, confirmed, and with a place left. A mentee has one mentor."""
    signed = enrollment.status in READY and enrollment.agreed_at is not None
    return signed and enrollment.confirmed and busy < places(enrollment)


def places(enrollment: Enrollment | SignedUp) -> int:
    return min(enrollment.capacity, MOST_PLACES) if enrollment.role == "mentor" else 1


def is_away(person: Person, today: date) -> bool:
    """On leave, or paused: left out until the day they are back."""
    return any(back is not None and back > today for back in (person.away_until, person.paused_until))


def rules_of(program: Program) -> Rules:
    """The departments of a pilot are checked when people join; whoever a coordinator invites beyond them may stay."""
    return chosen.rules_of(program.matching or {}, program.min_level_gap)


def _past(store: Store, rules: Rules, today: date) -> frozenset[tuple[str, str]]:
    """Pairs that there were, within the program's window."""
    since = None
    if rules.past_pair_months is not None:
        since = datetime.combine(today, time(), UTC) - rules.past_pair_months * MONTH
    return frozenset((str(mentor), str(mentee)) for mentor, mentee in store.pairs.ever(since))


Reporting = tuple[Mapping[str, str], Mapping[str, str]]


def _reporting(store: Store) -> Reporting:
    """Keys by e-mail, and everybody's manager. A manager whom we do not know stands as their e-mail."""
    lines = store.people.reporting_lines()
    keys = {email: str(person_id) for person_id, email, _ in lines if email}
    managers = {str(person_id): keys.get(manager, manager) for person_id, _, manager in lines if manager}
    return keys, managers


def _candidate(enrollment: Enrollment, person: Person, busy: int, reporting: Reporting, today: date) -> Candidate:
    keys, managers = reporting
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
        reviewers=frozenset(keys[email] for email in person.reviewers or () if email in keys),
        location=person.location,
        country=person.country,
        unmatched_before=enrollment.unmatched_rounds,
        working_style=tuple(int(answer) for answer in enrollment.working_style or ()),
        guest=bool(person.guest),
        away=is_away(person, today),
    )


def _workdays(person: Person) -> frozenset[int]:
    """Ours are ISO weekdays from 1; the matching counts from Monday as 0."""
    return frozenset(int(day) - 1 for day in person.workdays)
