"""What else a coordinator asks about a matching: what other rules would change, and what would match somebody.

Each is put together from the store and answered elsewhere, since it takes seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from conversations.content import Content
from storage.store import Store

from . import Proposal, ProposedPair, Role
from .advice import Advice, smallest_change
from .from_store import request, with_settings
from .request import MatchingRequest, run
from .what_if import Difference, compare


@dataclass(frozen=True, slots=True)
class Without:
    """Somebody without a partner, and the draft that has none for them."""

    asked: MatchingRequest
    draft: Proposal
    key: str
    role: Role


def what_if_requests(
    store: Store, about: Mapping[str, Any], content: Content
) -> tuple[MatchingRequest, MatchingRequest]:
    """`about`: the program, the day, and the settings to try."""
    program, today = store.programs.get(int(about["program"])), date.fromisoformat(str(about["today"]))
    asked = request(store, program.id, content, today)
    return asked, with_settings(asked, program, about["settings"], store, today)


def compare_both(before: MatchingRequest, after: MatchingRequest) -> Difference:
    """Poor is what the program calls so today."""
    return compare(run(before), run(after), before.weights)


def advice_request(store: Store, about: Mapping[str, Any], content: Content) -> Without:
    """`about`: the proposal, the person, their role and the day."""
    proposal = store.proposals.required(int(about["proposal"]))
    pairs = tuple(
        ProposedPair(str(pair.mentor_id), str(pair.mentee_id), pair.score, pair.reason)
        for pair in store.proposals.pairs_of(proposal.id)
        if pair.kept
    )
    asked = request(store, proposal.program_id, content, date.fromisoformat(str(about["today"])))
    role: Role = "mentor" if about["role"] == "mentor" else "mentee"
    return Without(asked, Proposal(pairs=pairs), str(about["person"]), role)


def smallest(question: Without) -> Advice:
    return smallest_change(question.asked, question.draft, question.key, question.role)
