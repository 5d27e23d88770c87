"""The peer procrastinate on the same PostgreSQL: as many jobs, each with our card, to a sink of the same kind."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from bot.benchmark.sink import Sink
from bot.clock import stopwatch

# Jobs at once: one, as ours where nobody can look back, and more, of which the best counts.
AT_ONCE = 1, 4, 8, 16
# As many connections as jobs at once need, and two for itself.
CONNECTIONS = max(AT_ONCE) + 2
JOBS_A_STATEMENT = 1_000


class WentAstray(Exception):
    """The sink did not see each job once: the figure would mean nothing."""


def peer_is_installed() -> bool:
    return find_spec("procrastinate") is not None and find_spec("psycopg_pool") is not None


@dataclass(frozen=True, slots=True)
class PeerSpeed:
    """Jobs a second, by how many go at once."""

    per_second: Mapping[int, float]

    @property
    def best(self) -> int:
        """With how many at once it is fastest."""
        return max(self.per_second, key=lambda at_once: self.per_second[at_once])


class Peer:
    """Makes its tables in this database, and is asked in rounds. Raises ImportError where it is not installed."""

    def __init__(self, url: str, card: str) -> None:
        self._module = import_module("procrastinate")
        connector = self._module.PsycopgConnector(conninfo=url, min_size=CONNECTIONS, max_size=CONNECTIONS)
        self._app = self._module.App(connector=connector)
        self._card = card
        self._jobs = 0
        self._seconds = dict.fromkeys(AT_ONCE, 0.0)
        self._rounds = 0

    def round(self, jobs: int) -> None:
        """So many jobs to a sink, with each of AT_ONCE. Raises WentAstray."""
        asyncio.run(self._round(jobs))

    def speed(self) -> PeerSpeed:
        return PeerSpeed({at_once: self._jobs / seconds for at_once, seconds in self._seconds.items()})

    async def _round(self, jobs: int) -> None:
        sink = Sink(max(AT_ONCE))

        @self._app.task(name=f"post/{self._rounds}")  # type: ignore[untyped-decorator]
        async def post(delivery_id: str, card: str) -> None:
            await sink.post(delivery_id)

        await sink.open()
        try:
            async with self._app.open_async():
                if not self._rounds:
                    await self._app.schema_manager.apply_schema_async()
                for at_once in AT_ONCE:
                    self._seconds[at_once] += await self._run(
                        post, sink, [f"{at_once}/{each}" for each in range(jobs)], at_once
                    )
        finally:
            await sink.stop()
        self._rounds, self._jobs = self._rounds + 1, self._jobs + jobs

    async def _run(self, post: Any, sink: Sink, ids: Sequence[str], at_once: int) -> float:
        """The seconds that it takes."""
        for first in range(0, len(ids), JOBS_A_STATEMENT):
            some = ids[first : first + JOBS_A_STATEMENT]
            await post.batch_defer_async(*({"delivery_id": each, "card": self._card} for each in some))
        elapsed = stopwatch()
        # It ends when nothing is left. Its finished jobs go, so that the next round finds as empty a table; that costs
        # it no more than to mark them.
        await self._app.run_worker_async(
            wait=False, concurrency=at_once, delete_jobs="always", install_signal_handlers=False, listen_notify=False
        )
        seconds = elapsed() / 1000
        if any(sink.taken[each] != 1 for each in ids):
            raise WentAstray(f"with {at_once} at once")
        return seconds
