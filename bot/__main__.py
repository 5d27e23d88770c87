"""The command line. Each command reads its arguments, calls one function elsewhere, and shows what came back.

Imports wait inside the commands, so that `flipside --help` answers at once.
"""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from bot.settings import Settings
    from bot.settings_check import SettingsFault

WRONG_INPUT = 2  # the exit code of a fault that the operator can mend; 1 means something out there failed
PeopleFile = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, metavar="FILE", help="A CSV; the README describes its columns.")
]

app = typer.Typer(
    name="flipside",
    help="Flipside runs reverse-mentoring programs inside Slack and Microsoft Teams.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # its frames show local variables, and so secrets
)
manifest = typer.Typer(no_args_is_help=True, help="What Slack and Teams must be told about the app.")
bench = typer.Typer(no_args_is_help=True, help="Measure this machine; the figures of a run are in docs/benchmarks.md.")
app.add_typer(manifest, name="manifest")
app.add_typer(bench, name="bench")


@app.command(epilog="Example: FLIPSIDE_PORT=8080 flipside run")
def run() -> None:
    """Start the bot with the settings of the environment and of .env; Ctrl-C stops it."""
    from bot.settings import platform_faults

    settings = _settings()
    if faults := platform_faults(settings):
        raise _stop(faults)
    from bot.app import run as run_bot
    from conversations.content import ContentFault

    try:
        run_bot(settings)
    except ContentFault as fault:
        raise _refusal(f"A text cannot be used: {fault}. `flipside doctor` checks them all.") from None


@app.command(epilog="Example: flipside demo --port 9000")
def demo(
    host: Annotated[str, typer.Option(help="An address of this machine; others are refused.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Where the playground listens; 0 takes a free port.")
    ] = 8017,
) -> None:
    """Try everything in a browser: a fictional company, a clock you can move, nothing kept."""
    from bot.settings_check import is_loopback

    if not is_loopback(host):
        raise _refusal("The playground lets you act as anybody, so it only listens here: use --host 127.0.0.1.")
    from bot.app import demo as run_demo

    run_demo(host, port)


@app.command(epilog="Example: flipside simulate --people 500 --months 6 --seed 1 --json")
def simulate(
    people: Annotated[int, typer.Option(min=2, help="How many people sign up.")] = 24,
    months: Annotated[int, typer.Option(min=1, max=12, help="How long the program runs.")] = 6,
    seed: Annotated[int, typer.Option(help="The same seed gives the same story.")] = 1,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object as the last line.")] = False,
    messages: Annotated[
        Path | None, typer.Option(help="Write one JSON line for each message and recipient into this file.")
    ] = None,
) -> None:
    """Run a whole program on a virtual clock and count what people would have seen."""
    from bot.progress import progress_on_stderr
    from bot.simulate import simulate as run_simulation

    with progress_on_stderr("Simulating") as progress:
        report = run_simulation(people, months, seed, messages, progress)
    _show(report.table())
    if json:
        print(report.json())


@app.command("import", epilog='Example: flipside import people.csv --program "Digital fluency"')
def import_(
    file: PeopleFile,
    program: Annotated[str | None, typer.Option(help="Also invite the people with a role into this program.")] = None,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Import the good rows and say which were left out.")
    ] = False,
) -> None:
    """Read the roster, or a list of people to invite, into the database: everything or, if a row is faulty, nothing."""
    from bot.clock import SystemClock
    from bot.roster import import_people

    settings = _settings()
    report = import_people(settings.database_url, file.read_bytes(), program, skip_bad, SystemClock().now())
    for line in report.lines():
        typer.echo(line)
    if not report.done:
        raise typer.Exit(WRONG_INPUT)


@app.command(epilog="Example: flipside match people.csv --out pairs.csv --on 2027-03-01")
def match(
    people: PeopleFile,
    out: Annotated[Path, typer.Option(help="Where the proposed pairs are written.")] = Path("pairs.csv"),
    on: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], metavar="DATE", help="The day whose hours count; without it the coming Monday."
        ),
    ] = None,
) -> None:
    """Propose pairs from a file, without a database. The last line printed is JSON with the figures."""
    from bot.clock import SystemClock
    from bot.match_file import match_file
    from bot.progress import progress_on_stderr

    today = SystemClock().now().date()
    with progress_on_stderr("Matching") as progress:
        outcome = match_file(people, today, on.date() if on else None, progress)
    for line in outcome.remarks:
        typer.echo(line, err=True)
    if outcome.pairs_csv is None:
        raise typer.Exit(WRONG_INPUT)
    out.write_text(outcome.pairs_csv, encoding="utf-8", newline="")
    typer.echo(f"Wrote {outcome.pairs} to {out}.", err=True)
    print(outcome.json())


@app.command()
def migrate() -> None:
    """Bring the database to the newest form; `run` does it too."""
    from storage.migrate import migrate as migrate_database

    revision = migrate_database(_settings().database_url)
    typer.echo(f"The database is at revision {revision}.")


@app.command()
def doctor() -> None:
    """Check the settings and all they reach; exit code 1 if something must be mended."""
    from bot.doctor import examine, lines, worst

    findings = examine(Path(".env"))
    for line in lines(findings):
        typer.echo(line)
    if worst(findings) == "fault":
        raise typer.Exit(1)


@manifest.command("slack", epilog="Example: flipside manifest slack > slack-manifest.json")
def manifest_slack() -> None:
    """Print the app manifest to paste at api.slack.com/apps."""
    from adapters.slack.manifest import slack_manifest

    print(slack_manifest(_settings(complete=False).public_url))


@manifest.command("teams", epilog="Example: flipside manifest teams --out flipside-teams.zip")
def manifest_teams(
    out: Annotated[Path, typer.Option(help="Where the app package is written.")] = Path("flipside-teams.zip"),
) -> None:
    """Write the app package (manifest and icons) to upload in the Teams admin center."""
    from adapters.teams.manifest import write_teams_package
    from bot.settings_check import SettingsFault, missing

    settings = _settings(complete=False)
    if settings.teams_app_id is None or settings.public_url is None:
        given = {"TEAMS_APP_ID": settings.teams_app_id, "PUBLIC_URL": settings.public_url}
        raise _stop(missing("The app package needs it.", given))
    try:
        write_teams_package(out, settings.teams_app_id, settings.public_url)
    except ValueError:
        reason = "Teams takes only an https address in an app package."
        fix = "Set it to the https address at which people reach this server."
        raise _stop([SettingsFault("FLIPSIDE_PUBLIC_URL", reason, fix)]) from None
    typer.echo(f"Wrote {out}. Upload it in the Teams admin center (README, Teams).")


@bench.command("ack")
def bench_ack(
    requests: Annotated[int, typer.Option(min=20, max=100_000, help="How many at each number of connections.")] = 2000,
) -> None:
    """Time signed slash commands against this bot and against a bare Bolt app."""
    from bot.bench import acknowledgements
    from bot.progress import progress_on_stderr

    with progress_on_stderr("Measuring") as progress:
        report = acknowledgements(requests, progress)
    _show(report.table())


def _settings(*, complete: bool = True) -> "Settings":
    from bot.settings import read_settings
    from bot.settings_check import SettingsError

    try:
        return read_settings(complete=complete)
    except SettingsError as error:
        raise _stop(error.faults) from None


def _stop(faults: "Sequence[SettingsFault]") -> typer.Exit:
    """Prints each fault as key, reason and fix; what to raise then."""
    typer.echo("Some settings need mending first:", err=True)
    for fault in faults:
        typer.echo(f"\n{fault.key}\n  reason: {fault.reason}\n  fix: {fault.fix}", err=True)
    return typer.Exit(WRONG_INPUT)


def _refusal(words: str) -> typer.Exit:
    typer.echo(words, err=True)
    return typer.Exit(WRONG_INPUT)


def _show(table: "Table") -> None:
    from rich.console import Console

    Console().print(table)


def main() -> None:
    """The entry point of `flipside`. What the machine refuses (a port in use, no database) is said in one line."""
    try:
        app()
    except Exception as error:
        from bot.failures import in_one_line

        words = in_one_line(error)
        if words is None:
            raise
        typer.echo(f"Flipside stopped: {words}", err=True)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
