"""A bare Bolt app that only acknowledges: what `flipside bench ack` measures our own against."""

from typing import Any

from aiohttp import web
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult

from adapters.slack.api import sdk_logger
from adapters.slack.app import PATH


async def _authorize(**_: Any) -> AuthorizeResult:
    """From memory: asking Slack for each request would measure the network."""
    return AuthorizeResult(enterprise_id=None, team_id=None, bot_token="xoxb-bare", bot_user_id="U0BARE", bot_id="B0")


def bare_app(signing_secret: str, command: str) -> web.Application:
    """Bolt as it comes, with its own signature check; one listener, which acknowledges and does nothing."""
    bolt = AsyncApp(
        name="flipside.slack.bare",
        logger=sdk_logger(),
        signing_secret=signing_secret,
        authorize=_authorize,
        process_before_response=True,
    )

    @bolt.command(command)
    async def _acknowledge(ack: AsyncAck) -> None:
        await ack()

    return bolt.web_app(PATH)
