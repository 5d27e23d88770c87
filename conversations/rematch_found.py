"""What a re-match of everybody comes to: which pairs of today end, which are new, and when."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from conversations.flow import Turn
from conversations.matching import Proposal as Matched
from conversations.parting_days import note_day
from conversations.people_words import say_when, told_apart
from conversations.publishing import publishing_moment
from conversations.rematch_cards import Everybody
from storage.rematches import ENDING
from storage.tables import Pair, Program, Proposal, ProposedPair


def active_pairs(turn: Turn, program: Program) -> list[Pair]:
    if program.status == "closed":
        return []
    return [pair for pair in turn.store.pairs.in_program(program.id) if pair.status == "active"]


def names_of(turn: Turn, pairs: Iterable[Pair | ProposedPair]) -> dict[int, str]:
    sides = {side for pair in pairs for side in (pair.mentor_id, pair.mentee_id)}
    return dict(told_apart(turn.store.people.by_ids(sides).values()))


def ending_pairs(turn: Turn, program: Program, answer: Matched) -> list[Pair]:
    kept = {(int(pair.mentor), int(pair.mentee)) for pair in answer.pairs}
    return [pair for pair in active_pairs(turn, program) if (pair.mentor_id, pair.mentee_id) not in kept]


def new_pairs(turn: Turn, program: Program, answer: Matched) -> list[ProposedPair]:
    standing = {(pair.mentor_id, pair.mentee_id) for pair in active_pairs(turn, program)}
    return [
        ProposedPair(
            mentor_id=int(pair.mentor),
            mentee_id=int(pair.mentee),
            score=pair.score,
            reason=pair.reason,
            parts=[list(part) for part in pair.parts],
        )
        for pair in answer.pairs
        if (int(pair.mentor), int(pair.mentee)) not in standing
    ]


def summed_up(turn: Turn, program: Program, ending: Sequence[Pair], new: Sequence[ProposedPair]) -> Everybody:
    active, names = active_pairs(turn, program), names_of(turn, [*ending, *new])
    over = {pair.id for pair in ending}
    paired = {side for pair in active if pair.id not in over for side in (pair.mentor_id, pair.mentee_id)}
    paired |= {side for pair in new for side in (pair.mentor_id, pair.mentee_id)}
    ready = turn.store.enrollments.in_program(program.id, "joined", "matched")
    return Everybody(
        program=program,
        stay=len(active) - len(over),
        end=[(names[pair.mentor_id], names[pair.mentee_id]) for pair in ending],
        new=[(names[pair.mentor_id], names[pair.mentee_id], pair.reason) for pair in new],
        alone=sum(1 for _, person in ready if person.id not in paired),
        day=say_when(turn, note_day(begins_on(turn, program).date())),
    )


def begins_on(turn: Turn, program: Program) -> datetime:
    """The next permitted morning: until then it can be stopped."""
    return publishing_moment(turn.person, program, turn.now)


def still_to_end(turn: Turn, proposal: Proposal) -> list[Pair]:
    """Those of the proposal that nobody has ended since."""
    program = turn.store.programs.get(proposal.program_id)
    wanted = set((proposal.figures or {}).get(ENDING, ()))
    return [pair for pair in active_pairs(turn, program) if pair.id in wanted]
