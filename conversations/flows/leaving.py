"""Leaving a program in two clicks, without a reason."""

from conversations.flow import Flow, Turn
from conversations.replies import Reply

FLOW = Flow("leaving")


@FLOW.step("start")
def start(turn: Turn, program: int = 0) -> list[Reply]:
    return []
