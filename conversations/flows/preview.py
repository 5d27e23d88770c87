"""Every message of a program by role, with names filled in, before anybody gets one."""

from conversations.events import Pressed
from conversations.flow import BadArguments, Flow, Turn
from conversations.preview_cards import preview_card, preview_ended_card
from conversations.preview_pages import ROLES, pages
from conversations.replies import Replace, Reply, Say
from conversations.which_program import which_program

FLOW = Flow("preview")
FLOW.command("program preview", "show", "Read every message before anybody gets it", coordinators_only=True)


@FLOW.step("show", coordinators_only=True)
def show(turn: Turn, program: int = 0, role: str = "", page: int = 0) -> list[Reply]:
    """`role` is set by the buttons that leaf through: they change the card; a first look is a new one."""
    if role and role not in ROLES:
        raise BadArguments("role")
    found = which_program(turn, program, FLOW.to("show"), "draft", "open", "running")
    if isinstance(found, Say):
        return [found]
    if found.status == "closed":
        return [Say(preview_ended_card(found))]
    wanted = role or "mentor"
    shown = preview_card(found, wanted, pages(turn, found, wanted), page)
    return [Replace(shown) if role and isinstance(turn.event, Pressed) else Say(shown)]
