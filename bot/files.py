"""Files that people are handed: made anew each time, from what is true then, and kept nowhere."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any, Literal

from adapters.platform import Link
from bot.clock import Clock
from conversations.content import Content
from conversations.files import File
from conversations.flow import Flow, MakeFile
from storage.database import Database
from storage.store import Store
from storage.subject import NotYours
from storage.tables import FileLink

PATH = "/files/"
LINK_LIVES = timedelta(days=7)
# 256 bits: 43 characters, which nobody guesses.
TOKEN_BYTES = 32
# A used or expired link says so for this long; after that it is unknown.
LINK_KEPT = timedelta(days=30)
# A report of the largest program takes well under a second; what takes longer waits for a quieter moment.
MAKING_SECONDS = 15.0

Request = Mapping[str, Any]
"""A `FileRequest` as the outbox holds it: flow, name and about."""

LinkState = Literal["open", "spent", "unknown"]


class NoSuchFile(LookupError):
    """No flow of this version makes such a file."""


class NoLink(Exception):
    """The database did not take the link, so nothing was sent that needs it."""


class Files:
    """Makes files, and the one-time links to them for platforms that take no uploads."""

    def __init__(self, database: Database, flows: Iterable[Flow], content: Content, clock: Clock) -> None:
        self._database = database
        self._makers = {(flow.name, name): make for flow in flows for name, make in flow.files.items()}
        self._content = content
        self._clock = clock

    async def make(self, request: Request, person: int) -> File | None:
        """The file as it is now; None when it is not this person's (any more).

        Raises NoSuchFile, TimeoutError, and whatever is wrong in a maker.
        """
        maker, now = self._maker(request), self._clock.now()

        def work(store: Store) -> File | None:
            whose = store.people.get(person)
            return None if whose.gone_since else maker(store, whose, now, self._content, **request["about"])

        try:
            return await asyncio.wait_for(self._database.read(work), MAKING_SECONDS)
        except NotYours:
            return None

    def link(self, request: Request, person: int) -> Link:
        """What makes a link for this person when it is called; it raises NoLink."""

        async def make() -> str:
            token, expires_at = token_urlsafe(TOKEN_BYTES), self._clock.now() + LINK_LIVES
            row = _hash(token), person, request, expires_at
            try:
                await self._database.write(lambda store: store.file_links.add(*row), clock=True)
            except Exception as fault:
                raise NoLink(type(fault).__name__) from None
            return PATH + token

        return make

    async def state(self, token: str) -> LinkState:
        """Whether the link still leads to a file. Asking changes nothing."""
        return self._state(await self._find(token))

    async def fetch(self, token: str) -> File | LinkState:
        """The file, once; else what became of its link. Raises as `make` does, and then the link can be used again."""
        link = await self._find(token)
        if link is None or self._state(link) != "open":
            return self._state(link)
        file = await self.make(link.file, link.person_id)
        now = self._clock.now()
        first = await self._database.write(lambda store: store.file_links.use(link.token_hash, now))
        return file if file is not None and first else "spent"

    def forget(self, store: Store) -> None:
        """Lets go of links that ended long ago."""
        store.file_links.forget(self._clock.now() - LINK_KEPT)

    async def _find(self, token: str) -> FileLink | None:
        return await self._database.read(lambda store: store.file_links.find(_hash(token)))

    def _state(self, link: FileLink | None) -> LinkState:
        if link is None:
            return "unknown"
        return "open" if link.used_at is None and link.expires_at > self._clock.now() else "spent"

    def _maker(self, request: Request) -> MakeFile:
        try:
            return self._makers[request["flow"], request["name"]]
        except KeyError:
            raise NoSuchFile from None


def _hash(token: str) -> str:
    return sha256(token.encode(errors="replace")).hexdigest()
