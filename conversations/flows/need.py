"""I need help: what kind, who will read it, and only then is it sent."""

from conversations.flow import Flow, Turn
from conversations.replies import Reply

FLOW = Flow("need")


@FLOW.step("start")
def start(turn: Turn, pair: int = 0) -> list[Reply]:
    return []
