"""Matchings are worked out in a process of their own: seconds of arithmetic must not hold up a single click."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any

from conversations.content import Content
from conversations.matching import Proposal
from conversations.matching.from_store import request
from conversations.matching.request import run
from storage.database import Database


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
            self._pool = ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn"))
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
