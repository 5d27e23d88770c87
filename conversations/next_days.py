"""On which days somebody hears from the bot of its own accord, and about what: read from what the flows' plans read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from conversations.booking_days import reminder_moment
from conversations.booking_reminders import reminded
from conversations.budget import DAY
from conversations.cadence import PREFERRED_TIME, Calendar, calendar_of
from conversations.check_in_days import Rhythm, reminder_day
from conversations.check_ins_ahead import first_day, meeting
from conversations.closing_days import notice_day, wrap_day
from conversations.first_weeks import goals_day, hello_day_of
from conversations.introduced import is_introduced
from conversations.introduction_days import introduction_moment
from conversations.pulse_cards import key as pulse_key
from conversations.pulse_days import TOGETHER_FOR, Days, pulse_day, rounds, takes_place
from conversations.pulse_days import reminder_day as pulse_reminder_day
from storage.store import Store
from storage.tables import CheckIn, Pair, Person, Program, PulseRound


@dataclass(frozen=True, slots=True)
class Next:
    """A day, and what follows it in "Next from me: 5 May, a short check-in."."""

    day: date
    words: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of somebody with a pair. `pairs`: as they know them, without programs on hold."""

    store: Store
    person: Person
    now: datetime
    calendar: Calendar
    pairs: tuple[tuple[Pair, Program], ...]
    rhythm: Rhythm
    newest: CheckIn | None

    @property
    def today(self) -> date:
        return self.calendar.today(self.now)

    def is_ahead(self, day: date) -> bool:
        """Whether the usual moment of a day has not come yet."""
        return self.now < self.calendar.good_moment(day)


def known_of(store: Store, person: Person, now: datetime, rows: tuple[tuple[Pair, Program], ...]) -> Known:
    """`rows`: at least one."""
    rhythm = Rhythm(tuple(meeting(pair, program) for pair, program in rows))
    return Known(store, person, now, calendar_of(person), rows, rhythm, store.check_ins.latest_of(person.id))


def days_ahead(known: Known) -> Iterator[Next]:
    """The next of each kind but the pulses; where two fall on one day, the first of these goes first."""
    yield from _introductions(known)
    yield from _check_ins(known)
    yield from _first_weeks(known)
    yield from _closing(known)
    yield from _sessions(known)


# One kind after the other ------------------------------------------------------------------------------------------


def _introductions(known: Known) -> Iterator[Next]:
    for pair, _ in known.pairs:
        if _is_to_come(known, pair):
            sides = known.store.people.by_ids((pair.mentor_id, pair.mentee_id))
            mentor, mentee = calendar_of(sides[pair.mentor_id]), calendar_of(sides[pair.mentee_id])
            moment = introduction_moment(mentor, mentee, pair.started_on, (), known.now)
            yield Next(known.calendar.today(moment), ", when I introduce you.")


def _is_to_come(known: Known, pair: Pair) -> bool:
    """The day is the mentor's, who may be in another part of the world: a day later here it has come everywhere."""
    return pair.started_on >= known.today - DAY and not is_introduced(known.store, pair, known.now)


def _check_ins(known: Known) -> Iterator[Next]:
    newest = known.newest
    if day := _check_in_reminder(known):
        yield Next(day, ", one reminder, if my check-in is still open then.")
    if newest is not None and newest.answered_at is not None:
        for answer in known.store.check_ins.answers(newest):
            day = answer.remind_on if answer.state == "not_yet" else None
            if day and known.now < known.calendar.at(day, PREFERRED_TIME):
                yield Next(day, ", as you asked.")
    if day := first_day(known.rhythm, known.calendar, newest.period if newest else None, known.now):
        yield Next(day, ", a short check-in.")


def _check_in_reminder(known: Known) -> date | None:
    """The day on which a question that was not answered yet comes once more."""
    newest, calendar = known.newest, known.calendar
    if newest is None or newest.asked_at is None or newest.answered_at or newest.reminded_at:
        return None
    asked_on = calendar.today(calendar.next_open(newest.asked_at))
    day = reminder_day(asked_on, newest.period, known.rhythm.cadence, calendar)
    return day if day and known.is_ahead(day) else None


def _first_weeks(known: Known) -> Iterator[Next]:
    pairs = [pair for pair, _ in known.pairs if not _is_to_come(known, pair)]
    if day := hello_day_of(known.store, known.person, pairs, known.now):
        yield Next(day, ", a first line to copy, unless you are in touch by then.")
    if day := goals_day(known.store, known.person, pairs, known.now):
        yield Next(day, ", a question about your goals.")


def _closing(known: Known) -> Iterator[Next]:
    """The notice and the last word of each program."""
    for ends_on in sorted({program.ends_on for _, program in known.pairs}):
        notice, wrap = notice_day(ends_on, known.calendar, known.rhythm), wrap_day(ends_on, known.calendar)
        if notice is not None and known.is_ahead(notice):
            yield Next(notice, ", about the last two weeks.")
        if known.is_ahead(wrap):
            yield Next(known.calendar.next_open_day(wrap), ", when the program closes.")


def _sessions(known: Known) -> Iterator[Next]:
    """The reminder of a date that they booked, or said yes to."""
    pairs = {pair.id: pair for pair, _ in known.pairs}
    for session in known.store.sessions.ahead(pairs, known.now):
        begins, booked_at = session.planned_at, session.booked_at
        if begins is None or booked_at is None or known.person.id not in reminded(session, pairs[session.pair_id]):
            continue
        moment = reminder_moment(begins, booked_at, known.calendar)
        if moment is not None and known.now < moment:
            yield Next(known.calendar.today(moment), ", a reminder of your session.")


# Pulses ------------------------------------------------------------------------------------------------------------


def pulses_ahead(known: Known, until: date | None) -> Iterator[Next]:
    """Those that may come up to `until`: most of the time there is none, and nothing to read."""
    near = [(program, days) for program, days in _rounds(known) if until is None or days.opens_on <= until]
    if not near:
        return
    asked = {
        (one.program_id, one.name): (one, answered) for one, answered in known.store.pulses.of_person(known.person)
    }
    for program, days in near:
        of_round = asked.get((program.id, days.name))
        if of_round is None:
            day, words = pulse_day(days, known.rhythm, known.calendar, known.today), ", three short questions."
        else:
            day, words = (
                _pulse_reminder(known, *of_round),
                ", one reminder, if the three questions are still open then.",
            )
        if day is not None:
            yield Next(day, words)


def _rounds(known: Known) -> Iterator[tuple[Program, Days]]:
    """Of each program once: those that are not over, and for which they have been with somebody for long enough."""
    programs = {program.id: program for _, program in known.pairs}
    for program in programs.values():
        since = min(pair.started_on for pair, of in known.pairs if of.id == program.id)
        for days in rounds(program.starts_on, program.ends_on):
            in_time = known.today <= days.closes_on and since <= days.opens_on - TOGETHER_FOR
            if in_time and takes_place(program, days):
                yield program, days


def _pulse_reminder(known: Known, asked: PulseRound, answered: bool) -> date | None:
    written_at = None if answered else known.store.outbox.written_at(pulse_key(asked, known.person.id))
    if written_at is None or asked.status != "open":
        return None
    asked_on = known.calendar.today(known.calendar.next_open(written_at))
    day = pulse_reminder_day(asked_on, asked.closes_on, known.rhythm, known.calendar)
    return day if day and known.is_ahead(day) else None
