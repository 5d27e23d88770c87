"""Naming a colleague who would be good at it."""

from conversations.flow import Flow, Turn
from conversations.replies import Reply

FLOW = Flow("nominate")


@FLOW.step("start")
def start(turn: Turn, program: int = 0) -> list[Reply]:
    return []
