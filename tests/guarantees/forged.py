"""Requests that nobody signed, or that were signed for something else; and a client that sends very many of them."""

import asyncio
import base64
import hashlib
import hmac
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

FORM, JSON = b"application/x-www-form-urlencoded", b"application/json"
# Requests on one connection without waiting for answers, and connections at once.
IN_FLIGHT, CONNECTIONS = 100, 4

CANARY = "canary-of-larkspur"
COMMAND = (
    b"command=%2Fmentor&text=help&team_id=T1&user_id=U1&trigger_id=1.2&channel_id=C1&channel_name=general"
    b"&response_url=http%3A%2F%2F127.0.0.1%3A1%2F&note=" + CANARY.encode()
)
ACTIVITY = json.dumps({"type": "message", "text": CANARY, "channelId": "msteams"}).encode()

_TIMESTAMPS = ("", "abc", "-1", "1e9", "0x10", "٣٤", "9" * 3000, "NaN", "inf", "1.5", "½", "00", "2" * 20, "+1")
_SIGNATURES = ("", "v0=", "v0=" + "é" * 64, "v1=" + "0" * 64, "v0=" + "0" * 64, "v0=" + "G" * 64, "v0=" + "A" * 64)
_BODIES = (b"", b"{", b"[]", b"null", b"\xff\xfe", b"payload=", b"payload={", b"a" * 3000, b"%", COMMAND, ACTIVITY)
# What may stand in a header: no control characters, which no HTTP server lets through.
_SENDABLE = "\t" + "".join(map(chr, (*range(32, 127), *range(160, 600))))
_KINDS = (
    FORM,
    JSON,
    b"",
    b"text/plain",
    b"multipart/form-data",
    b"application/json; charset=\xff",
    b";;;",
    b"\xe9/\xe9",
)


@dataclass(frozen=True, slots=True)
class Request:
    """One request: its headers, save those about its length, and its body."""

    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes = b""

    def on_the_wire(self, path: str) -> bytes:
        lines = [f"POST {path} HTTP/1.1".encode(), b"Host: mentor.larkspur.example"]
        lines += [name + b": " + value for name, value in self.headers]
        lines += [b"Content-Length: " + str(len(self.body)).encode(), b"", self.body]
        return b"\r\n".join(lines)


@dataclass(slots=True)
class Heard:
    """What a server answered: how often which status, and whatever it said."""

    statuses: Counter[int] = field(default_factory=Counter)
    words: set[str] = field(default_factory=set)

    @property
    def is_refusal(self) -> bool:
        """Nothing but 400 and 401, and nothing about how the server is made."""
        told = any(word in said for said in self.words for word in ("Traceback", "Error", ".py", CANARY))
        return set(self.statuses) <= {400, 401} and not told


async def sent(port: int, path: str, requests: Sequence[Request]) -> Heard:
    """Sends them all over a few connections, many on their way at once."""
    heard = Heard()
    waiting = iter([requests[at : at + IN_FLIGHT] for at in range(0, len(requests), IN_FLIGHT)])

    async def one_connection() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for some in waiting:
            writer.write(b"".join(request.on_the_wire(path) for request in some))
            for _ in some:
                await _answer(reader, heard)
        writer.close()
        await writer.wait_closed()

    async with asyncio.timeout(120):
        await asyncio.gather(*(one_connection() for _ in range(CONNECTIONS)))
    return heard


async def _answer(reader: asyncio.StreamReader, heard: Heard) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length"))
    heard.statuses[int(head.split(b" ", 2)[1])] += 1
    heard.words.add((await reader.readexactly(int(length))).decode())


# Slack ---------------------------------------------------------------------------------------------------------------


def slack_forgeries(count: int, secret: str, now: datetime) -> Iterator[Request]:
    """Headers of any shape, and such as Slack makes for another body, another day or another app."""
    chance = random.Random(1)
    for _ in range(count):
        body = chance.choice((*_BODIES, chance.randbytes(chance.randrange(200))))
        stamp, made = _noise(chance, (*_TIMESTAMPS, _stamp(now))), _noise(chance, _SIGNATURES)
        if chance.random() < 0.3:
            stamp, made = _almost(chance, secret, now, body)
        headers = [(b"X-Slack-Request-Timestamp", stamp), (b"X-Slack-Signature", made)]
        yield Request((*_some(chance, headers), (b"Content-Type", chance.choice(_KINDS))), body)


def slack_signed(secret: str, at: datetime, body: bytes, kind: bytes = FORM) -> Request:
    """As Slack signs it."""
    stamp = _stamp(at).encode()
    made = (b"X-Slack-Request-Timestamp", stamp), (b"X-Slack-Signature", signature(secret, stamp, body))
    return Request((*made, (b"Content-Type", kind)), body)


def slack_nonsense(count: int, secret: str, now: datetime) -> Iterator[Request]:
    """Signed as it should be, and yet no payload."""
    chance = random.Random(2)
    for _ in range(count):
        body = chance.choice((*_BODIES[:9], chance.randbytes(chance.randrange(300))))
        yield slack_signed(secret, now, body, chance.choice(_KINDS))


def _almost(chance: random.Random, secret: str, now: datetime, body: bytes) -> tuple[bytes, bytes]:
    """Right in all but one thing."""
    stamp = _stamp(now).encode()
    wrong: tuple[Callable[[], tuple[bytes, bytes]], ...] = (
        lambda: (stamp, signature(secret, stamp, body + b" ")),
        lambda: (stamp, signature(secret + "x", stamp, body)),
        lambda: (stamp, signature(secret, stamp, body)[:-1]),
        lambda: (stamp, signature(secret, stamp, body).upper()),
        lambda: _at(secret, now - timedelta(seconds=chance.randrange(301, 10_000)), body),
        lambda: _at(secret, now + timedelta(seconds=chance.randrange(330, 10_000)), body),
    )
    return chance.choice(wrong)()


def _at(secret: str, moment: datetime, body: bytes) -> tuple[bytes, bytes]:
    stamp = _stamp(moment).encode()
    return stamp, signature(secret, stamp, body)


def signature(secret: str, stamp: bytes, body: bytes) -> bytes:
    """As Slack makes it."""
    return b"v0=" + hmac.new(secret.encode(), b"v0:" + stamp + b":" + body, hashlib.sha256).hexdigest().encode()


def _stamp(moment: datetime) -> str:
    return str(int(moment.timestamp()))


# Teams ---------------------------------------------------------------------------------------------------------------


def teams_forgeries(count: int, good: str) -> Iterator[Request]:
    """Words for a token, tokens with a header or claims of anything, and a good one with a letter changed."""
    chance = random.Random(3)
    for _ in range(count):
        token = chance.choice((_made_up, _damaged))(chance, good)
        scheme = chance.choice((b"Bearer ", b"bearer ", b"Basic ", b"", b"Bearer\t", b"Bearer Bearer "))
        body = chance.choice((ACTIVITY, *_BODIES, chance.randbytes(chance.randrange(200))))
        header = (b"Authorization", scheme + chance.choice((token, _noise(chance, ("", ".", "..", "a.b.c")))))
        yield Request((*_some(chance, [header]), (b"Content-Type", JSON)), body)


def _made_up(chance: random.Random, _good: str) -> bytes:
    header = {"alg": chance.choice(("RS256", "none", "HS256", "", 7, None)), "kid": chance.choice(("first", "", 3, []))}
    claims = {name: chance.choice(("", 1, None, {}, "x")) for name in ("iss", "aud", "exp", "serviceurl")}
    parts = [json.dumps(part).encode() for part in (header, claims)] + [chance.randbytes(20)]
    return b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)


def _damaged(chance: random.Random, good: str) -> bytes:
    """Somewhere before the last letters, whose lowest bits may mean nothing."""
    at = chance.randrange(len(good) - 8)
    other = chance.choice([letter for letter in "AbC9_.é" if letter != good[at]])
    return (good[:at] + other + good[at + 1 :]).encode()


def _noise(chance: random.Random, known: Sequence[str]) -> bytes:
    made = "".join(chance.choices(_SENDABLE, k=chance.randrange(80)))
    return chance.choice((*known, made)).encode()


def _some(chance: random.Random, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Now and then one is missing, or there twice."""
    if chance.random() < 0.1:
        headers.pop(chance.randrange(len(headers)))
    elif chance.random() < 0.1:
        headers.append(headers[0])
    return headers
