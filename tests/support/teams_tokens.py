"""Tokens as the Bot Framework signs them, and all the ways in which one can be wrong."""

import functools
import json
import time
from dataclasses import dataclass, field
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

ISSUER = "https://api.botframework.com"


@functools.cache
def key_pair(name: str) -> rsa.RSAPrivateKey:
    """Made once for each name: a key takes longer than a test."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(slots=True)
class Signer:
    """Signs with the key `key_id`; `rotate` moves on to another one."""

    app_id: str
    key_id: str = "first"
    published: list[str] = field(default_factory=lambda: ["first"])

    def token(self, service_url: str, *, without: str = "", header: dict[str, Any] | None = None, **claims: Any) -> str:
        now = int(time.time())
        body: dict[str, Any] = {
            "iss": ISSUER,
            "aud": self.app_id,
            "nbf": now - 10,
            "exp": now + 3600,
            "serviceurl": service_url,
        }
        body |= claims
        body.pop(without, None)
        return jwt.encode(body, key_pair(self.key_id), "RS256", {"kid": self.key_id} | (header or {}))

    def rotate(self, key_id: str) -> None:
        self.key_id = key_id
        self.published = [key_id]

    def public_keys(self) -> list[dict[str, Any]]:
        return [self._public(name) for name in self.published]

    def _public(self, name: str) -> dict[str, Any]:
        entry: dict[str, Any] = json.loads(RSAAlgorithm.to_jwk(key_pair(name).public_key()))
        return entry | {"kid": name, "use": "sig", "endorsements": ["msteams", "webchat"]}
