"""Stopping every unprompted message of a program at once, and going on without replaying any."""

from conversations.flow import Flow, Turn
from conversations.replies import Reply

FLOW = Flow("hold")


@FLOW.step("start", coordinators_only=True)
def start(turn: Turn, program: int = 0) -> list[Reply]:
    return []


@FLOW.step("resume", coordinators_only=True)
def resume(turn: Turn, program: int) -> list[Reply]:
    return []
