"""The end of a program: notice, thanks, what you learned, and what may come next."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta

from conversations.cadence import Calendar, calendar_of
from conversations.check_in_days import Rhythm
from conversations.check_ins_ahead import rhythm_of_pairs
from conversations.closing_cards import again_card, not_again_card, notice_card, over_card, who_again_card
from conversations.closing_days import notice_day, wrap_day
from conversations.closing_program import close, farewells, last_word
from conversations.flow import Flow, Turn
from conversations.next_word import next_word
from conversations.people_words import contact_of, say_when, told_apart
from conversations.replies import Notice, Planned, Replace, Reply, Say, Tell
from storage.paired import PairedPerson
from storage.store import Store
from storage.tables import Pair, Person, Program

FLOW = Flow("closing")
# Six in the morning after the last day, where the coordinator is: by then the last day is over, or nearly, everywhere.
CLOSES_AT = time(6)
CARD_LASTS = timedelta(days=14)
# How long before the end anybody is planned for: the notice, and the open day before it.
FROM = timedelta(days=30)


# When ------------------------------------------------------------------------------------------------------------


@FLOW.plan
def plan(store: Store, now: datetime, horizon: timedelta) -> Iterable[Planned]:
    """A notice and a last word for everybody with a partner; the close the morning after. Nothing while on hold."""
    until = now + horizon
    for program in store.programs.with_status("open", "running"):
        if program.held_since is None and program.ends_on - FROM <= until.date():
            yield from (one for one in _of_program(store, program, now) if one.due_at <= until)


def _of_program(store: Store, program: Program, now: datetime) -> Iterable[Planned]:
    in_charge = store.coordinators.in_charge(program)
    closes_at = calendar_of(in_charge).at(program.ends_on + timedelta(days=1), CLOSES_AT)
    yield Planned(f"close/{program.id}", in_charge.id, max(closes_at, now), FLOW.to("close", program=program.id))
    for some in store.paired.in_slices():
        for person, rows in some:
            if any(pair.program_id == program.id for pair, _ in rows):
                yield from _to_somebody(program, person, rhythm_of_pairs(person.id, rows, now), now)


def _to_somebody(program: Program, person: PairedPerson, rhythm: Rhythm | None, now: datetime) -> Iterable[Planned]:
    here: dict[str, int | str] = {"program": program.id}
    calendar = calendar_of(person)
    notice = notice_day(program.ends_on, calendar, rhythm)
    if notice and (due_at := calendar.good_moment(notice)) >= now:
        yield Planned(f"closing_notice/{program.id}/{person.id}", person.id, due_at, FLOW.to("notice", **here))
    if (due_at := _last_moment(program, calendar)) >= now:
        yield Planned(f"closing_wrap/{program.id}/{person.id}", person.id, due_at, FLOW.to("wrap", **here))


def _last_moment(program: Program, calendar: Calendar) -> datetime:
    """On the last day; a word that waits for somebody's return is written then as well."""
    day = wrap_day(program.ends_on, calendar)
    return calendar.good_moment(day) if calendar.is_open_day(day) else calendar.at(day, time(10))


@FLOW.step("notice", clock_only=True)
def notice(turn: Turn, program: int) -> Sequence[Reply]:
    """Two weeks before the end, to somebody with a partner."""
    found = turn.store.programs.get(program)
    pairs = _pairs(turn, found)
    if found.status == "closed" or found.held_since or not pairs:
        return []
    partners = [turn.store.pairs.partner_of(turn.person, pair.id) for pair in pairs]
    calendar = calendar_of(turn.person)
    last = wrap_day(found.ends_on, calendar)
    shown = notice_card(
        turn.content,
        found,
        [(one, contact_of(turn.store, one)) for one in partners],
        say_when(turn, found.ends_on),
        next_word(turn),
    )
    told = Notice(
        key=f"closing_notice/{program}/{turn.person.id}",
        kind="closing",
        delivery="nudge",
        expires_at=calendar.at(last - timedelta(days=3), time(17)),
        program=program,
    )
    return [Tell(turn.person.id, shown, told)]


@FLOW.step("wrap", clock_only=True)
def wrap(turn: Turn, program: int) -> Sequence[Reply]:
    """The last word, on the last day."""
    found = turn.store.programs.get(program)
    enrollment = turn.store.enrollments.of(turn.person, program)
    if found.status == "closed" or found.held_since or enrollment is None or not _pairs(turn, found):
        return []
    return list(last_word(turn, found, enrollment, turn.person))


def _pairs(turn: Turn, program: Program) -> list[Pair]:
    """Those that this person has, as they know it."""
    return [pair for pair in turn.store.pairs.active_of(turn.person) if pair.program_id == program.id]


# The close -------------------------------------------------------------------------------------------------------


@FLOW.step("close", clock_only=True)
def close_by_itself(turn: Turn, program: int) -> Sequence[Reply]:
    """The morning after the last day. A program on hold waits until it goes on, or is closed by hand."""
    found = turn.store.programs.get(program)
    over = calendar_of(turn.person).today(turn.now) > found.ends_on
    if found.status not in ("open", "running") or found.held_since or not over:
        return []
    counts = turn.store.enrollments.counts(program)
    people = sum(number for (_, status), number in counts.items() if status in ("joined", "matched"))
    follows = close(turn, found)
    return [*follows, *(_tell_coordinator(turn, found, people, person) for person in turn.store.coordinators.able())]


def _tell_coordinator(turn: Turn, program: Program, people: int, person: Person) -> Tell:
    told = Notice(
        key=f"coordinator_closed/{program.id}/{person.id}",
        kind="coordinator_closed",
        expires_at=turn.now + CARD_LASTS,
        program=program.id,
    )
    return Tell(person.id, over_card(program, people, say_when(turn, program.ends_on)), told)


@FLOW.step("farewell", clock_only=True)
def farewell(turn: Turn, program: int, after: int) -> Sequence[Reply]:
    """The last word to the next batch of those who have none yet."""
    found = turn.store.programs.required(program)
    return farewells(turn, found, after) if found.status == "closed" else []


# Again? ----------------------------------------------------------------------------------------------------------


@FLOW.step("again")
def again(turn: Turn, program: int) -> Sequence[Reply]:
    """They come first in the next program, and the coordinators may see it, because they pressed it."""
    enrollment = turn.store.enrollments.required(turn.person, program)
    enrollment.again_at = enrollment.again_at or turn.now
    return [Say(again_card(turn.store.programs.get(program)))]


@FLOW.step("not_again")
def not_again(turn: Turn, program: int) -> Sequence[Reply]:
    turn.store.enrollments.required(turn.person, program).again_at = None
    return [Replace(not_again_card())]


@FLOW.step("who_again", coordinators_only=True)
def who_again(turn: Turn, program: int, again: int = 0) -> Sequence[Reply]:
    """The list that the next program begins with."""
    found = turn.store.programs.required(program)
    people = [person for one, person in turn.store.enrollments.in_program(program) if one.again_at]
    names = told_apart(people)
    shown = who_again_card(found, sorted((names[person.id] for person in people), key=str.casefold))
    return [Replace(shown) if again else Say(shown)]
