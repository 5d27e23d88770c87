"""`flipside manifest`: what the platforms must be told about the app. As in `__main__`, imports wait."""

from pathlib import Path
from typing import Annotated

import typer

from bot.terminal import settings_or_stop, stop

manifest = typer.Typer(no_args_is_help=True, help="What Slack and Teams must be told about the app.")


@manifest.command("slack", epilog="Example: flipside manifest slack > slack-manifest.json")
def manifest_slack() -> None:
    """Print the app manifest to paste at api.slack.com/apps."""
    from adapters.slack.manifest import slack_manifest

    typer.echo(slack_manifest(settings_or_stop(complete=False).public_url))


@manifest.command("teams", epilog="Example: flipside manifest teams --out flipside-teams.zip")
def manifest_teams(
    out: Annotated[Path, typer.Option(help="Where the app package is written.")] = Path("flipside-teams.zip"),
) -> None:
    """Write the app package (manifest and icons) to upload in the Teams admin center."""
    from adapters.teams.manifest import write_teams_package
    from bot.settings_check import SettingsFault, missing

    settings = settings_or_stop(complete=False)
    if settings.teams_app_id is None or settings.public_url is None:
        given = {"TEAMS_APP_ID": settings.teams_app_id, "PUBLIC_URL": settings.public_url}
        raise stop(missing("The app package needs it.", given))
    try:
        write_teams_package(out, settings.teams_app_id, settings.public_url)
    except ValueError:
        reason = "Teams takes only an https address in an app package."
        fix = "Set it to the https address at which people reach this server."
        raise stop([SettingsFault("FLIPSIDE_PUBLIC_URL", reason, fix)]) from None
    typer.echo(f"Wrote {out}. Upload it in the Teams admin center (README, Teams).")
