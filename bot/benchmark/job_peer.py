"""The peer procrastinate on the same PostgreSQL: as many jobs, each with our card, to a sink of the same kind."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from bot.benchmark.sink import Sink
from bot.clock import stopwatch

# Jobs at once: it gets the best of these.
AT_ONCE = 1, 4, 8, 16
# As many connections as jobs at once need, and two for itself.
CONNECTIONS = max(AT_ONCE) + 2
JOBS_A_STATEMENT = 1_000


@dataclass(frozen=True, slots=True)
class PeerSpeed:
    """Jobs a second, with so many at once."""

    per_second: float
    at_once: int


class WentAstray(Exception):
    """The sink did not see each job once: the figure would mean nothing."""


def peer_is_installed() -> bool:
    return find_spec("procrastinate") is not None and find_spec("psycopg_pool") is not None


def peer_speed(url: str, jobs: int, card: str) -> PeerSpeed:
    """Makes its tables in this database and runs its worker once for each of AT_ONCE; the best of these.

    Raises WentAstray, and ImportError where it is not installed.
    """
    return asyncio.run(_best(url.replace("+psycopg", "", 1), jobs, card))


async def _best(url: str, jobs: int, card: str) -> PeerSpeed:
    sink, peer = Sink(max(AT_ONCE)), import_module("procrastinate")
    connector = peer.PsycopgConnector(conninfo=url, min_size=CONNECTIONS, max_size=CONNECTIONS)
    app = peer.App(connector=connector)

    @app.task(name="post")  # type: ignore[untyped-decorator]
    async def post(delivery_id: str, card: str) -> None:
        await sink.post(delivery_id)

    await sink.open()
    try:
        async with app.open_async():
            await app.schema_manager.apply_schema_async()
            speeds = [await _speed(app, post, sink, _round(at_once, jobs, card), at_once) for at_once in AT_ONCE]
    finally:
        await sink.stop()
    return max(speeds, key=lambda each: each.per_second)


def _round(at_once: int, jobs: int, card: str) -> Sequence[dict[str, Any]]:
    return [{"delivery_id": f"{at_once}/{number}", "card": card} for number in range(jobs)]


async def _speed(app: Any, post: Any, sink: Sink, jobs: Sequence[dict[str, Any]], at_once: int) -> PeerSpeed:
    for first in range(0, len(jobs), JOBS_A_STATEMENT):
        await post.batch_defer_async(*jobs[first : first + JOBS_A_STATEMENT])
    elapsed = stopwatch()
    # It ends when nothing is left. Its finished jobs go, so that the next round finds as empty a table; that costs it
    # no more than to mark them.
    await app.run_worker_async(
        wait=False, concurrency=at_once, delete_jobs="always", install_signal_handlers=False, listen_notify=False
    )
    seconds = elapsed() / 1000
    if any(sink.taken[job["delivery_id"]] != 1 for job in jobs):
        raise WentAstray(f"with {at_once} at once")
    return PeerSpeed(len(jobs) / seconds, at_once)
