"""The playground: what its page would post, and what it would show."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from uuid import uuid4

from adapters.web import Persona, WebPlatform
from conversations.contacts import Address, Place
from tests.support.stages.script import ScriptedBot, ShownForm, Someone, served
from tests.support.web_gallery import Story
from tests.support.web_person import WebPerson, WebStage, read_html

TENANT = "playground"
PEOPLE = (
    Persona(user="ana", name="Ana Ruiz", email="ana@larkspur.example", timezone="Europe/Madrid"),
    Persona(user="ben", name="Ben Okafor", email="ben@larkspur.example", timezone="Africa/Lagos"),
)


class RememberingPage(WebStage):
    """Keeps what was posted, to post it again."""

    posted: tuple[str, dict[str, object]]

    async def post(self, name: str, **body: object) -> int:
        self.posted = name, body
        return await super().post(name, **body)


class PlaygroundStage:
    channel = "announcements"

    def __init__(self, page: RememberingPage, platform: WebPlatform, bot: ScriptedBot) -> None:
        self.page, self.platform, self.bot = page, platform, bot
        self.ana, self.ben = page.person("ana"), page.person("ben")

    def address(self, person: Someone) -> Address:
        return Address("web", TENANT, _web(person).user)

    def nobody(self) -> Address:
        return Address("web", TENANT, "nobody")

    def nowhere(self) -> Place:
        return Place("web", TENANT, "nowhere")

    def screen(self, person: Someone) -> list[str]:
        home = _web(person).home
        return [seen.text for seen in [*_web(person).messages, *([home] if home else [])]]

    def form(self, person: Someone) -> ShownForm | None:
        form = _web(person).form
        return ShownForm(form.title, form.text, form.values, form.errors) if form else None

    def links(self, person: Someone) -> set[str]:
        who = _web(person)
        form = self.page.things.get(f"form:{who.user}", {})
        shown = [*who.messages, *([who.home] if who.home else [])]
        pages = [str(seen.raw["html"]) for seen in shown] + [str(form.get("html", ""))]
        return {found for page in pages for found in _live(page)}

    def files(self, person: Someone) -> dict[str, bytes]:
        return {}

    async def press_in_channel(self, person: Someone, label: str) -> None:
        await person.press(label)

    async def until(self, holds: Callable[[], bool], what: str) -> None:
        await self.page.until(holds)

    async def again(self) -> None:
        name, body = self.page.posted
        assert await self.page.post(name, **body) == 200

    async def strange(self, person: Someone) -> list[int]:
        who = {"person": _web(person).user}
        return [
            await self.page.post("press", id=str(uuid4()), message="m1", action="buy now!", **who),
            await self.page.post("submit", id=str(uuid4()), form="f99", values={}, **who),
            await self.page.post("press", **who),
            await self.page.post("say", id=1, **who),
        ]


def _web(person: Someone) -> WebPerson:
    assert isinstance(person, WebPerson)
    return person


def _live(page: str) -> set[str]:
    """Addresses, and tags that no renderer of ours writes: a picture is always ours when it brings its own bytes."""
    page = re.sub(r'<img class="picture" src="data:image/png;base64,[A-Za-z0-9+/=]*" alt="[^"]*">', "", page)
    strange = set(read_html(page).tags) & {"script", "img", "b", "iframe", "object", "svg", "style"}
    return set(re.findall(r'href="([^"]*)"', page)) | strange


@asynccontextmanager
async def web_stage() -> AsyncIterator[PlaygroundStage]:
    story, bot = Story(), ScriptedBot()
    platform = WebPlatform(people=PEOPLE, now=story.now, advance=story.advance, next_moment=story.next_moment)
    async with served(platform, bot) as url, RememberingPage(url) as page:
        await page.refresh()
        yield PlaygroundStage(page, platform, bot)
