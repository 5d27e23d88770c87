"""When each person's check-ins are, read from their pairs: for the planner, and for "Next from me"."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache

from conversations.cadence import PREFERRED_TIME, Calendar, calendar_of
from conversations.check_in_days import Meeting, Rhythm, ask_day
from conversations.closing_days import wrap_day
from storage.pair_days import PairDays, goes_on
from storage.paired import PEOPLE_AT_ONCE
from storage.store import Store
from storage.tables import Pair, Person, Program

# A check-in that closed days moved keeps this distance from the end: its reminder may come two working days later.
CLEAR_OF_THE_END = timedelta(days=3)

Span = tuple[date, int, date, date | None, date | None]
"""What the check-ins about a pair depend on: its introduction, how often, its end, its own rest, its program's."""


def meeting(pair: Pair | PairDays, program: Program) -> Meeting:
    """A pair in the calendar: its own cadence where it has one, else the program's. What a rest left out, whether of
    the pair or of the whole program, is not made up for."""
    return _meeting(pair.id, _span(pair, program))


def _span(pair: Pair | PairDays, program: Program) -> Span:
    cadence = pair.cadence_days or program.cadence_days
    return pair.started_on, cadence, program.ends_on, pair.rests_until, program.resumed_on


def _meeting(pair: int, span: Span) -> Meeting:
    started_on, cadence, ends_on, *rests = span
    return Meeting(pair, started_on, cadence, ends_on, max((day for day in rests if day), default=None))


def rhythm_for(store: Store, person: Person, *, asked_at: datetime | None = None) -> Rhythm | None:
    """The rhythm of one person's check-ins; None for somebody without a pair. A pair that ends is asked about as ever
    until they hear of it.

    `asked_at`: to ask at that moment: without programs on hold, and without what they hear of on that day.
    """
    # A pair that waits for a coordinator's decision would come back to a card that was asked without it.
    rows = [(pair, program) for pair, program in store.pairs.meeting_of(person) if pair.frozen_at is None]
    today = calendar_of(person).today(asked_at) if asked_at else None
    kept = [(pair, program) for pair, program in rows if today is None or _may_ask(pair, program, today)]
    return Rhythm(tuple(meeting(pair, program) for pair, program in kept)) if kept else None


def _may_ask(pair: Pair | PairDays, program: Program, today: date) -> bool:
    """A question beside the note that ends the pair would be answered to nobody."""
    told_today = pair.status == "ending" and pair.tell_on is not None and pair.tell_on <= today
    return program.held_since is None and not told_today


def rhythm_of_pairs(person_id: int, rows: Iterable[tuple[PairDays, Program]], now: datetime) -> Rhythm | None:
    """The same from what the plans read. Whoever knows that a pair ends is not asked about it any more."""
    today = now.date()
    meetings = (meeting(pair, program) for pair, program in rows if _is_asked_about(pair, person_id, program, today))
    return Rhythm(found) if (found := tuple(meetings)) else None


def _is_asked_about(pair: PairDays, person_id: int, program: Program, today: date) -> bool:
    # Without a day for its note an ending pair is over for both.
    alive = pair.status == "active" or pair.tell_on is not None
    return alive and not pair.is_frozen and _may_ask(pair, program, today) and goes_on(pair, person_id)


def periods_ahead(rhythm: Rhythm, latest: date | None, first: date, last: date) -> Iterator[date]:
    """Periods still to come in these days. When a pair ended or a cadence changed, the count may begin anew: the next
    one then keeps at least half a rhythm of distance from the latest."""
    for period in rhythm.periods(first, last):
        if latest is None or period - latest >= timedelta(days=rhythm.cadence // 2):
            yield period


def moments_ahead(
    store: Store, now: datetime, until: datetime, at_once: int = PEOPLE_AT_ONCE
) -> Iterator[tuple[int, date, datetime]]:
    """(person id, period, moment) of every check-in up to `until` that was neither asked nor skipped yet.

    `at_once`: how many people are read together; it changes nothing.
    """
    for some in store.paired.in_slices(at_once=at_once):
        awake = ((person, rows) for person, rows in some if not person.is_silent)
        asked = [(person, spans) for person, rows in awake if (spans := _spans(person.id, rows, now.date()))]
        longest = max((span[1] for _, spans in asked for span in spans), default=0)
        since = (now - timedelta(days=2 * longest + 1)).date()
        latest = dict(store.check_ins.periods_since(since, some[0][0].id, some[-1][0].id))
        for person, spans in asked:
            for period, moment in _moments(spans, calendar_of(person), latest.get(person.id), now, until):
                yield person.id, period, moment


def _spans(person_id: int, rows: Iterable[tuple[PairDays, Program]], today: date) -> tuple[Span, ...]:
    return tuple([_span(pair, program) for pair, program in rows if _is_asked_about(pair, person_id, program, today)])


# Very many people share these: introduced on the same days, in a dozen time zones.
@lru_cache(maxsize=10_000)
def _moments(
    spans: tuple[Span, ...], calendar: Calendar, latest: date | None, now: datetime, until: datetime
) -> Sequence[tuple[date, datetime]]:
    """(period, moment) of one person's check-ins."""
    rhythm = Rhythm(tuple(_meeting(0, span) for span in spans))
    today = calendar.today(now)
    first = today - timedelta(days=rhythm.cadence - 1)
    periods = periods_ahead(rhythm, latest, first, until.date())
    found = ((period, _moment(period, rhythm, calendar, today)) for period in periods)
    return tuple((period, moment) for period, moment in found if moment <= until)


def _moment(period: date, rhythm: Rhythm, calendar: Calendar, today: date) -> datetime:
    """When the step runs; for a check-in that will be skipped the nominal day, since nothing is sent then."""
    day = asked_on(period, rhythm, calendar, today)
    return calendar.good_moment(day) if day else calendar.at(period, PREFERRED_TIME)


def asked_on(period: date, rhythm: Rhythm, calendar: Calendar, today: date) -> date | None:
    """The day of a check-in; None when it is skipped, or would come together with the last word of the program."""
    day = ask_day(period, rhythm.cadence, calendar, today)
    return day if day and day <= wrap_day(rhythm.ends_on, calendar) - CLEAR_OF_THE_END else None


def first_day(rhythm: Rhythm, calendar: Calendar, latest: date | None, now: datetime) -> date | None:
    """The day of the first check-in after the latest one that is not skipped."""
    today = calendar.today(now)
    # The one whose nominal day has passed may still be ahead, moved by closed days.
    for period in periods_ahead(rhythm, latest, today - timedelta(days=rhythm.cadence - 1), rhythm.ends_on):
        day = asked_on(period, rhythm, calendar, today)
        if day is not None:
            return day
    return None
