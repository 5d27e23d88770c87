"""The end of a program: notice, thanks, what you learned, and what may come next."""

from conversations.flow import Flow, Turn
from conversations.replies import Reply

FLOW = Flow("closing")


@FLOW.step("again")
def again(turn: Turn, program: int) -> list[Reply]:
    return []
