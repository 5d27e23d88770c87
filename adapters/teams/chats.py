"""Getting cards to people: the plan of a turn carried out, and each person's own chat found or opened."""

import asyncio
import logging
from dataclasses import dataclass, replace

from adapters.platform import Refused, Sent, Uncertain
from adapters.teams.answers import Edit, Plan, Post
from adapters.teams.connector import Connector, Member, card_message, text_message
from adapters.teams.elements import Json
from adapters.teams.events import Incoming
from adapters.teams.route import MessageRef, Route
from conversations.contacts import Address

WROTE_TO_YOU = "I wrote to you in our own chat."
CANNOT_WRITE = "I cannot write to you in private yet. Please find me under Apps, press Open, and ask me there."
# Somebody looks at the screen: a wait longer than this is worse than asking again.
LONGEST_WAIT_SECONDS = 5.0

log = logging.getLogger("flipside.teams")


@dataclass(frozen=True, slots=True)
class Hint:
    """What only activities tell about a person."""

    timezone: str = ""
    locale: str = ""


class Chats:
    """Everything that leaves for Teams, besides answers to requests."""

    def __init__(self, connector: Connector) -> None:
        self._connector = connector
        self._own: dict[str, str] = {}
        self._hints: dict[str, Hint] = {}

    def noticed(self, arrived: Incoming) -> None:
        """Keeps what an activity tells by the way: the person's own chat, time zone and language."""
        user = arrived.inbound.address.user
        if arrived.personal:
            self._own[user] = arrived.conversation
        if arrived.timezone or arrived.locale:
            self._hints[user] = Hint(arrived.timezone, arrived.locale)

    def hint(self, user: str) -> Hint:
        return self._hints.get(user, Hint())

    async def member(self, address: Address) -> Member | None:
        """Who this is, from the roster of their own chat."""
        route = await self.own_chat(address)
        if isinstance(route, Refused | Uncertain):
            return None
        return await self._connector.member(route.service_url, route.conversation, route.member or address.user)

    async def own_chat(self, address: Address) -> Route | Refused | Uncertain:
        """How to reach the person, with a conversation to write to. Opening one that exists gives the same one."""
        route = Route.unpack(address.route)
        if not route.conversation and (known := self._own.get(address.user)):
            route = replace(route, conversation=known)
        if route.conversation:
            return route
        opened = await self._connector.open_chat(route, address.tenant, address.user)
        if not isinstance(opened, str):
            return opened
        self._own[address.user] = opened
        return replace(route, conversation=opened)

    async def perform(self, incoming: Incoming, steps: Plan) -> None:
        """The answers, in their order. What fails is logged and stays undone: asking again is safe."""
        if not steps.steps:
            return
        route = await self.own_chat(incoming.inbound.address)
        if isinstance(route, Refused | Uncertain):
            log.warning("could not open a chat for an answer: %s", route.reason)
            await self._say_in_place(incoming, CANNOT_WRITE)
            return
        outcome: Sent | None = None
        for step in steps.steps:
            outcome = await self._twice(route, step)
            if isinstance(outcome, Refused | Uncertain):
                log.warning("could not show an answer: %s", outcome.reason)
        if not incoming.personal:
            blocked = isinstance(outcome, Refused) and outcome.for_good
            await self._say_in_place(incoming, CANNOT_WRITE if blocked else WROTE_TO_YOU)

    async def post(self, service_url: str, conversation: str, content: Json) -> Sent:
        return await self._connector.post(service_url, conversation, card_message(content))

    async def edit(self, service_url: str, ref: MessageRef, content: Json) -> Sent:
        return await self._connector.edit(service_url, ref, card_message(content))

    async def _twice(self, route: Route, step: Post | Edit) -> Sent:
        """Once more when Teams proved that it took nothing and asked for a short wait."""
        outcome = await self._step(route, step)
        if isinstance(outcome, Refused) and outcome.retry_after is not None:
            if outcome.retry_after > LONGEST_WAIT_SECONDS:
                return outcome
            await asyncio.sleep(outcome.retry_after)
            return await self._step(route, step)
        return outcome

    async def _step(self, route: Route, step: Post | Edit) -> Sent:
        match step:
            case Post():
                return await self.post(route.service_url, route.conversation, step.content)
            case Edit():
                ref = MessageRef(route.conversation, step.activity)
                return await self.edit(route.service_url, ref, step.content)

    async def _say_in_place(self, incoming: Incoming, words: str) -> None:
        """Only where others are: in the own chat the answer itself is what the person sees."""
        if incoming.personal or (incoming.invoke and words == WROTE_TO_YOU):
            return
        route = incoming.route
        await self._connector.post(route.service_url, incoming.conversation, text_message(words))
