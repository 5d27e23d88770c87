"""What a coordinator sees of a proposal after each small decision: the same card, changed in place."""

from conversations.cards import Card
from conversations.events import Pressed, Submitted
from conversations.flow import Turn
from conversations.matching_notices import settled_card
from conversations.proposal_shown import shown_of
from conversations.publishing import say_moment, waits
from conversations.replies import Replace, Say
from conversations.review_cards import review_card
from storage.tables import Proposal, ProposedPair


def show(turn: Turn, card: Card) -> Say | Replace:
    return Replace(card) if isinstance(turn.event, Pressed | Submitted) else Say(card)


def settled(turn: Turn, proposal: Proposal) -> Card:
    """Somebody has decided on it meanwhile."""
    at = proposal.publish_at if waits(proposal) else None
    return settled_card(proposal, say_moment(turn, at) if at else "")


def review_page(turn: Turn, proposal: Proposal, page: int) -> Card:
    """One page of pairs, or that there is nothing to decide any more."""
    return review_card(shown_of(turn, proposal), page) if proposal.status == "draft" else settled(turn, proposal)


def note_down(turn: Turn, what: str, proposal: Proposal, pair: ProposedPair, **more: str | int) -> None:
    """Into the audit trail: who, with whom and what; never a word of a note."""
    detail = {"mentor": pair.mentor_id, "mentee": pair.mentee_id, **more}
    turn.store.audit.add(turn.now, turn.person, what, proposal.program_id, detail)
