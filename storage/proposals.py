"""Proposals: draft matchings."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from storage.subject import Subject
from storage.tables import Proposal, ProposedPair


class Proposals(Subject):
    """What the matching suggests and the coordinator decides."""

    def get(self, proposal_id: int) -> Proposal:
        return self._session.get_one(Proposal, proposal_id)

    def add(self, proposal: Proposal, pairs: Iterable[ProposedPair]) -> Proposal:
        self._session.add(proposal)
        self._session.flush()
        for pair in pairs:
            pair.proposal_id = proposal.id
            self._session.add(pair)
        self._session.flush()
        return proposal

    def latest(self, program_id: int) -> Proposal | None:
        """The newest that was not discarded."""
        return self._session.scalar(
            select(Proposal)
            .where(Proposal.program_id == program_id, Proposal.status != "discarded")
            .order_by(Proposal.id.desc())
            .limit(1)
        )

    def pairs_of(self, proposal_id: int) -> Sequence[ProposedPair]:
        """Best score first."""
        return self._session.scalars(
            select(ProposedPair)
            .where(ProposedPair.proposal_id == proposal_id)
            .order_by(ProposedPair.score.desc(), ProposedPair.id)
        ).all()
