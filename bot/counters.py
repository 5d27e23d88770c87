"""What the bot counts about itself: plain numbers by name. No name holds an id of anybody or anything."""

import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence

# A message that is on somebody's screen twice: found by looking at their chat again.
REPEATED = "delivery_repeated"
# Nobody knew whether a message had arrived; what a look into the chat then said.
DOUBTS, FOUND, NOT_FOUND, COULD_NOT_LOOK = (
    "delivery_doubts",
    "delivery_looked_back_found",
    "delivery_looked_back_not_found",
    "delivery_could_not_look_back",
)
SENT, REFUSED, ASKED_TO_WAIT, EXPIRED = (
    "delivery_sent",
    "delivery_refused",
    "delivery_asked_to_wait",
    "delivery_expired",
)
# Another process was sending, or took over what we had begun.
# Counted with what they belong to: platform/outcome, or kind/outcome.
ATTEMPTS, TURNS, CONSULTATIONS = "delivery_attempts", "turns", "consultations"
# The last moment at which the heart beat, and how long the last planning took: seconds.
HEARTBEAT, PLAN_SECONDS = "heartbeat", "plan_seconds"
# Upper bounds of what is counted of turns, in seconds: Slack gives up at 3.
BUCKETS = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 3.0)


class Counters:
    """One for each process; turns and deliveries count from several threads."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._parts: Counter[tuple[str, str]] = Counter()
        self._values: dict[str, float] = {}
        self._turns = [0] * (len(BUCKETS) + 1)
        self._turn_seconds = 0.0
        self._lock = threading.Lock()

    def add(self, name: str, times: int = 1, *, of: str = "") -> None:
        """`of`: what it belongs to, from a fixed list, such as a platform."""
        with self._lock:
            self._counts[name] += times
            if of:
                self._parts[name, of] += times

    def note(self, name: str, value: float) -> None:
        """The last value of something that goes up and down."""
        self._values[name] = value

    def turn(self, of: str, seconds: float) -> None:
        """A turn was taken: platform/outcome, and its seconds."""
        self.add(TURNS, of=of)
        with self._lock:
            self._turns[bisect_left(BUCKETS, seconds)] += 1
            self._turn_seconds += seconds

    def of(self, name: str, part: str) -> int:
        return self._parts[name, part]

    def noted(self, name: str) -> float | None:
        return self._values.get(name)

    def turns(self) -> tuple[Sequence[int], float]:
        """How many took up to each bound of BUCKETS and how many longer, each counted once; and their seconds."""
        with self._lock:
            return tuple(self._turns), self._turn_seconds

    def __getitem__(self, name: str) -> int:
        return self._counts[name]

    def all(self) -> Mapping[str, int]:
        """As they are now."""
        with self._lock:
            return dict(self._counts)
