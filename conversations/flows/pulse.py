"""Three questions on three days, confidential."""

from conversations.flow import Flow, Turn
from conversations.replies import Reply

FLOW = Flow("pulse")


@FLOW.step("start")
def start(turn: Turn, round: int) -> list[Reply]:
    return []
