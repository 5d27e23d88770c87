"""The Slack app manifest to paste, and why the bot asks for each right."""

import json

PATH = "/slack/events"

SCOPES = {
    "commands": "the /mentor command",
    "chat:write": "messages to people and to the group chat of a new pair",
    "chat:write.public": "the announcement in a public channel, without being invited first",
    "im:write": "opening the direct message with a person",
    "im:history": "reading what people write to the bot, and after a crash seeing what it had sent already",
    "mpim:write": "opening the group chat of a new pair (the bot cannot read there)",
    "users:read": "name and time zone, so that nothing is sent at night",
    "users:read.email": "the work e-mail, which links a person to the roster and to their Teams account",
    "team:read": "the name of the workspace, for the coordinator's overview",
    "files:write": "files that somebody asked for: charts and lists, a calendar entry, what is stored about them",
    "dnd:read": "holding messages while somebody does not want to be disturbed",
}
EVENTS = ("app_home_opened", "message.im", "user_change", "app_uninstalled", "tokens_revoked")


def slack_manifest(public_url: str | None) -> str:
    """JSON for "Create an app, from a manifest". Socket Mode when there is no public address."""
    url = f"{public_url.rstrip('/')}{PATH}" if public_url else None
    return json.dumps(_manifest(url), indent=2) + "\n"


def _manifest(url: str | None) -> dict[str, object]:
    request_url = {"request_url": url} if url else {}
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": "Flipside",
            "description": "Reverse mentoring: juniors share what they know with senior colleagues",
            "background_color": "#1f3a5f",
        },
        "features": _features(url),
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**request_url, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **request_url},
            "org_deploy_enabled": False,
            "socket_mode_enabled": url is None,
            "token_rotation_enabled": False,  # cannot be switched off once it is on
        },
    }


def _features(url: str | None) -> dict[str, object]:
    command = {
        "command": "/mentor",
        "description": "Reverse mentoring: join, your pair, what is next",
        "usage_hint": "join | met | status | help",
        "should_escape": True,  # mentions come as ids, so that a colleague can be named
        **({"url": url} if url else {}),
    }
    return {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
        "bot_user": {"display_name": "Flipside", "always_online": True},
        "slash_commands": [command],
    }
