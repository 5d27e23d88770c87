"""Re-matching while a program runs: one pair, those without a partner, or everybody with few pairs broken."""

from datetime import timedelta

from conversations.approval import no_longer_fitting
from conversations.cadence import calendar_of
from conversations.flow import Flow, Turn
from conversations.matching import Proposal as Matched
from conversations.matching.from_store import everybody_again
from conversations.paging import page_of
from conversations.parting_days import is_late, note_day
from conversations.parting_pairs import part
from conversations.people_words import say_when, today_of
from conversations.proposal_screen import show as shown
from conversations.publishing import publishing_moment, say_moment
from conversations.rematch_cards import (
    Standing,
    left_alone_card,
    looked_card,
    looking_card,
    one_pair_card,
    rematch_approved_card,
    rematch_late_card,
    rematch_not_now_card,
    rematch_proposal_card,
    rematch_settled_card,
    rematch_stopped_card,
    rematch_under_way_card,
    which_rematch_card,
)
from conversations.rematch_found import (
    active_pairs,
    begins_on,
    ending_pairs,
    names_of,
    new_pairs,
    still_to_end,
    summed_up,
)
from conversations.replies import Consult, Planned, Replace, Reply, Say
from conversations.which_program import which_program
from storage.rematches import ENDING, REMATCH
from storage.tables import Pair, Program, Proposal

FLOW = Flow("rematch")
FLOW.command(
    "program rematch", "start", "Find new partners while it runs", coordinators_only=True, also="rematch, re-match"
)
PAIRS_A_PAGE = 8


@FLOW.step("start", coordinators_only=True)
def start(turn: Turn, program: int = 0) -> list[Reply]:
    found = which_program(turn, program, FLOW.to("start"), "running")
    if isinstance(found, Say):
        return [found]
    alone = turn.store.enrollments.counts(found.id)
    waiting = sum(count for (_, status), count in alone.items() if status == "joined")
    own = [pair for pair in turn.store.pairs.active_of(turn.person) if pair.program_id == found.id]
    return [Say(which_rematch_card(found, len(_others_pairs(turn, found)) + len(own), waiting))]


@FLOW.step("one", coordinators_only=True)
def one(turn: Turn, program: int, page: int = 0) -> list[Reply]:
    found = turn.store.programs.required(program)
    pairs = _others_pairs(turn, found)
    names = names_of(turn, pairs)
    rows = [Standing(pair.id, names[pair.mentor_id], names[pair.mentee_id]) for pair in pairs]
    takes_part = turn.store.enrollments.of(turn.person, found.id) is not None
    return [shown(turn, one_pair_card(found, page_of(rows, page, PAIRS_A_PAGE), takes_part=takes_part))]


def _others_pairs(turn: Turn, program: Program) -> list[Pair]:
    """Without a pair of the coordinator's own: it would be missing as soon as their partner asks for somebody else."""
    return [pair for pair in active_pairs(turn, program) if turn.person.id not in (pair.mentor_id, pair.mentee_id)]


# Everybody ---------------------------------------------------------------------------------------------------------


@FLOW.step("everybody", coordinators_only=True)
def everybody(turn: Turn, program: int) -> list[Reply]:
    """A look: nothing is saved by it."""
    return _work_out(turn, program, "looked")


@FLOW.step("save", coordinators_only=True)
def save(turn: Turn, program: int) -> list[Reply]:
    """Worked out once more, since the look saved nothing, and kept this time."""
    return _work_out(turn, program, "saved")


def _work_out(turn: Turn, program: int, then: str) -> list[Reply]:
    found = turn.store.programs.required(program)
    today = today_of(turn)
    if is_late(found.ends_on, today) or found.status == "closed":
        return [shown(turn, rematch_late_card(found, say_when(turn, found.ends_on)))]
    if not _may_begin(turn, found):
        return [shown(turn, rematch_not_now_card(found))]
    about = {"program": program, "everybody": 1, "today": turn.now.date().isoformat()}
    meanwhile = looking_card(found, len(active_pairs(turn, found)))
    return [Consult("matching", FLOW.to(then, program=program), about, meanwhile=meanwhile)]


def _may_begin(turn: Turn, program: Program) -> bool:
    """Beside no other proposal on which somebody has to decide, or whose pairs are being set up."""
    latest = turn.store.proposals.latest(program.id)
    busy = turn.store.proposals.is_under_way(program.id) or program.held_since is not None
    return not busy and (latest is None or latest.status in (REMATCH, "approved"))


@FLOW.step("looked", coordinators_only=True, clock_only=True)
def looked(turn: Turn, program: int) -> list[Reply]:
    found, answer = turn.store.programs.required(program), turn.consulted.answer
    if not isinstance(answer, Matched) or not _may_begin(turn, found):
        return []
    return [Say(looked_card(summed_up(turn, found, ending_pairs(turn, found, answer), new_pairs(turn, found, answer))))]


@FLOW.step("saved", coordinators_only=True, clock_only=True)
def saved(turn: Turn, program: int) -> list[Reply]:
    found, answer = turn.store.programs.required(program), turn.consulted.answer
    if not isinstance(answer, Matched) or not _may_begin(turn, found):
        return []
    turn.store.rematches.discard_open(program)
    ending, new = ending_pairs(turn, found, answer), new_pairs(turn, found, answer)
    proposal = Proposal(
        program_id=program,
        status=REMATCH,
        total=sum(pair.score for pair in new),
        unmatched=[],
        made_by=turn.person.id,
        made_at=turn.now,
        figures={ENDING: [pair.id for pair in ending], "proved": answer.proved},
    )
    turn.store.proposals.add(proposal, new)
    turn.store.audit.add(turn.now, turn.person, "re-match proposed", program, {"pairs": len(new), "ends": len(ending)})
    return [Say(rematch_proposal_card(summed_up(turn, found, ending, new), proposal))]


@FLOW.step("leave_it", coordinators_only=True)
def leave_it(turn: Turn, program: int) -> list[Reply]:
    return [Replace(left_alone_card(turn.store.programs.required(program)))]


@FLOW.step("discard", coordinators_only=True)
def discard(turn: Turn, proposal: int) -> list[Reply]:
    found = turn.store.proposals.held(proposal)
    if found.status != REMATCH:
        return [Replace(rematch_settled_card())]
    found.status = "discarded"
    turn.store.audit.add(turn.now, turn.person, "re-match discarded", found.program_id)
    return [Replace(left_alone_card(turn.store.programs.get(found.program_id)))]


# Approving ---------------------------------------------------------------------------------------------------------


@FLOW.step("approve", coordinators_only=True)
def approve(turn: Turn, proposal: int) -> list[Reply]:
    """Checked against the rules once more; then the pairs end first, and the new ones wait until both have read it."""
    found = turn.store.proposals.held(proposal)
    program = turn.store.programs.get(found.program_id)
    if found.status != REMATCH or program.status != "running" or not _may_begin(turn, program):
        return [Replace(rematch_settled_card())]
    rows = [row for row in turn.store.proposals.pairs_of(proposal) if row.kept]
    about = summed_up(turn, program, still_to_end(turn, found), rows)
    request = everybody_again(turn.store, program.id, turn.content, turn.now.date())
    if out := no_longer_fitting(request, rows):
        turn.store.proposals.take_out([row.id for row, _ in out])
        left = {row.id for row, _ in out}
        about = summed_up(turn, program, still_to_end(turn, found), [row for row in rows if row.id not in left])
        return [Replace(rematch_proposal_card(about, found, left_out=len(out)))]
    begins = begins_on(turn, program)
    told_on = note_day(calendar_of(turn.person).today(begins))
    found.status, found.approved_at = "approved", turn.now
    found.publish_at = publishing_moment(turn.person, program, turn.now, told_on + timedelta(days=1))
    turn.store.audit.add(turn.now, turn.person, "re-match approved", program.id, {"pairs": len(rows)})
    card = rematch_approved_card(about, found, say_moment(turn, begins), say_moment(turn, found.publish_at))
    key = f"rematch/{proposal}/{begins:%Y-%m-%d}/{turn.now:%Y-%m-%dT%H:%M}"
    return [Replace(card), Planned(key, turn.person.id, begins, FLOW.to("end_pairs", proposal=proposal))]


@FLOW.step("stop", coordinators_only=True)
def stop(turn: Turn, proposal: int) -> list[Reply]:
    found = turn.store.proposals.held(proposal)
    program = turn.store.programs.get(found.program_id)
    if found.status != "approved" or found.publish_at is None:
        return [Replace(rematch_settled_card())]
    if not turn.store.rematches.is_before_its_ends(found):
        return [Replace(rematch_under_way_card(program))]
    found.status, found.publish_at = "discarded", None
    turn.store.audit.add(turn.now, turn.person, "re-match stopped", program.id)
    return [Replace(rematch_stopped_card(program))]


@FLOW.step("end_pairs", clock_only=True)
def end_pairs(turn: Turn, proposal: int) -> list[Reply]:
    """The morning has come and nobody stopped it."""
    found = turn.store.proposals.held(proposal)
    program = turn.store.programs.get(found.program_id)
    if found.status != "approved" or found.publish_at is None or program.status == "closed":
        return []
    pairs = still_to_end(turn, found)
    for pair in pairs:
        part(turn.store, pair, None, turn.now)
    turn.store.rematches.ended(found)
    turn.store.audit.add(turn.now, turn.person, "pairs re-matched", program.id, {"pairs": len(pairs)})
    return []
