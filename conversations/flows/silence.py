"""After two ignored rounds one question, then silence until the person writes."""

from conversations.flow import Flow, Turn
from conversations.replies import Reply

FLOW = Flow("silence")


@FLOW.step("carry_on")
def carry_on(turn: Turn) -> list[Reply]:
    return []
