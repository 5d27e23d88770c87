"""Who may talk to us: requests signed by the Bot Framework for our app, about our tenants.

The SDK has a check of its own, but it fetches keys with blocking calls without a time limit, answers 500 to half of the
malformed tokens, accepts one without an expiry, and is off when no app id is set. So ours stands in front.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import jwt

from adapters.door import Refusal
from adapters.loopback import host_of, is_loopback
from adapters.teams.keys import SigningKeys

ISSUER = "https://api.botframework.com"
# Microsoft allows five minutes of difference between clocks (Bot Framework authentication, connector to bot).
LEEWAY_SECONDS = 300

Claims = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Signed:
    """The claims of a token that Microsoft signed for us, and the channels that its key vouches for."""

    claims: Claims
    endorsements: frozenset[str]

    def require(self, service_url: str, channel: str) -> None:
        """The token must be about this very service address and channel."""
        if not service_url or self.claims.get("serviceurl") != service_url:
            raise Refusal(401, "service url differs from the token's")
        if self.endorsements and channel not in self.endorsements:
            raise Refusal(401, "key does not vouch for the channel")


class Guard:
    """Checks the token of a request. One for one app."""

    def __init__(self, app_id: str, keys: SigningKeys) -> None:
        self._app_id = app_id
        self._keys = keys

    async def check(self, authorization: str) -> Signed:
        """Raises Refusal for everything but a good token."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Refusal(401, "no bearer token")
        try:
            return await self._decoded(token.strip())
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise Refusal(401, f"bad token: {type(error).__name__}") from None

    async def _decoded(self, token: str) -> Signed:
        header = jwt.get_unverified_header(token)
        if header.get("alg") != "RS256":
            raise Refusal(401, "token is not signed with RS256")
        key = await self._keys.find(str(header.get("kid") or ""))
        if key is None:
            raise Refusal(401, "unknown signing key")
        claims = jwt.decode(
            token,
            key.key,
            algorithms=["RS256"],
            audience=self._app_id,
            issuer=ISSUER,
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iss", "aud"]},
        )
        return Signed(claims, key.endorsements)


def check_local(host: str, service_url: str) -> None:
    """Local mode asks for no token, so it hears and answers this machine alone. Raises Refusal.

    A page elsewhere can point its own name at 127.0.0.1 (DNS rebinding), and whoever posts says where answers go.
    """
    if not is_loopback(host_of(f"//{host}")):
        raise Refusal(403, "local mode is asked under the name of another machine")
    if not is_loopback(host_of(service_url)):
        raise Refusal(403, "local mode answers nobody but this machine")
