"""When each person's check-ins are, read from their pairs: for the planner, and for "Next from me"."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from conversations.cadence import PREFERRED_TIME, Calendar, calendar_of
from conversations.check_in_days import Meeting, Rhythm, ask_day
from conversations.closing_days import wrap_day
from storage.pairs import goes_on
from storage.store import Store
from storage.tables import Pair, Person, Program

# A check-in that closed days moved keeps this distance from the end: its reminder may come two working days later.
CLEAR_OF_THE_END = timedelta(days=3)


def meeting(pair: Pair, program: Program) -> Meeting:
    """A pair in the calendar: its own cadence where it has one, else the program's. What a rest left out, whether of
    the pair or of the whole program, is not made up for."""
    rests = [day for day in (pair.rests_until, program.resumed_on) if day]
    cadence = pair.cadence_days or program.cadence_days
    return Meeting(pair.id, pair.started_on, cadence, program.ends_on, max(rests, default=None))


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


def _may_ask(pair: Pair, program: Program, today: date) -> bool:
    """A question beside the note that ends the pair would be answered to nobody."""
    told_today = pair.status == "ending" and pair.tell_on is not None and pair.tell_on <= today
    return pair.frozen_at is None and program.held_since is None and not told_today


def rhythms(store: Store, now: datetime) -> Mapping[int, Rhythm]:
    """Everybody's, by person id. Whoever knows that a pair ends is not asked about it any more."""
    found: defaultdict[int, list[Meeting]] = defaultdict(list)
    for pair, program in (*store.pairs.meeting(), *store.leaving.ending()):
        if not _may_ask(pair, program, now.date()):
            continue
        for person_id in (pair.mentor_id, pair.mentee_id):
            if goes_on(pair, person_id):
                found[person_id].append(meeting(pair, program))
    return {person_id: Rhythm(tuple(meetings)) for person_id, meetings in found.items()}


def periods_ahead(rhythm: Rhythm, latest: date | None, first: date, last: date) -> Iterator[date]:
    """Periods still to come in these days. When a pair ended or a cadence changed, the count may begin anew: the next
    one then keeps at least half a rhythm of distance from the latest."""
    for period in rhythm.periods(first, last):
        if latest is None or period - latest >= timedelta(days=rhythm.cadence // 2):
            yield period


def moments_ahead(store: Store, now: datetime, until: datetime) -> Iterator[tuple[int, date, datetime]]:
    """(person id, period, moment) of every check-in up to `until` that was neither asked nor skipped yet."""
    everybody = rhythms(store, now)
    people = store.people.by_ids(everybody)
    longest = max((rhythm.cadence for rhythm in everybody.values()), default=0)
    latest = dict(store.check_ins.periods_since((now - timedelta(days=2 * longest + 1)).date()))
    for person_id, rhythm in everybody.items():
        if people[person_id].silent_since is not None:
            continue
        calendar = calendar_of(people[person_id])
        today = calendar.today(now)
        first = today - timedelta(days=rhythm.cadence - 1)
        for period in periods_ahead(rhythm, latest.get(person_id), first, until.date()):
            moment = _moment(period, rhythm, calendar, today)
            if moment <= until:
                yield person_id, period, moment


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
