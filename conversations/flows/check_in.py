"""Every two weeks: one card a person, for all their pairs. One click answers; the rest is optional and private."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from conversations.cadence import Calendar, calendar_of, say_day
from conversations.check_in_cards import (
    Asked,
    Row,
    check_in_card,
    key,
    note_form,
    nothing_to_answer_card,
    reminder_key,
    shared_card,
)
from conversations.check_in_days import Rhythm, ask_day, last_ask_day, reminder_day
from conversations.check_in_sessions import forget_session, record_session, slot_of
from conversations.check_ins_ahead import ahead, ahead_in, moments_ahead, rhythm_for
from conversations.flow import Flow, Turn
from conversations.forms import read
from conversations.people_words import contact_of, first_name
from conversations.replies import Ask, Correct, Notice, Planned, Replace, Reply, Tell, Update
from storage.store import Store
from storage.tables import CheckIn, CheckInAnswer

FLOW = Flow("check_in")
# A shared line is kept for somebody who cannot be reached for this long.
SHARED_LINE_LASTS = timedelta(days=14)


# When ------------------------------------------------------------------------------------------------------------


@FLOW.plan
def plan(store: Store, now: datetime, horizon: timedelta) -> Iterable[Planned]:
    """One nudge a person and period. Those whose day has passed unasked are caught up with, at most one a person."""
    for person_id, period, due_at in moments_ahead(store, now, now + horizon):
        yield Planned(key(person_id, period), person_id, due_at, FLOW.to("ask", period=period.isoformat()))


@FLOW.step("ask", clock_only=True)
def ask(turn: Turn, period: str) -> Sequence[Reply]:
    """The question of a period, or a note that it is skipped."""
    day = date.fromisoformat(period)
    rhythm, calendar = rhythm_for(turn.store, turn.person), calendar_of(turn.person)
    today = calendar.today(turn.now)
    if rhythm is None or today < day or not rhythm.due(day):
        return []
    check_in = turn.store.check_ins.for_period(turn.person.id, day)
    if check_in.asked_at or check_in.skipped_at:
        return []
    if ask_day(day, rhythm.cadence, calendar, today) is None:
        check_in.skipped_at = turn.now
        return []
    check_in.asked_at = turn.now
    return [_tell(turn, check_in, rhythm, calendar), *_reminder(turn, check_in, rhythm, calendar)]


def _tell(turn: Turn, check_in: CheckIn, rhythm: Rhythm, calendar: Calendar, *, reminder: bool = False) -> Tell:
    name = reminder_key if reminder else key
    notice = Notice(
        key=name(turn.person.id, check_in.period),
        kind="check_in_reminder" if reminder else "check_in",
        delivery="nudge",
        expires_at=calendar.at(last_ask_day(check_in.period, rhythm.cadence, calendar), time(17)),
    )
    asked = replace(_question(turn, check_in, rhythm), reminder=reminder)
    return Tell(turn.person.id, check_in_card(asked, turn.content), notice)


def _reminder(turn: Turn, check_in: CheckIn, rhythm: Rhythm, calendar: Calendar) -> Iterable[Planned]:
    """One, two working days later, unless the next question is due by then."""
    asked_on = calendar.today(calendar.next_open(turn.now))
    if day := reminder_day(asked_on, check_in.period, rhythm.cadence, calendar):
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
    rhythm = rhythm_for(turn.store, turn.person)
    calendar = calendar_of(turn.person)
    question = key(turn.person.id, row.period)
    arrived = turn.store.outbox.states([question]).get(question, "sent") == "sent"
    if rhythm is None or row.answered_at or row.reminded_at or not arrived or not rhythm.due(row.period):
        return []
    if calendar.today(turn.now) > last_ask_day(row.period, rhythm.cadence, calendar):
        return []
    row.reminded_at = turn.now
    return [_tell(turn, row, rhythm, calendar, reminder=True)]


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
    before = turn.store.check_ins.answer(row, turn.store.pairs.required(turn.person, pair).id)
    if before and before.state == "met" and state != "met":
        forget_session(turn, row, pair)
    turn.store.check_ins.record(row, pair, state, turn.now)
    if state == "met":
        record_session(turn, row, pair)
    return _shown(turn, row, reminder)


@FLOW.step("change")
def change(turn: Turn, check_in: int, pair: int, reminder: int = 0) -> Sequence[Reply]:
    """The four buttons again; the answer stays until another one is pressed."""
    row = turn.store.check_ins.required(turn.person, check_in)
    asked = replace(_asked(turn, row), reminder=bool(reminder))
    return [Replace(check_in_card(asked, turn.content, changing=pair))]


@FLOW.step("note")
def note(turn: Turn, check_in: int, pair: int, reminder: int = 0) -> Sequence[Reply]:
    """The optional form."""
    row = turn.store.check_ins.required(turn.person, check_in)
    asked = replace(_asked(turn, row), reminder=bool(reminder))
    about = _about(turn, row, pair)
    return [Ask(note_form(asked, about))] if about.answer else _shown(turn, row, reminder)


@FLOW.step("keep")
def keep(turn: Turn, check_in: int, pair: int, reminder: int = 0) -> Sequence[Reply]:
    """What was typed is stored with the answer; a line that was shared stays as it was read."""
    row = turn.store.check_ins.required(turn.person, check_in)
    about = _about(turn, row, pair)
    answer = about.answer
    if answer is None:
        return _shown(turn, row, reminder)
    form = note_form(replace(_asked(turn, row), reminder=bool(reminder)), about)
    answers = read(form, turn.values)
    if answers.errors:
        return [Correct(form.filled(turn.values), answers.errors)]
    if not answer.shared_at:
        answer.learned = answers.text("learned")
    answer.change, answer.closer = answers.text("change"), answers.number("closer")
    return _shown(turn, row, reminder)


@FLOW.step("share")
def share(turn: Turn, check_in: int, pair: int, reminder: int = 0) -> Sequence[Reply]:
    """Releases the one line, to the partner alone, because its author pressed the button."""
    row = turn.store.check_ins.required(turn.person, check_in)
    about = _about(turn, row, pair)
    answer = about.answer
    if answer is None or not answer.learned or answer.shared_at or about.pair.status != "active":
        return _shown(turn, row, reminder)
    answer.shared_at = turn.now
    return [*_shown(turn, row, reminder), _shared(turn, about, answer)]


def _shared(turn: Turn, about: Row, answer: CheckInAnswer) -> Tell:
    author = contact_of(turn.store, turn.person)
    shown = shared_card(author, first_name(turn.person), answer.learned, ahead(turn.store, about.partner, turn.now))
    notice = Notice(
        key=f"shared_line/{answer.id}", kind="shared_line", expires_at=turn.now + SHARED_LINE_LASTS, pair=about.pair.id
    )
    return Tell(about.partner.id, shown, notice)


# What is on the screen -------------------------------------------------------------------------------------------


def _shown(turn: Turn, check_in: CheckIn, reminder: int) -> list[Reply]:
    """The pressed card as it stands now, and its twin: the question when the reminder was pressed, and vice versa."""
    asked = _asked(turn, check_in)
    if not asked.rows:
        return [Replace(nothing_to_answer_card(ahead(turn.store, turn.person, turn.now)))]
    here = replace(asked, reminder=bool(reminder))
    there = replace(asked, reminder=not reminder)
    shown: list[Reply] = [Replace(check_in_card(here, turn.content))]
    if check_in.reminded_at:
        twin = key if reminder else reminder_key
        shown.append(Update(twin(turn.person.id, check_in.period), check_in_card(there, turn.content)))
    return shown


def _asked(turn: Turn, check_in: CheckIn) -> Asked:
    """An asked check-in with a row for each pair it is about: those still active, and those answered already."""
    rhythm, calendar = rhythm_for(turn.store, turn.person), calendar_of(turn.person)
    newest = turn.store.check_ins.latest_of(turn.person.id)
    latest = newest.period if newest else check_in.period
    asked = _question(turn, check_in, rhythm)
    return replace(
        asked,
        ahead=ahead_in(rhythm, calendar, latest, turn.now) if all(row.answer for row in asked.rows) else None,
        late_for=say_day(check_in.period, calendar.today(turn.now)) if latest > check_in.period else "",
    )


def _question(turn: Turn, check_in: CheckIn, rhythm: Rhythm | None) -> Asked:
    answers = {answer.pair_id: answer for answer in turn.store.check_ins.answers(check_in)}
    due = [each.pair for each in rhythm.due(check_in.period)] if rhythm else []
    rows = [_row(turn, pair_id, answers.get(pair_id)) for pair_id in sorted({*due, *answers})]
    first = len(rows) == 1 and slot_of(turn, check_in, rows[0].pair.id) == 1
    return Asked(check_in, rows, first=first)


def _about(turn: Turn, check_in: CheckIn, pair: int) -> Row:
    return _row(turn, pair, turn.store.check_ins.answer(check_in, pair))


def _row(turn: Turn, pair: int, answer: CheckInAnswer | None) -> Row:
    partner = turn.store.pairs.partner_of(turn.person, pair)
    return Row(turn.store.pairs.required(turn.person, pair), partner, contact_of(turn.store, partner), answer)
