"""Microsoft Teams: text, Adaptive Cards and forms in the chat, and messages to people who did not just write."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from aiohttp import web

from adapters.loopback import is_loopback
from adapters.platform import CannotLook, Delivered, Dispatch, Link, LookedBack, Profile, Refused, Sent, Uncertain
from adapters.teams.app import Endpoint
from adapters.teams.cards import adaptive_card
from adapters.teams.chats import Chats
from adapters.teams.connector import LONGEST_CALL, Connector, Member
from adapters.teams.credentials import AppType, BotToken, Credentials, token_endpoint
from adapters.teams.elements import Json
from adapters.teams.events import PLATFORM
from adapters.teams.guard import Guard
from adapters.teams.keys import OPENID_METADATA_URL, SigningKeys
from adapters.teams.network import Network
from adapters.teams.pages import pages
from adapters.teams.route import MessageRef, Route
from conversations.cards import Card
from conversations.contacts import Address, Group, Place, small_letters
from conversations.file_cards import linked_card, no_address_card
from conversations.files import File

MESSAGES_PATH = "/api/messages"
# A profile look-up happens before a turn, and a turn must not wait for it longer.
PROFILE_SECONDS = 1.0
STOP_SECONDS = 5.0

log = logging.getLogger("flipside.teams")


class Teams:
    """The Teams platform.

    `public_url`: where people reach this server, for links to files.

    Raises ValueError when it would be open to strangers: without app id, password and tenants it starts only in local
    mode, and local mode only on a loopback `host`.
    """

    name = PLATFORM

    def __init__(
        self,
        *,
        app_id: str = "",
        app_password: str = "",
        tenant_ids: tuple[str, ...] = (),
        local: bool = False,
        host: str = "127.0.0.1",
        app_type: AppType = "SingleTenant",
        openid_metadata_url: str = OPENID_METADATA_URL,
        token_url: str = "",
        public_url: str = "",
        longest_call: float = LONGEST_CALL,
    ) -> None:
        _refuse_open_door(app_id, app_password, tenant_ids, local, host)
        self._tenants = frozenset(tenant.lower() for tenant in tenant_ids)
        self._local = local
        self._public_url = public_url
        self._network = Network()
        self._token: BotToken | None = None
        self._keys: SigningKeys | None = None
        guard: Guard | None = None
        if not local:
            endpoint = token_url or token_endpoint(app_type, tenant_ids[0])
            self._token = BotToken(Credentials(app_id, app_password, endpoint), self._network.post_form)
            self._keys = SigningKeys(self._network.fetch_json, openid_metadata_url)
            guard = Guard(app_id, self._keys)
        connector = Connector(self._network, self._token, longest_call)
        self._chats = Chats(connector)
        self._endpoint = Endpoint(connector, self._chats, guard, self._tenants)

    def routes(self) -> Iterable[web.RouteDef]:
        return [web.post(MESSAGES_PATH, self._endpoint.handle), *pages()]

    async def start(self, dispatch: Dispatch) -> None:
        """Returns at once: the keys and the token come in the background, so that a hanging server delays nothing."""
        await self._network.open()
        if self._keys and self._token:
            self._keys.warm()
            self._token.warm()
        self._endpoint.dispatch = dispatch

    async def stop(self) -> None:
        self._endpoint.dispatch = None
        await self._endpoint.answering.finish(STOP_SECONDS)
        if self._keys and self._token:
            await self._keys.close()
            await self._token.close()
        await self._network.close()

    async def send(self, to: Address | Group | Place, card: Card, delivery_id: str, update: str = "") -> Sent:
        """One attempt. Teams knows no key for a message, so `delivery_id` stays with the outbox."""
        content = adaptive_card(card)
        match to:
            case Group():
                # A bot cannot begin a group chat on Teams; an introduction goes to both in private.
                return Refused("no_group_chats", for_good=True)
            case Place():
                route = Route.unpack(to.route)
                return await self._deliver(route.service_url, route.conversation or to.channel, content, update)
            case Address():
                return await self._send_to_person(to, content, update)

    async def hand(self, to: Address, card: Card, file: File, link: Link, delivery_id: str) -> Sent:
        """A bot cannot attach a file to its message; a link opens only when people can reach this server."""
        shown = linked_card(card, self._public_url + await link()) if self._public_url else no_address_card(card)
        if not self._public_url:
            log.warning("file not handed over: no public address delivery=%s", delivery_id)
        return await self.send(to, shown, delivery_id)

    async def look_back(self, to: Address | Group | Place, delivery_id: str, since: datetime) -> LookedBack:
        """The bot's API shows no message again."""
        return CannotLook("no_history", for_good=True)

    async def quiet_until(self, to: Address) -> datetime | None:
        """A bot is not told of anybody's presence."""
        return None

    async def profile(self, address: Address) -> Profile | None:
        try:
            async with asyncio.timeout(PROFILE_SECONDS):
                member = await self._chats.member(address)
        except TimeoutError:
            log.warning("could not look a person up: timeout")
            return None
        return self._profile(address, member) if member else None

    async def find(self, email: str) -> Address | None:
        """The bot's API looks nobody up by e-mail; people are known once they have the app."""
        return None

    async def _send_to_person(self, to: Address, content: Json, update: str) -> Sent:
        route = await self._chats.own_chat(to)
        if isinstance(route, Refused | Uncertain):
            return route
        sent = await self._deliver(route.service_url, route.conversation, content, update)
        if isinstance(sent, Delivered) and route.pack() != to.route:
            return Delivered(sent.ref, route.pack())
        return sent

    async def _deliver(self, service_url: str, conversation: str, content: Json, update: str) -> Sent:
        if update:
            return await self._chats.edit(service_url, MessageRef.unpack(update), content)
        return await self._chats.post(service_url, conversation, content)

    def _profile(self, address: Address, member: Member) -> Profile:
        """Guests keep `#EXT#` in their login, whatever role the roster gives them."""
        hint = self._chats.hint(address.user)
        ours = self._local or (address.tenant in self._tenants and member.tenant in ("", address.tenant))
        insider = member.role == "user" or (self._local and member.role != "guest")
        return Profile(
            name=member.name,
            email=small_letters(member.email or (member.login if "@" in member.login else "")),
            login=member.login,
            timezone=hint.timezone,
            locale=hint.locale,
            member=ours and insider and "#ext#" not in member.login.lower(),
        )


def _refuse_open_door(app_id: str, app_password: str, tenant_ids: tuple[str, ...], local: bool, host: str) -> None:
    if local:
        if not is_loopback(host):
            raise ValueError("Teams without authentication may listen on a loopback address only")
        return
    for name, value in (("app id", app_id), ("app password", app_password), ("tenant ids", any(tenant_ids))):
        if not value:
            raise ValueError(f"Teams needs the {name}: without it anybody could post as anybody")


def from_settings(settings: Any, now: Callable[[], datetime]) -> Teams:
    """The platform as an operator has set it up; `settings` has an attribute for every setting."""
    return Teams(
        app_id=settings.teams_app_id or "",
        app_password=settings.teams_app_password.get_secret_value() if settings.teams_app_password else "",
        tenant_ids=settings.teams_tenant_ids,
        local=settings.teams_local,
        host=settings.host,
        public_url=settings.public_url or (f"http://{settings.host}:{settings.port}" if settings.teams_local else ""),
    )
