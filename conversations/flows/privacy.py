"""What is stored about you: see it, take it with you, erase it."""

from conversations.flow import Flow, Turn
from conversations.replies import Reply

FLOW = Flow("privacy")


@FLOW.step("show")
def show(turn: Turn) -> list[Reply]:
    return []
