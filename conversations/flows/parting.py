"""The end of a pair: one neutral text, on one weekday, whatever the cause."""

from conversations.flow import Flow, Turn
from conversations.replies import Reply

FLOW = Flow("parting")


@FLOW.step("new_partner")
def new_partner(turn: Turn, pair: int) -> list[Reply]:
    return []


@FLOW.step("stop")
def stop(turn: Turn, pair: int) -> list[Reply]:
    return []
