"""Away until a day, and back by itself."""

from conversations.flow import Flow, Turn
from conversations.replies import Reply

FLOW = Flow("pause")


@FLOW.step("start")
def start(turn: Turn) -> list[Reply]:
    return []
