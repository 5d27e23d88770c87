"""Somebody has no account that we know: perhaps a platform knows their work e-mail."""

import asyncio
import logging
from collections.abc import Iterable
from datetime import datetime

from adapters.platform import Platform, Profile
from bot.claims import Nowhere
from conversations.contacts import Address, small_letters
from storage.database import Database
from storage.store import Store
from storage.tables import Account

log = logging.getLogger("flipside.delivery")

LOOK_UP_SECONDS = 5.0


async def find_account(database: Database, platforms: Iterable[Platform], nowhere: Nowhere, now: datetime) -> int:
    """1 when an account was found and what waits for this person may go; 0 otherwise."""
    if not nowhere.email:
        return 0
    for platform in platforms:
        found = await _ask(platform, nowhere.email)
        if found is not None:
            address, profile = found
            if await database.write(lambda store: _add(store, nowhere.person, address, profile, now), clock=True):  # noqa: B023 - awaited in the loop
                return 1
    return 0


async def _ask(platform: Platform, email: str) -> tuple[Address, Profile] | None:
    """Only a full member whose work e-mail this is; guests and strangers never."""
    try:
        async with asyncio.timeout(LOOK_UP_SECONDS):
            address = await platform.find(email)
            profile = await platform.profile(address) if address else None
    except Exception as fault:
        log.warning("find platform=%s %s", platform.name, type(fault).__name__)
        return None
    if address is None or profile is None or not profile.member or small_letters(profile.email) != email:
        return None
    return address, profile


def _add(store: Store, person: int, address: Address, profile: Profile, now: datetime) -> bool:
    if store.accounts.find(address.platform, address.tenant, address.user) is not None:
        # It is theirs and was closed, or it is somebody else's: it opens again when they write.
        return False
    store.accounts.add(
        Account(
            person_id=person,
            platform=address.platform,
            tenant=address.tenant,
            user=address.user,
            route=address.route,
            login=profile.login,
            member=True,
            known=True,
            last_used_at=now,
        )
    )
    return store.outbox.hurry(person, now)
