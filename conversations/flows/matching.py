"""Pairs for a program: proposed, looked through and approved. For coordinators."""

from collections.abc import Sequence

from conversations.actions import Action
from conversations.approval import no_longer_fitting
from conversations.asked_cards import being_asked_card
from conversations.cadence import calendar_of
from conversations.cards import Card
from conversations.check_cards import not_ready_card
from conversations.events import Progress
from conversations.flow import Flow, Turn
from conversations.forms import read
from conversations.matching import Proposal as Matched
from conversations.matching.from_store import request
from conversations.matching_cards import approved_card, changed_card, discard_sure_card, summary_card, sure_card
from conversations.matching_compared import compared_card
from conversations.matching_forms import choose_form, selected
from conversations.matching_notices import (
    closed_card,
    discarded_card,
    failed_card,
    no_draft_card,
    nobody_card,
    too_late_to_stop_card,
    under_way_card,
    waiting_to_publish_card,
    worked_out_card,
    working_card,
)
from conversations.proposal_claim import first_figures
from conversations.proposal_made import draft_of, pairs_of
from conversations.proposal_screen import note_down, review_page, settled, show
from conversations.proposal_shown import Readiness, Shown, readiness, shown_of
from conversations.publishing import publishing_moment, say_moment, waits
from conversations.ready_check import examined, findings, wrong
from conversations.replies import Ask, Consult, Correct, Reply, Say, Update
from conversations.which_program import which_program
from storage.rematches import is_rematch
from storage.tables import Program, Proposal

FLOW = Flow("matching")
FLOW.command(
    "program propose", "propose", "Work out who fits whom", coordinators_only=True, also="propose, program match"
)
FLOW.command(
    "program review", "review_latest", "Look through the proposed pairs", coordinators_only=True, also="review"
)
FLOW.command("program approve", "approve_latest", "Approve the proposed pairs", coordinators_only=True, also="approve")

OPEN = ("open", "running")
# Pairs to compare. Fewer are done within a second or two, before anybody could read a card that changes.
MANY = 40_000


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
    about = {"program": found.id, "today": turn.now.date().isoformat()}
    return [Consult("matching", then, about, meanwhile=working_card(found, ready), live=_takes_long(ready))]


def _takes_long(ready: Readiness) -> bool:
    return ready.mentors * ready.mentees > MANY


@FLOW.step("proposed", coordinators_only=True, clock_only=True)
def proposed(turn: Turn, program: int) -> Sequence[Reply]:
    """The matching is worked out: it becomes the draft, and an earlier draft goes."""
    found = turn.store.programs.required(program)
    answer, shown_under = turn.consulted.answer, turn.consulted.shown_under
    if isinstance(answer, Progress):
        return [Update(shown_under, working_card(found, readiness(turn, found), answer))]
    if not isinstance(answer, Matched):
        return [Say(failed_card(found))]
    if found.status not in OPEN or turn.store.proposals.is_under_way(program):
        return [Say(closed_card(found) if found.status == "closed" else _under_way(turn, found))]
    replaced = turn.store.proposals.draft(program) is not None
    decided = {(pair.mentor_id, pair.mentee_id): pair for pair in turn.store.proposals.locked(program)}
    turn.store.proposals.discard_drafts(program)
    pairs = pairs_of(turn, found, answer, decided)
    draft = draft_of(turn, found, answer)
    draft.figures = {**draft.figures, **first_figures(pairs)}
    proposal = turn.store.proposals.add(draft, pairs)
    turn.store.audit.add(turn.now, turn.person, "matching proposed", program, {"pairs": len(answer.pairs)})
    # Nothing happens where the card was an answer on the screen and no message.
    done = [Update(shown_under, worked_out_card(found, len(answer.pairs)))] if shown_under else []
    return [*done, Say(summary_card(shown_of(turn, proposal), replaced=replaced))]


def _under_way(turn: Turn, program: Program) -> Card:
    """Approved pairs come first: they are being set up, or wait for their morning."""
    latest = turn.store.proposals.latest(program.id)
    if latest is not None and latest.status == "asking":
        return being_asked_card(program)
    if latest is not None and latest.publish_at is not None:
        return waiting_to_publish_card(program, latest, say_moment(turn, latest.publish_at))
    return under_way_card(program)


# Looking through -------------------------------------------------------------------------------------------------


@FLOW.step("summary", coordinators_only=True)
def summary(turn: Turn, proposal: int) -> Sequence[Reply]:
    found = turn.store.proposals.required(proposal)
    return [show(turn, summary_card(shown_of(turn, found)) if found.status == "draft" else settled(turn, found))]


@FLOW.step("review_latest", coordinators_only=True)
def review_latest(turn: Turn, program: int = 0) -> Sequence[Reply]:
    found = _draft_of(turn, program, FLOW.to("review_latest"))
    return [found] if isinstance(found, Say) else review(turn, found.id)


@FLOW.step("review", coordinators_only=True)
def review(turn: Turn, proposal: int, page: int = 0) -> Sequence[Reply]:
    found = turn.store.proposals.required(proposal)
    return [show(turn, review_page(turn, found, page))]


@FLOW.step("take_out", coordinators_only=True)
def take_out(turn: Turn, pair: int, page: int = 0) -> Sequence[Reply]:
    return _keep(turn, pair, page, kept=False)


@FLOW.step("put_back", coordinators_only=True)
def put_back(turn: Turn, pair: int, page: int = 0) -> Sequence[Reply]:
    return _keep(turn, pair, page, kept=True)


def _keep(turn: Turn, pair: int, page: int, *, kept: bool) -> Sequence[Reply]:
    row, proposal = turn.store.proposals.pair(pair)
    if proposal.status == "draft" and row.kept != kept:
        row.kept, row.locked = kept, False
        turn.store.flush()
        note_down(turn, "pair put back" if kept else "pair taken out", proposal, row)
    return review(turn, proposal.id, page)


@FLOW.step("compare", coordinators_only=True)
def compare(turn: Turn, proposal: int) -> Sequence[Reply]:
    """What is different from the proposal before."""
    found = turn.store.proposals.required(proposal)
    before = turn.store.proposals.before(found)
    return [show(turn, compared_card(shown_of(turn, found), shown_of(turn, before) if before else None))]


@FLOW.step("discard", coordinators_only=True)
def discard(turn: Turn, proposal: int, sure: int = 0) -> Sequence[Reply]:
    """At once, unless it holds pairs that somebody made or locked. `sure`: the coordinator was asked."""
    found = turn.store.proposals.held(proposal)
    if found.status != "draft":
        return [show(turn, settled(turn, found))]
    if not sure and (decided := turn.store.proposals.decided(proposal)):
        return [show(turn, discard_sure_card(found, decided))]
    found.status = "discarded"
    turn.store.audit.add(turn.now, turn.person, "matching discarded", found.program_id)
    return [show(turn, discarded_card(turn.store.programs.get(found.program_id)))]


# Approving -------------------------------------------------------------------------------------------------------


@FLOW.step("approve_latest", coordinators_only=True)
def approve_latest(turn: Turn, program: int = 0) -> Sequence[Reply]:
    found = _draft_of(turn, program, FLOW.to("approve_latest"))
    return [found] if isinstance(found, Say) else approve(turn, found.id)


@FLOW.step("approve", coordinators_only=True)
def approve(turn: Turn, proposal: int, sure: int = 0) -> Sequence[Reply]:
    """Checks the hard rules again and whether all is ready; the pairs are published on the next permitted morning.

    `sure`: the coordinator has read once more which pairs are against a rule.
    """
    found = turn.store.proposals.held(proposal)
    program = turn.store.programs.get(found.program_id)
    if found.status != "draft" or program.status == "closed":
        return [show(turn, settled(turn, found) if found.status != "draft" else closed_card(program))]
    shown = shown_of(turn, found)
    if stays_out := _out(turn, shown):
        return [show(turn, stays_out)]
    answers = findings(turn, examined(turn, program, found))
    if wrong(answers):
        return [show(turn, not_ready_card(program, found, answers))]
    if any(pair.id in shown.warnings for pair in shown.kept) and not sure:
        return [show(turn, sure_card(shown))]
    return [show(turn, _approve(turn, shown))]


def _out(turn: Turn, shown: Shown) -> Card | None:
    """Pairs that do not fit any more stay out, and the coordinator sees it before anything else happens."""
    now_ready = request(turn.store, shown.program.id, turn.content, turn.now.date())
    left_out = no_longer_fitting(now_ready, shown.kept)
    if shown.kept and not left_out:
        return None
    turn.store.proposals.take_out([pair.id for pair, _ in left_out])
    turn.store.audit.add(turn.now, turn.person, "pairs left out", shown.program.id, {"pairs": len(left_out)})
    again = shown_of(turn, shown.proposal)
    return changed_card(again, left_out) if left_out else summary_card(again)


def _approve(turn: Turn, shown: Shown) -> Card:
    """The clock publishes them (see the pairing flow), so that an approval of hundreds of pairs is one short turn."""
    wished = shown.proposal.publish_at
    day = calendar_of(turn.person).today(wished) if wished else None
    moment = publishing_moment(turn.person, shown.program, turn.now, day)
    shown.proposal.status, shown.proposal.approved_at = "approved", turn.now
    shown.proposal.publish_at = moment
    detail = {"pairs": len(shown.kept), "day": moment.date().isoformat()}
    turn.store.audit.add(turn.now, turn.person, "matching approved", shown.program.id, detail)
    return approved_card(shown, say_moment(turn, moment))


@FLOW.step("choose", coordinators_only=True)
def choose(turn: Turn, proposal: int) -> Sequence[Reply]:
    """Which pairs are approved, and from which day on they are introduced."""
    found = turn.store.proposals.required(proposal)
    if found.status != "draft":
        return [show(turn, settled(turn, found))]
    return [Ask(choose_form(shown_of(turn, found), FLOW.to("chosen", proposal=proposal)))]


@FLOW.step("chosen", coordinators_only=True)
def chosen(turn: Turn, proposal: int) -> Sequence[Reply]:
    found = turn.store.proposals.held(proposal)
    if found.status != "draft":
        return [show(turn, settled(turn, found))]
    shown = shown_of(turn, found)
    form = choose_form(shown, turn.action)
    answers = read(form, turn.values)
    if answers.errors:
        return [Correct(form.filled(turn.values), answers.errors)]
    out = [pair.id for pair in shown.kept if pair not in selected(shown, answers.text("which"))]
    turn.store.proposals.take_out(out)
    day = answers.day("day")
    # A draft keeps the wish, so that it is not lost while something else has to be settled first.
    found.publish_at = publishing_moment(turn.person, shown.program, turn.now, day) if day else None
    if out:
        turn.store.audit.add(turn.now, turn.person, "pairs left for later", found.program_id, {"pairs": len(out)})
    turn.store.flush()
    return approve(turn, proposal)


@FLOW.step("stop", coordinators_only=True)
def stop(turn: Turn, proposal: int) -> Sequence[Reply]:
    """Until the pairs are published: it is a draft again, with every pair as it was."""
    found = turn.store.proposals.held(proposal)
    program = turn.store.programs.get(found.program_id)
    if program.status == "closed":
        return [show(turn, closed_card(program))]
    if found.status == "approved" and not waits(found):
        return [show(turn, too_late_to_stop_card(program))]
    if found.status == "discarded" or is_rematch(found):
        return [show(turn, settled(turn, found))]
    if found.status == "approved":
        found.status, found.approved_at, found.publish_at = "draft", None, None
        turn.store.audit.add(turn.now, turn.person, "publishing stopped", program.id)
    return [show(turn, summary_card(shown_of(turn, found), stopped=True))]


# What is on the screen -------------------------------------------------------------------------------------------


def _draft_of(turn: Turn, program: int, action: Action) -> Proposal | Say:
    found = which_program(turn, program, action, *OPEN)
    if not isinstance(found, Program):
        return found
    return turn.store.proposals.draft(found.id) or Say(no_draft_card(found))
