"""Slack: slash command, buttons, modals, App Home and direct messages, by HTTP or by Socket Mode."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import aiohttp
from aiohttp import web

from adapters.platform import CannotLook, Dispatch, Link, LookedBack, Profile, Refused, Sent
from adapters.slack.api import LONGEST_CALL, LONGEST_CONNECT, web_client
from adapters.slack.app import PATH, Door, Wire
from adapters.slack.disturbing import DoNotDisturb
from adapters.slack.handing import Hander
from adapters.slack.looking_back import LookBack
from adapters.slack.people import People
from adapters.slack.sending import Sender
from adapters.slack.socket_mode import Socket
from conversations.cards import Card
from conversations.contacts import Address, Group, Place
from conversations.files import File

__all__ = ["Slack", "from_settings"]


class Slack:
    """One workspace: `app_token` connects by Socket Mode, `signing_secret` serves HTTP at /slack/events."""

    name = "slack"

    def __init__(
        self,
        *,
        bot_token: str,
        clock: Callable[[], datetime],
        app_token: str | None = None,
        signing_secret: str | None = None,
        api_url: str | None = None,
        longest_call: float = LONGEST_CALL,
    ) -> None:
        self._bot_token = bot_token
        self._app_token = app_token
        self._api_url = api_url
        self._timeout = aiohttp.ClientTimeout(total=longest_call, sock_connect=LONGEST_CONNECT)
        self._door = Door(signing_secret, clock) if signing_secret else None
        self._session: aiohttp.ClientSession | None = None
        self._wire: Wire | None = None
        self._socket: Socket | None = None
        self._people: People | None = None
        self._sender: Sender | None = None
        self._hander: Hander | None = None
        self._look_back: LookBack | None = None
        self._clock = clock
        self._do_not_disturb: DoNotDisturb | None = None

    def routes(self) -> Iterable[web.RouteDef]:
        return [web.post(PATH, self._door.receive)] if self._door else []

    async def start(self, dispatch: Dispatch) -> None:
        """Begins to listen. A Slack that cannot be reached stops nothing: it is tried again when it is needed."""
        self._session = aiohttp.ClientSession(timeout=self._timeout)
        client = web_client(self._bot_token, self._api_url, self._session)
        self._people, self._sender = People(client), Sender(client)
        self._hander, self._look_back = Hander(client, self._sender), LookBack(client)
        self._do_not_disturb = DoNotDisturb(client, self._clock)
        await self._people.installation()
        self._wire = Wire(client, self._people, dispatch)
        if self._door:
            self._door.wire = self._wire
        if self._app_token:
            self._socket = Socket(self._app_token, client, self._wire)
            await self._socket.open()

    async def stop(self) -> None:
        if self._door:
            self._door.wire = None
        if self._socket:
            await self._socket.close()
        if self._wire:
            await self._wire.finish()
        if self._session:
            await self._session.close()

    async def send(self, to: Address | Group | Place, card: Card, delivery_id: str, update: str = "") -> Sent:
        if self._sender is None:
            return Refused("not_started")
        return await self._sender.send(to, card, delivery_id, update)

    async def hand(self, to: Address, card: Card, file: File, link: Link, delivery_id: str) -> Sent:
        """Slack takes the file itself, so no link is made."""
        if self._hander is None:
            return Refused("not_started")
        return await self._hander.hand(to, card, file, delivery_id)

    async def look_back(self, to: Address | Group | Place, delivery_id: str, since: datetime) -> LookedBack:
        """Every message carries its delivery id, and im:history lets the bot see its own chats again."""
        if self._look_back is None:
            return CannotLook("not_started")
        return await self._look_back.look(to, delivery_id, since)

    async def quiet_until(self, to: Address) -> datetime | None:
        return await self._do_not_disturb.until(to.user) if self._do_not_disturb else None

    async def profile(self, address: Address) -> Profile | None:
        return await self._people.profile(address) if self._people else None

    async def find(self, email: str) -> Address | None:
        return await self._people.find(email) if self._people else None


def from_settings(settings: Any, now: Callable[[], datetime]) -> Slack:
    """The platform as an operator has set it up; `settings` has an attribute for every setting."""
    return Slack(
        bot_token=settings.slack_bot_token.get_secret_value(),
        app_token=settings.slack_app_token.get_secret_value() if settings.slack_app_token else None,
        signing_secret=settings.slack_signing_secret.get_secret_value() if settings.slack_signing_secret else None,
        api_url=settings.slack_api_url,
        clock=now,
    )
