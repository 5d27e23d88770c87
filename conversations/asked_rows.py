"""The pairs of a proposal that is being asked: which wait for a word, which do not stand any more, who is free."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from conversations.approval import no_longer_fitting
from conversations.asking_cards import Question
from conversations.cadence import calendar_of
from conversations.check_in_days import working_days_later
from conversations.flow import Turn
from conversations.matching.from_store import only, request
from conversations.matching.request import MatchingRequest
from conversations.people_words import say_when, today_of
from storage.tables import Person, Program, Proposal, ProposedPair

# How long two people have to answer, in working days of whoever runs the program.
WORKING_DAYS_TO_ANSWER = 5
# Nobody is asked about more people than that for one matching.
MOST_ASKED = 3

ACCEPTED, DECLINED = "accepted", "declined"


def ask_until(turn: Turn, program: Program) -> datetime:
    """The end of the fifth working day from now. UTC."""
    reader = turn.store.coordinators.in_charge(program)
    calendar = calendar_of(reader)
    day = working_days_later(calendar.today(turn.now), WORKING_DAYS_TO_ANSWER, calendar)
    return calendar.at(day, calendar.end)


def says(row: ProposedPair, person_id: int) -> str:
    return row.mentor_says if row.mentor_id == person_id else row.mentee_says


def answer(row: ProposedPair, person_id: int, what: str) -> None:
    if row.mentor_id == person_id:
        row.mentor_says = what
    else:
        row.mentee_says = what


def both_accept(row: ProposedPair) -> bool:
    return row.mentor_says == row.mentee_says == ACCEPTED


def question_of(turn: Turn, program: Program, row: ProposedPair, person: Person) -> Question:
    other = row.mentee_id if row.mentor_id == person.id else row.mentor_id
    until = row.ask_until or turn.now
    last_day = calendar_of(person).today(until)
    partner = turn.store.people.get(other)
    return Question(row, program, partner, person.id == row.mentor_id, say_when(turn, last_day))


def is_open(program: Program, row: ProposedPair, now: datetime) -> bool:
    """Whether an answer is taken. Also when the other one has said no: nobody shall see that on their own screen."""
    return program.status != "closed" and not both_accept(row) and row.ask_until is not None and now < row.ask_until


def pending(rows: Sequence[ProposedPair]) -> list[ProposedPair]:
    return [row for row in rows if row.kept and not both_accept(row)]


def now_ready(turn: Turn, program: Program) -> MatchingRequest:
    return request(turn.store, program.id, turn.content, turn.now.date())


def not_fitting(turn: Turn, program: Program, rows: Sequence[ProposedPair]) -> list[ProposedPair]:
    """Of these, those whose two people do not both wait any more, or whom a hard rule forbids by now."""
    keys = frozenset(str(side) for row in rows for side in (row.mentor_id, row.mentee_id))
    return [row for row, _ in no_longer_fitting(only(now_ready(turn, program), keys), rows)] if rows else []


def left_over(turn: Turn, program: Program, rows: Sequence[ProposedPair]) -> MatchingRequest:
    """Everybody with a place that nobody is being asked about, for the next choice. Not those who gave no answer, nor
    those who were asked often enough."""
    waiting = Counter(side for row in pending(rows) for side in (row.mentor_id, row.mentee_id))
    asked = Counter(side for row in rows for side in (row.mentor_id, row.mentee_id))
    silent = {side for row in rows if not row.kept for side in (row.mentor_id, row.mentee_id) if not says(row, side)}
    silent = {side for side in silent if _let_it_lapse(side, rows, turn.now)}
    found = now_ready(turn, program)
    tried = frozenset((str(row.mentor_id), str(row.mentee_id)) for row in rows)
    free = [
        one
        for one in found.candidates
        if one.capacity > waiting[int(one.key)] and asked[int(one.key)] < MOST_ASKED and int(one.key) not in silent
    ]
    people = only(found, frozenset(one.key for one in free))
    return _without(people, waiting, tried)


def _let_it_lapse(person_id: int, rows: Sequence[ProposedPair], now: datetime) -> bool:
    """Somebody whose partner said no was not silent: the question was taken back."""
    mine = [row for row in rows if person_id in (row.mentor_id, row.mentee_id) and not says(row, person_id)]
    return any(DECLINED not in (row.mentor_says, row.mentee_says) and (row.ask_until or now) < now for row in mine)


def _without(found: MatchingRequest, waiting: Counter[int], tried: frozenset[tuple[str, str]]) -> MatchingRequest:
    people = tuple(replace(one, capacity=one.capacity - waiting[int(one.key)]) for one in found.candidates)
    return replace(found, candidates=people, locked=frozenset(), forbidden=found.forbidden | tried)


def reminder_day(row: ProposedPair, person: Person) -> date | None:
    """Two working days before the last one, for whoever has not answered."""
    if row.ask_until is None or says(row, person.id):
        return None
    calendar = calendar_of(person)
    last = calendar.today(row.ask_until)
    open_days = list(calendar.open_days(last - timedelta(days=14), last))
    return open_days[-3] if len(open_days) >= 3 else None


def alone_after(turn: Turn, proposal: Proposal, rows: Sequence[ProposedPair]) -> list[int]:
    """Ids of everybody whom the proposal leaves without a partner, in order."""
    made = {side for row in rows if row.kept and both_accept(row) for side in (row.mentor_id, row.mentee_id)}
    everybody = {side for row in turn.store.proposals.pairs_of(proposal.id) for side in (row.mentor_id, row.mentee_id)}
    everybody |= {int(row["person"]) for row in proposal.unmatched}
    return sorted(everybody - made)


def today_until(turn: Turn, rows: Sequence[ProposedPair]) -> str:
    """The last day of those that wait, as the reader says it."""
    days = [row.ask_until for row in pending(rows) if row.ask_until]
    return (
        say_when(turn, max(calendar_of(turn.person).today(day) for day in days))
        if days
        else say_when(turn, today_of(turn))
    )
