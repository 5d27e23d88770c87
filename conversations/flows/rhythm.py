"""How often a pair meets."""

from conversations.flow import Flow, Turn
from conversations.replies import Reply

FLOW = Flow("rhythm")


@FLOW.step("start")
def start(turn: Turn, pair: int = 0) -> list[Reply]:
    return []
