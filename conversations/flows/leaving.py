"""Leaving a program in two clicks, without a reason."""

from collections.abc import Sequence

from conversations.flow import Flow, Turn
from conversations.leaving_cards import left_all_card, nothing_to_leave_card, several_card, stay_card
from conversations.leaving_programs import ask_to_leave, leave, out, taking_part
from conversations.next_word import next_word
from conversations.replies import Replace, Reply, Say
from conversations.which_program import is_named

FLOW = Flow("leaving")
FLOW.command("leave", "start", "Leave a program; no reason needed", also="stop, quit, unsubscribe, not for me, opt out")


@FLOW.step("start")
def start(turn: Turn, program: int = 0) -> Sequence[Reply]:
    """Typed words may mean something else ("stop by my desk"), so it takes a click as well."""
    mine = [one for _, one in taking_part(turn)]
    if program:
        turn.store.enrollments.required(turn.person, program)
        mine = [one for one in mine if one.id == program]
    elif named := [one for one in mine if turn.words.strip() and is_named(one, turn.words)]:
        mine = named
    match mine:
        case []:
            return [Say(nothing_to_leave_card())]
        case [only]:
            return [Say(ask_to_leave(turn, only))]
        case several:
            return [Say(several_card(several))]


@FLOW.step("leave")
def leave_one(turn: Turn, program: int) -> Sequence[Reply]:
    enrollment = turn.store.enrollments.required(turn.person, program)
    return out(turn, enrollment, turn.store.programs.required(program))


@FLOW.step("all")
def leave_all(turn: Turn) -> Sequence[Reply]:
    mine = taking_part(turn)
    if not mine:
        return [Replace(nothing_to_leave_card())]
    partners = [partner for enrollment, program in mine for partner in leave(turn, enrollment, program)]
    return [Replace(left_all_card(turn.content, [program for _, program in mine], partners))]


@FLOW.step("stay")
def stay(turn: Turn) -> Sequence[Reply]:
    return [Replace(stay_card(next_word(turn)))]
