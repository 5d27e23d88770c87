"""The one connection pool of the platform, and the two plain calls that are not the connector's."""

from collections.abc import Mapping

import aiohttp

# So many calls at once; Teams allows 50 a second for an app and tenant.
MOST_CONNECTIONS = 32
TOKEN_TIMEOUT = aiohttp.ClientTimeout(total=10)


class Network:
    """Open between `open` and `close`; calls outside raise RuntimeError."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        connections = aiohttp.TCPConnector(limit=MOST_CONNECTIONS)
        # The operator's proxy settings count, as they do for every other program on the machine.
        self._session = aiohttp.ClientSession(connector=connections, trust_env=True)

    async def close(self) -> None:
        if self._session:
            await self._session.close()

    @property
    def session(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("Teams is used before it was started")
        return self._session

    async def fetch_json(self, url: str) -> object:
        """Raises aiohttp.ClientError, or ValueError for what is not JSON."""
        async with self.session.get(url, raise_for_status=True) as answer:
            body: object = await answer.json(content_type=None)
            return body

    async def post_form(self, url: str, form: Mapping[str, str]) -> tuple[int, object]:
        """Raises aiohttp.ClientError, or ValueError for what is not JSON."""
        async with self.session.post(url, data=form, allow_redirects=False, timeout=TOKEN_TIMEOUT) as answer:
            return answer.status, await answer.json(content_type=None)
