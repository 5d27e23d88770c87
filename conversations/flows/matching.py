"""Pairs for a program: proposed, looked through and approved. For coordinators."""

from collections.abc import Sequence

from conversations.actions import Action
from conversations.approval import no_longer_fitting
from conversations.cards import Card
from conversations.check_cards import not_ready_card
from conversations.events import Pressed
from conversations.flow import Flow, Turn
from conversations.matching import Proposal as Matched
from conversations.matching import ProposedPair as MatchedPair
from conversations.matching.from_store import request
from conversations.matching_cards import approved_card, changed_card, review_card, summary_card
from conversations.matching_notices import (
    closed_card,
    discarded_card,
    failed_card,
    no_draft_card,
    nobody_card,
    settled_card,
    too_late_to_stop_card,
    under_way_card,
    waiting_to_publish_card,
    working_card,
)
from conversations.proposal_shown import Shown, readiness, shown_of
from conversations.publishing import publishing_moment, say_moment, waits
from conversations.ready_check import examined, findings, wrong
from conversations.replies import Consult, Replace, Reply, Say
from conversations.which_program import which_program
from storage.tables import Program, Proposal, ProposedPair

FLOW = Flow("matching")
FLOW.command(
    "program propose", "propose", "Work out who fits whom", coordinators_only=True, also="propose, program match"
)
FLOW.command(
    "program review", "review_latest", "Look through the proposed pairs", coordinators_only=True, also="review"
)
FLOW.command("program approve", "approve_latest", "Approve the proposed pairs", coordinators_only=True, also="approve")

OPEN = ("open", "running")


# Proposing -------------------------------------------------------------------------------------------------------


@FLOW.step("propose", coordinators_only=True)
def propose(turn: Turn, program: int = 0) -> Sequence[Reply]:
    found = which_program(turn, program, FLOW.to("propose"), *OPEN)
    if not isinstance(found, Program):
        return [found]
    if found.status == "closed":
        return [Say(closed_card(found))]
    if turn.store.proposals.is_under_way(found.id):
        return [Say(_under_way(turn, found))]
    ready = readiness(turn, found)
    if not (ready.mentors and ready.mentees):
        return [Say(nobody_card(found, ready))]
    then = FLOW.to("proposed", program=found.id)
    return [Consult("matching", then, {"program": found.id}, meanwhile=working_card(found, ready))]


@FLOW.step("proposed", coordinators_only=True, clock_only=True)
def proposed(turn: Turn, program: int) -> Sequence[Reply]:
    """The matching is worked out: it becomes the draft, and an earlier draft goes."""
    found = turn.store.programs.required(program)
    answer = turn.consulted.answer
    if not isinstance(answer, Matched):
        return [Say(failed_card(found))]
    if found.status not in OPEN or turn.store.proposals.is_under_way(program):
        return [Say(closed_card(found) if found.status == "closed" else _under_way(turn, found))]
    replaced = turn.store.proposals.draft(program) is not None
    turn.store.proposals.discard_drafts(program)
    proposal = turn.store.proposals.add(_draft(turn, found, answer), _proposed_pairs(turn, found, answer))
    turn.store.audit.add(turn.now, turn.person, "matching proposed", program, {"pairs": len(answer.pairs)})
    return [Say(summary_card(shown_of(turn, proposal), replaced=replaced))]


def _under_way(turn: Turn, program: Program) -> Card:
    """Approved pairs come first: they are being set up, or wait for their morning."""
    latest = turn.store.proposals.latest(program.id)
    if latest is not None and latest.publish_at is not None:
        return waiting_to_publish_card(program, latest, say_moment(turn, latest.publish_at))
    return under_way_card(program)


def _draft(turn: Turn, program: Program, answer: Matched) -> Proposal:
    """Mentors who have a mentee already and a place left are not without a partner."""
    busy = turn.store.pairs.active_count(program.id)
    alone = [{"person": int(one.key), "reason": one.reason} for one in answer.unmatched if not busy.get(int(one.key))]
    return Proposal(
        program_id=program.id, total=answer.total, unmatched=alone, made_by=turn.person.id, made_at=turn.now
    )


def _proposed_pairs(turn: Turn, program: Program, answer: Matched) -> list[ProposedPair]:
    """Best first; what goes beyond the most pairs that the program takes is there, but taken out."""
    within = _within_limit(turn, program, answer)
    return [
        ProposedPair(
            mentor_id=int(pair.mentor),
            mentee_id=int(pair.mentee),
            score=pair.score,
            reason=pair.reason,
            kept=pair in within,
        )
        for pair in answer.pairs
    ]


def _within_limit(turn: Turn, program: Program, answer: Matched) -> Sequence[MatchedPair]:
    """Whoever had no partner before comes first, then the best pairs."""
    if program.most_pairs is None:
        return answer.pairs
    active = sum(1 for pair in turn.store.pairs.in_program(program.id) if pair.status == "active")
    rounds = {str(person.id): each.unmatched_rounds for each, person in turn.store.enrollments.in_program(program.id)}
    waited = sorted(answer.pairs, key=lambda pair: -(rounds.get(pair.mentor, 0) + rounds.get(pair.mentee, 0)))
    return waited[: max(0, program.most_pairs - active)]


# Looking through -------------------------------------------------------------------------------------------------


@FLOW.step("summary", coordinators_only=True)
def summary(turn: Turn, proposal: int) -> Sequence[Reply]:
    found = turn.store.proposals.required(proposal)
    return [_show(turn, summary_card(shown_of(turn, found)) if found.status == "draft" else _settled(turn, found))]


@FLOW.step("review_latest", coordinators_only=True)
def review_latest(turn: Turn, program: int = 0) -> Sequence[Reply]:
    found = _draft_of(turn, program, FLOW.to("review_latest"))
    return [found] if isinstance(found, Say) else review(turn, found.id)


@FLOW.step("review", coordinators_only=True)
def review(turn: Turn, proposal: int, page: int = 0) -> Sequence[Reply]:
    found = turn.store.proposals.required(proposal)
    return [_show(turn, review_card(shown_of(turn, found), page) if found.status == "draft" else _settled(turn, found))]


@FLOW.step("take_out", coordinators_only=True)
def take_out(turn: Turn, pair: int, page: int = 0) -> Sequence[Reply]:
    return _keep(turn, pair, page, kept=False)


@FLOW.step("put_back", coordinators_only=True)
def put_back(turn: Turn, pair: int, page: int = 0) -> Sequence[Reply]:
    return _keep(turn, pair, page, kept=True)


def _keep(turn: Turn, pair: int, page: int, *, kept: bool) -> Sequence[Reply]:
    row, proposal = turn.store.proposals.pair(pair)
    if proposal.status == "draft":
        row.kept = kept
        turn.store.flush()
    return review(turn, proposal.id, page)


@FLOW.step("discard", coordinators_only=True)
def discard(turn: Turn, proposal: int) -> Sequence[Reply]:
    found = turn.store.proposals.held(proposal)
    if found.status != "draft":
        return [_show(turn, _settled(turn, found))]
    found.status = "discarded"
    turn.store.audit.add(turn.now, turn.person, "matching discarded", found.program_id)
    return [_show(turn, discarded_card(turn.store.programs.get(found.program_id)))]


# Approving -------------------------------------------------------------------------------------------------------


@FLOW.step("approve_latest", coordinators_only=True)
def approve_latest(turn: Turn, program: int = 0) -> Sequence[Reply]:
    found = _draft_of(turn, program, FLOW.to("approve_latest"))
    return [found] if isinstance(found, Say) else approve(turn, found.id)


@FLOW.step("approve", coordinators_only=True)
def approve(turn: Turn, proposal: int) -> Sequence[Reply]:
    """Checks the hard rules again and whether all is ready; the pairs are published on the next permitted morning."""
    found = turn.store.proposals.held(proposal)
    program = turn.store.programs.get(found.program_id)
    if found.status != "draft" or program.status == "closed":
        return [_show(turn, _settled(turn, found) if found.status != "draft" else closed_card(program))]
    shown = shown_of(turn, found)
    left_out = no_longer_fitting(request(turn.store, program.id, turn.content), shown.kept)
    if left_out or not shown.kept:
        turn.store.proposals.take_out([pair.id for pair, _ in left_out])
        turn.store.audit.add(turn.now, turn.person, "pairs left out", program.id, {"pairs": len(left_out)})
        again = shown_of(turn, found)
        return [_show(turn, changed_card(again, left_out) if left_out else summary_card(again))]
    answers = findings(turn, examined(turn, program, found))
    if wrong(answers):
        return [_show(turn, not_ready_card(program, found, answers))]
    return [_show(turn, _approve(turn, shown))]


def _approve(turn: Turn, shown: Shown) -> Card:
    """The clock publishes them (see the pairing flow), so that an approval of hundreds of pairs is one short turn."""
    moment = publishing_moment(turn.person, shown.program, turn.now)
    shown.proposal.status, shown.proposal.approved_at = "approved", turn.now
    shown.proposal.publish_at = moment
    turn.store.audit.add(turn.now, turn.person, "matching approved", shown.program.id, {"pairs": len(shown.kept)})
    return approved_card(shown, say_moment(turn, moment))


@FLOW.step("stop", coordinators_only=True)
def stop(turn: Turn, proposal: int) -> Sequence[Reply]:
    """Until the pairs are published: it is a draft again, with every pair as it was."""
    found = turn.store.proposals.held(proposal)
    program = turn.store.programs.get(found.program_id)
    if program.status == "closed":
        return [_show(turn, closed_card(program))]
    if found.status == "approved" and not waits(found):
        return [_show(turn, too_late_to_stop_card(program))]
    if found.status == "discarded":
        return [_show(turn, _settled(turn, found))]
    if found.status == "approved":
        found.status, found.approved_at, found.publish_at = "draft", None, None
        turn.store.audit.add(turn.now, turn.person, "publishing stopped", program.id)
    return [_show(turn, summary_card(shown_of(turn, found), stopped=True))]


# What is on the screen -------------------------------------------------------------------------------------------


def _draft_of(turn: Turn, program: int, action: Action) -> Proposal | Say:
    found = which_program(turn, program, action, *OPEN)
    if not isinstance(found, Program):
        return found
    return turn.store.proposals.draft(found.id) or Say(no_draft_card(found))


def _settled(turn: Turn, proposal: Proposal) -> Card:
    at = proposal.publish_at if waits(proposal) else None
    return settled_card(proposal, say_moment(turn, at) if at else "")


def _show(turn: Turn, card: Card) -> Say | Replace:
    return Replace(card) if isinstance(turn.event, Pressed) else Say(card)
