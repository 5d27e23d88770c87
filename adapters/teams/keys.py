"""Microsoft's signing keys: fetched without stopping anything else, kept for a day."""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import aiohttp
from jwt import PyJWK
from jwt.exceptions import PyJWTError

OPENID_METADATA_URL = "https://login.botframework.com/v1/.well-known/openidconfiguration"

# Microsoft rotates the keys rarely and asks to refresh them at least every 24 hours.
FRESH_SECONDS = 20 * 3600.0
# A stranger may name any key, so an unknown one fetches again at most this often.
REFETCH_SECONDS = 300.0
# A fetch that brought no keys is tried again as soon as one for the bot's own token; until then all are refused.
PAUSE_SECONDS = 5.0
# How long one request waits for the keys, and how long a fetch may take; whoever hangs delays only strangers.
WAIT_SECONDS = 5.0
FETCH_SECONDS = 10.0

log = logging.getLogger("flipside.teams")

FetchJson = Callable[[str], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One public key, and for which channels Microsoft vouches with it (empty: it does not say)."""

    key: PyJWK
    endorsements: frozenset[str]


class SigningKeys:
    """The keys by id. `find` answers at once for a known key, whatever the key server does."""

    def __init__(
        self,
        fetch_json: FetchJson,
        metadata_url: str = OPENID_METADATA_URL,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetch_json = fetch_json
        self._metadata_url = metadata_url
        self._seconds = seconds
        self._keys: dict[str, SigningKey] = {}
        self._stale_from = self._pause_until = 0.0
        self._fetching: asyncio.Task[None] | None = None

    def warm(self) -> None:
        """Begins to fetch and returns at once."""
        self._begin()

    async def find(self, key_id: str) -> SigningKey | None:
        now = self._seconds()
        known = self._keys.get(key_id)
        if (known is None or now > self._stale_from) and now > self._pause_until:
            self._begin()
        if known is None and self._fetching:
            await asyncio.wait([self._fetching], timeout=WAIT_SECONDS)
        return known or self._keys.get(key_id)

    async def close(self) -> None:
        if self._fetching:
            self._fetching.cancel()
            await asyncio.wait([self._fetching])

    def _begin(self) -> None:
        if self._fetching is None:
            self._fetching = asyncio.create_task(self._fetch())

    async def _fetch(self) -> None:
        pause = PAUSE_SECONDS
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                self._keys = await read_keys(self._metadata_url, self._fetch_json)
            self._stale_from, pause = self._seconds() + FRESH_SECONDS, REFETCH_SECONDS
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, OSError) as error:
            log.warning("could not fetch the Teams signing keys: %s", type(error).__name__)
        finally:
            self._pause_until = self._seconds() + pause
            self._fetching = None


async def read_keys(metadata_url: str, fetch_json: FetchJson) -> dict[str, SigningKey]:
    """The keys by id. Raises aiohttp.ClientError, OSError, KeyError or ValueError."""
    metadata = await fetch_json(metadata_url)
    if not isinstance(metadata, dict):
        raise ValueError("the OpenID metadata is no object")
    body = await fetch_json(str(metadata["jwks_uri"]))
    entries = body.get("keys") if isinstance(body, dict) else None
    if not isinstance(entries, list) or not entries:
        raise ValueError("the key set holds no keys")
    keys: dict[str, SigningKey] = {}
    for entry in entries:
        if isinstance(entry, dict) and (key := _public_key(entry)):
            keys[str(entry["kid"])] = key
    if not keys:
        raise ValueError("the key set holds no keys that we can use")
    return keys


def _public_key(entry: Mapping[str, object]) -> SigningKey | None:
    """None for a key that we cannot use; the others still serve."""
    if entry.get("kty") != "RSA" or not entry.get("kid"):
        return None
    listed = entry.get("endorsements")
    endorsements = frozenset(map(str, listed)) if isinstance(listed, list) else frozenset()
    try:
        return SigningKey(PyJWK.from_json(json.dumps(entry), algorithm="RS256"), endorsements)
    except (PyJWTError, ValueError):
        return None
