"""How somebody rates themselves on the program's themes, at the start and at the end."""

from conversations.flow import Flow, Turn
from conversations.replies import Reply

FLOW = Flow("skills")


@FLOW.step("start")
def start(turn: Turn, program: int) -> list[Reply]:
    return []
