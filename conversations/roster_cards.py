"""Importing people: where from, and what came of it."""

from collections.abc import Sequence

from conversations.actions import Action
from conversations.cards import Block, Button, Card, Facts, Text, buttons, card, quiet, text
from conversations.forms import Form, Paragraph
from conversations.import_people import ImportReport
from conversations.people_cells import Fault
from conversations.people_words import counted
from conversations.roster_changes import Changes, RosterReport
from storage.tables import Program

COLUMNS = (
    "email, name, department, team, manager_email, level, location, country, timezone, languages, reviewers, guest, "
    "away_until"
)
INVITING = "role (mentor or mentee), capacity, offers, wants, interests, goals, avoid, hours"
# More faults than this are one fault of the whole file.
MOST_FAULTS = 8
# A longer list is for a spreadsheet.
MOST_NAMES = 10


def where_from_card(program: Program | None, file: Action, paste: Action) -> Card:
    invited = (
        text("Rows with a **role** are invited into **{program}**.", program=program.name)
        if program
        else text("No program is open, so this only updates the roster.")
    )
    return card(
        "Import people",
        text(
            "A CSV with a header line. Columns in any order; email and name are required:\n{columns}", columns=COLUMNS
        ),
        text("To invite people, also:\n{columns}", columns=INVITING),
        invited,
        text("Nobody is matched before they have joined and agreed themselves."),
        buttons(Button("Read the roster file", file, "primary"), Button("Paste rows", paste)),
        quiet("The roster file is the one that FLIPSIDE_ROSTER_FILE names on the server."),
    )


def paste_form(action: Action) -> Form:
    return Form(
        title="Paste people",
        action=action,
        fields=(
            Paragraph(
                key="rows",
                label="Rows, with the header line",
                # Slack takes 3000 characters, about 30 people; more go into a file.
                max_length=3000,
                hint="About 30 people fit. For more, use a file.",
            ),
        ),
        submit_label="Import",
    )


def reading_card() -> Card:
    return card("", text("I am reading the roster file…"))


def report_card(report: ImportReport, program: Program | None) -> Card:
    """New, changed, invited; or every fault with its line, column and fix."""
    if not report.done:
        return card(
            "Nothing was imported yet",
            text(
                "{faults} to put right first, then import again.", faults=counted(len(report.errors), "thing", "things")
            ),
            *_faults(report.errors),
        )
    done = report.written
    invited = (("Invited", str(done.invited)),) if program else ()
    return card(
        "People imported",
        Facts((("New", str(done.added)), ("Changed", str(done.changed)), ("As before", str(done.same)), *invited)),
        text("Left out, because something was wrong:") if report.errors else None,
        *_faults(report.errors),
        text("Worth a look:") if report.warnings else None,
        *_faults(report.warnings),
        _what_next(report, program),
    )


def changes_card(changes: Changes, report: ImportReport, program: Program | None, *, nightly: bool = False) -> Card:
    """Who is new, who changed and who is gone, by name up to ten."""
    invited = (("Invited", str(report.written.invited)),) if program else ()
    return card(
        "The roster has changed" if nightly else "People imported",
        Facts(
            (
                ("New", str(len(changes.added))),
                ("Changed", str(len(changes.changed))),
                ("Gone", str(len(changes.gone))),
                *invited,
            )
        ),
        _names("New", changes.added),
        _names("Changed", [f"{one.name} ({', '.join(one.columns)})" for one in changes.changed]),
        _names("Gone", changes.gone_names),
        text("Whoever is gone gets nothing more from me. Their partners hear a neutral word, and come first next time.")
        if changes.gone
        else None,
        text("Worth a look:") if report.warnings else None,
        *_faults(report.warnings),
        _what_next(report, program),
    )


def too_many_gone_card(found: RosterReport, anyway: Action, leave: Action) -> Card:
    """A question before anything is written."""
    changes = found.changes
    share = counted(len(changes.gone), "person", "people")
    everybody = len(changes.gone) == changes.known > 1
    words = (
        "Not one of the {known} people on the roster is in the new file."
        if everybody
        else "{gone} of {known} would be gone."
    )
    return card(
        "Is this the whole roster?",
        text("The file has changed since you last looked, so I compared it again.") if found.newer else None,
        text(f"{words} I changed nothing so far.", gone=share, known=str(changes.known)),
        text("Every coordinator is among them.") if changes.no_coordinator_left else None,
        _names("Gone", changes.gone_names),
        text("If the file is complete, import it. If it is only a part, leave it and I keep what I know."),
        buttons(Button("Leave it", leave, "primary"), Button("Import it all the same", anyway, "danger")),
    )


def left_alone_card() -> Card:
    return card("", text("I left the roster as it was. When the file is complete, I read it the next night."))


def settled_card() -> Card:
    return card("", text("That is settled already: the roster was read again since."))


def _names(title: str, names: Sequence[str]) -> Block | None:
    if not names:
        return None
    shown = {f"n{index}": name for index, name in enumerate(names[:MOST_NAMES])}
    more = len(names) - len(shown)
    lines = "\n".join(f"- {{{key}}}" for key in shown) + (f"\n- and {more} more" if more > 0 else "")
    return Text(f"**{title}**\n{lines}", shown)


def no_file_card(reason: str, paste: Action) -> Card:
    return card(
        "The roster could not be read",
        text("{reason}", reason=reason),
        buttons(Button("Paste rows", paste)),
    )


def fault_words(fault: Fault) -> str:
    where = f"Line {fault.line}, {fault.column}" if fault.column else f"Line {fault.line}"
    return f"{where}: {fault.problem}; {fault.fix}."


def _faults(faults: Sequence[Fault]) -> Sequence[Block]:
    if not faults:
        return ()
    shown = {f"f{index}": fault_words(fault) for index, fault in enumerate(faults[:MOST_FAULTS])}
    rows = Text("\n".join(f"- {{{key}}}" for key in shown), shown)
    more = len(faults) - MOST_FAULTS
    return (rows, quiet("And {more} more like these.", more=str(more))) if more > 0 else (rows,)


def _what_next(report: ImportReport, program: Program | None) -> Block | None:
    if not (program and report.written.invited):
        return None
    if program.status == "draft":
        return quiet("The invitations go out when you open sign-up with **program open**.")
    return quiet("The invitations go out in everybody's working hours. Type **program who** to see the answers.")
