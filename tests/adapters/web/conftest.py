"""A playground on a loopback port with a scripted bot behind it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.web import WebPlatform
from tests.support.web_gallery import Gallery, Story, gallery
from tests.support.web_person import WebPerson, WebStage


@dataclass
class Scene:
    stage: WebStage
    platform: WebPlatform
    bot: Gallery
    story: Story

    def person(self, user: str) -> WebPerson:
        return self.stage.person(user)


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    platform, bot, story = gallery()
    app = web.Application()
    app.add_routes(platform.routes())
    async with TestServer(app, host="127.0.0.1") as server:
        await platform.start(bot.dispatch)
        async with WebStage(str(server.make_url("/"))) as stage:
            await stage.refresh()
            yield Scene(stage, platform, bot, story)
        await platform.stop()
