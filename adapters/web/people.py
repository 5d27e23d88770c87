"""The fictional company of the playground: who works there, and what the page is told about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from conversations.contacts import Address, Place

PLATFORM = "web"
TENANT = "playground"


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """An employee whom a visitor may act as. `note` is a word or two for the visitor, such as "coordinator"."""

    user: str
    name: str
    email: str
    title: str = ""
    department: str = ""
    location: str = ""
    timezone: str = "UTC"
    note: str = ""

    @property
    def address(self) -> Address:
        return Address(PLATFORM, TENANT, self.user)


@dataclass(frozen=True, slots=True)
class Hint:
    """One entry of the menu that opens when somebody types a slash: the words after `/mentor`, and what they do."""

    words: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """What the page shows around the chats.

    `guide`: what a visitor may try first, one sentence a step, `words to type` between backticks.
    `shown`: the people on screen at first, by user id.
    """

    people: tuple[Persona, ...]
    name: str = "Larkspur"
    timezone: str = "UTC"
    channels: tuple[str, ...] = ("announcements",)
    hints: tuple[Hint, ...] = ()
    guide: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()

    def person(self, user: str) -> Persona | None:
        return next((each for each in self.people if each.user == user), None)

    def by_email(self, email: str) -> Persona | None:
        wanted = email.strip().lower()
        return next((each for each in self.people if each.email.lower() == wanted), None)


def place(channel: str) -> Place:
    return Place(PLATFORM, TENANT, channel)


def first_shown(people: Sequence[Persona]) -> tuple[str, ...]:
    """Three people side by side tell the story: the coordinator first when a note names one."""
    ordered = sorted(people, key=lambda each: "coordinator" not in each.note.lower())
    return tuple(each.user for each in ordered[:3])
