"""`/metrics` in Prometheus' text format (version 0.0.4). Every label has a fixed list of values: however many people
there are, the series are the same, and none of them tells of anybody, or of any answer.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from bot.counters import (
    ASKED_TO_WAIT,
    ATTEMPTS,
    BUCKETS,
    CONSULTATIONS,
    COULD_NOT_LOOK,
    DOUBTS,
    EXPIRED,
    FOUND,
    HEARTBEAT,
    NOT_FOUND,
    PLAN_SECONDS,
    REPEATED,
    TURNS,
    Counters,
)
from bot.engine import Engine
from conversations.contacts import Place
from storage.figures import Figures, Queue
from storage.migrate import newest

TURN_OUTCOMES = ("ok", "repeat", "failed", "not_theirs", "earlier_card")
ATTEMPT_OUTCOMES = ("sent", "later", "uncertain", "refused", "dropped", "taken_over")
CONSULTATION_OUTCOMES = ("ok", "fault", "again", "given_up")
LOOKED_BACK = {"found": FOUND, "not_found": NOT_FOUND, "could_not_look": COULD_NOT_LOOK}
ROSTER_STATES = ("done", "waiting", "refused")
# Where a message that no platform's account waits for belongs.
GROUP, NOBODY, OTHER = "group", "nobody", "other"

Labels = Mapping[str, str]
Sample = tuple[Labels, float]


@dataclass(frozen=True, slots=True)
class Metric:
    """One name, what it says, and its values by labels. `kind`: counter, gauge or histogram."""

    name: str
    kind: str
    says: str
    samples: Sequence[Sample]

    def lines(self) -> Iterator[str]:
        yield f"# HELP {self.name} {self.says}"
        yield f"# TYPE {self.name} {self.kind}"
        for labels, value in self.samples:
            suffix, rest = labels.get("", ""), {name: words for name, words in labels.items() if name}
            inside = ",".join(f'{name}="{words}"' for name, words in rest.items())
            yield f"{self.name}{suffix}{f'{{{inside}}}' if inside else ''} {_number(value)}"


def routes(engine: Engine) -> Iterable[web.RouteDef]:
    """For a server of its own: whoever may read figures need not reach the platforms' doors."""

    async def answer(_request: web.Request) -> web.Response:
        text = await figures(engine)
        return web.Response(text=text, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})

    return [web.get("/metrics", answer)]


async def figures(engine: Engine) -> str:
    """Everything as text. While the database is away, only what this process knows by itself."""
    now = engine.clock.now()
    try:
        found = await engine.database.read(lambda store: store.watch.figures(now))
    except Exception:
        found = None
    up = Metric("flipside_database_up", "gauge", "Whether the database answered just now.", [({}, found is not None)])
    platforms = tuple(engine.platforms)
    metrics = [up, _info(), *_of_process(engine.counters, platforms, (*engine.consultations.kinds, OTHER))]
    if found is not None:
        metrics += _of_database(found, platforms, now)
    return "".join(f"{line}\n" for metric in metrics for line in metric.lines())


def _info() -> Metric:
    says = "The revision of the schema that this version needs."
    return Metric("flipside_info", "gauge", says, [({"schema": newest()}, 1)])


def _of_process(counters: Counters, platforms: Sequence[str], kinds: Sequence[str]) -> Iterator[Metric]:
    """Counters begin anew with each process."""
    yield _gauge("heartbeat_timestamp_seconds", "When the heart beat last.", counters.noted(HEARTBEAT))
    yield _gauge("plan_seconds", "How long the last planning of the calendar took.", counters.noted(PLAN_SECONDS))
    by_platform = "platform", platforms
    yield _counter("turns_total", "Turns taken.", _cross(counters, TURNS, by_platform, TURN_OUTCOMES))
    yield _turn_seconds(counters)
    says = "Attempts to send, by what became of each."
    yield _counter("delivery_attempts_total", says, _cross(counters, ATTEMPTS, by_platform, ATTEMPT_OUTCOMES))
    repeated = "Messages that are on somebody's screen twice."
    yield _by("delivery_repeated_total", repeated, counters, REPEATED, platforms)
    yield _by("delivery_asked_to_wait_total", "Times that a platform said 429.", counters, ASKED_TO_WAIT, platforms)
    yield _counter("delivery_expired_total", "Messages dropped as old news.", [({}, counters[EXPIRED])])
    looked: list[Sample] = [({"outcome": word}, counters[name]) for word, name in LOOKED_BACK.items()]
    yield _counter("delivery_looked_back_total", "Doubts, by what a look at the chat said.", looked)
    yield _counter(
        "delivery_doubts_total", "Messages of which nobody knew whether they arrived.", [({}, counters[DOUBTS])]
    )
    says = "Slow questions asked of the matching, the roster and the topic server."
    yield _counter("consultations_total", says, _cross(counters, CONSULTATIONS, ("kind", kinds), CONSULTATION_OUTCOMES))


def _of_database(found: Figures, platforms: Sequence[str], now: datetime) -> Iterator[Metric]:
    labels = (*platforms, GROUP, NOBODY, OTHER)
    queues = _by_label(found.queues, platforms)
    each = [(label, queues.get(label, Queue(None, None, False, 0, 0, None))) for label in labels]
    yield _for_platforms("outbox_waiting", "Messages that wait.", [(label, queue.waiting) for label, queue in each])
    yield _for_platforms("outbox_due", "Messages that may go now.", [(label, queue.due) for label, queue in each])
    oldest = [(label, _age(queue.oldest_due, now)) for label, queue in each]
    yield _for_platforms("outbox_oldest_due_seconds", "For how long the oldest of them may go already.", oldest)
    yield _gauge("outbox_uncertain", "Messages of which nobody knows yet whether they arrived.", found.uncertain)
    yield _gauge("outbox_held", "1 while nothing is sent until `flipside resume`.", found.held_since is not None)
    yield _gauge("nudges_late", "Steps of the calendar that are due for more than five minutes.", found.nudges_late)
    yield _gauge("nudges_failed", "Steps of the calendar that were given up.", found.nudges_failed)
    yield _gauge("consultations_waiting", "Slow questions under way or waiting.", found.consultations_waiting)
    held = [workspace.partition("/")[0] for workspace in found.leases]
    leases = [(name, held.count(name)) for name in platforms]
    yield _for_platforms("sender_leases", "Workspaces that some process sends to.", leases)
    status, at = found.roster or ("", None)
    states: list[Sample] = [({"status": each}, each == status) for each in ROSTER_STATES]
    yield Metric("flipside_roster_read", "gauge", "How the last reading of the roster ended.", states)
    yield _gauge("roster_read_timestamp_seconds", "When that was; 0: never.", at.timestamp() if at else 0)


def _by_label(queues: Sequence[Queue], platforms: Sequence[str]) -> Mapping[str, Queue]:
    found: dict[str, Queue] = {}
    for queue in queues:
        label = _label(queue, platforms)
        found[label] = queue.and_also(found[label]) if label in found else queue
    return found


def _label(queue: Queue, platforms: Sequence[str]) -> str:
    if queue.is_group:
        return GROUP
    name = Place.unpack(queue.place).platform if queue.place is not None else queue.platform
    if name is None:
        return NOBODY
    return name if name in platforms else OTHER


def _gauge(name: str, says: str, value: float | None) -> Metric:
    return Metric(f"flipside_{name}", "gauge", says, [({}, value or 0)])


def _for_platforms(name: str, says: str, values: Iterable[tuple[str, float]]) -> Metric:
    return Metric(f"flipside_{name}", "gauge", says, [({"platform": label}, value) for label, value in values])


def _by(name: str, says: str, counters: Counters, counter: str, platforms: Iterable[str]) -> Metric:
    return _counter(name, says, [({"platform": each}, counters.of(counter, each)) for each in platforms])


def _counter(name: str, says: str, samples: Sequence[Sample]) -> Metric:
    return Metric(f"flipside_{name}", "counter", says, samples)


def _cross(counters: Counters, counter: str, by: tuple[str, Sequence[str]], outcomes: Sequence[str]) -> list[Sample]:
    label, values = by
    return [
        ({label: value, "outcome": outcome}, counters.of(counter, f"{value}/{outcome}"))
        for value in values
        for outcome in outcomes
    ]


def _turn_seconds(counters: Counters) -> Metric:
    each, seconds = counters.turns()
    samples: list[Sample] = []
    so_far = 0
    for bound, many in zip((*map(str, BUCKETS), "+Inf"), each, strict=True):
        so_far += many
        samples.append(({"": "_bucket", "le": bound}, so_far))
    samples += [({"": "_sum"}, seconds), ({"": "_count"}, so_far)]
    return Metric("flipside_turn_seconds", "histogram", "How long turns took.", samples)


def _age(moment: datetime | None, now: datetime) -> float:
    return max((now - moment).total_seconds(), 0) if moment is not None else 0


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.6g}" if value < 1e6 else f"{value:.3f}"
