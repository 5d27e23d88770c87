"""What each side wants from the pair: one to three goals in week one."""

from conversations.flow import Flow, Turn
from conversations.replies import Reply

FLOW = Flow("goals")


@FLOW.step("start")
def start(turn: Turn, pair: int) -> list[Reply]:
    return []
