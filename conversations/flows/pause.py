"""Away until a day, and back by itself."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from conversations.cadence import calendar_of
from conversations.flow import Flow, Turn
from conversations.forms import Form, read
from conversations.introduced import is_introduced
from conversations.leaving_programs import taking_part
from conversations.next_from_me import is_on_hold
from conversations.next_word import next_word
from conversations.pause_cards import (
    QUICK,
    back_card,
    day_form,
    goes_on_card,
    how_long_card,
    not_paused_card,
    on_pause_card,
    paused_card,
    rests_card,
    too_long_card,
    welcome_back_card,
)
from conversations.pause_pairs import ends_before, go_on, partners_of, rest
from conversations.people_words import say_when, today_of
from conversations.replies import Ask, Correct, Notice, Planned, Replace, Reply, Say, Tell
from storage.store import Store

FLOW = Flow("pause")
FLOW.command(
    "pause", "start", "Take a pause until the day you choose", also="holiday, vacation, away, out of office, snooze"
)
FLOW.command("back", "back", "End your pause", also="i'm back, im back, i am back, resume, unpause")

# Half a year: a longer absence is a new beginning (the longest program has 12 months, most have 6).
LONGEST = timedelta(days=183)
# A welcome three days late is none; what people must know about a partner waits longer.
WELCOME_LASTS, NOTE_LASTS = timedelta(days=3), timedelta(days=14)
# A hold may make it wait; two weeks after their day it would be out of the blue.
WELCOME_WAITS = timedelta(days=14)
# What has to reach them all the same, once they are back.
KEPT = ("introduction", "rotation")


# Going away ------------------------------------------------------------------------------------------------------


@FLOW.step("start")
def start(turn: Turn) -> Sequence[Reply]:
    day = turn.person.paused_until
    if day and day > today_of(turn):
        return [Say(on_pause_card(say_when(turn, day), next_word(turn)))]
    return [Say(how_long_card(partners_of(turn)))]


@FLOW.step("weeks")
def weeks(turn: Turn, weeks: int) -> Sequence[Reply]:
    """One of the quick buttons."""
    day = today_of(turn) + timedelta(weeks=weeks if weeks in QUICK else QUICK[0])
    return [_pause(turn, day)]


@FLOW.step("other")
def other(turn: Turn) -> Sequence[Reply]:
    return [Ask(_form(turn))]


@FLOW.step("until")
def until(turn: Turn) -> Sequence[Reply]:
    form = _form(turn)
    answers = read(form, turn.values)
    day = answers.day("back")
    if day is None:
        return [Correct(form.filled(turn.values), answers.errors)]
    return [_pause(turn, day)]


def _form(turn: Turn) -> Form:
    today, day = today_of(turn), turn.person.paused_until
    value = day.isoformat() if day and day > today else ""
    return day_form(today + timedelta(days=1), today + LONGEST, value)


def _pause(turn: Turn, day: date) -> Reply:
    if program := ends_before(turn, day):
        return Replace(too_long_card(program, say_when(turn, program.ends_on)))
    turn.person.paused_until = day
    rest(turn, day)
    turn.store.outbox.drop_unprompted(turn.person.id, "paused", turn.now, keep=KEPT)
    turn.store.leaving.keep_until(turn.person.id, KEPT, calendar_of(turn.person).good_moment(day) + NOTE_LASTS)
    return Replace(paused_card(say_when(turn, day), partners_of(turn), next_word(turn)))


# Coming back -----------------------------------------------------------------------------------------------------


@FLOW.step("back")
def back(turn: Turn) -> Sequence[Reply]:
    """Earlier than they said."""
    day = turn.person.paused_until
    if day is None or day <= today_of(turn):
        return [Say(not_paused_card())]
    turn.person.paused_until = None
    go_on(turn)
    return [Replace(back_card(next_word(turn)))]


@FLOW.plan
def plan(store: Store, now: datetime, horizon: timedelta) -> Iterable[Planned]:
    """Whoever is back hears it once, on their day; their partners hear of a rest on the fixed weekday."""
    for person in store.leaving.paused():
        day, calendar = person.paused_until, calendar_of(person)
        if day is not None and person.gone_since is None:
            due_at = max(calendar.good_moment(day), now)
            if due_at <= now + horizon:
                yield Planned(f"welcome_back/{person.id}/{day}", person.id, due_at, FLOW.to("welcome", day=str(day)))
    resting = store.leaving.resting()
    people = store.people.by_ids(side for pair, _ in resting for side in (pair.mentor_id, pair.mentee_id))
    for pair, _ in resting:
        side = pair.mentee_id if pair.known_to == pair.mentor_id else pair.mentor_id
        calendar = calendar_of(people[side])
        due_at = max(calendar.good_moment(pair.tell_on or calendar.today(now)), now)
        if people[side].gone_since is None and due_at <= now + horizon:
            key = f"rests/{pair.id}/{pair.rests_until or 'on'}/{pair.tell_on}"
            yield Planned(key, side, due_at, FLOW.to("tell", pair=pair.id))


@FLOW.step("welcome", clock_only=True)
def welcome(turn: Turn, day: str) -> Sequence[Reply]:
    """The day may have changed meanwhile; whoever is in no program any more is left in peace."""
    until = turn.person.paused_until
    if until is None or str(until) != day or until > today_of(turn):
        return []
    programs = [program for _, program in taking_part(turn)]
    if is_on_hold(programs) and (again := _look_again(turn, until)):
        return [again]
    turn.person.paused_until = None
    if not programs or is_on_hold(programs):
        return []
    notice = Notice(
        key=f"welcome_back/{turn.person.id}/{day}",
        kind="welcome_back",
        delivery="nudge",
        expires_at=turn.now + WELCOME_LASTS,
        # A hold of their only program stops it on its way; one of several must not.
        program=programs[0].id if len(programs) == 1 else None,
    )
    return [Tell(turn.person.id, welcome_back_card(turn.person, next_word(turn)), notice)]


def _look_again(turn: Turn, until: date) -> Planned | None:
    """On hold nobody hears that anything goes on. None when it would come too late."""
    calendar, today = calendar_of(turn.person), today_of(turn)
    day = calendar.next_open_day(today + timedelta(days=1))
    if day - until > WELCOME_WAITS:
        return None
    key = f"welcome_back/{turn.person.id}/{until}/{today}"
    return Planned(key, turn.person.id, calendar.good_moment(day), FLOW.to("welcome", day=str(until)))


@FLOW.step("tell", clock_only=True)
def tell(turn: Turn, pair: int) -> Sequence[Reply]:
    """The neutral word to the other side: the meetings rest, or go on."""
    found = turn.store.pairs.required(turn.person, pair)
    program = turn.store.programs.get(found.program_id)
    if found.status != "active" or found.tell_on is None or found.known_to == turn.person.id:
        return []
    if program.status == "closed":
        return []
    key = f"rests/{pair}/{found.rests_until or 'on'}/{found.tell_on}"
    found.tell_on = found.known_to = None
    if not is_introduced(turn.store, found, turn.now):
        return []
    partner, ahead = turn.store.pairs.partner_of(turn.person, pair), next_word(turn)
    if found.rests_until is None:
        shown = goes_on_card(partner, ahead)
    elif found.rests_until > today_of(turn):
        shown = rests_card(partner, say_when(turn, found.rests_until), ahead)
    else:
        return []
    expires_at = turn.now + NOTE_LASTS
    notice = Notice(key=key, kind="update", delivery="nudge", expires_at=expires_at, pair=pair, program=program.id)
    return [Tell(turn.person.id, shown, notice)]
