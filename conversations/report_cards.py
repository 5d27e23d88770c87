"""The program's report: for the coordinator who stands before the board."""

from collections.abc import Sequence

from conversations.actions import Action
from conversations.cards import Block, Button, Card, Facts, Progress, Text, buttons, card, quiet, text
from conversations.report_figures import Figures, Line
from storage.tables import Program


def report_card(program: Program, figures: Figures, when: str, introduced: int, met: int) -> Card:
    """`when`: as of which day. Figures first, then what each of them means."""
    here = {"program": program.id}
    return card(
        f"{program.name}: the report",
        text("{objective}", objective=program.objective),
        _rows("People", figures.people),
        _rows("Pairs", figures.pairs),
        Progress("Pairs that met", met, introduced) if introduced else None,
        _rows("Pulse", figures.pulses) or text("**Pulse**\nNone has closed yet, so there is nothing to show."),
        _rows("Skills", figures.skills),
        buttons(
            Button("What each figure means", Action("report", "meanings", here)),
            Button("Figures as a file", Action("report", "figures", here)),
            Button("Pairs as a file", Action("report", "pairs", here)),
        ),
        quiet("As of {when}. Every figure is of the whole program; nobody's answers are in it.", when=when),
    )


def _rows(title: str, lines: Sequence[Line]) -> Block | None:
    if not lines:
        return None
    values = {f"l{index}": line.label for index, line in enumerate(lines)}
    values |= {f"v{index}": line.value for index, line in enumerate(lines)}
    rows = "\n".join(f"- {{l{index}}}: **{{v{index}}}**" for index in range(len(lines)))
    return Text(f"**{title}**\n{rows}", values)


def meanings_card(program: Program, figures: Figures) -> Card:
    rows = tuple((line.label, line.means) for line in figures.lines)
    return card(f"{program.name}: what the figures mean", Facts(rows))


def figures_file_card(program: Program) -> Card:
    return card("", text("The figures of **{program}** as a CSV, with what each one means.", program=program.name))


def pairs_file_card(program: Program) -> Card:
    return card(
        "",
        text("The pairs of **{program}** as a CSV: names, e-mails and how each pair is going.", program=program.name),
        quiet("It names people, so treat it like any list of employees. Nobody's answers are in it."),
    )
