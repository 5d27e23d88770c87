"""A date for a session, in both calendars."""

from conversations.flow import Flow, Turn
from conversations.replies import Reply

FLOW = Flow("booking")


@FLOW.step("start")
def start(turn: Turn, pair: int = 0) -> list[Reply]:
    return []
