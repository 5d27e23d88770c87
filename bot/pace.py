"""How fast one platform may be written to: a rule over moments, with no clock and no waiting of its own."""

from collections import defaultdict, deque
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from bot.settings import Settings
from bot.targets import Target
from conversations.contacts import Address, Group, Place

Way = Literal["message", "group", "edit", "file", "look"]
"""What is sent: to a person or a channel, to a group chat, a change of an earlier message, or a file. A look at what
is in somebody's chat sends nothing, and has a place of its own."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `messages` in any window of `seconds`, and of one way of sending at most what `ways` says."""

    messages: int
    seconds: float
    ways: Mapping[Way, int] = field(default_factory=dict)
    # Seconds between two messages to the same recipient.
    apart: float = 1.0


SLACK_MESSAGES_PER_MINUTE = 240
LIMITS: Mapping[str, Limit] = {
    # chat.postMessage: about 1/s a channel and "several hundred per minute" a workspace. A group DM needs
    # conversations.open, an edit chat.update and a look conversations.history (tier 3: 50/min each), a file tier 4
    # (100/min); we leave room for interactive use.
    "slack": Limit(SLACK_MESSAGES_PER_MINUTE, 60, {"group": 40, "edit": 40, "file": 60, "look": 40}),
    # Teams: 1/s a conversation is safe; bots share 50/s a tenant, and we take half.
    "teams": Limit(messages=25, seconds=1),
}
# Which calls each way makes, where a platform asks to wait for one call and not for all.
METHODS: Mapping[str, Mapping[Way, Collection[str]]] = {
    "slack": {
        "message": ("chat.postMessage",),
        "group": ("conversations.open", "chat.postMessage"),
        "edit": ("chat.update",),
        "look": ("conversations.history", "conversations.open"),
        "file": (
            "files.getUploadURLExternal",
            "files.completeUploadExternal",
            "conversations.open",
            "chat.postMessage",
        ),
    }
}

# Messages that go together ask out of order, by as long as a locked database held one of them up; a clock that is
# further back than this was put back.
PUT_BACK = timedelta(minutes=5)

Scope = tuple[str, str]


class Pace:
    """Remembers what was sent lately. One for each process that sends."""

    def __init__(self, limits: Mapping[str, Limit] = LIMITS) -> None:
        self._limits = limits
        self._sent: dict[tuple[str, ...], deque[datetime]] = defaultdict(deque)
        self._last: dict[tuple[Scope, str], datetime] = {}
        self._held: dict[tuple[Scope, str], datetime] = {}
        self._latest: datetime | None = None

    def when(self, to: Target, now: datetime, way: Way = "message") -> datetime:
        """`now` if a message may go there now, else the first moment when it may."""
        self._follow(now)
        scope, recipient = _where(to)
        moments = [now, *self._waits(scope, way)]
        limit = self._limits.get(scope[0])
        if limit is not None:
            if way in limit.ways:
                moments.append(self._free((*scope, way), limit.ways[way], limit.seconds, now))
            if way != "look":
                moments.append(self._free(scope, limit.messages, limit.seconds, now))
            last = self._last.get((scope, recipient))
            if last is not None and way != "look":
                moments.append(last + timedelta(seconds=limit.apart))
        return max(moments)

    def sent(self, to: Target, now: datetime, way: Way = "message") -> None:
        """Counts one attempt."""
        scope, recipient = _where(to)
        limit = self._limits.get(scope[0])
        if limit is None:
            return
        if way in limit.ways:
            self._sent[*scope, way].append(now)
        if way != "look":
            self._sent[scope].append(now)
            self._last[scope, recipient] = now
        self._forget(now)

    def not_sent(self, to: Target, now: datetime, way: Way = "message") -> None:
        """Takes back what was counted at that moment: nothing went out after all."""
        scope, recipient = _where(to)
        for counted in (self._sent.get(scope) if way != "look" else None, self._sent.get((*scope, way))):
            if counted and now in counted:
                counted.remove(now)
        if way != "look" and self._last.get((scope, recipient)) == now:
            del self._last[scope, recipient]

    def hold(self, to: Target, until: datetime, method: str = "") -> None:
        """The platform asked us to wait (429): this call is not made before. Without a method: none is."""
        scope, _ = _where(to)
        known = any(method in calls for calls in METHODS.get(scope[0], {}).values())
        key = scope, method if known else ""
        self._held[key] = max(until, self._held.get(key, until))

    def _follow(self, now: datetime) -> None:
        """A clock that is put back takes along what was counted: else nobody heard of us until it has come round."""
        if self._latest is None or now > self._latest:
            self._latest = now
        elif now < self._latest - PUT_BACK:
            back, self._latest = self._latest - now, now
            for sent in self._sent.values():
                sent.extend([sent.popleft() - back for _ in range(len(sent))])
            self._last = {who: moment - back for who, moment in self._last.items()}
            self._held = {call: until - back for call, until in self._held.items()}

    def _waits(self, scope: Scope, way: Way) -> Iterator[datetime]:
        for method in ("", *METHODS.get(scope[0], {}).get(way, ())):
            if (until := self._held.get((scope, method))) is not None:
                yield until

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


def _where(to: Target) -> tuple[Scope, str]:
    match to:
        case Address():
            return (to.platform, to.tenant), to.user
        case Place():
            return (to.platform, to.tenant), to.channel
        case Group(members):
            return (members[0].platform, members[0].tenant), "+".join(sorted(each.user for each in members))


def pace_of(settings: Settings) -> Pace:
    """The limits, with an operator's own budget for the workspace."""
    return Pace({**LIMITS, "slack": replace(LIMITS["slack"], messages=settings.slack_messages_per_minute)})
