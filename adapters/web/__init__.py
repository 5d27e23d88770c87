"""The browser playground: the whole product without Slack or Teams, for visitors on this machine only."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime

from aiohttp import web

from adapters.platform import CannotLook, Delivered, Dispatch, Link, LookedBack, Profile, Refused, Sent
from adapters.web.actor import Actor, NothingThere
from adapters.web.app import Playground
from adapters.web.cards import card_html
from adapters.web.chats import BOT, Conversation, bot_chat
from adapters.web.people import PLATFORM, TENANT, Company, Hint, Persona, first_shown
from adapters.web.travel import Clock
from conversations.cards import Card
from conversations.contacts import Address, Group, Place
from conversations.file_cards import linked_card
from conversations.files import File

__all__ = ["Actor", "Hint", "Persona", "WebPlatform"]


def _nobody_reads_along(_user: str, _message: str, _card: Card) -> None: ...


class WebPlatform:
    """A platform in memory. `advance` moves the virtual clock and runs whatever falls due on the way.

    `reads_along` gets every new card in somebody's own chat: user, message, card.
    """

    name = PLATFORM

    def __init__(
        self,
        *,
        people: Sequence[Persona],
        now: Callable[[], datetime],
        advance: Callable[[datetime], Awaitable[None]],
        next_moment: Callable[[], Awaitable[datetime | None]],
        company: str = "Larkspur",
        timezone: str = "UTC",
        hints: Sequence[Hint] = (),
        guide: Sequence[str] = (),
        shown: Sequence[str] = (),
        reads_along: Callable[[str, str, Card], None] = _nobody_reads_along,
    ) -> None:
        self.company = Company(
            people=tuple(people),
            name=company,
            timezone=timezone,
            hints=tuple(hints),
            guide=tuple(guide),
            shown=tuple(shown) or first_shown(people),
        )
        self._playground = Playground(self.company, Clock(now, advance, next_moment))
        self._reads_along = reads_along

    def routes(self) -> Iterable[web.RouteDef]:
        return self._playground.routes()

    async def start(self, dispatch: Dispatch) -> None:
        self._playground.dispatch = dispatch

    async def stop(self) -> None:
        self._playground.changes.close()
        await self._playground.travel.stop()

    async def send(self, to: Address | Group | Place, card: Card, delivery_id: str, update: str = "") -> Sent:
        """Always certain, since the screens are our own memory; so `delivery_id` is not needed to look back."""
        chats = self._playground.chats
        conversation = self._conversation(to)
        if conversation is None:
            return Refused("channel_not_found", for_good=True)
        if update:
            found = chats.edit(update, card_html(card))
            return Delivered(update) if found else Refused("message_not_found", for_good=True)
        shown = chats.show(conversation, BOT, card_html(card))
        if isinstance(to, Address):
            self._reads_along(to.user, shown, card)
        return Delivered(shown)

    async def hand(self, to: Address, card: Card, file: File, link: Link, delivery_id: str) -> Sent:
        """The page comes from the very server that the link leads to, so the path is enough."""
        return await self.send(to, linked_card(card, await link()), delivery_id)

    async def look_back(self, to: Address | Group | Place, delivery_id: str, since: datetime) -> LookedBack:
        """Sending is never uncertain here."""
        return CannotLook("never_uncertain", for_good=True)

    async def quiet_until(self, to: Address) -> datetime | None:
        """The playground has no such switch."""
        return None

    async def profile(self, address: Address) -> Profile | None:
        person = self.company.person(address.user) if _ours(address) else None
        if person is None:
            return None
        return Profile(person.name, person.email, person.email, person.timezone, "en", member=True)

    async def find(self, email: str) -> Address | None:
        person = self.company.by_email(email)
        return person.address if person else None

    def is_visited(self, user: str) -> bool:
        """Whether a visitor has written, pressed or sent anything as this person."""
        return user in self._playground.visited

    def actor(self, user: str) -> Actor:
        """Acts as this person without a browser."""
        person = self.company.person(user)
        if person is None:
            raise NothingThere(user)
        return Actor(self._playground, person)

    def _conversation(self, to: Address | Group | Place) -> str | None:
        chats = self._playground.chats
        match to:
            case Address():
                return _id(chats.conversation(bot_chat(to.user)) if _ours(to) else None)
            case Place():
                return _id(chats.channel(to.channel) if _ours(to) else None)
            case Group():
                known = all(_ours(each) and self.company.person(each.user) for each in to.members)
                return _id(chats.among((each.user for each in to.members), with_bot=True) if known else None)


def _id(found: Conversation | None) -> str | None:
    return found.id if found else None


def _ours(where: Address | Place) -> bool:
    return (where.platform, where.tenant) == (PLATFORM, TENANT)
