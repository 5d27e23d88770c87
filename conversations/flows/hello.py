"""One working day after the introduction: a hello to copy, for whoever has not begun."""

from conversations.flow import Flow, Turn
from conversations.replies import Reply

FLOW = Flow("hello")


@FLOW.step("in_touch")
def in_touch(turn: Turn, pair: int) -> list[Reply]:
    return []
