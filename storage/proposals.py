"""Proposals: draft matchings."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import select, update

from storage.subject import NotYours, Subject
from storage.tables import Pair, Program, Proposal, ProposedPair


class Proposals(Subject):
    """What the matching suggests and the coordinator decides."""

    def required(self, proposal_id: int) -> Proposal:
        """Raises NotYours when there is no such proposal: actions can be made up."""
        return self._known(Proposal, proposal_id)

    def held(self, proposal_id: int) -> Proposal:
        """The proposal, locked until the end of this unit of work: two coordinators may press at once."""
        found = self._session.scalar(
            select(Proposal)
            .where(Proposal.id == proposal_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if found is None:
            raise NotYours
        return found

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

    def draft(self, program_id: int) -> Proposal | None:
        """The one that waits for a decision."""
        latest = self.latest(program_id)
        return latest if latest and latest.status == "draft" else None

    def before(self, proposal: Proposal) -> Proposal | None:
        """The one that was made before this one in its program, whatever became of it."""
        return self._session.scalar(
            select(Proposal)
            .where(Proposal.program_id == proposal.program_id, Proposal.id < proposal.id)
            .order_by(Proposal.id.desc())
            .limit(1)
        )

    def discard_drafts(self, program_id: int) -> None:
        self._session.execute(
            update(Proposal)
            .where(Proposal.program_id == program_id, Proposal.status == "draft")
            .values(status="discarded")
        )

    def is_under_way(self, program_id: int) -> bool:
        """Whether an approved proposal still has pairs to be made."""
        made = select(Pair.id).where(
            Pair.program_id == program_id,
            Pair.mentor_id == ProposedPair.mentor_id,
            Pair.mentee_id == ProposedPair.mentee_id,
        )
        query = (
            select(ProposedPair.id)
            .join(Proposal, Proposal.id == ProposedPair.proposal_id)
            .where(Proposal.program_id == program_id, Proposal.status.in_(("approved", "asking")))
            .where(ProposedPair.kept, ~made.exists())
        )
        return self._session.scalar(select(query.exists())) or False

    def to_publish(self) -> Sequence[tuple[Proposal, Program]]:
        """Approved proposals that wait for their morning, in programs that are neither closed nor on hold."""
        rows = self._session.execute(
            select(Proposal, Program)
            .join(Program, Program.id == Proposal.program_id)
            .where(
                Proposal.status == "approved",
                Proposal.publish_at.is_not(None),
                Program.status != "closed",
                Program.held_since.is_(None),
            )
            .order_by(Proposal.id)
        )
        return [(proposal, program) for proposal, program in rows]

    def pair(self, proposed_pair_id: int) -> tuple[ProposedPair, Proposal]:
        """Raises NotYours when it is not there."""
        found = self._session.get(ProposedPair, proposed_pair_id)
        if found is None:
            raise NotYours
        return found, self._session.get_one(Proposal, found.proposal_id)

    def pairs_of(self, proposal_id: int) -> Sequence[ProposedPair]:
        """Best score first."""
        return self._session.scalars(
            select(ProposedPair)
            .where(ProposedPair.proposal_id == proposal_id)
            .order_by(ProposedPair.score.desc(), ProposedPair.id)
        ).all()

    def kept_after(self, proposal_id: int, after: int, most: int) -> Sequence[ProposedPair]:
        """The next `most` kept pairs whose id comes after `after`, for work in batches."""
        return self._session.scalars(
            select(ProposedPair)
            .where(ProposedPair.proposal_id == proposal_id, ProposedPair.kept, ProposedPair.id > after)
            .order_by(ProposedPair.id)
            .limit(most)
        ).all()

    def locked(self, program_id: int) -> Sequence[ProposedPair]:
        """The kept pairs of the draft that stay in the next one too."""
        draft = self.draft(program_id)
        return [] if draft is None else [pair for pair in self.pairs_of(draft.id) if pair.locked and pair.kept]

    def decided(self, proposal_id: int) -> int:
        """How many of its kept pairs somebody made by hand or locked."""
        return sum(1 for pair in self.pairs_of(proposal_id) if pair.kept and (pair.locked or pair.by_hand))

    def add_pair(self, pair: ProposedPair) -> ProposedPair:
        self._session.add(pair)
        self._session.flush()
        return pair

    def remove_pair(self, pair: ProposedPair) -> None:
        self._session.delete(pair)
        self._session.flush()

    def take_out(self, proposed_pair_ids: Collection[int]) -> None:
        self._session.execute(update(ProposedPair).where(ProposedPair.id.in_(proposed_pair_ids)).values(kept=False))
