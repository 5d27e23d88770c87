"""In the middle of a program: carry on, another rhythm, another partner, or stop."""

from conversations.flow import Flow, Turn
from conversations.replies import Reply

FLOW = Flow("half_time")


@FLOW.step("carry_on")
def carry_on(turn: Turn, check_in: int, pair: int) -> list[Reply]:
    return []
