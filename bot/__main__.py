"""The command line. Each command reads its arguments, calls one function elsewhere, and shows what came back.

Imports wait inside the commands, so that `flipside --help` answers at once.
"""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.bench import bench
from bot.manifests import manifest
from bot.terminal import WRONG_INPUT, refusal, settings_or_stop, show_table, stop, tell

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
app.add_typer(manifest, name="manifest")
app.add_typer(bench, name="bench")


@app.command(epilog="Example: FLIPSIDE_PORT=8080 flipside run")
def run() -> None:
    """Start the bot with the settings of the environment and of .env; Ctrl-C stops it."""
    from bot.settings import platform_faults

    settings = settings_or_stop()
    if faults := platform_faults(settings):
        raise stop(faults)
    from bot.app import run as run_bot
    from conversations.content import ContentFault

    try:
        run_bot(settings)
    except ContentFault as fault:
        raise refusal(f"A text cannot be used: {fault}. `flipside doctor` checks them all.") from None


@app.command(epilog="Example: flipside demo --port 9000")
def demo(
    host: Annotated[str, typer.Option(help="An address of this machine; others are refused.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Where the playground listens; 0 takes a free port.")
    ] = 8017,
) -> None:
    """Try everything in a browser: a fictional company, a clock you can move, nothing kept."""
    from adapters.loopback import is_loopback

    if not is_loopback(host):
        raise refusal("The playground lets you act as anybody, so it only listens here: use --host 127.0.0.1.")
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
    show_table(report.table())
    if json:
        typer.echo(report.json())


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

    settings = settings_or_stop()
    report = import_people(settings.database_url, file.read_bytes(), program, skip_bad, SystemClock().now())
    for line in report.lines():
        typer.echo(line)
    if not report.done:
        raise typer.Exit(WRONG_INPUT)


@app.command(epilog="Example: flipside match people.csv --rules rules.yaml --out pairs.csv --explain --on 2027-03-01")
def match(
    people: PeopleFile,
    out: Annotated[
        Path, typer.Option(dir_okay=False, writable=True, help="Where the proposed pairs are written.")
    ] = Path("pairs.csv"),
    on: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], metavar="DATE", help="The day whose hours count; without it the coming Monday."
        ),
    ] = None,
    rules: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Rules, weights and known pairs (YAML, see docs/matching.md)."),
    ] = None,
    explain: Annotated[
        bool,
        typer.Option("--explain", help="Also write every point, who is left out and what would help (.explained.txt)."),
    ] = False,
) -> None:
    """Propose pairs from a file, without a database. The last line printed is JSON with the figures."""
    from bot.clock import SystemClock
    from bot.match_file import explained_beside, match_file
    from bot.progress import progress_on_stderr

    if not out.parent.is_dir():
        raise refusal(f"There is no folder {out.parent} to write into: make it, or choose another --out.")
    today = SystemClock().now().date()
    with progress_on_stderr("Matching") as progress:
        day = on.date() if on else None
        outcome = match_file(people, today, day, progress, rules=rules, explain=explain)
    for line in outcome.remarks:
        typer.echo(line, err=True)
    if outcome.pairs_csv is None:
        raise typer.Exit(WRONG_INPUT)
    out.write_text(outcome.pairs_csv, encoding="utf-8", newline="")
    typer.echo(f"Wrote {outcome.pairs} to {out}.", err=True)
    if outcome.explained is not None:
        explained_beside(out).write_text(outcome.explained, encoding="utf-8", newline="")
        typer.echo(f"Wrote the reasons to {explained_beside(out)}.", err=True)
    typer.echo(outcome.json())


@app.command()
def migrate() -> None:
    """Bring the database to the newest form; `run` does it too."""
    from storage.migrate import migrate as migrate_database

    revision = migrate_database(settings_or_stop().database_url)
    typer.echo(f"The database is at revision {revision}.")


@app.command(epilog="Example: flipside backup backups/2027-03-01.db")
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", dir_okay=False, help="Where the backup is written.")],
    force: Annotated[bool, typer.Option("--force", help="Overwrite FILE if it is there.")] = False,
) -> None:
    """Write everything into one file, while the bot runs; SQLite and PostgreSQL give the same kind of file."""
    from bot.backup import back_up
    from bot.operating import backup_lines
    from bot.progress import progress_on_stderr

    settings = settings_or_stop(complete=False)
    with progress_on_stderr("Backing up") as progress:
        rows = back_up(settings.database_url, file, progress, force=force)
    tell(backup_lines(file, rows))


@app.command(epilog="Example: flipside restore backups/2027-03-01.db")
def restore(
    file: Annotated[Path, typer.Argument(exists=True, metavar="FILE", dir_okay=False, help="A file of `backup`.")],
) -> None:
    """Bring a backup back, while no bot runs; then nothing is sent until `resume`."""
    from bot.clock import SystemClock
    from bot.crash_points import arm
    from bot.operating import restore_lines
    from bot.progress import progress_on_stderr
    from bot.restore import restore as restore_backup

    settings = settings_or_stop(complete=False)
    arm(settings.crash)
    with progress_on_stderr("Restoring") as progress:
        done = restore_backup(settings.database_url, file, SystemClock().now(), progress)
    tell(restore_lines(done))


@app.command(epilog="Example: flipside hold; flipside resume --show; flipside resume --drop-older-than 12h")
def hold(
    restored: Annotated[
        bool,
        typer.Option("--restored", help="After a restore by PostgreSQL's own tools: what waits may have arrived."),
    ] = False,
) -> None:
    """Send nothing more, in any process, until `resume`; what people do is still answered."""
    from bot.clock import SystemClock
    from bot.restore import hold as hold_outbox

    hold_outbox(settings_or_stop(complete=False).database_url, SystemClock().now(), restored=restored)
    typer.echo("Nothing is sent until `flipside resume`.")


@app.command(epilog="Example: flipside resume --drop-older-than 12h")
def resume(
    drop_older_than: Annotated[
        str | None, typer.Option(metavar="AGE", help="Drop messages written longer ago: 90m, 12h or 2d.")
    ] = None,
    show: Annotated[bool, typer.Option("--show", help="Only show what waits; change nothing.")] = False,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="After a restore, also when no Flipside has run since it.")
    ] = False,
) -> None:
    """Let messages go out again after `restore` or `hold`, and say which wait."""
    from bot.clock import SystemClock
    from bot.crash_points import arm
    from bot.operating import age, resume_lines
    from bot.restore import resume as resume_outbox

    older_than = age(drop_older_than) if drop_older_than is not None else None
    if drop_older_than is not None and older_than is None:
        raise refusal("--drop-older-than takes a number with m, h or d, such as 90m, 12h or 2d.")
    settings, now = settings_or_stop(complete=False), SystemClock().now()
    arm(settings.crash)
    done = resume_outbox(settings.database_url, now, older_than, look_only=show, anyway=anyway)
    tell(resume_lines(done, now, look_only=show))
    if done.behind and not show:
        raise typer.Exit(WRONG_INPUT)


@app.command(epilog="Example: flipside copy --to postgresql://flipside@127.0.0.1/flipside")
def copy(
    to: Annotated[
        str,
        typer.Option(
            "--to",
            metavar="URL",
            help="The empty database that takes everything over; its password comes from PGPASSWORD or ~/.pgpass.",
        ),
    ],
) -> None:
    """Move an installation between SQLite and PostgreSQL, while no bot runs; every row is checked on both sides."""
    from bot.copying import copy as copy_database
    from bot.operating import copy_lines
    from bot.progress import progress_on_stderr
    from bot.settings import is_database_url, names_password

    if not is_database_url(to):
        raise refusal("--to takes sqlite:///FILE or postgresql://USER@HOST/NAME.")
    if names_password(to):
        raise refusal("Leave the password out of --to, since every process list shows it: use PGPASSWORD or ~/.pgpass.")
    settings = settings_or_stop(complete=False)
    with progress_on_stderr("Copying") as progress:
        rows = copy_database(settings.database_url, to, progress)
    tell(copy_lines(rows))


@app.command()
def doctor() -> None:
    """Check the settings and all they reach; exit code 1 if something must be mended."""
    from bot.doctor import examine, lines, worst

    findings = examine(Path(".env"))
    for line in lines(findings):
        typer.echo(line)
    if worst(findings) == "fault":
        raise typer.Exit(1)


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
