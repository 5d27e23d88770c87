"""Is a program ready? Everything that must be green before pairs are published, each with what puts it right."""

from collections.abc import Sequence
from datetime import date

from conversations.check_cards import begins_card, check_card, ended_check_card, left_out_card
from conversations.events import Pressed
from conversations.flow import BadArguments, Flow, Turn
from conversations.moved_dates import tell_new_dates
from conversations.people_words import say_when, today_of
from conversations.program_forms import furthest_day, months_later
from conversations.ready_check import examined, findings, unreachable_of
from conversations.replies import Replace, Reply, Say
from conversations.which_program import which_program

FLOW = Flow("check")
FLOW.command("program check", "show", "See whether everything is ready for the pairs", coordinators_only=True)


@FLOW.step("show", coordinators_only=True)
def show(turn: Turn, program: int = 0, again: int = 0) -> list[Reply]:
    """`again`: looked at once more, so the card is brought up to date."""
    found = which_program(turn, program, FLOW.to("show"), "draft", "open", "running")
    if isinstance(found, Say):
        return [found]
    if found.status == "closed":
        return [Say(ended_check_card(found))]
    proposal = turn.store.proposals.draft(found.id)
    shown = check_card(found, proposal, findings(turn, examined(turn, found, proposal)))
    return [Replace(shown) if again and isinstance(turn.event, Pressed) else Say(shown)]


@FLOW.step("leave_out", coordinators_only=True)
def leave_out(turn: Turn, proposal: int) -> Sequence[Reply]:
    """Pairs with somebody who cannot be reached stay out of this approval."""
    found = turn.store.proposals.held(proposal)
    program = turn.store.programs.get(found.program_id)
    if found.status != "draft" or program.status == "closed":
        return show(turn, program.id)
    out = {person.id for person in unreachable_of(turn, examined(turn, program, found))}
    pairs = [pair for pair in turn.store.proposals.pairs_of(proposal) if pair.kept]
    left = [pair for pair in pairs if {pair.mentor_id, pair.mentee_id} & out]
    for pair in left:
        pair.kept = False
    turn.store.audit.add(turn.now, turn.person, "pairs left out", program.id, {"pairs": len(left)})
    return [Replace(left_out_card(program, found, len(left), len(pairs) - len(left)))]


@FLOW.step("begin_on", coordinators_only=True)
def begin_on(turn: Turn, program: int, day: str) -> Sequence[Reply]:
    """The better day that the check has found, in one click; people who joined hear of it."""
    found = turn.store.programs.required(program)
    if found.status == "closed":
        return [Say(ended_check_card(found))]
    try:
        begins = date.fromisoformat(day)
    except ValueError:
        raise BadArguments("day") from None
    ahead = max(today_of(turn), found.starts_on) < begins <= furthest_day(turn)
    if not ahead or found.status == "running":
        # A card from last week, or of a program that has begun; the check says what is the case now.
        return show(turn, program)
    found.starts_on, found.ends_on = begins, max(found.ends_on, months_later(begins, found.months))
    turn.store.audit.add(turn.now, turn.person, "program adjusted", program)
    return [Replace(begins_card(found, say_when(turn, begins))), *tell_new_dates(turn, found)]
