"""How fast one platform may be written to: a rule over moments, with no clock and no waiting of its own."""

from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from conversations.contacts import Address, Group, Place


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `messages` in any window of `seconds`, and `group_chats` of them in new group chats."""

    messages: int
    seconds: float
    group_chats: int | None = None
    # Seconds between two messages to the same recipient.
    apart: float = 1.0


LIMITS: Mapping[str, Limit] = {
    # chat.postMessage: about 1/s a channel and "several hundred per minute" a workspace; a new group DM needs
    # conversations.open (tier 3: 50/min), and we leave room for interactive use.
    "slack": Limit(messages=240, seconds=60, group_chats=40),
    # Teams: 1/s a conversation is safe; bots share 50/s a tenant, and we take half.
    "teams": Limit(messages=25, seconds=1),
}

Scope = tuple[str, str]


class Pace:
    """Remembers what was sent lately. One for each process that sends."""

    def __init__(self, limits: Mapping[str, Limit] = LIMITS) -> None:
        self._limits = limits
        self._sent: dict[tuple[str, ...], deque[datetime]] = defaultdict(deque)
        self._last: dict[tuple[Scope, str], datetime] = {}
        self._held: dict[Scope, datetime] = {}

    def when(self, to: Address | Group | Place, now: datetime) -> datetime:
        """`now` if a message may go there now, else the first moment when it may."""
        scope, recipient = _where(to)
        moments = [now, self._held.get(scope, now)]
        limit = self._limits.get(scope[0])
        if limit is not None:
            moments.append(self._free(scope, limit.messages, limit.seconds, now))
            if isinstance(to, Group) and limit.group_chats:
                moments.append(self._free((*scope, "group"), limit.group_chats, limit.seconds, now))
            last = self._last.get((scope, recipient))
            if last is not None:
                moments.append(last + timedelta(seconds=limit.apart))
        return max(moments)

    def sent(self, to: Address | Group | Place, now: datetime) -> None:
        """Counts one attempt."""
        scope, recipient = _where(to)
        limit = self._limits.get(scope[0])
        if limit is None:
            return
        self._sent[scope].append(now)
        if isinstance(to, Group):
            self._sent[*scope, "group"].append(now)
        self._last[scope, recipient] = now
        self._forget(now)

    def hold(self, to: Address | Group | Place, until: datetime) -> None:
        """The platform asked us to wait (429): nothing goes to this workspace before."""
        scope, _ = _where(to)
        self._held[scope] = max(until, self._held.get(scope, until))

    def _free(self, key: tuple[str, ...], most: int, seconds: float, now: datetime) -> datetime:
        """When the window has room again."""
        window, sent = timedelta(seconds=seconds), self._sent[key]
        while sent and sent[0] <= now - window:
            sent.popleft()
        return now if len(sent) < most else sent[len(sent) - most] + window

    def _forget(self, now: datetime) -> None:
        # A recipient matters for a second; without this the memory would grow with every person.
        if len(self._last) > 10_000:
            recent = now - timedelta(seconds=60)
            self._last = {who: moment for who, moment in self._last.items() if moment > recent}


def _where(to: Address | Group | Place) -> tuple[Scope, str]:
    match to:
        case Address():
            return (to.platform, to.tenant), to.user
        case Place():
            return (to.platform, to.tenant), to.channel
        case Group(members):
            return (members[0].platform, members[0].tenant), "+".join(sorted(each.user for each in members))
