"""A check-in as it stands on its author's screen, read from what was asked and answered."""

from dataclasses import replace
from datetime import date, datetime, time

from conversations.booked import had_booked
from conversations.cadence import Calendar, calendar_of, say_day
from conversations.check_in_asked import Asked, Row, key, reminder_key
from conversations.check_in_cards import check_in_card, nothing_to_answer_card
from conversations.check_in_days import Rhythm, last_ask_day
from conversations.check_in_sessions import slot_of
from conversations.check_ins_ahead import rhythm_for
from conversations.erased_partner import contact_in
from conversations.flow import Turn
from conversations.introduced import introduced_pair
from conversations.next_word import next_word
from conversations.people_words import first_name
from conversations.replies import Notice, Replace, Reply, Tell, Update
from storage.pair_days import goes_on
from storage.tables import CheckIn, CheckInAnswer, Pair, Person


def tell(turn: Turn, check_in: CheckIn, rhythm: Rhythm, calendar: Calendar, *, reminder: bool = False) -> Tell:
    """The question, or its reminder, on its way."""
    name = reminder_key if reminder else key
    notice = Notice(
        key=name(turn.person.id, check_in.period),
        kind="check_in_reminder" if reminder else "check_in",
        delivery="nudge",
        expires_at=stale_at(check_in, rhythm, calendar),
        program=program_of(turn, rhythm, check_in.period),
    )
    asked = replace(_question(turn, check_in, rhythm), reminder=reminder)
    return Tell(turn.person.id, check_in_card(asked, turn.content), notice)


def stale_at(check_in: CheckIn, rhythm: Rhythm, calendar: Calendar) -> datetime:
    return calendar.at(last_ask_day(check_in.period, rhythm.cadence, calendar), time(17))


def program_of(turn: Turn, rhythm: Rhythm, period: date) -> int | None:
    """A card about pairs of two programs belongs to neither: a hold of one must not silence the other."""
    programs = {turn.store.pairs.get(each.pair).program_id for each in rhythm.due(period)}
    return programs.pop() if len(programs) == 1 else None


def shown(turn: Turn, check_in: CheckIn, reminder: int) -> list[Reply]:
    """The pressed card as it stands now. Where there is a reminder as well, both are drawn once more: an edit of the
    twin that an earlier press left, and that is still on its way, does not stay on top of this answer."""
    asked = asked_of(turn, check_in, reminder)
    if not asked.rows:
        return [Replace(nothing_to_answer_card(next_word(turn)))]
    again = redrawn(turn, check_in) if check_in.reminded_at else ()
    return [Replace(check_in_card(asked, turn.content)), *again]


def redrawn(turn: Turn, check_in: CheckIn) -> list[Reply]:
    """The question, and its reminder if there was one, after something else on it has changed."""
    period = check_in.period
    twins = ((key, 0), (reminder_key, 1)) if check_in.reminded_at else ((key, 0),)
    return [
        Update(name(turn.person.id, period), check_in_card(asked_of(turn, check_in, reminder), turn.content))
        for name, reminder in twins
    ]


def asked_of(turn: Turn, check_in: CheckIn, reminder: int) -> Asked:
    """An asked check-in with a row for each pair it is about: those still active, and those answered already."""
    rhythm, calendar = rhythm_for(turn.store, turn.person), calendar_of(turn.person)
    newest = turn.store.check_ins.latest_of(turn.person.id)
    latest = newest.period if newest else check_in.period
    asked = _question(turn, check_in, rhythm)
    return replace(
        asked,
        ahead=next_word(turn) if all(row.answer for row in asked.rows) else None,
        late_for=say_day(check_in.period, calendar.today(turn.now)) if latest > check_in.period else "",
        reminder=bool(reminder),
    )


def _question(turn: Turn, check_in: CheckIn, rhythm: Rhythm | None) -> Asked:
    answers = {answer.pair_id: answer for answer in turn.store.check_ins.answers(check_in)}
    due = [each.pair for each in rhythm.due(check_in.period)] if rhythm else []
    rows = [_row(turn, check_in, pair_id, answers.get(pair_id)) for pair_id in sorted({*due, *answers})]
    first = len(rows) == 1 and slot_of(turn, check_in, rows[0].pair.id) == 1
    return Asked(check_in, rows, first=first)


def about(turn: Turn, check_in: CheckIn, pair: int) -> Row:
    """The row of one pair. Raises NotYours when it is somebody else's, and when it is still to be introduced."""
    introduced_pair(turn, pair)
    return _row(turn, check_in, pair, turn.store.check_ins.answer(check_in, pair))


def _row(turn: Turn, check_in: CheckIn, pair_id: int, answer: CheckInAnswer | None) -> Row:
    partner = turn.store.pairs.partner_of(turn.person, pair_id)
    pair = turn.store.pairs.required(turn.person, pair_id)
    today = calendar_of(turn.person).today(turn.now)
    half_time = pair_id in (check_in.half_times or ()) and goes_on(pair, turn.person.id)
    return Row(
        pair,
        partner,
        contact_in(turn.store, pair, turn.person, partner),
        answer,
        quiet=answer is None and _is_quiet(turn, pair_id, today),
        half_time=half_time,
        carries_on=pair_id in (check_in.carries_on or ()),
        goals=_goals(turn, pair, partner) if half_time else (),
        remind_on=_remind_on(answer, today),
        booked=had_booked(turn.store, turn.person, pair, turn.now) if answer is None else "",
    )


def _remind_on(answer: CheckInAnswer | None, today: date) -> str:
    day = answer.remind_on if answer else None
    return say_day(day, today) if day and day >= today else ""


def _is_quiet(turn: Turn, pair_id: int, today: date) -> bool:
    found = turn.store.quiet_pairs.of_pairs([pair_id], today).get(pair_id)
    return found is not None and today - found.since > found.quiet_after


def _goals(turn: Turn, pair: Pair, partner: Person) -> tuple[str, ...]:
    goals = turn.store.goals.of_pair(pair.id)
    sides = (("You", turn.person.id), (first_name(partner), partner.id))
    return tuple(f"{whose}: {goal}" for whose, person_id in sides for goal in goals.get(person_id, ()))
