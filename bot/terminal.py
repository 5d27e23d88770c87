"""What a command says to whoever typed it, and with which exit code it ends. Imports wait, as in `__main__`."""

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.table import Table

    from bot.settings import Settings
    from bot.settings_check import SettingsFault

WRONG_INPUT = 2  # the exit code of a fault that the operator can mend; 1 means something out there failed


def settings_or_stop(*, complete: bool = True) -> "Settings":
    """The settings of the environment and of .env; faults are shown, and the command ends."""
    from bot.settings import read_settings
    from bot.settings_check import SettingsError

    try:
        return read_settings(complete=complete)
    except SettingsError as error:
        raise stop(error.faults) from None


def stop(faults: "Sequence[SettingsFault]") -> typer.Exit:
    """Prints each fault as key, reason and fix; what to raise then."""
    typer.echo("Some settings need mending first:", err=True)
    for fault in faults:
        typer.echo(f"\n{fault.key}\n  reason: {fault.reason}\n  fix: {fault.fix}", err=True)
    return typer.Exit(WRONG_INPUT)


def refusal(words: str) -> typer.Exit:
    """Says what is wrong with what was typed; what to raise then."""
    typer.echo(words, err=True)
    return typer.Exit(WRONG_INPUT)


def tell(lines: "Iterable[str]") -> None:
    """A result, line by line."""
    for line in lines:
        typer.echo(line)


def show_table(table: "Table") -> None:
    """As wide as the terminal."""
    from rich.console import Console

    Console().print(table)
