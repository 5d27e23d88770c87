"""New dates of a program: whoever joined was told a day, so they hear of the new one, once."""

from datetime import timedelta

from conversations.actions import Action
from conversations.flow import Turn
from conversations.replies import Planned
from storage.tables import Program

# Whoever sets dates tries two or three; people hear the last ones.
SETTLES = timedelta(minutes=30)


def tell_new_dates(turn: Turn, program: Program) -> list[Planned]:
    """At a full hour, when the dates have stood for a while; several changes before it are one message."""
    if program.status != "open":
        return []
    moment = turn.now + SETTLES
    if moment.replace(minute=0, second=0, microsecond=0) != moment:
        moment = moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    action = Action("waiting", "moved", {"program": program.id, "after": 0})
    return [Planned(f"moved/{program.id}/{moment:%Y-%m-%dT%H}", turn.person.id, moment, action)]
