"""Where a message goes: one of a person's accounts, the accounts of a group on one platform, or a channel."""

import json
from collections.abc import Mapping, Sequence

from conversations.contacts import Address, Group, Place
from storage.tables import Account

Target = Address | Group | Place
Accounts = Mapping[int, Sequence[Account]]
"""Open accounts by person id, the last used first."""


def by_person(accounts: Sequence[Account]) -> Accounts:
    found: dict[int, list[Account]] = {}
    for account in accounts:
        found.setdefault(account.person_id, []).append(account)
    return found


def address_of(account: Account) -> Address:
    return Address(account.platform, account.tenant, account.user, account.route)


def choose(person: int | None, group: Sequence[int] | None, place: str | None, accounts: Accounts) -> Target | None:
    """The target of a row; None when somebody has no account, or a group has no platform in common."""
    if person is not None:
        open_ones = accounts.get(person, ())
        return address_of(open_ones[0]) if open_ones else None
    if place is not None:
        return Place.unpack(place)
    return _group([accounts.get(each, ()) for each in group or ()])


def _group(members: Sequence[Sequence[Account]]) -> Group | None:
    """All on one platform and tenant: the one that the first member used last, if several will do."""
    for candidate in members[0] if members else ():
        where = candidate.platform, candidate.tenant
        chosen = [_on(where, accounts) for accounts in members]
        if all(chosen):
            return Group(tuple(address_of(account) for account in chosen if account))
    return None


def _on(where: tuple[str, str], accounts: Sequence[Account]) -> Account | None:
    return next((each for each in accounts if (each.platform, each.tenant) == where), None)


def platform_of(target: Target) -> str:
    return target.members[0].platform if isinstance(target, Group) else target.platform


def workspace_of(target: Target) -> str:
    """Whose limits count, and who may send there: one process at a time."""
    one = target.members[0] if isinstance(target, Group) else target
    return f"{one.platform}/{one.tenant}"


def pack_target(target: Target) -> str:
    """As the outbox keeps it, so that the message can be edited later."""
    match target:
        case Address():
            return json.dumps({"address": target.pack()})
        case Place():
            return json.dumps({"place": target.pack()})
        case Group(members):
            return json.dumps({"group": [member.pack() for member in members]})


def unpack_target(text: str) -> Target:
    body = json.loads(text)
    if "address" in body:
        return Address.unpack(body["address"])
    if "place" in body:
        return Place.unpack(body["place"])
    return Group(tuple(Address.unpack(member) for member in body["group"]))
