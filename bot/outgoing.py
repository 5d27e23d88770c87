"""What is ready to be sent, and where it will go if nothing changes before it is claimed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.pace import Way
from bot.targets import Target, by_person, choose, workspace_of
from conversations.contacts import Group
from storage.ready import Ready
from storage.store import Store

READY_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message that is ready. `to`: None for somebody without an account."""

    ready: Ready
    to: Target | None
    # The outbox is on hold: whether it arrived is looked up, but nothing is sent.
    only_look: bool = False

    @property
    def workspace(self) -> str:
        return workspace_of(self.to) if self.to else ""

    @property
    def way(self) -> Way:
        if self.ready.in_doubt:
            return "look"
        if self.ready.is_edit:
            return "edit"
        if self.ready.has_file:
            return "file"
        return "group" if isinstance(self.to, Group) else "message"


Lane = Sequence[Outgoing]
"""What is for one person, group or place, in its order: one message of it after the other."""


def what_is_ready(store: Store, now: datetime) -> Sequence[Outgoing]:
    """At most READY_AT_ONCE of each workspace, the urgent first."""
    ready = store.sending.ready(now, READY_AT_ONCE)
    # Mostly nothing is ready, and then nobody needs to know.
    held = bool(ready) and store.installation.is_held()
    if held:
        ready = store.sending.ready(now, READY_AT_ONCE, only_doubts=True)
    people = {row.person_id for row in ready if row.person_id is not None}
    people.update(int(each) for row in ready for each in row.group_ids or ())
    accounts = by_person(store.accounts.of_people(people)) if people else {}
    return [Outgoing(row, choose(row.person_id, row.group_ids, row.place, accounts), held) for row in ready]


def in_lanes(ready: Sequence[Outgoing]) -> Sequence[Lane]:
    """Lanes with something urgent go first; within one, messages keep their order."""
    lanes: dict[str, list[Outgoing]] = {}
    for outgoing in ready:
        lanes.setdefault(outgoing.ready.lane, []).append(outgoing)
    return [sorted(lane, key=lambda outgoing: outgoing.ready.id) for lane in lanes.values()]
