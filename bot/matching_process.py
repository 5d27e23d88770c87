"""Matchings are worked out in a process of their own: seconds of arithmetic must not hold up a single click."""

import asyncio
import os
import signal
import threading
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from typing import Any

from conversations.content import Content
from conversations.matching import Proposal
from conversations.matching.from_store import request
from conversations.matching.request import run
from storage.database import Database


def _belong_to_parent() -> None:
    """In the process itself: Ctrl-C is the bot's to answer, and a bot that was killed leaves nobody behind."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, name="parent-watch", daemon=True).start()


def _end_with_parent() -> None:
    # Without this it waits for work for ever, with its 60 MB: it holds both ends of the pipe, so no end of file comes.
    if bot := parent_process():
        bot.join()
    os._exit(1)


class MatchingProcess:
    """Answers consultations about "matching". The process starts with the first one."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._pool: ProcessPoolExecutor | None = None

    async def answer(self, database: Database, about: Mapping[str, Any]) -> Proposal:
        """`about` holds the program's id; the people are read on a snapshot."""
        asked = await database.read(lambda store: request(store, int(about["program"]), self._content))
        if self._pool is None:
            # Spawned, not forked: a fork would copy threads' locks and open database connections.
            self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_belong_to_parent)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, run, asked)
        except BrokenProcessPool:
            # It was killed, for memory most likely; the next attempt gets a new one.
            self._pool = None
            raise

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None
