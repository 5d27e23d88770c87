"""After an approval: the pairs are set up in batches, and whoever has no partner hears it kindly. Run by the clock."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from conversations.actions import Action
from conversations.cadence import calendar_of
from conversations.flow import Flow, Turn
from conversations.introduction_days import introduction_moment
from conversations.matching_notices import unmatched_card
from conversations.proposal_shown import shown_of
from conversations.replies import Notice, Planned, Reply, Tell
from storage.tables import Pair, Person, Program, Proposal, ProposedPair

FLOW = Flow("pairing")

# A batch is one short transaction, so that a large approval keeps nobody waiting.
BATCH = 50
# Whoever cannot be reached for so long hears of their next partner instead.
UNMATCHED_LASTS = timedelta(days=14)


@FLOW.step("pair_up", clock_only=True)
def pair_up(turn: Turn, proposal: int, after: int = 0) -> Sequence[Reply]:
    """The next pairs of an approved proposal, each with its introduction planned."""
    found = turn.store.proposals.required(proposal)
    if found.status != "approved":
        return []
    program = turn.store.programs.get(found.program_id)
    if program.status == "closed":
        return []
    rows = turn.store.proposals.kept_after(proposal, after, BATCH)
    made = {(pair.mentor_id, pair.mentee_id) for pair in turn.store.pairs.in_program(program.id)}
    people = turn.store.people.by_ids(id for row in rows for id in (row.mentor_id, row.mentee_id))
    days = turn.store.pairs.introduction_days(sorted(people), turn.now.date() - timedelta(days=1))
    new = [row for row in rows if (row.mentor_id, row.mentee_id) not in made]
    planned = [_pair_up(turn, program, row, people, days) for row in new]
    if len(rows) == BATCH:
        return [*planned, _next_batch(turn, "pair_up", proposal, rows[-1].id)]
    return [*planned, _next_batch(turn, "tell_unmatched", proposal, 0)]


def _pair_up(
    turn: Turn, program: Program, row: ProposedPair, people: Mapping[int, Person], days: Mapping[int, set[date]]
) -> Planned:
    mentor, mentee = people[row.mentor_id], people[row.mentee_id]
    calendar = calendar_of(mentor)
    taken = days[mentor.id] | days[mentee.id]
    moment = introduction_moment(calendar, calendar_of(mentee), program.starts_on, taken, turn.now)
    day = calendar.today(moment)
    for person in (mentor, mentee):
        days[person.id].add(day)
    pair = turn.store.pairs.add(
        Pair(
            program_id=program.id,
            mentor_id=mentor.id,
            mentee_id=mentee.id,
            reason=row.reason,
            started_on=day,
            created_at=turn.now,
        )
    )
    return Planned(f"introduction/{pair.id}", mentor.id, moment, Action("introduction", "introduce", {"pair": pair.id}))


@FLOW.step("tell_unmatched", clock_only=True)
def tell_unmatched(turn: Turn, proposal: int, after: int = 0) -> Sequence[Reply]:
    """A kind word to the next of those who have no partner, once a matching; they come first in the next one."""
    found = turn.store.proposals.required(proposal)
    if found.status != "approved":
        return []
    program = turn.store.programs.get(found.program_id)
    if program.status == "closed":
        return []
    alone = [person for person in sorted(shown_of(turn, found).alone) if person > after]
    replies: list[Reply] = [reply for person in alone[:BATCH] for reply in _tell(turn, program, found, person)]
    if len(alone) > BATCH:
        replies.append(_next_batch(turn, "tell_unmatched", proposal, alone[BATCH - 1]))
    return replies


def _tell(turn: Turn, program: Program, proposal: Proposal, person_id: int) -> list[Reply]:
    """Not to somebody who left meanwhile, or who was paired by hand."""
    enrollment = turn.store.enrollments.of(turn.store.people.get(person_id), program.id)
    if enrollment is None or enrollment.status != "joined":
        return []
    enrollment.unmatched_rounds += 1
    notice = Notice(key=f"unmatched/{proposal.id}/{person_id}", kind="unmatched", expires_at=turn.now + UNMATCHED_LASTS)
    return [Tell(person_id, unmatched_card(turn.content, program, enrollment.role), notice)]


def _next_batch(turn: Turn, step: str, proposal: int, after: int) -> Planned:
    action = FLOW.to(step, proposal=proposal, after=after)
    return Planned(f"{step}/{proposal}/{after}", turn.person.id, turn.now, action)
