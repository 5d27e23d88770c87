"""A Teams platform on a real port, a stand-in for Microsoft on another, and a bot that says what the test wants."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from adapters.teams import Teams
from adapters.teams.route import Route
from conversations.contacts import Address
from conversations.events import Inbound
from conversations.replies import AtOnce
from tests.support.teams_server import BOT, TENANT, TeamsPerson, TeamsStub

Script = Callable[[Inbound], Sequence[AtOnce]]


@dataclass
class ScriptedBot:
    """What came in, and what is answered. A repeat is answered with nothing, as the real dispatcher does."""

    stub: TeamsStub
    teams: Teams
    came_in: list[Inbound] = field(default_factory=list)
    script: Script = lambda _inbound: ()
    _seen: set[str] = field(default_factory=set)

    async def dispatch(self, inbound: Inbound) -> Sequence[AtOnce]:
        self.came_in.append(inbound)
        if inbound.id in self._seen:
            return []
        answers = self.script(inbound)
        self._seen.add(inbound.id)
        return answers

    def answers(self, *answers: AtOnce) -> None:
        """Everything is answered like this from now on."""
        self.script = lambda _inbound: answers

    @property
    def last(self) -> Inbound:
        return self.came_in[-1]


def address_of(person: TeamsPerson, conversation: str | None = None) -> Address:
    """Where the bot finds somebody; an empty `conversation` is somebody who never wrote."""
    known = person.conversation if conversation is None else conversation
    route = Route(person.stub.service_url, known, person.member_id, BOT)
    return Address("teams", TENANT, person.aad_id, route.pack())


@asynccontextmanager
async def running(stub: TeamsStub, **settings: Any) -> AsyncIterator[ScriptedBot]:
    """The platform, started and served."""
    teams = Teams(**{**stub.settings, **settings})
    bot = ScriptedBot(stub, teams)
    application = web.Application()
    application.add_routes(teams.routes())
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    stub.bot_url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/messages"
    await teams.start(bot.dispatch)
    yield bot
    await teams.stop()
    await runner.cleanup()


@pytest.fixture
async def stub() -> AsyncIterator[TeamsStub]:
    async with TeamsStub() as server:
        yield server


@pytest.fixture
async def bot(stub: TeamsStub) -> AsyncIterator[ScriptedBot]:
    async with running(stub) as started:
        yield started
