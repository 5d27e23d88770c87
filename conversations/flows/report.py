"""A program in figures, each defined in one line; as a card and as CSV."""

from conversations.flow import Flow, Turn
from conversations.replies import Reply

FLOW = Flow("report")


@FLOW.step("show", coordinators_only=True)
def show(turn: Turn, program: int = 0) -> list[Reply]:
    return []
