"""The whole program as one process: it starts, serves, picks up its work by itself, and stops in good order."""

import asyncio
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bot.app import App, build
from bot.clock import VirtualClock
from bot.demo import START, demo_app
from bot.engine import Engine
from bot.larkspur import EMPLOYEES, coordinators, roster_csv
from bot.pace import Pace
from bot.scheduler import Heartbeat
from bot.settings import Settings
from bot.web import Server, serve
from conversations.actions import Action
from conversations.flow import Flow
from conversations.people_file import read_people_file
from conversations.replies import Planned
from storage.database import Database
from storage.store import Store
from storage.tables import Person
from tests.support.fake_platform import FakePlatform
from tests.support.patience import SECONDS
from tests.support.tiny_flows import CONTENT, TRY
from tests.support.tiny_flows import FLOWS as TINY_FLOWS

ROOT = Path(__file__).parents[2]


async def until(true: Callable[[], Awaitable[bool]], seconds: float = 20) -> None:
    """Waits for a condition; the time limit is generous, since the machine may be busy."""
    async with asyncio.timeout(seconds):
        while not await true():
            await asyncio.sleep(0.02)


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[tuple[App, Server]]:
    app = demo_app(tmp_path, "127.0.0.1", 0)
    server = await app.start()
    yield app, server
    await app.stop(server)
    app.close()


async def get(server: Server, path: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{server.port}{path}") as answer:
        return answer.status, await answer.text()


@pytest.mark.slow
async def test_the_demo_serves_the_playground_and_its_health(demo: tuple[App, Server]) -> None:
    _, server = demo
    assert (await get(server, "/"))[0] == 200
    assert await get(server, "/livez") == (200, "alive\n")
    assert await get(server, "/readyz") == (200, "ready\n")


@pytest.mark.slow
async def test_the_demo_knows_everybody_at_larkspur_and_who_coordinates(demo: tuple[App, Server]) -> None:
    app, _ = demo
    people = app.engine.database.read_now(lambda store: store.people.everybody())
    assert {person.email for person in people} == {employee.email for employee in EMPLOYEES}
    assert {person.email for person in app.engine.database.read_now(_coordinators)} == set(coordinators())
    assert app.engine.clock.now() == START


def _coordinators(store: Store) -> Sequence[Person]:
    return store.people.coordinators()


def test_larkspurs_roster_has_no_fault_and_not_even_a_warning() -> None:
    read = read_people_file(roster_csv())
    assert (read.errors, read.warnings) == ((), ())
    assert len(read.rows) == 24


@pytest.mark.slow
async def test_answers_arrive_without_waiting_for_a_tick(tmp_path: Path) -> None:
    fake = FakePlatform("slack")
    fake.employ("amara", email="amara@larkspur.example")
    settings = Settings.model_validate(
        {"database_url": f"sqlite:///{tmp_path / 'run.db'}", "coordinators": "amara@larkspur.example", "port": 1}
    )
    app = build(settings, chosen=[fake], port=0)
    server = await app.start()
    try:
        await fake.press("amara", Action("roster", "file", {"program": 0}))

        async def told() -> bool:
            return bool(fake.messages_to("amara"))

        await until(told)
        assert "FLIPSIDE_ROSTER_FILE" in fake.messages_to("amara")[0].text
    finally:
        await app.stop(server)
        app.close()
    assert fake.dispatch is None


async def test_a_fault_in_a_route_is_one_line_in_the_log_and_no_detail_on_the_wire(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fails(_request: web.Request) -> web.Response:
        raise ZeroDivisionError("a secret")

    async def ready() -> bool:
        return False

    server = await serve([web.get("/fails", fails)], ready, "127.0.0.1", 0)
    try:
        status, text = await get(server, "/fails")
        assert (status, "secret" in text) == (500, False)
        assert (await get(server, "/readyz"))[0] == 503
    finally:
        await server.stop_accepting()
        await server.close()
    assert "ZeroDivisionError" in caplog.text
    assert "secret" not in caplog.text


POST = b"POST /echo HTTP/1.1\r\nHost: mentor.larkspur.example\r\n"


@pytest.mark.parametrize(
    "sent",
    [
        b"POST /echo HTTP/1.1\r\nAuthorization: canary\r\n\r\n",
        POST + b"Authorization: " + b"canary" * 4000 + b"\r\n\r\n",
        POST + b"X-canary\xff: canary\r\n\r\n",
        POST + b"Content-Length: -1\r\n\r\ncanary",
        POST + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
)
async def test_s1_what_is_no_http_is_refused_in_one_line(sent: bytes, caplog: pytest.LogCaptureFixture) -> None:
    assert await _raw_answer(sent) == 400
    [line] = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert not line.exc_info
    assert "canary" not in caplog.text


@pytest.mark.parametrize("encoding", [b"gzip", b"deflate", b"br", b"nonsense"])
async def test_s1_a_body_that_says_it_is_compressed_is_read_as_it_is(
    encoding: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """Our own guards see the very bytes that came, and no decompression fails (or swells) before them."""
    assert await _raw_answer(POST + b"Content-Encoding: " + encoding + b"\r\nContent-Length: 6\r\n\r\ncanary") == 200
    assert "canary" not in caplog.text
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def _raw_answer(sent: bytes) -> int:
    """The status with which the server answers these bytes. It takes nothing but the word canary."""

    async def echo(request: web.Request) -> web.Response:
        return web.Response(status=200 if await request.read() == b"canary" else 400)

    async def ready() -> bool:
        return True

    server = await serve([web.post("/echo", echo)], ready, "127.0.0.1", 0)
    try:
        async with asyncio.timeout(10):
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(sent)
            status = int((await reader.readline()).split()[1])
            writer.close()
            await writer.wait_closed()
            return status
    finally:
        await server.stop_accepting()
        await server.close()


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
async def test_the_demo_says_where_it_is_and_stops_when_told(how: signal.Signals, tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "error", "-m", "bot", "demo", "--port", "0"),
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    said = (await asyncio.wait_for(process.stdout.readline(), 180)).decode()
    address = said.removeprefix("The playground is at ").split()[0]
    async with aiohttp.ClientSession() as session, session.get(address) as answer:
        assert answer.status == 200
    process.send_signal(how)
    _, errors = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 0, errors.decode()
    assert "Traceback" not in errors.decode()
    # Nothing of the demo is kept.
    assert not list(tmp_path.glob("flipside-demo-*"))


# Its database hangs, as when the server vanished. It would wait for ever.
HANGS = """
import asyncio, sys, threading
from types import SimpleNamespace
import bot.app

class Hangs:
    async def start(self):
        return SimpleNamespace(port=1)
    async def stop(self, server):
        await asyncio.get_running_loop().run_in_executor(None, lambda: None)
    def close(self):
        threading.Event().wait()

bot.app.LAST_MOMENT = 0.2
bot.app._run(Hangs(), lambda port: "at work")
"""


@pytest.mark.slow
async def test_o1_a_thread_that_hangs_does_not_keep_the_process_from_ending() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", HANGS),
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        assert (await asyncio.wait_for(process.stdout.readline(), SECONDS)) == b"at work\n"
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), SECONDS) == 0
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_o1_a_stop_is_heard_while_the_first_plan_is_being_made(sqlite_database: Database) -> None:
    flow = Flow("endless")
    begun, go_on = threading.Event(), threading.Event()

    @flow.plan
    def plan(store: Store, now: datetime, horizon: timedelta) -> Iterable[Planned]:
        begun.set()
        go_on.wait(2 * SECONDS)
        return []

    engine = Engine(sqlite_database, [], flows=[*TINY_FLOWS, flow], content=CONTENT, clock=VirtualClock(START))
    heartbeat = Heartbeat(engine)
    try:
        await asyncio.wait_for(heartbeat.start(), SECONDS)
        assert await asyncio.to_thread(begun.wait, SECONDS)
        await asyncio.wait_for(heartbeat.stop(), SECONDS)
    finally:
        go_on.set()


async def test_an_answer_does_not_wait_for_the_many_steps_that_the_clock_runs(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake, go_on = FakePlatform("slack"), asyncio.Event()
    fake.employ("ana")
    clock = VirtualClock(START)
    engine = Engine(sqlite_database, [fake], flows=TINY_FLOWS, content=CONTENT, clock=clock, pace=Pace({}))

    async def many(_now: datetime) -> int:
        await go_on.wait()
        return 0

    monkeypatch.setattr(engine.nudges, "run_due", many)
    heartbeat = Heartbeat(engine)
    await engine.start()
    await heartbeat.start()
    try:
        await fake.arrive("ana")
        for number in (1, 2):
            await fake.press("ana", TRY.to("tells", person=1))

            async def told(number: int = number) -> bool:
                return len([seen for seen in fake.log if "Somebody says hello" in seen.text]) == number

            await until(told)
    finally:
        go_on.set()
        await heartbeat.stop()
        await engine.stop()
