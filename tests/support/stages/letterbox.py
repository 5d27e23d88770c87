"""The letterbox: the platform that is made in the tests alone."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

from adapters.platform import Profile
from conversations.contacts import Address, Place
from conversations.forms import Typed
from tests.support.letterbox import NAME, TENANT, Letter, Letterbox
from tests.support.stages.script import ScriptedBot, ShownForm, Someone, served

PEOPLE = {
    "ana": Profile("Ana Ruiz", "ana@larkspur.example", timezone="Europe/Madrid", member=True),
    "ben": Profile("Ben Okafor", "ben@larkspur.example", timezone="Africa/Lagos", member=True),
}


class LetterWriter:
    """Somebody with a letterbox."""

    numbers = count(1)

    def __init__(self, box: Letterbox, user: str) -> None:
        self.box, self.user = box, user
        self.posted: dict[str, Any] = {}

    async def say(self, text: str) -> int:
        return await self._post(does="say", text=text)

    async def command(self, words: str, channel: str = "") -> int:
        return await self._post(does="command", text=words, channel=channel)

    async def open_home(self) -> int:
        return await self._post(does="home")

    async def press(self, label: str) -> int:
        letter = next(one for one in reversed(self.letters) if label in one.buttons)
        return await self._post(does="press", action=letter.action(label), letter=letter.id)

    async def submit(self, values: Mapping[str, Typed], button: str = "") -> int:
        sheet = self.box.sheets[self.user]
        filled = {field.key: field.value for field in sheet.form.fields} | dict(values)
        return await self._post(does="submit", values=filled, letter=sheet.letter)

    async def sees(self, words: str) -> Letter:
        found = [letter for letter in self.letters if words in letter.text]
        assert found, f"{self.user} does not see {words!r}"
        return found[-1]

    @property
    def letters(self) -> list[Letter]:
        return [letter for letter in self.box.letters if self.user in letter.to]

    @property
    def messages(self) -> list[Letter]:
        return self.letters

    async def _post(self, **post: Any) -> int:
        self.posted = {"from": self.user, "id": f"post-{next(self.numbers)}", **post}
        return await self.box.receive(self.posted)


class LetterboxStage:
    channel = "general"

    def __init__(self, box: Letterbox, bot: ScriptedBot) -> None:
        self.platform, self.bot = box, bot
        self.ana, self.ben = LetterWriter(box, "ana"), LetterWriter(box, "ben")

    def address(self, person: Someone) -> Address:
        return self.platform.address(_writer(person).user)

    def nobody(self) -> Address:
        return self.platform.address("nobody")

    def nowhere(self) -> Place:
        return Place(NAME, TENANT, "nowhere")

    def screen(self, person: Someone) -> list[str]:
        home = self.platform.homes.get(_writer(person).user)
        return [letter.text for letter in [*_writer(person).letters, *([home] if home else [])]]

    def form(self, person: Someone) -> ShownForm | None:
        sheet = self.platform.sheets.get(_writer(person).user)
        if sheet is None:
            return None
        values = {field.key: field.value for field in sheet.form.fields}
        return ShownForm(sheet.form.title, sheet.text, values, sheet.errors)

    def links(self, person: Someone) -> set[str]:
        return set()

    def files(self, person: Someone) -> dict[str, bytes]:
        enclosed = [letter.enclosed for letter in _writer(person).letters]
        return {file.name: file.content for file in enclosed if file}

    async def press_in_channel(self, person: Someone, label: str) -> None:
        await person.press(label)

    async def until(self, holds: Callable[[], bool], what: str) -> None:
        assert holds(), what

    async def again(self) -> None:
        assert await self.platform.receive(self.ana.posted) == 200

    async def strange(self, person: Someone) -> list[int]:
        who = {"from": _writer(person).user, "id": "strange"}
        posts: list[dict[str, Any]] = [{"does": "press", "action": "buy now!"}, {"does": "dance"}, {"does": "submit"}]
        return [await self.platform.receive({**who, **post}) for post in posts]


def _writer(person: Someone) -> LetterWriter:
    assert isinstance(person, LetterWriter)
    return person


@asynccontextmanager
async def letterbox_stage() -> AsyncIterator[LetterboxStage]:
    box, bot = Letterbox(PEOPLE), ScriptedBot()
    async with served(box, bot):
        yield LetterboxStage(box, bot)
