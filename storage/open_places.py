"""Places that are open while a program runs, and what a coordinator said of them before."""

from collections.abc import Mapping, Sequence

from sqlalchemy import or_, select

from storage.subject import Subject
from storage.tables import Enrollment, Pair, Person, Proposal, ProposedPair

# The mark of a proposal that was made because a place was open, in its figures.
OPEN_PLACE = "open_place"


class OpenPlaces(Subject):
    """Who waits in a running program, and for whom nobody is to be suggested again."""

    def with_places(self, program_id: int) -> Sequence[tuple[Enrollment, Person]]:
        """Everybody who waits, and mentors who could take one more; whoever is gone is in neither."""
        could = Enrollment.status == "joined", (Enrollment.status == "matched") & (Enrollment.role == "mentor")
        rows = self._session.execute(
            select(Enrollment, Person)
            .join(Person, Person.id == Enrollment.person_id)
            .where(Enrollment.program_id == program_id, or_(*could), Person.gone_since.is_(None))
            .order_by(Enrollment.id)
        )
        return [(enrollment, person) for enrollment, person in rows]

    def anybody_waits(self, program_id: int) -> bool:
        waits = select(Enrollment.id).where(Enrollment.program_id == program_id, Enrollment.status == "joined")
        return self._session.scalar(select(waits.exists())) or False

    def left_to_the_next_matching(self, program_id: int) -> frozenset[int]:
        """Whoever had a pair that a coordinator ended without a search, as their last one."""
        pairs = self._session.scalars(select(Pair).where(Pair.program_id == program_id).order_by(Pair.id)).all()
        last: Mapping[int, Pair] = {side: pair for pair in pairs for side in (pair.mentor_id, pair.mentee_id)}
        return frozenset(side for side, pair in last.items() if pair.no_search)

    def turned_down(self, program_id: int) -> frozenset[tuple[int, int]]:
        """(mentor id, mentee id) of what was suggested for an open place and not taken."""
        rows = self._session.execute(
            select(Proposal.figures, ProposedPair.mentor_id, ProposedPair.mentee_id)
            .join(ProposedPair, ProposedPair.proposal_id == Proposal.id)
            .where(Proposal.program_id == program_id, Proposal.status == "discarded")
        )
        return frozenset((mentor, mentee) for figures, mentor, mentee in rows if (figures or {}).get(OPEN_PLACE))

    def is_for_an_open_place(self, proposal: Proposal | None) -> bool:
        return bool(proposal is not None and (proposal.figures or {}).get(OPEN_PLACE))
