"""Pairs whose two people are asked before anything is made."""

from collections.abc import Sequence

from sqlalchemy import or_, select

from storage.subject import NotYours, Subject
from storage.tables import Person, Program, Proposal, ProposedPair


class AskedPairs(Subject):
    """Who was asked about whom. What they said is for nobody but the steps that act on it."""

    def required(self, person: Person, proposed_pair_id: int) -> ProposedPair:
        """A pair about which this person was asked. Raises NotYours otherwise (cards get forwarded). Held until the end
        of this unit of work: both may press at once."""
        found = self._session.scalar(
            select(ProposedPair)
            .where(ProposedPair.id == proposed_pair_id, ProposedPair.ask_until.is_not(None))
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if found is None or person.id not in (found.mentor_id, found.mentee_id):
            raise NotYours
        return found

    def proposals(self) -> Sequence[tuple[Proposal, Program]]:
        """Those that are being asked, in programs that are neither closed nor on hold."""
        rows = self._session.execute(
            select(Proposal, Program)
            .join(Program, Program.id == Proposal.program_id)
            .where(Proposal.status == "asking", Program.status != "closed", Program.held_since.is_(None))
            .order_by(Proposal.id)
        )
        return [(proposal, program) for proposal, program in rows]

    def latest(self, program_id: int) -> Proposal | None:
        """The one that is being asked now, or was asked last."""
        asked = select(ProposedPair.proposal_id).where(ProposedPair.ask_until.is_not(None))
        return self._session.scalar(
            select(Proposal)
            .where(Proposal.program_id == program_id, or_(Proposal.status == "asking", Proposal.id.in_(asked)))
            .order_by(Proposal.id.desc())
            .limit(1)
        )

    def of_proposal(self, proposal_id: int) -> Sequence[ProposedPair]:
        """Every pair that was asked, in the order in which they were."""
        asked = ProposedPair.proposal_id == proposal_id, ProposedPair.ask_until.is_not(None)
        return self._session.scalars(select(ProposedPair).where(*asked).order_by(ProposedPair.id)).all()
