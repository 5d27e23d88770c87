"""Posts signed slash commands as Slack would, and takes the time of each."""

import asyncio
import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count, islice
from time import perf_counter
from urllib.parse import urlencode

import aiohttp

from bot.benchmark.slack_stand_in import TEAM
from bot.clock import Clock

COMMAND = "/mentor"
# Enough that each has been heard of, few enough to be known before the clock runs.
PEOPLE = 50
LONGEST_ANSWER = 10.0


class NotAcknowledged(Exception):
    """A server answered something else than 200: the figures would mean nothing."""


@dataclass(frozen=True, slots=True)
class Latencies:
    """Milliseconds, sorted."""

    milliseconds: Sequence[float]

    def percentile(self, share: float) -> float:
        return self.milliseconds[min(int(len(self.milliseconds) * share), len(self.milliseconds) - 1)]

    def words(self, share: float) -> str:
        return f"{self.percentile(share):.1f}"


class Commands:
    """An endless row of `/mentor help`: each signed, with a trigger of its own, from one person after the other."""

    def __init__(self, secret: str, clock: Clock, api_url: str) -> None:
        self._secret = secret
        self._clock = clock
        self._api_url = api_url
        self._numbers = count(1)

    async def post(self, url: str, requests: int, connections: int) -> Latencies:
        """So many requests over so many connections that stay open."""
        taken: list[float] = []
        todo = islice(self.signed(), requests)
        connector = aiohttp.TCPConnector(limit=connections)
        timeout = aiohttp.ClientTimeout(total=LONGEST_ANSWER)
        async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
            await asyncio.gather(*(self._one_after_the_other(session, url, todo, taken) for _ in range(connections)))
        return Latencies(sorted(taken))

    def signed(self) -> Iterator[tuple[Mapping[str, str], bytes]]:
        """The headers and the body of one after the other, without end, signed when it is taken."""
        for number in self._numbers:
            body = self._body(number)
            yield self._signed(body, self._clock.now()), body

    async def _one_after_the_other(
        self,
        session: aiohttp.ClientSession,
        url: str,
        todo: Iterator[tuple[Mapping[str, str], bytes]],
        taken: list[float],
    ) -> None:
        for headers, body in todo:
            began = perf_counter()
            async with session.post(url, data=body, headers=headers) as answer:
                await answer.read()
            taken.append((perf_counter() - began) * 1000)
            if answer.status != 200:
                raise NotAcknowledged(f"{url} answered {answer.status}")

    def _body(self, number: int) -> bytes:
        payload = {
            "team_id": TEAM,
            "team_domain": "larkspur",
            "channel_id": "D0",
            "channel_name": "directmessage",
            "user_id": f"U{number % PEOPLE:04}",
            "user_name": "colleague",
            "command": COMMAND,
            "text": "help",
            "api_app_id": "A0FLIPSIDE",
            "is_enterprise_install": "false",
            "response_url": f"{self._api_url}/response",
            "trigger_id": f"{number}.{number}",
        }
        return urlencode(payload).encode()

    def _signed(self, body: bytes, now: datetime) -> dict[str, str]:
        timestamp = str(int(now.timestamp()))
        digest = hmac.new(self._secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        return {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": f"v0={digest}",
        }
