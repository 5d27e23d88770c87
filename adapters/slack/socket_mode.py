"""Socket Mode: the same payloads over a WebSocket that the bot opens, so that no public address is needed."""

import asyncio
import json
import logging

from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api import is_local, sdk_logger
from adapters.slack.app import Wire

log = logging.getLogger("flipside.slack")

FIRST_CONNECTION = 10.0  # seconds the start waits; after that the connection is tried for in the background


class Socket:
    """One connection that renews itself."""

    def __init__(self, app_token: str, client: AsyncWebClient, wire: Wire) -> None:
        self._wire = wire
        self._client = SocketModeClient(app_token=app_token, web_client=client, logger=sdk_logger())
        if is_local(client.base_url):
            self._client.proxy = None
        self._client.socket_mode_request_listeners.append(self._receive)
        self._connecting: asyncio.Task[None] | None = None

    async def open(self) -> None:
        self._connecting = asyncio.create_task(self._client.connect())  # type: ignore[no-untyped-call]
        done, _ = await asyncio.wait({self._connecting}, timeout=FIRST_CONNECTION)
        if not done:
            log.warning("Socket Mode is not connected yet; it is tried again every few seconds")

    async def close(self) -> None:
        tasks = [self._connecting, self._client.message_processor, self._client.current_session_monitor]
        tasks.append(self._client.message_receiver)
        if self._connecting:
            self._connecting.cancel()
        await self._client.close()  # type: ignore[no-untyped-call]
        await asyncio.gather(*filter(None, tasks), return_exceptions=True)

    async def _receive(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        answer = await self._wire.take(request.payload)
        if answer.status == 200:  # without an acknowledgement Slack sends an event again
            await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, _payload(answer)))


def _payload(answer: BoltResponse) -> dict[str, object] | None:
    return json.loads(answer.body) if answer.body.startswith("{") else None
