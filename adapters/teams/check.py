"""What `flipside doctor` asks Microsoft: whether the bot gets a token, and whether requests could be checked."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import aiohttp

from adapters.platform import Finding
from adapters.teams.credentials import AppType, Credentials, NoToken, fetch_token, token_endpoint
from adapters.teams.keys import OPENID_METADATA_URL, read_keys
from adapters.teams.network import Network

_SECRET = "Teams app password"
_KEYS = "Teams signing keys"

# What Entra answers (OAuth 2.0, RFC 6749 section 5.2), in an operator's words.
_FIXES = {
    "invalid_client": "Create a new client secret in Entra (Certificates & secrets) and set its value, not its id, as "
    "FLIPSIDE_TEAMS_APP_PASSWORD.",
    "unauthorized_client": "Check FLIPSIDE_TEAMS_APP_ID and that the app is registered in the first tenant of "
    "FLIPSIDE_TEAMS_TENANT_IDS.",
    "invalid_request": "Check FLIPSIDE_TEAMS_TENANT_IDS: the first one must be the tenant of the app.",
}
_UNREACHABLE = "Look whether this machine reaches login.microsoftonline.com and login.botframework.com over https."


async def check(
    app_id: str,
    app_password: str,
    tenant_ids: Sequence[str],
    *,
    app_type: AppType = "SingleTenant",
    token_url: str = "",
    openid_metadata_url: str = OPENID_METADATA_URL,
) -> list[Finding]:
    """Two findings: the bot's own token, and the keys that requests are checked with."""
    endpoint = token_url or token_endpoint(app_type, tenant_ids[0])
    network = Network()
    await network.open()
    try:
        return [
            await _token(Credentials(app_id, app_password, endpoint), network),
            await _keys(openid_metadata_url, network),
        ]
    finally:
        await network.close()


async def check_settings(settings: Any, _now: Callable[[], datetime]) -> list[Finding]:
    """The same for an operator's settings, which have an attribute for every setting."""
    if settings.teams_local:
        return [Finding("Teams", "ok", "Without authentication, so there is nothing to ask Microsoft.")]
    password = settings.teams_app_password.get_secret_value()
    return await check(settings.teams_app_id, password, settings.teams_tenant_ids)


async def _token(credentials: Credentials, network: Network) -> Finding:
    try:
        await fetch_token(credentials, network.post_form)
    except NoToken as error:
        fix = _FIXES.get(error.reason, _UNREACHABLE)
        return Finding(_SECRET, "fault", f"Microsoft gave the bot no token: {error.reason}.", fix)
    return Finding(_SECRET, "ok", "Accepted; the bot can get a token.")


async def _keys(metadata_url: str, network: Network) -> Finding:
    try:
        await read_keys(metadata_url, network.fetch_json)
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError, KeyError) as error:
        reason = type(error).__name__
        return Finding(_KEYS, "fault", f"They could not be fetched: {reason}.", _UNREACHABLE)
    return Finding(_KEYS, "ok", "Fetched; requests from Teams can be checked.")
