"""Every two weeks: one card a person, for all their pairs. One click answers; the rest is optional and private."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache

from conversations.actions import Action
from conversations.cadence import PREFERRED_TIME, Calendar, calendar_of
from conversations.check_in_asked import Row, key, reminder_key
from conversations.check_in_cards import check_in_card, note_form, remembered_card, shared_card
from conversations.check_in_days import Rhythm, reminder_day
from conversations.check_in_reminders import form_for, is_still_wanted, is_worth_a_reminder
from conversations.check_in_screen import about, asked_of, program_of, shown, stale_at, tell
from conversations.check_in_sessions import forget_session, record_session
from conversations.check_ins_ahead import asked_on, moments_ahead, rhythm_for
from conversations.flow import Flow, Turn
from conversations.forms import read
from conversations.ignored_rounds import ask_about_rhythm, should_ask_about_rhythm
from conversations.introduced import introduced_pair
from conversations.next_from_me import next_from_me
from conversations.people_words import contact_of, first_name
from conversations.replies import Ask, Correct, Notice, Planned, Replace, Reply, Tell, Update
from storage.pair_days import goes_on
from storage.store import Store
from storage.tables import CheckIn, CheckInAnswer

FLOW = Flow("check_in")
# A shared line is kept for somebody who cannot be reached for this long.
SHARED_LINE_LASTS = timedelta(days=14)
# A reminder that somebody asked for is for that day.
REMINDER_LASTS = timedelta(days=2)


# When ------------------------------------------------------------------------------------------------------------


@FLOW.plan
def plan(store: Store, now: datetime, horizon: timedelta) -> Iterable[Planned]:
    """One nudge a person and period. Those whose day has passed unasked are caught up with, at most one a person."""
    for person_id, period, due_at in moments_ahead(store, now, now + horizon):
        yield Planned(key(person_id, period), person_id, due_at, _ask(period))


# All that people have in common is this: thousands are asked about the same period.
@lru_cache(maxsize=1_000)
def _ask(period: date) -> Action:
    return FLOW.to("ask", period=period.isoformat())


@FLOW.step("ask", clock_only=True)
def ask(turn: Turn, period: str) -> Sequence[Reply]:
    """The question of a period, or a note that it is skipped."""
    day = date.fromisoformat(period)
    rhythm, calendar = rhythm_for(turn.store, turn.person, asked_at=turn.now), calendar_of(turn.person)
    today = calendar.today(turn.now)
    if rhythm is None or today < day or not rhythm.due(day):
        return []
    there = turn.store.check_ins.of_period(turn.person.id, day)
    if there and (there.asked_at or there.skipped_at):
        return []
    check_in = there or CheckIn(person_id=turn.person.id, period=day)
    if asked_on(day, rhythm, calendar, today) is None:
        check_in.skipped_at = turn.now
        turn.store.check_ins.add(check_in)
        return []
    if should_ask_about_rhythm(turn, rhythm.anchor):
        turn.store.check_ins.add(check_in)
        of_program = program_of(turn, rhythm, day)
        return [ask_about_rhythm(turn, check_in, stale_at(check_in, rhythm, calendar), of_program)]
    _mark_half_times(turn, check_in, rhythm)
    check_in.asked_at = turn.now
    turn.store.check_ins.add(check_in)
    return [tell(turn, check_in, rhythm, calendar), *_reminder(turn, check_in, rhythm, calendar)]


def _mark_half_times(turn: Turn, check_in: CheckIn, rhythm: Rhythm) -> None:
    """In the middle of a pair's run its row holds one question more, once."""
    middle = [each.pair for each in rhythm.due(check_in.period) if each.is_half_time(check_in.period)]
    new = set(middle) - turn.store.check_ins.half_times_of(turn.person.id) if middle else set()
    if new:
        check_in.kind, check_in.half_times = "half_time", sorted(new)


def _reminder(turn: Turn, check_in: CheckIn, rhythm: Rhythm, calendar: Calendar) -> Iterable[Planned]:
    """One, two working days later, unless the next question is due by then."""
    asked_day = calendar.today(calendar.next_open(turn.now))
    if day := reminder_day(asked_day, check_in.period, rhythm.cadence, calendar):
        yield Planned(
            reminder_key(turn.person.id, check_in.period),
            turn.person.id,
            calendar.good_moment(day),
            FLOW.to("remind", check_in=check_in.id),
        )


@FLOW.step("remind", clock_only=True)
def remind(turn: Turn, check_in: int) -> Sequence[Reply]:
    """Once, and only for a question that arrived, has no answer, and is still the newest."""
    row = turn.store.check_ins.required(turn.person, check_in)
    rhythm = rhythm_for(turn.store, turn.person, asked_at=turn.now)
    calendar = calendar_of(turn.person)
    if rhythm is None or not is_worth_a_reminder(turn, row, rhythm):
        return []
    row.reminded_at = turn.now
    return [tell(turn, row, rhythm, calendar, reminder=True)]


# Answers ---------------------------------------------------------------------------------------------------------


@FLOW.step("met")
def met(turn: Turn, check_in: int, pair: int, reminder: int = 0) -> Sequence[Reply]:
    """Either side's word counts, once for both: see `Sessions.record_met`."""
    return _answer(turn, check_in, pair, "met", reminder)


@FLOW.step("date_set")
def date_set(turn: Turn, check_in: int, pair: int, reminder: int = 0) -> Sequence[Reply]:
    return _answer(turn, check_in, pair, "date_set", reminder)


@FLOW.step("not_yet")
def not_yet(turn: Turn, check_in: int, pair: int, reminder: int = 0) -> Sequence[Reply]:
    return _answer(turn, check_in, pair, "not_yet", reminder)


@FLOW.step("skip")
def skip(turn: Turn, check_in: int, pair: int, reminder: int = 0) -> Sequence[Reply]:
    return _answer(turn, check_in, pair, "skip", reminder)


def _answer(turn: Turn, check_in: int, pair: int, state: str, reminder: int) -> Sequence[Reply]:
    """Records the click, however late; a second one changes it."""
    row = turn.store.check_ins.required(turn.person, check_in)
    before = turn.store.check_ins.answer(row, introduced_pair(turn, pair).id)
    if before and before.state == "met" and state != "met":
        forget_session(turn, row, pair)
    turn.store.check_ins.record(row, pair, state, turn.now)
    if state == "met":
        record_session(turn, row, pair)
    return shown(turn, row, reminder)


@FLOW.step("change")
def change(turn: Turn, check_in: int, pair: int, reminder: int = 0) -> Sequence[Reply]:
    """The four buttons again; the answer stays until another one is pressed."""
    row = turn.store.check_ins.required(turn.person, check_in)
    card = check_in_card(asked_of(turn, row, reminder), turn.content, changing=pair)
    if not row.reminded_at:
        return [Replace(card)]
    # An edit that the answer left, and that is still on its way, does not take the buttons away again.
    name = reminder_key if reminder else key
    return [Replace(card), Update(name(turn.person.id, row.period), card)]


# The note, and what is shared of it ------------------------------------------------------------------------------


@FLOW.step("note")
def note(turn: Turn, check_in: int, pair: int, reminder: int = 0) -> Sequence[Reply]:
    """The optional form."""
    row = turn.store.check_ins.required(turn.person, check_in)
    mine = about(turn, row, pair)
    return [Ask(note_form(asked_of(turn, row, reminder), mine))] if mine.answer else shown(turn, row, reminder)


@FLOW.step("keep")
def keep(turn: Turn, check_in: int, pair: int, reminder: int = 0) -> Sequence[Reply]:
    """What was typed is stored with the answer; a line that was shared stays as it was read."""
    row = turn.store.check_ins.required(turn.person, check_in)
    mine = about(turn, row, pair)
    answer = mine.answer
    if answer is None:
        return shown(turn, row, reminder)
    form = note_form(asked_of(turn, row, reminder), mine)
    answers = read(form, turn.values)
    if answers.errors:
        return [Correct(form.filled(turn.values), answers.errors)]
    if not answer.shared_at:
        answer.learned = answers.text("learned")
    answer.change, answer.closer = answers.text("change"), answers.number("closer")
    return shown(turn, row, reminder)


@FLOW.step("share")
def share(turn: Turn, check_in: int, pair: int, reminder: int = 0) -> Sequence[Reply]:
    """Releases the one line, to the partner alone, because its author pressed the button."""
    row = turn.store.check_ins.required(turn.person, check_in)
    mine = about(turn, row, pair)
    answer = mine.answer
    if answer is None or not answer.learned or answer.shared_at or not goes_on(mine.pair, turn.person.id):
        return shown(turn, row, reminder)
    answer.shared_at = turn.now
    # Whoever knows that the pair is over hears nothing more about it.
    told = [_shared(turn, mine, answer)] if goes_on(mine.pair, mine.partner.id) else []
    return [*shown(turn, row, reminder), *told]


def _shared(turn: Turn, mine: Row, answer: CheckInAnswer) -> Tell:
    author = contact_of(turn.store, turn.person)
    card = shared_card(
        author, first_name(turn.person), answer.learned, next_from_me(turn.store, mine.partner, turn.now)
    )
    notice = Notice(
        key=f"shared_line/{answer.id}", kind="shared_line", expires_at=turn.now + SHARED_LINE_LASTS, pair=mine.pair.id
    )
    return Tell(mine.partner.id, card, notice)


# A reminder that somebody asks for -------------------------------------------------------------------------------


@FLOW.step("remind_me")
def remind_me(turn: Turn, check_in: int, pair: int, reminder: int = 0) -> Sequence[Reply]:
    """After "not yet": on which day?"""
    row = turn.store.check_ins.required(turn.person, check_in)
    mine = about(turn, row, pair)
    if mine.answer is None or not goes_on(mine.pair, turn.person.id):
        return shown(turn, row, reminder)
    return [Ask(form_for(turn, row, mine, reminder))]


@FLOW.step("remind_on")
def remind_on(turn: Turn, check_in: int, pair: int, reminder: int = 0) -> Sequence[Reply]:
    """The day is kept with the answer; another day takes its place."""
    row = turn.store.check_ins.required(turn.person, check_in)
    mine = about(turn, row, pair)
    if mine.answer is None or not goes_on(mine.pair, turn.person.id):
        return shown(turn, row, reminder)
    form = form_for(turn, row, mine, reminder)
    answers = read(form, turn.values)
    day = answers.day("day")
    if day is None:
        return [Correct(form.filled(turn.values), answers.errors)]
    mine.answer.remind_on = day
    action = FLOW.to("remember", check_in=check_in, pair=pair, day=day.isoformat())
    due_at = max(calendar_of(turn.person).at(day, PREFERRED_TIME), turn.now)
    return [*shown(turn, row, reminder), Planned(f"remember/{check_in}/{pair}/{day}", turn.person.id, due_at, action)]


@FLOW.step("remember", clock_only=True)
def remember(turn: Turn, check_in: int, pair: int, day: str) -> Sequence[Reply]:
    """Once, on the day they asked for; not when they chose another one, met meanwhile, or have gone apart."""
    row = turn.store.check_ins.required(turn.person, check_in)
    mine = about(turn, row, pair)
    if not is_still_wanted(turn, mine, date.fromisoformat(day)):
        return []
    notice = Notice(
        key=f"remember/{check_in}/{pair}/{day}",
        kind="own_reminder",
        delivery="nudge",
        prompted=True,
        expires_at=turn.now + REMINDER_LASTS,
        pair=pair,
        program=mine.pair.program_id,
    )
    return [Tell(turn.person.id, remembered_card(mine.pair, mine.partner, mine.contact), notice)]
