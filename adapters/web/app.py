"""The wire: one page, its files, what changed, and what a visitor did."""

from collections.abc import Awaitable, Callable, Iterable
from json import JSONDecodeError, dumps
from pathlib import Path
from secrets import token_hex

from aiohttp import web

from adapters.platform import Dispatch
from adapters.web import events
from adapters.web.answers import Answers, Asked
from adapters.web.cards import words_html
from adapters.web.changes import Changes, Json
from adapters.web.chats import Chats, Conversation, bot_chat
from adapters.web.events import NotUnderstood, Post, post
from adapters.web.forms import read_values
from adapters.web.guard import HEADERS, guarded
from adapters.web.people import Company, Persona, place
from adapters.web.travel import Clock, Travel
from conversations.events import Inbound

STATIC = Path(__file__).parent / "static"

# A proxy or a sleeping laptop drops a silent connection; the page also sees the clock tick by it.
SECONDS_BETWEEN_HEARTBEATS = 15.0


class Playground:
    """The HTTP side of the playground. `run` tells an open page that the server was started anew."""

    def __init__(self, company: Company, clock: Clock) -> None:
        self.run = token_hex(6)
        self.company = company
        self.clock = clock
        self.changes = Changes()
        self.chats = Chats(company, self.changes, clock.now)
        self.answers = Answers(company, self.chats, self.changes)
        self.travel = Travel(clock, self.changes, self.chats.sent_since)
        self.dispatch: Dispatch | None = None
        # Whom a visitor did something as; looking at somebody's screen does not count.
        self.visited: set[str] = set()
        self._files = {path.name: path for path in STATIC.iterdir() if path.is_file()}

    def routes(self) -> Iterable[web.RouteDef]:
        posts: dict[str, Callable[[Post, Persona], Awaitable[None]]] = {
            "arrive": self._arrive,
            "say": self._say,
            "press": self._press,
            "submit": self._submit,
            "home": self._home,
            "close": self._close,
            "chat": self._chat,
        }
        return [
            web.get("/", guarded(self._page)),
            web.get("/playground/files/{name}", guarded(self._file)),
            web.get("/playground/company", guarded(self._company)),
            web.get("/playground/changes", guarded(self._changes)),
            web.get("/playground/events", guarded(self._events)),
            web.post("/playground/clock", guarded(self._clock)),
            *(web.post(f"/playground/{name}", guarded(self._posted(act))) for name, act in posts.items()),
        ]

    # What a page reads ------------------------------------------------------------------------------------------

    async def _page(self, _request: web.Request) -> web.StreamResponse:
        return web.FileResponse(STATIC / "index.html", headers=HEADERS)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        path = self._files.get(request.match_info["name"])
        if path is None:
            return web.Response(status=404, text="There is no such file.", headers=HEADERS)
        return web.FileResponse(path, headers={**HEADERS, "Cache-Control": "no-cache"})

    async def _company(self, _request: web.Request) -> web.StreamResponse:
        people: list[Json] = [_person(each) for each in self.company.people]
        hints: list[Json] = [{"words": hint.words, "meaning": hint.meaning} for hint in self.company.hints]
        return _json(
            {
                "run": self.run,
                "name": self.company.name,
                "timezone": self.company.timezone,
                "people": people,
                "hints": hints,
                "guide": list(self.company.guide),
                "shown": list(self.company.shown),
            }
        )

    async def _changes(self, request: web.Request) -> web.StreamResponse:
        asked = request.query.get("since", "0")
        since = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 16 else 0
        version = self.changes.version
        news: list[Json] = [
            {**change.body, "version": change.version, "first": change.first} for change in self.changes.since(since)
        ]
        return _json({"run": self.run, "version": version, "now": self.clock.now().isoformat(), "changes": news})

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """Tells the page that there is news; the page fetches it. A lost event costs nothing."""
        stream = web.StreamResponse(headers={**HEADERS, "Content-Type": "text/event-stream"})
        await stream.prepare(request)
        version = -1
        while not self.changes.closed:
            await self.changes.wait(version, SECONDS_BETWEEN_HEARTBEATS)
            version = self.changes.version
            news = dumps({"run": self.run, "version": version, "now": self.clock.now().isoformat()})
            try:
                await stream.write(f"data: {news}\n\n".encode())
            except ConnectionError:
                break  # the page was closed
        return stream

    # What a visitor did -----------------------------------------------------------------------------------------

    def _posted(
        self, act: Callable[[Post, Persona], Awaitable[None]]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handler(request: web.Request) -> web.Response:
            sent = await _body(request)
            person = self.company.person(sent.text("person"))
            if person is None:
                raise NotUnderstood("person")
            await act(sent, person)
            if act in (self._say, self._press, self._submit):
                self.visited.add(person.user)
            return _json({"version": self.changes.version})

        return handler

    async def _clock(self, request: web.Request) -> web.StreamResponse:
        began = self.travel.begin((await _body(request)).text("step"))
        return _json({"moving": self.travel.moving}, status=202 if began else 409)

    async def _arrive(self, _sent: Post, person: Persona) -> None:
        await self.turn(events.arrived(person.address, self.run), self._at_home(person))

    async def _home(self, sent: Post, person: Persona) -> None:
        await self.turn(events.opened_home(sent, person.address), self._at_home(person))

    async def _say(self, sent: Post, person: Persona) -> None:
        """A text to the bot, a command anywhere, or words among colleagues, which the bot never sees."""
        conversation = self._conversation(sent, person)
        if not sent.text("text").strip():
            return
        where = place(conversation.channel) if conversation.kind == "channel" else None
        inbound = events.spoken(sent, person.address, where)
        command = events.command_words(sent.text("text")) is not None
        asked = Asked(person.user, conversation)
        only = asked.only if command else ""
        shown = words_html(sent.text("text").strip())
        self.chats.show(conversation.id, person.user, shown, only=only, ident=inbound.id)
        if command or conversation.kind == "bot":
            await self.turn(inbound, asked)

    async def _press(self, sent: Post, person: Persona) -> None:
        inbound = events.pressed(sent, person.address)
        if inbound is None:
            return
        message = self.chats.message(sent.text("message"))
        conversation = self.chats.conversation(message.conversation) if message else None
        if message is None or conversation is None or not conversation.holds(person.user):
            await self.turn(inbound, self._at_home(person))
        else:
            await self.turn(inbound, Asked(person.user, conversation, message.id))

    async def _submit(self, sent: Post, person: Persona) -> None:
        shown = self.answers.open_form(person.user, sent.text("form"))
        if shown is None:
            return  # sent twice, or closed in another window
        values = read_values(shown.form, sent.typed())
        inbound = events.submitted(sent, person.address, shown.form.action, values)
        asked = Asked(person.user, shown.asked.conversation, shown.asked.message, values)
        await self.turn(inbound, asked, closes=shown.ident)

    async def _close(self, sent: Post, person: Persona) -> None:
        self.answers.close_form(person.user, sent.text("form"))

    async def _chat(self, sent: Post, person: Persona) -> None:
        other = self.company.person(sent.text("with"))
        if other is None or other == person:
            raise NotUnderstood("with")
        self.chats.among((person.user, other.user), with_bot=False)

    async def turn(self, inbound: Inbound, asked: Asked, closes: str = "") -> None:
        """Stored and committed by `dispatch`, then shown. Showing is a write to memory, so it needs no kept task."""
        if self.dispatch is None:
            raise NotUnderstood("start")
        answers = await self.dispatch(inbound)
        if closes:
            self.answers.close_form(asked.person, closes)
        self.answers.perform(asked, answers)

    def _conversation(self, sent: Post, person: Persona) -> Conversation:
        found = self.chats.conversation(sent.text("conversation"))
        if found is None or not found.holds(person.user):
            raise NotUnderstood("conversation")
        return found

    def _at_home(self, person: Persona) -> Asked:
        home = self.chats.conversation(bot_chat(person.user))
        if home is None:
            raise NotUnderstood("person")
        return Asked(person.user, home)


async def _body(request: web.Request) -> Post:
    try:
        return post(await request.json())
    except (JSONDecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise NotUnderstood("body") from fault


def _json(body: dict[str, Json], status: int = 200) -> web.Response:
    return web.json_response(body, status=status, headers=HEADERS)


def _person(each: Persona) -> dict[str, Json]:
    """What the page shows of somebody; `id` is what it posts back."""
    return {
        "id": each.user,
        "name": each.name,
        "email": each.email,
        "title": each.title,
        "department": each.department,
        "location": each.location,
        "timezone": each.timezone,
        "note": each.note,
    }
