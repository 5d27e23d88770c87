"""Is a program ready? Everything that must be green before pairs are published."""

from conversations.flow import Flow, Turn
from conversations.replies import Reply

FLOW = Flow("check")


@FLOW.step("show", coordinators_only=True)
def show(turn: Turn, program: int = 0) -> list[Reply]:
    return []
