"""What the SDK wants to be given for a turn: an identity that is already checked, and a client that is kept."""

from typing import Never

from botframework.connector.aio import ConnectorClient
from botframework.connector.auth import (
    AuthenticateRequestResult,
    BotFrameworkAuthentication,
    ClaimsIdentity,
    ConnectorFactory,
)

from adapters.teams.connector import Connector
from adapters.teams.guard import Claims


class _Connectors(ConnectorFactory):  # type: ignore[misc]
    """Hands out the kept client; the SDK would build one for each turn (15-28 ms of CPU)."""

    def __init__(self, connector: Connector) -> None:
        self._connector = connector

    async def create(self, service_url: str, _audience: str = "") -> ConnectorClient:
        return self._connector.client(service_url)


class Authenticated(BotFrameworkAuthentication):  # type: ignore[misc]
    """The SDK authenticates nobody: our guard has done it before, and there is no other way in."""

    def __init__(self, connector: Connector) -> None:
        self._connectors = _Connectors(connector)

    def result(self, claims: Claims) -> AuthenticateRequestResult:
        """What the SDK's own check would have given, from claims that the guard has checked."""
        checked = AuthenticateRequestResult()
        checked.claims_identity = ClaimsIdentity(dict(claims), True)
        checked.audience = ""
        checked.caller_id = None
        checked.connector_factory = self._connectors
        return checked

    def create_connector_factory(self, _identity: ClaimsIdentity) -> ConnectorFactory:
        return self._connectors

    async def create_user_token_client(self, _identity: ClaimsIdentity) -> None:
        """We sign nobody in. The SDK's own would ask Entra for a token on every turn, on the event loop."""

    async def authenticate_request(self, _activity: object, _header: str) -> Never:
        raise PermissionError("requests are admitted by the guard only")

    async def authenticate_streaming_request(self, _header: str, _channel: str) -> Never:
        raise PermissionError("the bot takes no streaming requests")
