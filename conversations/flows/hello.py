"""One working day after the introduction: a hello to copy for the mentee, unless the two are in touch by then."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from conversations.cadence import Calendar, calendar_of
from conversations.cards import Card
from conversations.check_in_days import working_days_later
from conversations.first_weeks import has_begun
from conversations.flow import Flow, Turn
from conversations.hello_cards import hello_card, hello_key, in_touch_card, not_needed_card, pair_over_card
from conversations.introduced import introduced_pair
from conversations.introduction_days import hello_day
from conversations.next_from_me import next_from_me
from conversations.next_word import next_word
from conversations.people_words import contact_of
from conversations.replies import Notice, Planned, Reply, Say, Tell, Update
from conversations.topics import topic_titled
from storage.pair_days import goes_on
from storage.store import Store
from storage.tables import Pair, Person

FLOW = Flow("hello")

# After so many working days a first hello is none any more.
LASTS_WORKING_DAYS = 5
# The introduction may have waited for its reader as long as this; later the check-in asks anyway.
NEAR = timedelta(days=14)


@FLOW.plan
def plan(store: Store, now: datetime, horizon: timedelta) -> Iterable[Planned]:
    """One nudge for each pair of the last days that is not in touch."""
    for pair, program, mentee in store.paired.mentees_not_in_touch(now.date() - NEAR, (now + horizon).date()):
        due_at = _day_after(pair.started_on, calendar_of(mentee))
        if now <= due_at <= now + horizon and not program.held_since:
            yield Planned(hello_key(pair.id), mentee.id, due_at, FLOW.to("say", pair=pair.id))


@FLOW.step("say", clock_only=True)
def say(turn: Turn, pair: int) -> Sequence[Reply]:
    """Only to somebody who has had the introduction for a working day; while it is on its way, this waits."""
    row = turn.store.pairs.required(turn.person, pair)
    program = turn.store.programs.get(row.program_id)
    if (
        row.status != "active"
        or row.frozen_at is not None
        or program.status == "closed"
        or program.held_since
        or has_begun(turn.store, row, turn.now)
    ):
        return []
    calendar = calendar_of(turn.person)
    today = calendar.today(turn.now)
    if _arrived_on(turn, row, calendar) >= today:
        again = _day_after(today, calendar)
        if today - row.started_on >= NEAR:
            return []
        return [Planned(f"{hello_key(pair)}/{today}", turn.person.id, again, FLOW.to("say", pair=pair))]
    partner = turn.store.pairs.partner_of(turn.person, pair)
    last_day = working_days_later(today, LASTS_WORKING_DAYS, calendar)
    notice = Notice(
        key=hello_key(pair),
        kind="hello",
        delivery="nudge",
        expires_at=calendar.at(last_day, time(17)),
        pair=pair,
        program=program.id,
    )
    topic = topic_titled(turn.content, row.topic)
    contact = contact_of(turn.store, partner)
    shown = hello_card(turn.content, program, pair=row, partner=partner, contact=contact, topic=topic)
    return [Tell(turn.person.id, shown, notice)]


def _day_after(day: date, calendar: Calendar) -> datetime:
    return calendar.good_moment(hello_day(day, calendar))


def _arrived_on(turn: Turn, pair: Pair, calendar: Calendar) -> date:
    """The day on which this person got the introduction; the last there is while they have not."""
    at = turn.store.outbox.sent_at(f"introduction/{pair.id}/{turn.person.id}")
    return calendar.today(at) if at else date.max


@FLOW.step("in_touch")
def in_touch(turn: Turn, pair: int) -> list[Reply]:
    """Either side's word is enough for both. A second one changes nothing."""
    row = introduced_pair(turn, pair)
    if not goes_on(row, turn.person.id):
        return [Say(pair_over_card(next_word(turn)))]
    dated = bool(turn.store.sessions.ahead([pair], turn.now))
    first = row.in_touch_at is None
    row.in_touch_at = row.in_touch_at or turn.now
    partner = contact_of(turn.store, turn.store.pairs.partner_of(turn.person, pair))
    receipt = in_touch_card(turn.content, partner, row, next_word(turn), dated=dated)
    replace_hello = first and goes_on(row, row.mentee_id)
    return [Say(receipt), *([Update(hello_key(pair), _not_needed(turn, row))] if replace_hello else [])]


def _not_needed(turn: Turn, pair: Pair) -> Card:
    mentee: Person = turn.store.people.get(pair.mentee_id)
    return not_needed_card(next_from_me(turn.store, mentee, turn.now))
