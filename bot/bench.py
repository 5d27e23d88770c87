"""`flipside bench`: measures this machine. As in `__main__`, imports wait inside the commands."""

from typing import Annotated

import typer

from bot.terminal import refusal, show_table

bench = typer.Typer(no_args_is_help=True, help="Measure this machine; the figures of a run are in docs/benchmarks.md.")


@bench.command("ack")
def bench_ack(
    requests: Annotated[int, typer.Option(min=20, max=100_000, help="How many at each number of connections.")] = 2000,
) -> None:
    """Time signed slash commands against this bot and against a bare Bolt app."""
    from bot.benchmark.ack import acknowledgements
    from bot.progress import progress_on_stderr

    with progress_on_stderr("Measuring") as progress:
        report = acknowledgements(requests, progress)
    show_table(report.table())


@bench.command("match", epilog="Example: flipside bench match --people 1000 --sizes 500,10000")
def bench_match(
    people: Annotated[int, typer.Option(min=2, max=5000, help="How many a side to compare with mentor-match.")] = 1000,
    sizes: Annotated[str, typer.Option(help="How many a side to match alone, with commas in between.")] = "500,10000",
) -> None:
    """Time the matching of a made-up company, alone and beside the package mentor-match."""
    from bot.benchmark.match import matchings
    from bot.benchmark.match_runs import RunFailed
    from bot.progress import progress_on_stderr

    numbers = [size.strip() for size in sizes.split(",") if size.strip()]
    if not all(size.isdecimal() and 2 <= int(size) <= 100_000 for size in numbers):
        raise refusal("--sizes takes whole numbers from 2 to 100000 with commas in between, such as 500,10000.")
    try:
        with progress_on_stderr("Matching") as progress:
            report = matchings(people, [int(size) for size in numbers], progress)
    except RunFailed as failed:
        typer.echo(f"Nothing to show: {failed}.", err=True)
        raise typer.Exit(1) from None
    for table in report.tables():
        show_table(table)


@bench.command("delivery", epilog="Example: flipside bench delivery --messages 2000")
def bench_delivery(
    messages: Annotated[int, typer.Option(min=1, max=100_000, help="How many messages to send.")] = 2000,
    facts: Annotated[
        int, typer.Option(min=1, max=100_000, help="How many facts to write with their messages.")
    ] = 10000,
    database: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="An empty PostgreSQL database, which it fills; the password may be in PGPASSWORD."
        ),
    ] = None,
) -> None:
    """Time the outbox on SQLite and PostgreSQL; exit code 1 when a message was sent twice or not at all."""
    from bot.benchmark.delivery import deliveries
    from bot.benchmark.postgres import NotEmpty
    from bot.progress import progress_on_stderr

    if database is not None and not database.startswith("postgresql://"):
        raise refusal("--database takes the address of a PostgreSQL database; SQLite is measured anyway.")
    try:
        with progress_on_stderr("Sending") as progress:
            report = deliveries(messages, database, progress, facts)
    except NotEmpty:
        raise refusal("There are tables in that database. Give an empty one: measuring fills it.") from None
    show_table(report.table())
    if not report.is_sound:
        raise typer.Exit(1)


@bench.command("nudges", epilog="Example: flipside bench nudges --pairs 10000")
def bench_nudges(
    pairs: Annotated[int, typer.Option(min=2, max=200_000, help="How many active pairs to plan for.")] = 100_000,
) -> None:
    """Time the turns that the clock runs, and one planning over many pairs."""
    from bot.benchmark.nudges import nudges
    from bot.progress import progress_on_stderr

    with progress_on_stderr("Planning") as progress:
        report = nudges(pairs, progress)
    for table in report.tables():
        show_table(table)
