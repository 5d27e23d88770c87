"""Answers on their way to people: one after the other on each screen, so that no late edit covers a newer one."""

import asyncio
import logging
from collections.abc import Awaitable, Callable


class Answering:
    """The answers under way on one platform. `log` hears of those that fail, by the kind of error alone."""

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._under_way: set[asyncio.Task[None]] = set()
        self._last: dict[str, asyncio.Task[None]] = {}

    def begin(self, line: str, answer: Callable[[], Awaitable[None]], *, at_once: bool = False) -> None:
        """Answers in the background, after all that was begun before in the same line.

        `line`: a person, or a screen of theirs that shows no messages.
        `at_once`: covers nothing and cannot wait, as a form that a click of three seconds ago opens.
        """
        before = None if at_once else self._last.get(line)
        task = asyncio.create_task(self._after(before, answer))
        self._under_way.add(task)
        if not at_once:
            self._last[line] = task
        task.add_done_callback(lambda done: self._ended(line, done))

    async def wait(self, line: str, seconds: float) -> None:
        """Waits so long, at most, until all that was begun in this line is on the screen."""
        if last := self._last.get(line):
            await asyncio.wait([last], timeout=seconds)

    async def finish(self, seconds: float) -> None:
        """Waits so long for the answers under way, then gives up what is left."""
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _after(self, before: asyncio.Task[None] | None, answer: Callable[[], Awaitable[None]]) -> None:
        if before:
            await asyncio.wait([before])
        await answer()

    def _ended(self, line: str, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if self._last.get(line) is task:
            del self._last[line]
        if not task.cancelled() and (error := task.exception()):
            self._log.error("an answer failed: %s", type(error).__name__)
