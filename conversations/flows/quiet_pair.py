"""A pair that is quiet for four weeks: the coordinator may write to both, or find them other partners."""

from conversations.flow import Flow, Turn
from conversations.replies import Reply

FLOW = Flow("quiet_pair")


@FLOW.step("show", coordinators_only=True)
def show(turn: Turn, program: int = 0) -> list[Reply]:
    return []
