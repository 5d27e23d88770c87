"""Whether both are asked before a pair is made: a switch of the program."""

from conversations.asked_cards import switch_card
from conversations.flow import Flow, Turn
from conversations.replies import Replace, Reply, Say
from conversations.which_program import which_program
from storage.tables import Program

FLOW = Flow("ask_first")
FLOW.command("program ask-first", "switch", "Ask both before a pair is made", coordinators_only=True, also="ask first")


@FLOW.step("switch", coordinators_only=True)
def switch(turn: Turn, program: int = 0) -> list[Reply]:
    """`program ask-first on`, or off; without a word the card tells how it is."""
    *name, last = turn.words.casefold().split() or [""]
    found = which_program(turn, program, FLOW.to("switch"), "draft", "open", "running")
    if isinstance(found, Say):
        return [found]
    if last in ("on", "off") and (not name or not program):
        _set(turn, found, asks=last == "on")
    return [Say(switch_card(found))]


@FLOW.step("on", coordinators_only=True)
def on(turn: Turn, program: int) -> list[Reply]:
    found = turn.store.programs.required(program)
    _set(turn, found, asks=True)
    return [Replace(switch_card(found))]


@FLOW.step("off", coordinators_only=True)
def off(turn: Turn, program: int) -> list[Reply]:
    found = turn.store.programs.required(program)
    _set(turn, found, asks=False)
    return [Replace(switch_card(found))]


def _set(turn: Turn, program: Program, *, asks: bool) -> None:
    if program.asks_first != asks and program.status != "closed":
        program.asks_first = asks
        what = "asking first switched on" if asks else "asking first switched off"
        turn.store.audit.add(turn.now, turn.person, what, program.id)
