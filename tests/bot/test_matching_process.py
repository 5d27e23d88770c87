"""The process beside the bot that works out who fits whom: it answers, and it goes when the bot goes."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.matching_process import MatchingProcess
from conversations.content import load
from conversations.events import Progress
from storage.database import Database
from tests.support.chat import Chat
from tests.support.company import program
from tests.support.patience import SECONDS

ROOT = Path(__file__).parents[2]
# Proposes once, says which process did it, and stays.
BOT = """
import asyncio, sys
from bot.matching_process import MatchingProcess
from conversations.content import load
from storage.database import Database

if __name__ == "__main__":
    matching = MatchingProcess(load())
    proposal = asyncio.run(matching.answer(Database(sys.argv[1]), {"program": 1}))
    sys.stdout.write(f"{len(proposal.pairs)} {list(matching._pool._processes)[0]}\\n")
    sys.stdout.flush()
    sys.stdin.read()
"""


def is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    # A process that ended stays listed until somebody asks how; in a container nobody may.
    status = Path(f"/proc/{process}/status")
    return not status.is_file() or "\nState:\tZ" not in status.read_text(encoding="utf-8")


@pytest.mark.slow
async def test_o1_a_bot_that_is_killed_leaves_no_process_behind(sqlite_url: str, tmp_path: Path) -> None:
    database = Database(sqlite_url)
    chat = Chat(database)
    program(chat, chat.person("cora@larkspur.example", coordinator=True))
    database.close()
    script = tmp_path / "bot_that_is_killed.py"
    script.write_text(BOT, encoding="utf-8")
    bot = await asyncio.create_subprocess_exec(
        *(sys.executable, str(script), sqlite_url),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert bot.stdout
    assert bot.stderr
    pairs, worker = (await asyncio.wait_for(bot.stdout.readline(), 60)).split()
    assert pairs == b"0"
    os.kill(int(worker), signal.SIGINT)  # as with Ctrl-C, which every process of a terminal gets
    bot.kill()
    async with asyncio.timeout(20):
        await bot.wait()
        while is_there(int(worker)):
            await asyncio.sleep(0.05)
    assert b"Traceback" not in await bot.stderr.read()


@pytest.mark.slow
async def test_o1_a_stop_does_not_wait_for_a_matching() -> None:
    matching = MatchingProcess(load())
    asking = asyncio.create_task(matching._work(time.sleep, 2 * SECONDS, tell=_nothing))
    while matching._pool is None or not matching._pool._processes:
        await asyncio.sleep(0.02)
    [worker] = matching._pool._processes
    asking.cancel()
    await asyncio.wait_for(asyncio.to_thread(matching.close), SECONDS)
    assert not is_there(worker)


async def _nothing(_progress: Progress) -> None:
    return None
