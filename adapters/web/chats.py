"""Who sees which conversation, and the messages in it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from adapters.web.changes import Changes, Json
from adapters.web.people import Company

BOT = "bot"

Kind = Literal["bot", "channel", "group", "people"]
"""`bot`: one person with the bot. `group`: the bot and several. `people`: people among themselves, without the bot."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A place where messages appear. A channel holds everybody and has no members of its own."""

    id: str
    kind: Kind
    members: tuple[str, ...] = ()
    channel: str = ""

    def holds(self, user: str) -> bool:
        return self.kind == "channel" or user in self.members


@dataclass(frozen=True, slots=True)
class Message:
    """One message on screen. `only`: the one person who sees it, in a conversation that others share."""

    id: str
    conversation: str
    author: str
    html: str
    at: datetime
    only: str = ""


class Chats:
    """All conversations of the company, in memory: the playground forgets everything when it stops."""

    def __init__(self, company: Company, changes: Changes, now: Callable[[], datetime]) -> None:
        self._changes = changes
        self._now = now
        self._conversations: dict[str, Conversation] = {}
        self._messages: dict[str, Message] = {}
        for each in company.people:
            self._open(Conversation(bot_chat(each.user), "bot", (each.user,)))
        for channel in company.channels:
            self._open(Conversation(f"channel:{channel}", "channel", channel=channel))

    def conversation(self, ident: str) -> Conversation | None:
        return self._conversations.get(ident)

    def channel(self, name: str) -> Conversation | None:
        return self._conversations.get(f"channel:{name}")

    def among(self, members: Iterable[str], *, with_bot: bool) -> Conversation:
        """The conversation of these people; the same people always share the same one."""
        everyone = tuple(sorted(set(members)))
        kind: Kind = "group" if with_bot else "people"
        ident = f"{kind}:{'+'.join(everyone)}"
        return self._conversations.get(ident) or self._open(Conversation(ident, kind, everyone))

    def message(self, ident: str) -> Message | None:
        return self._messages.get(ident)

    def show(self, conversation: str, author: str, html: str, *, only: str = "", ident: str = "") -> str:
        """Adds a message and returns its id. An id that is there already adds nothing."""
        ident = ident or f"m{len(self._messages) + 1}"
        if ident not in self._messages:
            self._put(Message(ident, conversation, author, html, self._now(), only))
        return ident

    def edit(self, ident: str, html: str) -> bool:
        """Changes a message where it stands. False when there is none."""
        message = self._messages.get(ident)
        if message is None:
            return False
        self._put(Message(message.id, message.conversation, message.author, html, message.at, message.only))
        return True

    def sent_since(self, version: int) -> tuple[int, int]:
        """How many new messages the bot wrote after this version of the log, and to how many people."""
        people: set[str] = set()
        count = 0
        for change in self._changes.since(version):
            message = self._messages.get(str(change.body.get("id")))
            if message is None or message.author != BOT or change.first <= version:
                continue
            count += 1
            people.update(self._conversations[message.conversation].members)
        return count, len(people)

    def _open(self, new: Conversation) -> Conversation:
        self._conversations[new.id] = new
        members: list[Json] = list(new.members)
        body: dict[str, Json] = {"is": "conversation", "id": new.id, "kind": new.kind}
        self._changes.record(new.id, {**body, "members": members, "channel": new.channel})
        return new

    def _put(self, message: Message) -> None:
        self._messages[message.id] = message
        body: dict[str, Json] = {"is": "message", "id": message.id, "conversation": message.conversation}
        body |= {"author": message.author, "html": message.html, "only": message.only, "at": message.at.isoformat()}
        self._changes.record(f"message:{message.id}", body)


def bot_chat(user: str) -> str:
    return f"bot:{user}"
