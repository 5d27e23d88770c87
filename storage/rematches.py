"""Proposals that re-match everybody: they hold new pairs, and which pairs of today end for them."""

from sqlalchemy import update

from storage.subject import Subject
from storage.tables import Proposal

# The status of one on which nobody has decided yet: no draft, since pairs of today are no candidates in one.
REMATCH = "rematch"
# In `figures`: ids of the pairs that end, and that they did.
ENDING, ENDED = "ending", "ended"


def is_rematch(proposal: Proposal) -> bool:
    return ENDING in (proposal.figures or {})


class Rematches(Subject):
    """What a coordinator may still decide about a re-match of everybody."""

    def discard_open(self, program_id: int) -> None:
        self._session.execute(
            update(Proposal)
            .where(Proposal.program_id == program_id, Proposal.status == REMATCH)
            .values(status="discarded")
        )

    def is_before_its_ends(self, proposal: Proposal) -> bool:
        return is_rematch(proposal) and ENDED not in (proposal.figures or {})

    def ended(self, proposal: Proposal) -> None:
        proposal.figures = {**(proposal.figures or {}), ENDED: 1}
