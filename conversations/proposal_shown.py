"""A proposal as cards need it: everybody's names, who is without a partner, and who could not take part yet."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from conversations.approval import set_aside
from conversations.cadence import calendar_of
from conversations.flow import Turn
from conversations.matching.from_store import is_ready, request
from conversations.people_words import told_apart
from storage.tables import Person, Program, Proposal, ProposedPair


@dataclass(frozen=True, slots=True)
class Readiness:
    """Who could be paired now, who has no place left, and who signed up but waits for a coordinator's word."""

    mentors: int
    mentees: int
    unconfirmed: tuple[str, ...] = ()
    invited: int = 0
    # Whoever takes part and has a partner, or as many mentees as they offered to take.
    full_mentors: int = 0
    full_mentees: int = 0


@dataclass(frozen=True, slots=True)
class Shown:
    """A proposal with everybody's names."""

    program: Program
    proposal: Proposal
    pairs: Sequence[ProposedPair]
    people: Mapping[int, Person]
    readiness: Readiness
    today: date
    # By the id of a pair made by hand: the rule that it breaks, in words.
    warnings: Mapping[int, str] = field(default_factory=dict)
    # Pairs of people who must not be paired in this program.
    forbidden: Collection[tuple[int, int]] = ()
    # Whether there is an earlier one to compare it with.
    has_earlier: bool = False
    # By person id. Made once: with a thousand pairs each look at all names takes 15 ms.
    names: Mapping[int, str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", told_apart(self.people.values()))

    @property
    def kept(self) -> list[ProposedPair]:
        return [pair for pair in self.pairs if pair.kept]

    @property
    def alone(self) -> set[int]:
        """Everybody without a partner: those nobody was found for, and those whose pair was taken out."""
        paired = {person for pair in self.kept for person in (pair.mentor_id, pair.mentee_id)}
        out = {person for pair in self.pairs for person in (pair.mentor_id, pair.mentee_id)}
        return ({row["person"] for row in self.proposal.unmatched} | out) - paired

    @property
    def order(self) -> list[ProposedPair]:
        """As they are looked through: the weakest first."""
        return list(reversed(self.pairs))

    def is_forbidden(self, pair: ProposedPair) -> bool:
        return (pair.mentor_id, pair.mentee_id) in self.forbidden

    def name(self, person_id: int) -> str:
        return self.names[person_id]


def shown_of(turn: Turn, proposal: Proposal) -> Shown:
    program = turn.store.programs.get(proposal.program_id)
    pairs = turn.store.proposals.pairs_of(proposal.id)
    ids: Collection[int] = [
        *(person for pair in pairs for person in (pair.mentor_id, pair.mentee_id)),
        *(row["person"] for row in proposal.unmatched),
    ]
    today = calendar_of(turn.person).today(turn.now)
    forbidden = {(row.mentor_id, row.mentee_id) for row in turn.store.forbidden_pairs.in_program(program.id)}
    people = turn.store.people.by_ids(ids)
    warnings = _warnings(turn, program, pairs)
    earlier = turn.store.proposals.before(proposal) is not None
    return Shown(program, proposal, pairs, people, readiness(turn, program), today, warnings, forbidden, earlier)


def _warnings(turn: Turn, program: Program, pairs: Sequence[ProposedPair]) -> Mapping[int, str]:
    by_hand = [pair for pair in pairs if pair.by_hand and pair.kept]
    if not by_hand:
        return {}
    among = {person for pair in by_hand for person in (pair.mentor_id, pair.mentee_id)}
    now_ready = request(turn.store, program.id, turn.content, turn.now.date(), among)
    return {pair.id: cause for pair, cause in set_aside(now_ready, by_hand)}


def readiness(turn: Turn, program: Program) -> Readiness:
    busy = turn.store.pairs.active_count(program.id)
    everybody = turn.store.enrollments.signed_up(program.id)
    ready = [each.role for each in everybody if is_ready(each, busy.get(each.person_id, 0))]
    full = [each.role for each in everybody if is_ready(each, 0) and not is_ready(each, busy.get(each.person_id, 0))]
    return Readiness(
        mentors=ready.count("mentor"),
        mentees=ready.count("mentee"),
        unconfirmed=tuple(each.name for each in everybody if each.status == "joined" and not each.confirmed),
        invited=sum(1 for each in everybody if each.status == "invited"),
        full_mentors=full.count("mentor"),
        full_mentees=full.count("mentee"),
    )
