"""Who runs programs."""

from conversations.flow import Flow, Turn
from conversations.replies import Reply

FLOW = Flow("coordinators")


@FLOW.step("show", coordinators_only=True)
def show(turn: Turn) -> list[Reply]:
    return []
