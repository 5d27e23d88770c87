"""When each person's next check-in is, read from their pairs: for the planner, and for "Next from me"."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from conversations.cadence import PREFERRED_TIME, Calendar, calendar_of, say_day
from conversations.cards import Text, quiet
from conversations.check_in_days import Meeting, Rhythm, ask_day, reminder_day
from conversations.closing_days import notice_day, wrap_day
from storage.store import Store
from storage.tables import CheckIn, Pair, Person, Program

# A check-in that closed days moved keeps this distance from the end: its reminder may come two working days later.
CLEAR_OF_THE_END = timedelta(days=3)


def meeting(pair: Pair, program: Program) -> Meeting:
    """A pair in the calendar: its own cadence where it has one, else the program's. What a rest left out, whether of
    the pair or of the whole program, is not made up for."""
    rests = [day for day in (pair.rests_until, program.resumed_on) if day]
    cadence = pair.cadence_days or program.cadence_days
    return Meeting(pair.id, pair.started_on, cadence, program.ends_on, max(rests, default=None))


def rhythm_for(store: Store, person: Person, *, to_ask: bool = False) -> Rhythm | None:
    """The rhythm of one person's check-ins; None for somebody without a pair.

    `to_ask`: without pairs that end, of which the person does not know yet, and programs that are on hold.
    """
    rows = store.pairs.meeting_of(person)
    kept = [(pair, program) for pair, program in rows if not to_ask or _may_ask(pair, program)]
    return Rhythm(tuple(meeting(pair, program) for pair, program in kept)) if kept else None


def _may_ask(pair: Pair, program: Program) -> bool:
    return pair.status == "active" and program.held_since is None


def rhythms(store: Store) -> Mapping[int, Rhythm]:
    """Everybody's, by person id."""
    found: defaultdict[int, list[Meeting]] = defaultdict(list)
    for pair, program in store.pairs.meeting():
        if not _may_ask(pair, program):
            continue
        for person_id in (pair.mentor_id, pair.mentee_id):
            found[person_id].append(meeting(pair, program))
    return {person_id: Rhythm(tuple(meetings)) for person_id, meetings in found.items()}


def periods_ahead(rhythm: Rhythm, latest: date | None, first: date, last: date) -> Iterator[date]:
    """Periods still to come in these days. When a pair ended or a cadence changed, the count may begin anew: the next
    one then keeps at least half a rhythm of distance from the latest."""
    for period in rhythm.periods(first, last):
        if latest is None or period - latest > timedelta(days=rhythm.cadence // 2):
            yield period


def moments_ahead(store: Store, now: datetime, until: datetime) -> Iterator[tuple[int, date, datetime]]:
    """(person id, period, moment) of every check-in up to `until` that was neither asked nor skipped yet."""
    everybody = rhythms(store)
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


def next_check_in(store: Store, person: Person, now: datetime) -> date | None:
    """The day of this person's next check-in, local; None when no more comes."""
    rhythm = rhythm_for(store, person)
    return first_day(rhythm, calendar_of(person), _latest(store, person), now) if rhythm else None


def first_day(rhythm: Rhythm, calendar: Calendar, latest: date | None, now: datetime) -> date | None:
    """The day of the first check-in after the latest one that is not skipped."""
    today = calendar.today(now)
    # The one whose nominal day has passed may still be ahead, moved by closed days.
    for period in periods_ahead(rhythm, latest, today - timedelta(days=rhythm.cadence - 1), rhythm.ends_on):
        day = asked_on(period, rhythm, calendar, today)
        if day is not None:
            return day
    return None


def ahead(store: Store, person: Person, now: datetime) -> Text:
    """The end of a message to somebody with a pair that asks for nothing more: when the bot writes next."""
    if person.silent_since is not None:
        return quiet("Next from me: when you write. Until then I leave you in peace.")
    rhythm, calendar = rhythm_for(store, person), calendar_of(person)
    newest = store.check_ins.latest_of(person.id)
    day = _reminder_ahead(newest, rhythm, calendar, now)
    if day is not None:
        shown = say_day(day, calendar.today(now))
        return quiet("Next from me: {day}, one reminder, if my check-in is still open then.", day=shown)
    return ahead_in(rhythm, calendar, newest.period if newest else None, now)


def _reminder_ahead(newest: CheckIn | None, rhythm: Rhythm | None, calendar: Calendar, now: datetime) -> date | None:
    """The day on which a question that was not answered yet comes once more."""
    if newest is None or rhythm is None or newest.asked_at is None or newest.answered_at or newest.reminded_at:
        return None
    asked_on = calendar.today(calendar.next_open(newest.asked_at))
    day = reminder_day(asked_on, newest.period, rhythm.cadence, calendar)
    return day if day and day >= calendar.today(now) else None


def ahead_in(rhythm: Rhythm | None, calendar: Calendar, latest: date | None, now: datetime) -> Text:
    """The same for a step that has read everything already. `latest`: the newest check-in's period."""
    today = calendar.today(now)
    day = first_day(rhythm, calendar, latest, now) if rhythm else None
    ends = dict(_closing_days(rhythm, calendar, now)) if rhythm else {}
    notice, wrap = ends.get("notice"), ends.get("wrap")
    if day is not None and (notice is None or day <= notice):
        return quiet("Next from me: {day}, a short check-in.", day=say_day(day, today))
    if notice is not None:
        return quiet("Next from me: {day}, about the last two weeks.", day=say_day(notice, today))
    if wrap is not None:
        return quiet("Next from me: {day}, when the program closes.", day=say_day(wrap, today))
    return quiet("Nothing more is planned from me. Type **help** whenever you need me.")


def _closing_days(rhythm: Rhythm, calendar: Calendar, now: datetime) -> Iterator[tuple[str, date]]:
    """The notice and the last word still to come, of the program that ends last."""
    notice, wrap = notice_day(rhythm.ends_on, calendar, rhythm), wrap_day(rhythm.ends_on, calendar)
    if notice is not None and now < calendar.good_moment(notice):
        yield "notice", notice
    if now < calendar.good_moment(wrap):
        yield "wrap", wrap


def _latest(store: Store, person: Person) -> date | None:
    newest = store.check_ins.latest_of(person.id)
    return newest.period if newest else None
