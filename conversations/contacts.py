"""Where people and channels are (opaque outside the adapters), and how a card names somebody."""

import json
from dataclasses import dataclass
from typing import Self


def small_letters(email: str) -> str:
    """An e-mail as it is kept and compared. Only A to Z change: text lowers the Kelvin sign to k."""
    return email.strip().encode("utf-8", "replace").lower().decode()


@dataclass(frozen=True, slots=True)
class Address:
    """One account of a person. `route` is the adapter's own note on how to reach it (a DM channel, a service URL)."""

    platform: str
    tenant: str
    user: str
    route: str = ""

    def pack(self) -> str:
        return json.dumps([self.platform, self.tenant, self.user, self.route])

    @classmethod
    def unpack(cls, text: str) -> Self:
        return cls(*json.loads(text))


@dataclass(frozen=True, slots=True)
class Group:
    """The accounts that one group chat should hold, besides the bot. All are on one platform and tenant."""

    members: tuple[Address, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A channel: where a command was typed or an announcement goes. `private`: the bot must be invited first."""

    platform: str
    tenant: str
    channel: str
    private: bool = False
    route: str = ""

    def pack(self) -> str:
        return json.dumps([self.platform, self.tenant, self.channel, self.private, self.route])

    @classmethod
    def unpack(cls, text: str) -> Self:
        return cls(*json.loads(text))


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody as a card names them. `login` is the UPN that a Teams chat link needs; empty when unknown."""

    name: str
    email: str = ""
    login: str = ""
    address: Address | None = None
