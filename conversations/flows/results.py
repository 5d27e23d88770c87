"""What closed pulses may show."""

from conversations.flow import Flow, Turn
from conversations.replies import Reply

FLOW = Flow("results")


@FLOW.step("show")
def show(turn: Turn, program: int = 0) -> list[Reply]:
    return []
