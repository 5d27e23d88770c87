"""Acts as a person without a browser, for what happened before a visitor came."""

from collections.abc import Mapping
from uuid import uuid4

from adapters.web import events
from adapters.web.answers import Asked
from adapters.web.app import Playground
from adapters.web.cards import words_html
from adapters.web.chats import Conversation, bot_chat
from adapters.web.people import Persona, place
from conversations.actions import Action
from conversations.events import Commanded, Inbound, Pressed, Submitted
from conversations.forms import Form, Typed


class NothingThere(Exception):
    """There is no such form or conversation on this person's screen."""


class Actor:
    """One person: commands, presses buttons and sends the form on screen, and all of it shows in their chats."""

    def __init__(self, playground: Playground, person: Persona) -> None:
        self._playground = playground
        self._person = person

    async def arrives(self) -> None:
        """As a visitor's first look at this person would; that look then greets nobody a second time."""
        inbound = events.arrived(self._person.address, self._playground.run)
        await self._playground.turn(inbound, self._asked())

    async def commands(self, words: str, channel: str = "") -> None:
        """Types `/mentor` and these words, in the chat with the bot or in a channel."""
        asked, ident = self._asked(channel), self._delivery()
        shown = words_html(f"/mentor {words}")
        self._playground.chats.show(asked.conversation.id, self._person.user, shown, only=asked.only, ident=ident)
        where = place(channel) if channel else None
        await self._playground.turn(Inbound(ident, self._person.address, Commanded(words, where)), asked)

    async def presses(self, action: Action, message: str = "") -> None:
        """A button: of this message, or of a new one that nobody sees."""
        asked = Asked(self._person.user, self._conversation(""), message)
        await self._playground.turn(Inbound(self._delivery(), self._person.address, Pressed(), action), asked)

    @property
    def form(self) -> Form | None:
        """What this person has open."""
        shown = self._playground.answers.form_of(self._person.user)
        return shown.form if shown else None

    def closes(self) -> None:
        """The form on screen, without sending it."""
        if shown := self._playground.answers.form_of(self._person.user):
            self._playground.answers.close_form(self._person.user, shown.ident)

    async def submits(self, values: Mapping[str, Typed]) -> None:
        """Sends the form on screen: what is filled in already, and these values on top."""
        shown = self._playground.answers.form_of(self._person.user)
        if shown is None:
            raise NothingThere(f"{self._person.user} has no form open")
        typed = {field.key: field.value for field in shown.form.fields} | dict(values)
        inbound = Inbound(self._delivery(), self._person.address, Submitted(typed), shown.form.action)
        asked = Asked(self._person.user, shown.asked.conversation, shown.asked.message, typed)
        await self._playground.turn(inbound, asked, closes=shown.ident)

    def _asked(self, channel: str = "") -> Asked:
        return Asked(self._person.user, self._conversation(channel))

    def _conversation(self, channel: str) -> Conversation:
        chats = self._playground.chats
        found = chats.channel(channel) if channel else chats.conversation(bot_chat(self._person.user))
        if found is None:
            raise NothingThere(channel or self._person.user)
        return found

    def _delivery(self) -> str:
        return f"acted-{uuid4()}"
