"""Matchings are worked out in a process of their own: seconds of arithmetic must not hold up a single click."""

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import date
from multiprocessing import Pipe, get_context, parent_process
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from bot.consultations import Live, Tell
from conversations.content import Content
from conversations.events import Progress
from conversations.matching import Proposal
from conversations.matching.advice import Advice
from conversations.matching.from_store import everybody_again, request
from conversations.matching.questions import advice_request, compare_both, smallest, what_if_requests
from conversations.matching.request import MatchingRequest, run
from conversations.matching.what_if import Difference
from storage.database import Database

# How often whoever waits is told how far it is: a card that changes more often than this cannot be read.
LOOKS_EVERY = 0.5  # seconds

Answer = TypeVar("Answer")
_reports: "Connection[Any, Any] | None" = None


def _begin(reports: "Connection[Any, Any]") -> None:
    """In the process itself: Ctrl-C is the bot's to answer, and a bot that was killed leaves nobody behind."""
    global _reports  # noqa: PLW0603  # one pipe of one process, set once when it starts
    _reports = reports
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, name="parent-watch", daemon=True).start()


def _end_with_parent() -> None:
    # Without this it waits for work for ever, with its 60 MB: it holds both ends of the pipe, so no end of file comes.
    if bot := parent_process():
        bot.join()
    os._exit(1)


def _run_told(asked: MatchingRequest, number: int) -> Proposal:
    """Works it out and says how far it is, through the pipe."""

    def tell(words: str, share: float) -> None:
        if _reports is not None:
            _reports.send((number, words, share))

    return run(asked, tell)


async def _silent(_progress: Progress) -> None:
    return None


class MatchingProcess:
    """Answers consultations about who fits whom. The process starts with the first one."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._pool: ProcessPoolExecutor | None = None
        self._pipe: Connection[Any, Any] | None = None
        self._number = 0
        self._latest: dict[int, Progress] = {}

    def handlers(self) -> Mapping[str, Live]:
        """By the name of the question."""
        return {"matching": Live(self.answer), "what_if": Live(self.what_if), "advice": Live(self.advice)}

    async def answer(self, database: Database, about: Mapping[str, Any], tell: Tell = _silent) -> Proposal:
        """`about` holds the program's id; the people are read on a snapshot."""
        read = everybody_again if about.get("everybody") else request
        asked = await database.read(lambda store: read(store, int(about["program"]), self._content, _day(about)))
        self._number += 1
        return await self._work(_run_told, asked, self._number, tell=tell)

    async def what_if(self, database: Database, about: Mapping[str, Any], tell: Tell = _silent) -> Difference:
        """The same people under today's rules and under those of `about`; nothing is saved."""
        requests = await database.read(lambda store: what_if_requests(store, about, self._content))
        return await self._work(compare_both, *requests, tell=tell)

    async def advice(self, database: Database, about: Mapping[str, Any], tell: Tell = _silent) -> Advice:
        """What would match somebody whom the draft leaves without a partner."""
        asked = await database.read(lambda store: advice_request(store, about, self._content))
        return await self._work(smallest, asked, tell=tell)

    async def _work(self, work: Callable[..., Answer], *given: Any, tell: Tell) -> Answer:
        try:
            future = asyncio.get_running_loop().run_in_executor(self._started(), work, *given)
            while not future.done():
                await asyncio.wait({future}, timeout=LOOKS_EVERY)
                if (progress := self._told()) and not future.done():
                    await tell(progress)
            return await future
        except BrokenProcessPool:
            # It was killed, for memory most likely; the next attempt gets a new one.
            self._let_go()
            raise

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pipe, reports = Pipe(duplex=False)
            # Spawned, not forked: a fork would copy threads' locks and open database connections.
            spawn = get_context("spawn")
            self._pool = ProcessPoolExecutor(1, mp_context=spawn, initializer=_begin, initargs=(reports,))
        return self._pool

    def _told(self) -> Progress | None:
        """What the process said last about the newest matching, once."""
        while self._pipe is not None and self._pipe.poll():
            number, words, share = self._pipe.recv()
            self._latest = {number: Progress(words, share)}
        return self._latest.pop(self._number, None)

    def close(self) -> None:
        """Whatever it is at is asked again at the next start: the largest matchings take longer than a stop may."""
        if self._pool is not None:
            for process in [*self._pool._processes.values()]:
                process.kill()
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._let_go()

    def _let_go(self) -> None:
        self._pool = None
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None


def _day(about: Mapping[str, Any]) -> date | None:
    """The day on which somebody is away or not; None: the first day of the program."""
    return date.fromisoformat(str(about["today"])) if "today" in about else None
