"""Named points at which a test lets the process kill itself, to see that nothing is lost and nothing comes twice.

A point that nobody armed costs one look into an empty dictionary.
"""

import asyncio
import os
import signal
import threading
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")

SEND = (
    "loop_top",
    "claim_in_tx",
    "claim_before_commit",
    "claimed",
    "in_flight",
    "posted",
    "mark_before_commit",
    "marked",
)
RECOVERY = ("rec_before", "rec_after_read", "rec_after_mark")
INBOX = ("received", "before_commit", "effect_before_commit", "committed", "effect_committed", "before_ack", "acked")
TICK = ("due_read", "enqueue_before_commit", "enqueued")
# Inside the store, which knows nothing of us: the database is told whom to tell (`Database(passes=...)`).
SURVEY = ("part_written", "answer_written", "committed", "checkpointed")
PUBLISH = ("audited", "written", "announced")
# Passed after each table that is emptied.
ERASE = ("erased",)
RESTORE = ("copied", "held", "restored", "resumed")
# Passed after each statement of a migration.
MIGRATE = ("migrate",)
POINTS = (*SEND, *RECOVERY, *INBOX, *TICK, *SURVEY, *PUBLISH, *ERASE, *RESTORE, *MIGRATE)
# Long enough for a request to have left, shorter than most answers take to come.
UNDER_WAY_SECONDS = 0.01

_left: dict[str, int] = {}
_signal = signal.SIGKILL
_counting = threading.Lock()


def arm(setting: str | None) -> None:
    """`posted:3`: this process dies when it passes `posted` for the third time; `posted:3:stop`: it is asked to stop
    there, by SIGTERM. None: it lives.

    Raises ValueError for a point that does not exist.
    """
    global _signal  # noqa: PLW0603
    _left.clear()
    if setting:
        name, passing, *how = setting.split(":")
        if name not in POINTS:
            raise ValueError(f"there is no crash point of this name; there are: {', '.join(POINTS)}")
        _left[name] = int(passing)
        _signal = signal.SIGTERM if how == ["stop"] else signal.SIGKILL


def is_armed(name: str) -> bool:
    return name in _left


def crash_here(name: str) -> None:
    """The process dies here, as by a power cut, if a test said so."""
    if name in _left:
        _count(name)


async def crash_during(name: str, work: Awaitable[T]) -> T:
    """Like `crash_here`, while the work is under way."""
    if name not in _left:
        return await work
    task = asyncio.ensure_future(work)
    await asyncio.wait([task], timeout=UNDER_WAY_SECONDS)
    _count(name)
    return await task


def _count(name: str) -> None:
    with _counting:
        _left[name] -= 1
        if _left[name] == 0:
            os.kill(os.getpid(), _signal)
