"""Inviting people, by list or from the roster."""

from conversations.flow import Flow, Turn
from conversations.replies import Reply

FLOW = Flow("invite")


@FLOW.step("start", coordinators_only=True)
def start(turn: Turn, program: int = 0) -> list[Reply]:
    return []
