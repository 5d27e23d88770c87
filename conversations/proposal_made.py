"""What a matching found becomes a draft: its pairs, who is without a partner, and what was decided before."""

from collections.abc import Mapping, Sequence

from conversations.flow import Turn
from conversations.matching import Proposal as Matched
from conversations.matching import ProposedPair as MatchedPair
from storage.tables import Program, Proposal, ProposedPair

Decided = Mapping[tuple[int, int], ProposedPair]
"""The pairs that the coordinator locked in the last draft, by mentor and mentee."""


def draft_of(turn: Turn, program: Program, answer: Matched) -> Proposal:
    """Mentors who have a mentee already and a place left are not without a partner."""
    busy = turn.store.pairs.active_count(program.id)
    alone = [{"person": int(one.key), "reason": one.reason} for one in answer.unmatched if not busy.get(int(one.key))]
    figures = {"proved": answer.proved, "seconds": round(turn.consulted.seconds, 1)}
    return Proposal(
        program_id=program.id,
        total=answer.total,
        unmatched=alone,
        made_by=turn.person.id,
        made_at=turn.now,
        figures=figures,
    )


def pairs_of(turn: Turn, program: Program, answer: Matched, decided: Decided) -> list[ProposedPair]:
    """Best first; what goes beyond the most pairs that the program takes is there, but taken out."""
    within = _within_limit(turn, program, answer)
    return [_proposed_pair(pair, decided, kept=pair in within) for pair in answer.pairs]


def _proposed_pair(pair: MatchedPair, decided: Decided, *, kept: bool) -> ProposedPair:
    """A locked pair stays what it was: locked, by hand, and with the coordinator's note."""
    earlier = decided.get((int(pair.mentor), int(pair.mentee)))
    return ProposedPair(
        mentor_id=int(pair.mentor),
        mentee_id=int(pair.mentee),
        score=pair.score,
        reason=pair.reason,
        parts=[list(part) for part in pair.parts],
        kept=kept or earlier is not None,
        locked=earlier is not None,
        by_hand=earlier is not None and earlier.by_hand,
        note=earlier.note if earlier else "",
    )


def _within_limit(turn: Turn, program: Program, answer: Matched) -> Sequence[MatchedPair]:
    """Whoever had no partner before comes first, then the best pairs."""
    if program.most_pairs is None:
        return answer.pairs
    active = sum(1 for pair in turn.store.pairs.in_program(program.id) if pair.status == "active")
    rounds = {str(person.id): each.unmatched_rounds for each, person in turn.store.enrollments.in_program(program.id)}
    waited = sorted(answer.pairs, key=lambda pair: -(rounds.get(pair.mentor, 0) + rounds.get(pair.mentee, 0)))
    return waited[: max(0, program.most_pairs - active)]
