"""The app package for the Teams admin center: a manifest and two icons in a zip."""

import json
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

# Any 1.x is taken; nothing that we need is newer. The checks in the tests belong to this version.
MANIFEST_VERSION = "1.19"
SCHEMA = f"https://developer.microsoft.com/json-schemas/teams/v{MANIFEST_VERSION}/MicrosoftTeams.schema.json"
# Raise it when anything below changes: Teams takes an upload as an update only with a higher version.
APP_VERSION = "1.0.0"
ACCENT_COLOR = "#0E5A5C"
ICONS = ("color.png", "outline.png")

# At most 10 in a list; a title holds 32 characters, a description 128. They arrive as ordinary text.
PERSONAL_COMMANDS = (
    ("help", "See what I can do"),
    ("join", "Join a program"),
    ("home", "See your program, your match and what comes next"),
    ("met", "Record a session you had"),
    ("edit", "Change your answers"),
)
CHANNEL_COMMANDS = (
    ("program open", "Coordinators: announce sign-up in this channel"),
    ("join", "Join a program; I answer in your own chat"),
    ("help", "See what I can do; I answer in your own chat"),
)


def write_teams_package(path: Path, app_id: str, public_url: str) -> None:
    """Writes the zip. Raises ValueError when `public_url` is not https, which Teams wants for every address."""
    manifest = json.dumps(teams_manifest(app_id, public_url), indent=2) + "\n"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("manifest.json", manifest)
        for name in ICONS:
            package.write(Path(__file__).with_name(name), name)


def teams_manifest(app_id: str, public_url: str) -> dict[str, object]:
    """The manifest as Teams wants it."""
    address = urlsplit(public_url)
    if address.scheme != "https" or not address.hostname:
        raise ValueError("FLIPSIDE_PUBLIC_URL must begin with https:// for the Teams app package")
    base = public_url.rstrip("/")
    return {
        "$schema": SCHEMA,
        "manifestVersion": MANIFEST_VERSION,
        "version": APP_VERSION,
        "id": app_id,
        "developer": {
            "name": "Flipside",
            "websiteUrl": base,
            "privacyUrl": f"{base}/privacy",
            "termsOfUseUrl": f"{base}/terms",
        },
        "name": {"short": "Flipside", "full": "Flipside: reverse mentoring"},
        "description": {
            "short": "Reverse mentoring: juniors share what they know with senior colleagues",
            "full": "Flipside runs reverse-mentoring programs: it signs people up, pairs juniors who share what they "
            "know with senior colleagues who want to learn it, introduces them, and keeps them meeting. Open a chat "
            "with it and write help.",
        },
        "icons": {"color": ICONS[0], "outline": ICONS[1]},
        "accentColor": ACCENT_COLOR,
        "bots": [_bot(app_id)],
        "permissions": ["identity", "messageTeamMembers"],
        "validDomains": [address.hostname],
        "defaultInstallScope": "personal",
    }


def _bot(app_id: str) -> dict[str, object]:
    return {
        "botId": app_id,
        "scopes": ["personal", "team", "groupChat"],
        "supportsFiles": False,
        "isNotificationOnly": False,
        "commandLists": [
            _command_list(["personal"], PERSONAL_COMMANDS),
            _command_list(["team", "groupChat"], CHANNEL_COMMANDS),
        ],
    }


def _command_list(scopes: list[str], commands: tuple[tuple[str, str], ...]) -> dict[str, object]:
    listed = [{"title": title, "description": description} for title, description in commands]
    return {"scopes": scopes, "commands": listed}
