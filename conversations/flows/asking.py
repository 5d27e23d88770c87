"""Asked first: both read of a match before it is made, and only two yes make a pair. A no is for nobody's eyes."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from conversations.asked_cards import Progress, asking_done_card, asking_progress_card, nothing_asked_card
from conversations.asked_rows import (
    ACCEPTED,
    DECLINED,
    alone_after,
    answer,
    ask_until,
    both_accept,
    is_open,
    not_fitting,
    pending,
    question_of,
    today_until,
)
from conversations.asking_cards import (
    declined_card,
    more_card,
    not_this_time_card,
    question_over_card,
    settled_card,
    thanks_card,
)
from conversations.asking_days import WORD_LASTS, lapsed, next_choice, reminded, word
from conversations.asking_days import ask as ask_both
from conversations.cadence import calendar_of
from conversations.events import Pressed
from conversations.flow import Flow, Turn
from conversations.matching_notices import unmatched_card
from conversations.next_word import next_word
from conversations.out_of_reach import is_out_of_reach
from conversations.pairs_made import make_pair
from conversations.people_words import say_when, told_apart
from conversations.replies import Notice, Planned, Replace, Reply, Say, Tell, Update
from conversations.waiting_cards import out_of_reach_card
from conversations.which_program import which_program
from storage.store import Store
from storage.tables import Person, Program, Proposal, ProposedPair

FLOW = Flow("asking")
FLOW.command("program asked", "show", "See how the asking goes", coordinators_only=True)

# The looks that are planned ahead: a week of them, since each may ask somebody for five working days more.
DAYS_AHEAD = timedelta(days=7)
# A batch keeps the transaction under 50 ms (design, section 6).
BATCH = 50


# Asking ------------------------------------------------------------------------------------------------------------


@FLOW.step("begin", clock_only=True)
def begin(turn: Turn, proposal: int) -> list[Reply]:
    """The morning on which approved pairs would be published: now their people are asked."""
    found = turn.store.proposals.held(proposal)
    program = turn.store.programs.get(found.program_id)
    if found.status != "approved" or program.status == "closed":
        return []
    found.status, found.publish_at, found.ask_until = "asking", None, ask_until(turn, program)
    turn.store.audit.add(turn.now, turn.person, "asking began", program.id)
    return [_next_batch(turn, "ask", proposal, 0)]


@FLOW.step("ask", clock_only=True)
def ask(turn: Turn, proposal: int, after: int = 0) -> list[Reply]:
    """The next pairs of the proposal, each side once."""
    found = turn.store.proposals.required(proposal)
    program = turn.store.programs.get(found.program_id)
    if found.status != "asking" or program.status == "closed":
        return []
    rows = turn.store.proposals.kept_after(proposal, after, BATCH)
    asked: list[Reply] = [each for row in rows if row.ask_until is None for each in ask_both(turn, program, found, row)]
    return [*asked, *([_next_batch(turn, "ask", proposal, rows[-1].id)] if len(rows) == BATCH else [])]


def _next_batch(turn: Turn, step: str, proposal: int, after: int) -> Planned:
    action = FLOW.to(step, proposal=proposal, after=after)
    return Planned(f"asking_{step}/{proposal}/{after}", turn.person.id, turn.now, action)


# Answers -----------------------------------------------------------------------------------------------------------


@FLOW.step("accept")
def accept(turn: Turn, pair: int) -> list[Reply]:
    row, program = _asked(turn, pair)
    if not is_open(program, row, turn.now):
        return [Replace(question_over_card(next_word(turn)))]
    answer(row, turn.person.id, ACCEPTED)
    turn.store.flush()
    asked = question_of(turn, program, row, turn.person)
    # A pair that does not stand any more is told by the clock, whatever the cause; here is no trace of it.
    row.kept = row.kept and not (both_accept(row) and not_fitting(turn, program, [row]))
    if not (row.kept and both_accept(row)):
        return [Replace(thanks_card(asked))]
    introduction = make_pair(turn, program, row)
    other = turn.store.people.get(row.mentee_id if row.mentor_id == turn.person.id else row.mentor_id)
    # The same moment may be on another day where the other one is.
    mine = settled_card(asked, _day_for(turn, turn.person, introduction.due_at))
    theirs = settled_card(question_of(turn, program, row, other), _day_for(turn, other, introduction.due_at))
    there = [Update(f"{kind}/{row.id}/{other.id}", theirs) for kind in ("asking", "asking_reminder")]
    return [Replace(mine), introduction, *there]


def _day_for(turn: Turn, reader: Person, moment: datetime) -> str:
    return say_when(turn, calendar_of(reader).today(moment))


@FLOW.step("decline")
def decline(turn: Turn, pair: int) -> list[Reply]:
    """No trace of who said it: the two are simply not suggested to each other again."""
    row, program = _asked(turn, pair)
    if not is_open(program, row, turn.now):
        return [Replace(question_over_card(next_word(turn)))]
    answer(row, turn.person.id, DECLINED)
    row.kept = False
    maker = turn.store.people.get(program.created_by)
    turn.store.forbidden_pairs.add(program.id, row.mentor_id, row.mentee_id, maker, turn.now)
    keys = [f"{kind}/{row.id}/{turn.person.id}" for kind in ("asking", "asking_reminder")]
    turn.store.outbox.drop(keys, "answered", turn.now)
    return [Replace(declined_card(question_of(turn, program, row, turn.person)))]


@FLOW.step("more")
def more(turn: Turn, pair: int) -> list[Reply]:
    """Neither yes nor no: tell me more first. The question itself stays where it is."""
    row, program = _asked(turn, pair)
    if not is_open(program, row, turn.now):
        return [Replace(question_over_card(next_word(turn)))]
    asked = question_of(turn, program, row, turn.person)
    return [Say(more_card(turn.content, asked, turn.store.enrollments.of(asked.partner, program.id)))]


def _asked(turn: Turn, pair: int) -> tuple[ProposedPair, Program]:
    row = turn.store.asked_pairs.required(turn.person, pair)
    proposal = turn.store.proposals.required(row.proposal_id)
    return row, turn.store.programs.get(proposal.program_id)


# Every working day -------------------------------------------------------------------------------------------------


@FLOW.plan
def plan(store: Store, now: datetime, horizon: timedelta) -> Iterable[Planned]:
    """One look a working day at each proposal that is being asked."""
    for proposal, program in store.asked_pairs.proposals():
        reader = store.coordinators.of_program(program)
        if reader is None:
            continue
        calendar, today = calendar_of(reader), calendar_of(reader).today(now)
        for day in calendar.open_days(today, today + DAYS_AHEAD):
            due_at = calendar.good_moment(day)
            if now <= due_at <= now + horizon:
                yield Planned(f"asking/{proposal.id}/{day}", reader.id, due_at, FLOW.to("daily", proposal=proposal.id))


@FLOW.step("daily", clock_only=True)
def daily(turn: Turn, proposal: int) -> list[Reply]:
    """What lapsed, who is reminded, who is asked next; and the end, when nobody is left to be asked."""
    found = turn.store.proposals.held(proposal)
    program = turn.store.programs.get(found.program_id)
    if found.status != "asking" or program.status == "closed" or program.held_since is not None:
        return []
    rows = list(turn.store.asked_pairs.of_proposal(proposal))
    replies = list(lapsed(turn, program, pending(rows)))
    replies += [each for row in pending(rows) for each in reminded(turn, program, row)]
    turn.store.flush()
    replies += next_choice(turn, program, found, rows)
    rows = list(turn.store.asked_pairs.of_proposal(proposal))
    return replies if pending(rows) else [*replies, *_finish(turn, program, found, rows)]


# The end -----------------------------------------------------------------------------------------------------------


def _finish(turn: Turn, program: Program, proposal: Proposal, rows: Sequence[ProposedPair]) -> list[Reply]:
    proposal.status = "approved"
    if program.status == "open":
        program.status = "running"
    agreed = sum(both_accept(row) for row in rows)
    turn.store.audit.add(turn.now, turn.person, "asking ended", program.id, {"pairs": agreed})
    alone = alone_after(turn, proposal, rows)
    notice = Notice(
        key=f"asking_done/{proposal.id}",
        kind="coordinator_asking",
        expires_at=turn.now + WORD_LASTS,
        program=program.id,
    )
    done = Tell(turn.person.id, asking_done_card(program, _progress(turn, rows), len(alone)), notice)
    return [done, _next_batch(turn, "tell_rest", proposal.id, 0)]


@FLOW.step("tell_rest", clock_only=True)
def tell_rest(turn: Turn, proposal: int, after: int = 0) -> list[Reply]:
    """A kind word to the next of those who have no partner: once a person, whatever they said or did not say."""
    found = turn.store.proposals.required(proposal)
    program = turn.store.programs.get(found.program_id)
    if program.status == "closed":
        return []
    rows = turn.store.asked_pairs.of_proposal(proposal)
    alone = [person for person in alone_after(turn, found, rows) if person > after]
    asked = {side for row in rows for side in (row.mentor_id, row.mentee_id)}
    replies = [
        each for person in alone[:BATCH] for each in _tell(turn, program, found, person, was_asked=person in asked)
    ]
    return [*replies, *([_next_batch(turn, "tell_rest", proposal, alone[BATCH - 1])] if len(alone) > BATCH else [])]


def _tell(turn: Turn, program: Program, proposal: Proposal, person_id: int, *, was_asked: bool) -> Iterable[Reply]:
    person = turn.store.people.get(person_id)
    enrollment = turn.store.enrollments.of(person, program.id)
    if enrollment is None or enrollment.status != "joined":
        return
    enrollment.unmatched_rounds += 1
    shown = not_this_time_card(program) if was_asked else unmatched_card(turn.content, program, enrollment.role)
    if not was_asked and is_out_of_reach(turn.store, program, person, enrollment):
        shown = out_of_reach_card(program)
    yield word(turn, program, proposal.id, person, shown)


# The coordinator ---------------------------------------------------------------------------------------------------


@FLOW.step("show", coordinators_only=True)
def show(turn: Turn, program: int = 0) -> list[Reply]:
    found = which_program(turn, program, FLOW.to("show"), "open", "running")
    if isinstance(found, Say):
        return [found]
    latest = turn.store.asked_pairs.latest(found.id)
    rows = turn.store.asked_pairs.of_proposal(latest.id) if latest else []
    # Whoever is one of the two would read what the other one said.
    others = [row for row in rows if turn.person.id not in (row.mentor_id, row.mentee_id)]
    until, own = today_until(turn, others), len(others) < len(rows)
    shown = asking_progress_card(found, _progress(turn, others), until, own=own) if rows else None
    card = shown or nothing_asked_card(found)
    return [Replace(card) if isinstance(turn.event, Pressed) else Say(card)]


def _progress(turn: Turn, rows: Sequence[ProposedPair]) -> Progress:
    names = told_apart(
        turn.store.people.by_ids(side for row in rows for side in (row.mentor_id, row.mentee_id)).values()
    )
    return Progress(
        agreed=sum(both_accept(row) and row.kept for row in rows),
        open=len(pending(rows)),
        not_accepted=[(names[row.mentor_id], names[row.mentee_id]) for row in rows if not row.kept],
    )
