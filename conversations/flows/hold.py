"""Stopping every unprompted message of a program at once, and going on without replaying any."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from conversations.actions import Action
from conversations.cadence import calendar_of
from conversations.cards import Card
from conversations.events import Pressed
from conversations.flow import Flow, Turn
from conversations.hold_cards import (
    held_already_card,
    held_card,
    not_held_card,
    nothing_to_hold_card,
    outlasted_card,
    resumed_card,
    told_of_hold_card,
    told_of_resuming_card,
)
from conversations.introduction_days import introduction_moment
from conversations.people_words import say_when, today_of
from conversations.program_cards import hold_words
from conversations.publishing import publishing_moment
from conversations.replies import Notice, Planned, Replace, Reply, Say, Tell
from conversations.which_program import which_program
from storage.tables import Pair, Person, Program

FLOW = Flow("hold")
FLOW.command("program hold", "start", "Stop everything that I send unasked", coordinators_only=True, also="hold")
FLOW.command("program resume", "go_on", "Let a program on hold go on", coordinators_only=True, also="resume program")
# Whoever reads of it later than this sees it in the status.
NEWS_LASTS = timedelta(days=7)


@FLOW.step("start", coordinators_only=True)
def start(turn: Turn, program: int = 0) -> list[Reply]:
    """At once and without a question: it is undone by one click, and what was on its way stops at the door."""
    found = which_program(turn, program, FLOW.to("start"), "open", "running")
    if isinstance(found, Say):
        return [found]
    if found.status not in ("open", "running"):
        return [_shown(turn, nothing_to_hold_card(found))]
    if found.held_since is not None:
        return [_shown(turn, held_already_card(found, hold_words(turn, found)))]
    found.held_since = turn.now
    turn.store.audit.add(turn.now, turn.person, "program held", found.id)
    return [_shown(turn, held_card(found)), *_tell_others(turn, found, "hold", told_of_hold_card(found, turn.person))]


@FLOW.step("go_on", coordinators_only=True)
def go_on(turn: Turn, program: int = 0) -> Sequence[Reply]:
    """By command: the one that is on hold, where the words name none."""
    held = [one for one in turn.store.programs.with_status("open", "running") if one.held_since is not None]
    if not program and len(held) == 1:
        return resume(turn, held[0].id)
    found = which_program(turn, program, FLOW.to("resume"), "open", "running")
    return [found] if isinstance(found, Say) else resume(turn, found.id)


@FLOW.step("resume", coordinators_only=True)
def resume(turn: Turn, program: int) -> list[Reply]:
    found = turn.store.programs.required(program)
    if found.held_since is None or found.status == "closed":
        return [_shown(turn, not_held_card(found))]
    if found.ends_on <= today_of(turn):
        return [_shown(turn, outlasted_card(found, say_when(turn, found.ends_on)))]
    news = _tell_others(turn, found, "resumed", told_of_resuming_card(found, turn.person))
    found.held_since, found.resumed_on = None, today_of(turn)
    turn.store.audit.add(turn.now, turn.person, "program resumed", program)
    _publish_later(turn, found)
    introductions = _introduce_anew(turn, found)
    passed = found.status == "open" and found.matching_on < today_of(turn)
    return [_shown(turn, resumed_card(found, len(introductions), matching_passed=passed)), *introductions, *news]


def _shown(turn: Turn, card: Card) -> Say | Replace:
    return Replace(card) if isinstance(turn.event, Pressed) else Say(card)


def _tell_others(turn: Turn, program: Program, what: str, card: Card) -> list[Tell]:
    """No program in the notice: a hold would stop the news of itself."""
    key = f"{what}/{program.id}/{program.held_since:%Y-%m-%dT%H:%M:%S}"
    others = [person for person in turn.store.coordinators.able() if person.id != turn.person.id]
    return [
        Tell(
            person.id,
            card,
            Notice(key=f"{key}/{person.id}", kind="coordinator_hold", expires_at=turn.now + NEWS_LASTS),
        )
        for person in others
    ]


def _publish_later(turn: Turn, program: Program) -> None:
    """Approved pairs whose morning fell into the hold get another one, with time to stop it."""
    latest = turn.store.proposals.latest(program.id)
    if latest is not None and latest.publish_at is not None and latest.publish_at <= turn.now:
        latest.publish_at = publishing_moment(turn.person, program, turn.now)


# Introductions ---------------------------------------------------------------------------------------------------


def _introduce_anew(turn: Turn, program: Program) -> list[Planned]:
    """Pairs whose day came during the hold, and who never read of each other."""
    today = turn.now.date()
    pairs = [
        pair for pair in turn.store.pairs.in_program(program.id) if pair.status == "active" and pair.started_on <= today
    ]
    states = turn.store.outbox.states(key for pair in pairs for key in _keys(pair))
    missed = [pair for pair in pairs if all(states.get(key) not in ("sent", "sending") for key in _keys(pair))]
    for pair in missed:
        turn.store.outbox.give_back(_keys(pair), "held", turn.now)
    people = turn.store.people.by_ids(person for pair in missed for person in (pair.mentor_id, pair.mentee_id))
    taken: dict[int, set[date]] = {person: set() for person in people}
    return [_introduction(turn, program, pair, people, taken) for pair in missed]


def _introduction(
    turn: Turn, program: Program, pair: Pair, people: Mapping[int, Person], taken: Mapping[int, set[date]]
) -> Planned:
    mentor, mentee = calendar_of(people[pair.mentor_id]), calendar_of(people[pair.mentee_id])
    busy = taken[pair.mentor_id] | taken[pair.mentee_id]
    moment = introduction_moment(mentor, mentee, program.starts_on, busy, turn.now)
    pair.started_on = mentor.today(moment)
    for person in (pair.mentor_id, pair.mentee_id):
        taken[person].add(pair.started_on)
    key = f"introduction/{pair.id}/{turn.now:%Y-%m-%dT%H:%M}"
    return Planned(key, pair.mentor_id, moment, Action("introduction", "introduce", {"pair": pair.id}))


def _keys(pair: Pair) -> Sequence[str]:
    return [f"introduction/{pair.id}/{end}" for end in (pair.mentor_id, pair.mentee_id, "group")]
