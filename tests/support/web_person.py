"""Somebody at the playground: posts what the page would post, and reads what the page would show."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

from aiohttp import ClientSession

from tests.support.patience import SECONDS

# Elements that begin a new line for a reader.
LINES = {
    "p",
    "li",
    "h3",
    "div",
    "dt",
    "dd",
    "br",
    "label",
    "legend",
    "button",
    "a",
    "hr",
    "ul",
    "dl",
    "option",
    "article",
}


@dataclass(frozen=True)
class Seen:
    """One message as a person sees it: all words on it, the labels of its buttons, and the change it came as."""

    text: str
    buttons: tuple[str, ...]
    raw: Mapping[str, Any]
    actions: Mapping[str, str]

    @property
    def author(self) -> str:
        return str(self.raw.get("author", "bot"))


@dataclass(frozen=True)
class SeenForm:
    """The form on a person's screen: `values` holds what is filled in already, by field key."""

    id: str
    title: str
    text: str
    fields: tuple[str, ...]
    values: Mapping[str, str | tuple[str, ...]]
    errors: Mapping[str, str]
    buttons: tuple[str, ...]
    html: str


@dataclass
class _Page(HTMLParser):
    """Reads the HTML of a card or a form."""

    html: str
    words: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    buttons: list[str] = field(default_factory=list)
    actions: dict[str, str] = field(default_factory=dict)
    values: dict[str, str | tuple[str, ...]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._key = self._area = self._select = ""
        self._button: dict[str, str | None] | None = None
        self._error = False
        self.feed(self.html)
        self.close()

    @property
    def text(self) -> str:
        lines = ("".join(self.words)).split("\n")
        return "\n".join(line for line in (" ".join(each.split()) for each in lines) if line)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        if tag in LINES:
            self.words.append("\n")
        classes = (given.get("class") or "").split()
        if tag == "button" or "button" in classes:
            self._button = given
            self.buttons.append("")
        if "data-key" in given:
            self._key = given["data-key"] or ""
            self.values[self._key] = ""
        self._control(tag, given)
        self._error = tag == "p" and "error" in classes
        if tag == "img":
            self.words.append(given.get("alt") or "")

    def _control(self, tag: str, given: dict[str, str | None]) -> None:
        value = given.get("value") or ""
        if tag == "textarea":
            self._area = self._key
        elif tag == "option" and "selected" in given:
            self.values[self._key] = value
        elif tag == "input" and given.get("type") == "checkbox":
            before = self.values[self._key] or ()
            assert isinstance(before, tuple)
            self.values[self._key] = (*before, value) if "checked" in given else before
        elif tag == "input" and (given.get("type") != "radio" or "checked" in given):
            self.values[self._key] = value

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area] = f"{self.values[self._area]}{data}".removeprefix("\n")
            return
        self.words.append(data)
        if self._button is not None:
            self.buttons[-1] += data
        if self._error:
            self.errors[self._key] = self.errors.get(self._key, "") + data

    def handle_endtag(self, tag: str) -> None:
        if tag in LINES:
            self.words.append("\n")
        if tag == "textarea":
            self._area = ""
        if tag == "p":
            self._error = False
        if self._button is not None and tag in ("button", "a", "span"):
            if action := self._button.get("data-action"):
                # Of several with one label the first, as on the other platforms' clients.
                self.actions.setdefault(self.buttons[-1], action)
            self._button = None


def read_html(html: str) -> _Page:
    return _Page(html)


class WebStage:
    """The open page: everything that the playground has told so far. Shared by all persons of a test."""

    def __init__(self, base: str) -> None:
        self.base = base.rstrip("/")
        self.things: dict[str, dict[str, Any]] = {}
        self.version = 0

    async def __aenter__(self) -> Self:
        self.session = ClientSession()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.session.close()

    def person(self, user: str) -> "WebPerson":
        return WebPerson(self, user)

    async def post(self, name: str, **body: object) -> int:
        origin = {"Origin": self.base}
        async with self.session.post(f"{self.base}/playground/{name}", json=body, headers=origin) as answer:
            status = answer.status
        await self.refresh()
        return status

    async def refresh(self) -> None:
        async with self.session.get(f"{self.base}/playground/changes", params={"since": str(self.version)}) as answer:
            news = await answer.json()
        self.version = news["version"]
        for change in news["changes"]:
            by_id = change["is"] in ("message", "conversation")
            self.things[f"{change['is']}:{change['id'] if by_id else change.get('person', '')}"] = change

    async def until(self, holds: Callable[[], bool], seconds: float = SECONDS) -> None:
        """Waits for news until `holds()`; raises TimeoutError after `seconds`."""
        async with asyncio.timeout(seconds):
            await self.refresh()
            if holds():
                return
            async with self.session.get(f"{self.base}/playground/events") as stream:
                async for line in stream.content:
                    if line.startswith(b"data:") and json.loads(line[5:])["version"] > self.version:
                        await self.refresh()
                    if holds():
                        return

    async def move_clock(self, step: str, seconds: float = 60.0) -> str:
        """Moves the clock (hour, day, fortnight, next), waits until it stands, and returns what the page says then."""
        before = self.things.get("clock:", {}).get("version", 0)
        assert await self.post("clock", step=step) == 202
        await self.until(lambda: self.clock["version"] > before and not self.clock["moving"], seconds)
        return str(self.clock["note"])

    @property
    def clock(self) -> dict[str, Any]:
        return self.things["clock:"]

    def all(self, kind: str) -> list[dict[str, Any]]:
        return [thing for thing in self.things.values() if thing["is"] == kind]


class WebPerson:
    """One employee, acted by a test."""

    def __init__(self, stage: WebStage, user: str) -> None:
        self.stage = stage
        self.user = user
        self.chat = f"bot:{user}"

    async def arrive(self) -> None:
        await self.stage.post("arrive", person=self.user)

    async def command(self, words: str, channel: str = "") -> None:
        await self.say(f"/mentor {words}", conversation=f"channel:{channel}" if channel else self.chat)

    async def say(self, text: str, conversation: str = "", delivery: str = "") -> None:
        where = conversation or self.chat
        body = {"id": delivery or str(uuid4()), "person": self.user, "conversation": where, "text": text}
        assert await self.stage.post("say", **body) == 200

    async def open_home(self) -> None:
        assert await self.stage.post("home", id=str(uuid4()), person=self.user) == 200

    async def press(self, label: str, delivery: str = "") -> None:
        """Presses the newest button with this label, in any chat of theirs or on their home."""
        await self.stage.refresh()
        for message in reversed(self.messages):
            if label in message.actions:
                await self._press(message.raw["id"], message.actions[label], delivery)
                return
        if self.home and label in self.home.actions:
            await self._press("home", self.home.actions[label], delivery)
            return
        raise AssertionError(f"{self.user} sees no button {label!r}, only {[m.buttons for m in self.messages]}")

    async def submit(self, values: Mapping[str, str | tuple[str, ...]], button: str = "", delivery: str = "") -> None:
        """Fills in the open form by field key, on top of what is filled in already, and sends it."""
        form = self.form
        assert form is not None, f"{self.user} has no form open"
        assert not button or button in form.buttons, f"no {button!r}, only {form.buttons}"
        unknown = set(values) - set(form.fields)
        assert not unknown, f"no such fields: {sorted(unknown)}; there are {form.fields}"
        filled = {**form.values, **values}
        typed = {key: list(value) if isinstance(value, tuple) else value for key, value in filled.items()}
        body = {"id": delivery or str(uuid4()), "person": self.user, "form": form.id, "values": typed}
        assert await self.stage.post("submit", **body) == 200

    async def sees(self, words: str, seconds: float = SECONDS) -> Seen:
        """Waits for a message that holds these words, and returns it."""
        try:
            await self.stage.until(lambda: self._with(words) is not None, seconds)
        except TimeoutError:
            seen = "\n---\n".join(message.text for message in self.messages[-5:])
            raise AssertionError(f"{self.user} never saw {words!r}; the last messages were:\n{seen}") from None
        found = self._with(words)
        assert found is not None
        return found

    @property
    def messages(self) -> list[Seen]:
        """What this person sees in all their conversations, oldest first."""
        mine = {one["id"] for one in self.stage.all("conversation") if self._takes_part(one)}
        shown = [
            one for one in self.stage.all("message") if one["conversation"] in mine and one["only"] in ("", self.user)
        ]
        return [_seen(one) for one in sorted(shown, key=lambda one: one["first"])]

    @property
    def home(self) -> Seen | None:
        shown = self.stage.things.get(f"home:{self.user}")
        return _seen(shown) if shown else None

    @property
    def form(self) -> SeenForm | None:
        shown = self.stage.things.get(f"form:{self.user}")
        return _form(shown["id"], shown["html"]) if shown and shown["id"] else None

    def _takes_part(self, conversation: Mapping[str, Any]) -> bool:
        return conversation["kind"] == "channel" or self.user in conversation["members"]

    def _with(self, words: str) -> Seen | None:
        return next((message for message in reversed(self.messages) if words in message.text), None)

    async def _press(self, message: str, action: str, delivery: str) -> None:
        body = {"id": delivery or str(uuid4()), "person": self.user, "message": message, "action": action}
        assert await self.stage.post("press", **body) == 200


def _seen(shown: Mapping[str, Any]) -> Seen:
    page = read_html(shown["html"])
    return Seen(page.text, tuple(page.buttons), shown, page.actions)


def _form(ident: str, html: str) -> SeenForm:
    page = read_html(html)
    title = html.partition('-title" tabindex="-1">')[2].partition("</h3>")[0]
    return SeenForm(
        ident, read_html(title).text, page.text, tuple(page.values), page.values, page.errors, tuple(page.buttons), html
    )
