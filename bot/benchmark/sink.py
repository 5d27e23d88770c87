"""A platform that takes whatever it is sent: over a socket of this machine, one round trip a message, in this process.

It does no work of its own, so that what is measured is ours: the claim, the card, the wire and the settling.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from aiohttp import web

from adapters.platform import CannotLook, Delivered, Dispatch, Found, Link, LookedBack, NotFound, Profile, Sent
from bot.lanes import LANES_AT_ONCE
from conversations.cards import Card
from conversations.contacts import Address, Group, Place
from conversations.files import File

NAME, TENANT = "sink", "larkspur"
Wire = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Sink:
    """`taken`: how often each delivery id came over the wire. `shows`: whether it says so when it is asked."""

    name = NAME

    def __init__(self, at_once: int = LANES_AT_ONCE, *, shows: bool = True) -> None:
        self._at_once = at_once
        self._shows = shows
        self.taken: Counter[str] = Counter()
        self._server: asyncio.Server | None = None
        self._wires: asyncio.Queue[Wire] = asyncio.Queue()
        self._takers: set[asyncio.Task[None] | None] = set()

    def routes(self) -> Iterable[web.RouteDef]:
        return ()

    async def start(self, dispatch: Dispatch) -> None:
        """Nobody writes to us."""
        await self.open()

    async def open(self) -> None:
        """What goes out takes one of as many open connections as messages go at once."""
        self._server = await asyncio.start_server(self._take, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        for _ in range(self._at_once):
            self._wires.put_nowait(await asyncio.open_connection("127.0.0.1", port))

    async def stop(self) -> None:
        while not self._wires.empty():
            _, writer = self._wires.get_nowait()
            writer.close()
            await writer.wait_closed()
        await asyncio.gather(*(taker for taker in self._takers if taker is not None))
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._takers.add(asyncio.current_task())
        while line := await reader.readline():
            self.taken[line.decode().strip()] += 1
            writer.write(line)
        writer.close()

    async def send(self, to: Address | Group | Place, card: Card, delivery_id: str, update: str = "") -> Sent:
        await self.post(delivery_id)
        return Delivered(delivery_id)

    async def post(self, delivery_id: str) -> None:
        """One round trip."""
        wire = await self._wires.get()
        reader, writer = wire
        writer.write(f"{delivery_id}\n".encode())
        await reader.readline()
        self._wires.put_nowait(wire)

    async def hand(self, to: Address, card: Card, file: File, link: Link, delivery_id: str) -> Sent:
        return await self.send(to, card, delivery_id)

    async def look_back(self, to: Address | Group | Place, delivery_id: str, since: datetime) -> LookedBack:
        if not self._shows:
            return CannotLook("no_history", for_good=True)
        times = self.taken[delivery_id]
        return Found(delivery_id, times) if times else NotFound()

    async def quiet_until(self, to: Address) -> datetime | None:
        return None

    async def profile(self, address: Address) -> Profile | None:
        return None

    async def find(self, email: str) -> Address | None:
        return None
