"""What each side wants from the pair: one to three goals in week one, and the first date where it is missing."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from conversations.cadence import Calendar, calendar_of
from conversations.check_in_days import working_days_later
from conversations.flow import Flow, Turn
from conversations.forms import Form, read
from conversations.goals_cards import (
    KEYS,
    GoalRow,
    goals_form,
    no_goals_card,
    saved_card,
    week_one_card,
    which_card,
)
from conversations.goals_days import asking_of, askings
from conversations.hello_cards import hello_key
from conversations.introduced import introduced, introduced_pair
from conversations.introduction_days import hello_day
from conversations.next_word import next_word
from conversations.people_words import contact_of
from conversations.replies import Ask, Correct, Notice, Planned, Reply, Say, Tell, Update
from storage.pair_days import PairDays, goes_on
from storage.store import Store
from storage.tables import Pair, Program

FLOW = Flow("goals")
FLOW.command("goals", "start", "Say what you want from your pair", also="my goals, goal")

# A question about week one is stale in week three.
LASTS_WORKING_DAYS = 5
# Closed days may move it so far.
NEAR = timedelta(days=28)


@FLOW.plan
def plan(store: Store, now: datetime, horizon: timedelta) -> Iterable[Planned]:
    """One card a person for the pairs of one week."""
    # Everybody else's week one is long over, or not yet near.
    first, last = now.date() - NEAR, (now + horizon).date()
    for some in store.paired.in_slices(since=first):
        for person, rows in some:
            theirs = [pair for pair, program in rows if _is_in_week_one(pair, program, last)]
            for asking in askings(theirs):
                due_at = calendar_of(person).good_moment(asking.day)
                if now <= due_at <= now + horizon:
                    pair = asking.pairs[0].id
                    yield Planned(goals_key(person.id, pair), person.id, due_at, FLOW.to("ask", pair=pair))


def _is_in_week_one(pair: PairDays, program: Program, last: date) -> bool:
    asked = pair.status == "active" and not pair.is_frozen and program.held_since is None
    return asked and pair.started_on <= last


def goals_key(person: int, pair: int) -> str:
    return f"goals/{person}/{pair}"


@FLOW.step("ask", clock_only=True)
def ask(turn: Turn, pair: int) -> Sequence[Reply]:
    """Not on the day of a hello, and not where the goals are there already."""
    turn.store.pairs.required(turn.person, pair)
    rows = _rows_with(turn, pair)
    if all(row.goals for row in rows):
        return []
    calendar = calendar_of(turn.person)
    today = calendar.today(turn.now)
    if any(_hello_today(turn, one, calendar) for one in turn.store.pairs.active_of(turn.person)):
        later = calendar.good_moment(working_days_later(today, 1, calendar))
        return [Planned(f"{goals_key(turn.person.id, pair)}/{today}", turn.person.id, later, FLOW.to("ask", pair=pair))]
    last_day = working_days_later(today, LASTS_WORKING_DAYS, calendar)
    notice = Notice(
        key=goals_key(turn.person.id, pair),
        kind="goals",
        delivery="nudge",
        expires_at=calendar.at(last_day, time(17)),
        pair=rows[0].pair.id,
        program=rows[0].pair.program_id,
    )
    return [Tell(turn.person.id, week_one_card(turn.content, rows, next_word(turn)), notice)]


def _hello_today(turn: Turn, pair: Pair, calendar: Calendar) -> bool:
    """It came today, or it is about to: both are due at the same hour."""
    if pair.mentee_id != turn.person.id:
        return False
    today = calendar.today(turn.now)
    at = turn.store.outbox.sent_at(hello_key(pair.id))
    if at is not None:
        return calendar.today(at) == today
    return pair.in_touch_at is None and hello_day(pair.started_on, calendar) == today


def _rows_with(turn: Turn, pair: int) -> Sequence[GoalRow]:
    """The rows of the card that this pair is on; of those, the pairs that go on and do not rest."""
    today = calendar_of(turn.person).today(turn.now)
    may_be = [one for one, program in turn.store.pairs.meeting_of(turn.person) if _may_ask(one, program)]
    asking = asking_of(introduced(turn, may_be), pair)
    pairs = asking.pairs if asking else ()
    return [_row(turn, one) for one in pairs if not (one.rests_until and one.rests_until >= today)]


def _may_ask(pair: Pair, program: Program) -> bool:
    return pair.status == "active" and pair.frozen_at is None and program.held_since is None


def _row(turn: Turn, pair: Pair) -> GoalRow:
    partner = turn.store.pairs.partner_of(turn.person, pair.id)
    sessions = turn.store.sessions
    dated = bool(sessions.ahead([pair.id], turn.now) or sessions.held(pair.id))
    goals = turn.store.goals.of_pair(pair.id).get(turn.person.id, ())
    return GoalRow(pair, partner, contact_of(turn.store, partner), goals, dated)


@FLOW.step("start")
def start(turn: Turn, pair: int = 0) -> Sequence[Reply]:
    """The form for one pair, filled in with what is kept; the question which, for somebody with several."""
    if not pair:
        pairs = introduced(turn, turn.store.pairs.active_of(turn.person))
        if len(pairs) > 1:
            return [Say(which_card([(each, turn.store.pairs.partner_of(turn.person, each.id)) for each in pairs]))]
        if not pairs:
            return [Say(no_goals_card(next_word(turn)))]
        pair = pairs[0].id
    row = introduced_pair(turn, pair)
    return [Ask(_form(turn, row))] if goes_on(row, turn.person.id) else [Say(no_goals_card(next_word(turn)))]


@FLOW.step("save")
def save(turn: Turn, pair: int) -> Sequence[Reply]:
    row = introduced_pair(turn, pair)
    if not goes_on(row, turn.person.id):
        return [Say(no_goals_card(next_word(turn)))]
    form = _form(turn, row)
    answers = read(form, turn.values)
    if answers.errors:
        return [Correct(form.filled(turn.values), answers.errors)]
    goals = list(dict.fromkeys(goal for key in KEYS if (goal := answers.text(key))))
    turn.store.goals.replace(pair, turn.person.id, goals, turn.now)
    rated = bool(turn.store.skills.of(turn.person, row.program_id))
    end = next_word(turn)
    return [Say(saved_card(_row(turn, row), end, rated=rated)), *_week_one(turn, row)]


def _week_one(turn: Turn, pair: Pair) -> Iterable[Reply]:
    """The question as it stands now, if it was asked."""
    meeting = [one for one, _ in turn.store.pairs.meeting_of(turn.person)]
    asking = asking_of(meeting, pair.id)
    rows = _rows_with(turn, pair.id)
    if asking and rows:
        key = goals_key(turn.person.id, asking.pairs[0].id)
        yield Update(key, week_one_card(turn.content, rows, next_word(turn)))


def _form(turn: Turn, pair: Pair) -> Form:
    partner = turn.store.pairs.partner_of(turn.person, pair.id)
    goals = turn.store.goals.of_pair(pair.id).get(turn.person.id, ())
    return goals_form(pair, partner, "mentor" if turn.person.id == pair.mentor_id else "mentee", goals)
