"""S2: the very same signed request once more has no second effect, neither at once nor after a restart."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from adapters.platform import Platform
from adapters.slack import Slack
from adapters.teams import Teams
from bot.clock import SystemClock
from bot.engine import Engine
from bot.web import serve
from storage.database import Database
from storage.store import Store
from tests.guarantees.process import WRITE
from tests.support.slack_server import SlackStub
from tests.support.teams_server import TeamsStub
from tests.support.tiny_flows import CONTENT, FLOWS

KINDS = ("command", "message", "button", "form")
Do = Callable[[Any], Awaitable[object]]


async def _opened(who: Any) -> object:
    return await (who.opens_form("A form") if hasattr(who, "opens_form") else who.sees_form("A form"))


ACTS: dict[str, tuple[Do, ...]] = {
    "command": (lambda who: who.command("write"),),
    "message": (lambda who: who.say("write"),),
    "button": (lambda who: who.command("button"), lambda who: who.sees("Press it"), lambda who: who.press("Write")),
    "form": (lambda who: who.command("form"), _opened, lambda who: who.submit({})),
}


@asynccontextmanager
async def bot(url: str, platform: Platform) -> AsyncIterator[tuple[int, Database]]:
    """One run of the bot on this database: the port, and the database as this run has it open."""
    database = Database(url)
    engine = Engine(database, [platform], flows=(*FLOWS, WRITE), content=CONTENT, clock=SystemClock())

    async def ready() -> bool:
        return True

    await engine.start()
    server = await serve(platform.routes(), ready, "127.0.0.1", 0)
    try:
        yield server.port, database
    finally:
        await server.stop_accepting()
        await engine.stop()
        await server.close()
        database.close()


def effects(database: Database) -> int:
    """Messages that the step caused."""

    def count(store: Store) -> int:
        return sum(label.kind == "written" for label in store.outbox.labels().values())

    return database.read_now(count)


async def at_once_and_after_a_restart(
    url: str,
    make: Callable[[], Platform],
    reach: Callable[[int], None],
    act: Callable[[], Awaitable[object]],
    again: Callable[[], Awaitable[int]],
) -> Sequence[int]:
    """How often it had taken effect by the first request, by the second, and by the third to another process."""
    async with bot(url, make()) as (port, database):
        reach(port)
        await act()
        found = [effects(database)]
        assert await again() in (200, 201)
        found.append(effects(database))
    async with bot(url, make()) as (port, database):
        reach(port)
        assert await again() in (200, 201)
        return [*found, effects(database)]


@pytest.mark.parametrize("kind", KINDS)
async def test_s2_what_slack_signed_has_its_effect_once_however_often_it_is_replayed(
    kind: str, sqlite_url: str
) -> None:
    async with SlackStub() as stub:
        ana = stub.add_person("Ana Ruiz", "ana@larkspur.example", "Europe/Madrid")

        def make() -> Platform:
            secret = stub.signing_secret
            return Slack(bot_token=stub.bot_token, clock=stub.clock, signing_secret=secret, api_url=stub.api_url)

        def reach(port: int) -> None:
            stub.bot_url = f"http://127.0.0.1:{port}"

        async def act() -> None:
            for do in ACTS[kind]:
                await do(ana)

        assert await at_once_and_after_a_restart(sqlite_url, make, reach, act, stub.deliver_again) == [1, 1, 1]


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
async def test_s2_so_has_what_teams_posted(kind: str, sqlite_url: str) -> None:
    async with TeamsStub() as stub:
        ana = stub.person("Ana Ruiz")

        def reach(port: int) -> None:
            stub.bot_url = f"http://127.0.0.1:{port}/api/messages"

        async def act() -> None:
            for do in ACTS[kind]:
                await do(ana)

        async def again() -> int:
            return (await stub.deliver(stub.activities[-1]))[0]

        def make() -> Platform:
            return Teams(**stub.settings)

        assert await at_once_and_after_a_restart(sqlite_url, make, reach, act, again) == [1, 1, 1]
