"""Three questions on three days, confidential.

What somebody answered is on no card, in no draft, no log and no button: it goes from the form into rows that belong to
nobody. That they answered is no message either: not even a card changes by a row that would hold its moment.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta

from conversations import disclosure
from conversations.cadence import calendar_of
from conversations.cards import Card
from conversations.check_ins_ahead import rhythm_for, rhythm_of_pairs
from conversations.flow import Flow, Turn
from conversations.forms import read
from conversations.next_word import next_word
from conversations.people_words import say_when, today_of
from conversations.pulse_cards import key, over_card, pulse_card, recorded_before_card, recorded_card, reminder_key
from conversations.pulse_days import TOGETHER_FOR, Days, pulse_day, reminder_day, rounds, takes_place
from conversations.pulse_forms import KEYS, pulse_form
from conversations.replies import Ask, Correct, Notice, Planned, Replace, Reply, Say, Tell
from conversations.skills_forms import skills_form, themes_of
from storage.pair_days import PairDays, goes_on
from storage.paired import PairedPerson
from storage.skills import END, START
from storage.store import Store
from storage.subject import NotYours
from storage.tables import Program, PulseRound

FLOW = Flow("pulse")
# By noon UTC the last day is over everywhere on Earth (UTC-12).
OVER_EVERYWHERE = time(12, tzinfo=UTC)


# When ------------------------------------------------------------------------------------------------------------


@FLOW.plan
def plan(store: Store, now: datetime, horizon: timedelta) -> Iterable[Planned]:
    """A question for everybody who is due one, and the close of every open round."""
    until = now + horizon
    for program in store.programs.with_status("open", "running"):
        for days in rounds(program.starts_on, program.ends_on):
            if takes_place(program, days) and days.opens_on <= until.date() and now.date() <= days.closes_on:
                yield from _questions(store, program, days, now, until)
    for asked, program in store.pulses.open_rounds():
        if (due_at := _closing_moment(asked)) <= until:
            person = store.coordinators.in_charge(program).id
            yield Planned(f"pulse_close/{asked.id}", person, due_at, FLOW.to("close", round=asked.id))


def _questions(store: Store, program: Program, days: Days, now: datetime, until: datetime) -> Iterable[Planned]:
    asked = store.pulses.asked(program.id, days.name)
    for some in store.paired.in_slices():
        for person, rows in some:
            if person.id in asked or not _takes_part(person, rows, program, days):
                continue
            calendar = calendar_of(person)
            day = pulse_day(days, rhythm_of_pairs(person.id, rows, now), calendar, calendar.today(now))
            if day and (due_at := max(calendar.good_moment(day), now)) <= until:
                action = FLOW.to("ask", program=program.id, name=days.name)
                yield Planned(f"pulse/{program.id}/{days.name}/{person.id}", person.id, due_at, action)


def _takes_part(person: PairedPerson, rows: Iterable[tuple[PairDays, Program]], program: Program, days: Days) -> bool:
    """Whether somebody may be asked at all, and has been with a partner in the program for long enough."""
    if person.is_gone or person.is_silent:
        return False
    theirs = (pair for pair, _ in rows if pair.program_id == program.id and goes_on(pair, person.id))
    return any(pair.started_on <= days.opens_on - TOGETHER_FOR for pair in theirs)


def _closing_moment(asked: PulseRound) -> datetime:
    return datetime.combine(asked.closes_on + timedelta(days=1), OVER_EVERYWHERE)


@FLOW.step("ask", clock_only=True)
def ask(turn: Turn, program: int, name: str) -> Sequence[Reply]:
    """The question, once a person and round; the first one opens the round."""
    found = turn.store.programs.required(program)
    days = next((each for each in rounds(found.starts_on, found.ends_on) if each.name == name), None)
    if days is None or found.status == "closed" or not takes_place(found, days):
        return []
    if not _is_due(turn, program, days) or _is_left_alone(turn):
        return []
    asked = turn.store.pulses.round(program, name, days.opens_on, days.closes_on)
    if not _is_open(turn, asked) or not turn.store.pulses.ask(asked.id, turn.person):
        return []
    return [_tell(turn, found, asked), *_reminder(turn, asked)]


def _is_due(turn: Turn, program: int, days: Days) -> bool:
    """With somebody for three weeks, as this person knows it."""
    together = days.opens_on - TOGETHER_FOR
    pairs = turn.store.pairs.active_of(turn.person)
    known = any(pair.program_id == program and pair.started_on <= together for pair in pairs)
    return known and days.opens_on <= today_of(turn)


def _is_left_alone(turn: Turn) -> bool:
    """Gone, silent, or on a pause; whoever comes back within the round is asked then."""
    person = turn.person
    away = person.paused_until is not None and today_of(turn) < person.paused_until
    return away or person.gone_since is not None or person.silent_since is not None


def _tell(turn: Turn, program: Program, asked: PulseRound, *, reminder: bool = False) -> Tell:
    name = reminder_key if reminder else key
    notice = Notice(
        key=name(asked, turn.person.id),
        kind="pulse_reminder" if reminder else "pulse",
        delivery="nudge",
        expires_at=calendar_of(turn.person).at(asked.closes_on, time(17)),
        program=program.id,
    )
    closes = say_when(turn, asked.closes_on)
    return Tell(turn.person.id, pulse_card(turn.content, program, asked, closes, reminder=reminder), notice)


def _reminder(turn: Turn, asked: PulseRound) -> Iterable[Planned]:
    calendar = calendar_of(turn.person)
    asked_on = calendar.today(calendar.next_open(turn.now))
    if day := reminder_day(asked_on, asked.closes_on, rhythm_for(turn.store, turn.person), calendar):
        action = FLOW.to("remind", round=asked.id)
        yield Planned(reminder_key(asked, turn.person.id), turn.person.id, calendar.good_moment(day), action)


@FLOW.step("remind", clock_only=True)
def remind(turn: Turn, round: int) -> Sequence[Reply]:
    """Once, and only for a question that arrived and has no answer."""
    asked = turn.store.pulses.required(round)
    program = turn.store.programs.get(asked.program_id)
    question = key(asked, turn.person.id)
    arrived = turn.store.outbox.states([question]).get(question, "sent") == "sent"
    unanswered = turn.store.pulses.participation(round, turn.person) is False
    goes_on = program.status != "closed" and program.held_since is None and _is_open(turn, asked)
    if not (unanswered and goes_on and arrived) or _is_left_alone(turn):
        return []
    return [_tell(turn, program, asked, reminder=True)]


# Answers ---------------------------------------------------------------------------------------------------------


@FLOW.step("start")
def start(turn: Turn, round: int, own: int = 0) -> Sequence[Reply]:
    """The three questions. `own`: from the pulse's own card, which turns into the receipt; another card stays."""
    asked = _mine(turn, round)
    settled = _settled(turn, asked)
    return [_shown(settled, own)] if settled else [Ask(pulse_form(turn.content, round, own))]


@FLOW.step("record")
def record(turn: Turn, round: int, own: int = 0) -> Sequence[Reply]:
    """The answers, into rows of nobody's. What is missing is asked again without what was picked."""
    asked = _mine(turn, round)
    if settled := _settled(turn, asked):
        return [_shown(settled, own)]
    form = pulse_form(turn.content, round, own)
    answers = read(form, turn.values)
    if answers.errors:
        return [Correct(form, answers.errors)]
    picked = {question: value for question in KEYS if (value := answers.number(question)) is not None}
    if not turn.store.pulses.record(round, turn.person, picked):
        return [_shown(recorded_before_card(next_word(turn)), own)]
    results_on = say_when(turn, asked.closes_on + timedelta(days=1))
    return [*_then_the_skills(turn, asked), _shown(recorded_card(results_on, next_word(turn)), own)]


def _then_the_skills(turn: Turn, asked: PulseRound) -> Sequence[Reply]:
    """At the end, for whoever rated themselves at the start: the same once more."""
    program = turn.store.programs.get(asked.program_id)
    rated = turn.store.skills.of(turn.person, program.id)
    if asked.name != "closing" or not rated or not themes_of(program):
        return []
    return [Ask(skills_form(turn.content, program, "end"))]


def _mine(turn: Turn, round: int) -> PulseRound:
    """The round, if this person is asked in it; the closing one asks everybody who had a pair. Raises NotYours."""
    asked = turn.store.pulses.required(round)
    invited = turn.store.pulses.participation(round, turn.person) is not None
    if not invited and not (asked.name == "closing" and turn.store.pulses.was_paired(turn.person, asked.program_id)):
        raise NotYours
    return asked


def _settled(turn: Turn, asked: PulseRound) -> Card | None:
    """What to show when there is nothing to answer any more."""
    if turn.store.pulses.participation(asked.id, turn.person):
        return recorded_before_card(next_word(turn))
    return None if _is_open(turn, asked) else over_card(next_word(turn))


def _shown(shown: Card, own: int) -> Reply:
    return Replace(shown) if own else Say(shown)


def _is_open(turn: Turn, asked: PulseRound) -> bool:
    return asked.status == "open" and today_of(turn) <= asked.closes_on


# The close -------------------------------------------------------------------------------------------------------


@FLOW.step("close", clock_only=True)
def close(turn: Turn, round: int) -> Sequence[Reply]:
    """Once: what may be shown is worked out and written, and the answers are deleted. Coordinators read of it in their
    digest, everybody with `results`."""
    asked = turn.store.pulses.required(round)
    if asked.status != "open" or turn.now < _closing_moment(asked):
        return []
    figures = [*disclosure.figures(turn.store.pulses.answers(round), KEYS)]
    if asked.name == "closing":
        themes = themes_of(turn.store.programs.get(asked.program_id))
        rated = [moment + theme for theme in themes for moment in (START, END)]
        figures += disclosure.figures(turn.store.skills.rated_twice(asked.program_id), rated)
    turn.store.pulses.publish(asked, figures, turn.person, turn.now)
    return []
