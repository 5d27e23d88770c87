"""Every message of a program by role, with names filled in, before anybody gets one."""

from conversations.flow import Flow, Turn
from conversations.replies import Reply

FLOW = Flow("preview")


@FLOW.step("show", coordinators_only=True)
def show(turn: Turn, program: int = 0) -> list[Reply]:
    return []
