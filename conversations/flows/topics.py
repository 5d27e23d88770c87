"""What a pair can talk about next."""

from conversations.flow import Flow, Turn
from conversations.replies import Reply

FLOW = Flow("topics")


@FLOW.step("show")
def show(turn: Turn, pair: int = 0) -> list[Reply]:
    return []
