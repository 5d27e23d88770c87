"""The composition root: settings become a database, platforms, an engine, a heartbeat and a server; start and stop."""

import asyncio
import logging
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import typer
from aiohttp import web

from adapters import platforms
from adapters.platform import Platform
from bot.clock import Clock, SystemClock
from bot.consultations import Handler, Live
from bot.crash_points import arm, crash_here
from bot.delivery import Patience
from bot.engine import Engine
from bot.file_pages import file_routes
from bot.logs import write_logs
from bot.matching_process import MatchingProcess
from bot.memory import keep_what_is_there
from bot.metrics import routes
from bot.pace import pace_of
from bot.readiness import Readiness
from bot.roster import plan_tonight, roster_handler
from bot.scheduler import Heartbeat
from bot.settings import Settings
from bot.topics import TopicSuggestions, source_of
from bot.web import STOP_SECONDS, Server, serve
from conversations.content import load
from conversations.flows import FLOWS
from storage.database import Database
from storage.migrate import migrate

log = logging.getLogger("flipside.app")

# Of the ten seconds that a stop may take.
LAST_MOMENT = 9.5


@dataclass(frozen=True, slots=True)
class App:
    """Everything wired, nothing started."""

    engine: Engine
    heartbeat: Heartbeat
    matching: MatchingProcess
    ready: Readiness
    host: str
    port: int
    # Where figures are served: host and port.
    metrics: tuple[str, int] | None = None
    # The demo lives through some weeks before anybody may look in.
    prelude: Callable[[], Awaitable[None]] | None = None

    async def start(self) -> Server:
        """Platforms first, so that what comes in finds them; then the door; then the heart."""
        await self.engine.start()
        if self.prelude is not None:
            await self.prelude()
        try:
            server = await self._serve()
        except OSError:
            await self.engine.stop()
            raise
        await self.heartbeat.start()
        return server

    async def _serve(self) -> Server:
        figures = await serve(routes(self.engine), self.ready, *self.metrics) if self.metrics else None
        try:
            server = await serve(self._routes(), self.ready, self.host, self.port)
        except OSError:
            if figures is not None:
                await figures.close()
            raise
        return replace(server, beside=figures)

    async def stop(self, server: Server) -> None:
        """Takes in nothing more, finishes what is under way within some seconds, and closes."""
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await server.stop_accepting()
                await self.heartbeat.stop()
                await self.engine.stop()
                await server.close()
        except TimeoutError:
            # Rows hold all that matters: the next start picks it up.
            log.warning("stopped after %d seconds with work under way", STOP_SECONDS)

    def close(self) -> None:
        self.matching.close()
        self.engine.database.close()

    def _routes(self) -> Iterable[web.RouteDef]:
        platforms = chain.from_iterable(platform.routes() for platform in self.engine.platforms.values())
        return chain(file_routes(self.engine.files), platforms)


def build(
    settings: Settings,
    clock: Clock | None = None,
    chosen: Sequence[Platform] | None = None,
    *,
    host: str | None = None,
    port: int | None = None,
    patience: Patience | None = None,
) -> App:
    """Brings the database up to date and wires the rest. `chosen`: these platforms, not those of the settings."""
    migrate(settings.database_url, lambda: crash_here("migrate"))
    clock, content = clock or SystemClock(), load(settings.content_dir)
    database = Database(settings.database_url, passes=crash_here)
    database.write_now(lambda store: store.coordinators.appoint_first(settings.coordinators))
    matching = MatchingProcess(content)
    handlers: dict[str, Handler | Live] = {
        **matching.handlers(),
        "roster": roster_handler(settings.roster_file, clock),
    }
    if source := source_of(settings):
        handlers["topics"] = TopicSuggestions(source, content, clock).answer
    engine = Engine(
        database,
        platforms(settings, clock.now) if chosen is None else chosen,
        flows=FLOWS,
        content=content,
        clock=clock,
        handlers=handlers,
        pace=pace_of(settings),
        patience=patience,
        suggests="topics" in handlers,
    )
    where = host or settings.host, settings.port if port is None else port
    heartbeat = Heartbeat(engine, plan_tonight if settings.roster_file else None)
    return App(engine, heartbeat, matching, Readiness(database, clock), *where, metrics=settings.metrics_address())


def run(settings: Settings) -> None:
    """`flipside run`: until SIGTERM or Ctrl-C."""
    write_logs(settings.logs)
    arm(settings.crash)
    app = build(settings)
    names = " and ".join(app.engine.platforms)
    _run(app, lambda port: f"Flipside is at work on {names}, listening on {settings.host}:{port}. Ctrl-C stops it.")


def demo(host: str, port: int) -> None:
    """`flipside demo`: a fictional company in the browser, until Ctrl-C; nothing of it is kept."""
    # The demo builds on this module.
    from bot.demo import demo_app  # noqa: PLC0415

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    # To stderr: what is on stdout is the address, for whoever starts it from a script.
    typer.echo("Getting Larkspur ready, a made-up company of 24. A few seconds ...", err=True)
    with tempfile.TemporaryDirectory(prefix="flipside-demo-") as folder:
        app = demo_app(Path(folder), host, port)
        _run(app, lambda port: f"The playground is at http://{_for_a_browser(host)}:{port} - Ctrl-C stops it.")


def _run(app: App, words: Callable[[int], str]) -> None:
    last_moment = threading.Timer(LAST_MOMENT, _end)
    last_moment.daemon = True
    try:
        asyncio.run(_until_stopped(app, words, last_moment))
    finally:
        app.close()
        last_moment.cancel()


def _end() -> None:
    """A thread waits for a lock, a vanished server or a slow disk: to what is promised an end is as good as a stop."""
    log.warning("stopped with work under way")
    logging.shutdown()
    os._exit(0)


async def _until_stopped(app: App, words: Callable[[int], str], last_moment: threading.Timer) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop() -> None:
        if not stopped.is_set():
            last_moment.start()
        stopped.set()

    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, stop)
    server = await app.start()
    keep_what_is_there()
    typer.echo(words(server.port))
    await stopped.wait()
    if sys.stderr.isatty():
        typer.echo("Stopping: finishing what is under way.", err=True)
    else:
        # A log is read by machines, too.
        log.info("stopping: finishing what is under way")
    await app.stop(server)


def _for_a_browser(host: str) -> str:
    return f"[{host}]" if ":" in host else host
