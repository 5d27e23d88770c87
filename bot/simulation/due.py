"""On which days each person should have been asked how it is going: the rules, written down a second time.

A person is due a check-in on every fourteenth day after their introduction, once for all their pairs, as long as
nothing changes. A fortnight that somebody's pause, silence, new rhythm or parting touches is left out on both sides:
it is neither due, nor is a question in it counted as asked.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.simulation.chronicle import Chronicle
from bot.simulation.coordinator import Course
from bot.simulation.couples import Couple, Spell, rest_of
from bot.simulation.daylight import Workplace

FORTNIGHT = timedelta(days=14)
ASKED_AT = time(10)
FEWEST_WORKING_DAYS = 5
BEST_WEEKDAYS = (2, 3, 4)
LOOKS_FOR_ONE_WITHIN = timedelta(days=8)
# Nobody is asked in the last ten days, nor within three days of the last word.
THE_CLOSING_SPEAKS, CLEAR_OF_THE_LAST_WORD = timedelta(days=10), timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules look at."""

    couples: Sequence[Couple]
    works: Mapping[str, Workplace]
    course: Course
    chronicle: Chronicle


def fortnights(facts: Facts, person: str) -> Iterator[tuple[date, bool]]:
    """The first days of a person's fortnights in which they should be asked, and whether it is left out."""
    closed_at, ends_on = facts.course.closed_at, facts.course.ends_on
    mine = [couple for couple in facts.couples if person in couple.people]
    if ends_on is None or closed_at is None:
        return
    work = facts.works[person]
    for begin, end, pairs in _stretches(mine):
        nothing_at = list(_disturbances(facts, person, pairs))
        day = begin + FORTNIGHT
        while day <= ends_on - THE_CLOSING_SPEAKS and work.at(day, time(0)) < end:
            if _is_asked(work, day, facts.course, closed_at):
                window = work.at(day, time(0)), work.at(day + FORTNIGHT, time(0))
                parting = end < closed_at and end < window[1]
                yield day, parting or any(_touch(window, one) for one in nothing_at)
            day += FORTNIGHT


def _stretches(mine: Sequence[Couple]) -> Iterator[tuple[date, datetime, Sequence[Couple]]]:
    """Times with a partner: from the first introduction until a pair ends that the count may hang on."""
    waiting = sorted(mine, key=lambda one: (one.introduced_on, one.pair))
    while waiting:
        first = waiting.pop(0)
        together = [first]
        while waiting and waiting[0].introduced_at < max(one.ends_at for one in together):
            together.append(waiting.pop(0))
        # With several pairs the count begins anew when one ends; the rest of it is left alone.
        yield first.introduced_on, min(one.ends_at for one in together), together


def _disturbances(facts: Facts, person: str, pairs: Iterable[Couple]) -> Iterator[Spell]:
    chronicle, never = facts.chronicle, facts.course.closed_at
    if never is None:
        return
    people = {person, *(one for couple in pairs for one in couple.people)}
    for pause in chronicle.pauses:
        if pause.person in people:
            begin, end = rest_of(pause, facts.works)
            yield begin, end + timedelta(days=1)
    for begin, end in chronicle.silent_spells(person, never):
        # The question itself was asked in place of a check-in.
        yield begin + timedelta(minutes=1), end
    for couple in pairs:
        if changed_at := chronicle.rhythms_changed.get(couple.pair):
            yield changed_at, never


def _touch(one: Spell, other: Spell) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _is_asked(work: Workplace, nominal: date, course: Course, closed_at: datetime) -> bool:
    ends_on = course.ends_on or nominal
    last_word_on = max(work.working_days(ends_on - FORTNIGHT, FORTNIGHT.days + 1), default=ends_on)
    day = asked_on(work, nominal)
    if day is None or day > last_word_on - CLEAR_OF_THE_LAST_WORD:
        return False
    return work.at(day, max(ASKED_AT, work.opens)) < closed_at


def asked_on(work: Workplace, nominal: date) -> date | None:
    """A Tuesday to Thursday soon, else the next working day; None with fewer than five working days left."""
    days = list(work.working_days(nominal, FORTNIGHT.days))
    if len(days) < FEWEST_WORKING_DAYS:
        return None
    in_time = days[: len(days) - FEWEST_WORKING_DAYS + 1]
    best = [day for day in in_time if day.isoweekday() in BEST_WEEKDAYS and day - nominal < LOOKS_FOR_ONE_WITHIN]
    return (best or in_time)[0]
