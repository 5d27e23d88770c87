"""A re-match: of one pair, of those without a partner, or of everybody; what it would break comes before anything."""

from collections.abc import Sequence
from dataclasses import dataclass

from conversations.actions import Action
from conversations.cards import Block, Button, Card, Divider, Facts, Text, buttons, card, quiet, text
from conversations.paging import Page
from conversations.people_words import counted
from storage.tables import Program, Proposal

PAIRS_SHOWN = 6


def rematch(step: str, **args: int) -> Action:
    return Action("rematch", step, args)


def which_rematch_card(program: Program, standing: int, alone: int) -> Card:
    here = {"program": program.id}
    everybody = (Button("Everybody", rematch("everybody", **here)),) if standing else ()
    one = (Button("One pair", rematch("one", **here)),) if standing else ()
    leavers = (Button("Those without a partner", Action("matching", "propose", here), "primary"),) if alone else ()
    return card(
        f"Re-match: {program.name}",
        Facts((("Pairs", str(standing)), ("Without a partner", str(alone)))),
        text(
            "- **Those without a partner**: pairs that stand are left alone.\n"
            "- **One pair**: both get somebody new.\n"
            "- **Everybody**: I look at all of them anew and keep as many pairs as I can. You see first how many "
            "would end; nothing is saved by looking."
        ),
        buttons(*leavers, *one, *everybody) if standing or alone else None,
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """An active pair by name."""

    pair: int
    mentor: str
    mentee: str


def one_pair_card(program: Program, page: Page[Standing], *, takes_part: bool) -> Card:
    """`takes_part`: the reader may have a pair too, which is not among these."""
    rows: list[Block] = []
    for row in page.rows:
        rows.append(text("{mentor} teaches {mentee}", mentor=row.mentor, mentee=row.mentee))
        rows.append(buttons(Button("Re-match both", Action("parting", "rematch", {"pair": row.pair}))))
    turning = page.turning(lambda number: rematch("one", program=program.id, page=number))
    return card(
        f"Which pair of {program.name}?",
        page.line() if page.pages > 1 else None,
        *rows,
        buttons(*turning) if turning else None,
        quiet("A pair of your own is not listed here. To find a new partner yourself, type **new partner**.")
        if takes_part
        else None,
    )


@dataclass(frozen=True, slots=True)
class Everybody:
    """What a re-match of everybody would do. Pairs by name; `new` with the reason."""

    program: Program
    stay: int
    end: Sequence[tuple[str, str]]
    new: Sequence[tuple[str, str, str]]
    alone: int
    day: str


def looked_card(found: Everybody) -> Card:
    """Before anything is saved."""
    here = {"program": found.program.id}
    nothing = not found.end and not found.new
    better = text("The pairs there are fit best, and nobody is waiting who could be matched. I would change nothing.")
    return card(
        f"Everybody anew: {found.program.name}",
        Facts(_figures(found)),
        *([better] if nothing else _changes(found)),
        text("Nothing is saved, and nobody was told anything."),
        None
        if nothing
        else buttons(
            Button("Make it a proposal", rematch("save", **here), "primary"),
            Button("Leave it as it is", rematch("leave_it", **here)),
        ),
    )


def _figures(found: Everybody) -> tuple[tuple[str, str], ...]:
    return (
        ("Pairs that stay", str(found.stay)),
        ("Pairs that would end", str(len(found.end))),
        ("New pairs", str(len(found.new))),
        ("Without a partner", str(found.alone)),
    )


def _changes(found: Everybody) -> list[Block]:
    blocks: list[Block] = []
    if found.end:
        blocks.append(text("**Would end**"))
        blocks += [text("- {mentor} and {mentee}", mentor=one, mentee=other) for one, other in found.end[:PAIRS_SHOWN]]
        blocks += _more(len(found.end))
    if found.new:
        blocks.append(text("**Would be new**"))
        blocks += [
            text("- **{mentor}** teaches **{mentee}**. {reason}", mentor=one, mentee=other, reason=reason)
            for one, other, reason in found.new[:PAIRS_SHOWN]
        ]
        blocks += _more(len(found.new))
    return blocks


def _more(count: int) -> list[Text]:
    return [text("- and {more} more", more=str(count - PAIRS_SHOWN))] if count > PAIRS_SHOWN else []


def rematch_proposal_card(found: Everybody, proposal: Proposal, *, left_out: int = 0) -> Card:
    """Saved as a proposal; still nobody was told."""
    here = {"proposal": proposal.id}
    gone = "Since I looked, {pairs} stopped fitting, so I took them out. Look again, and approve if it still suits you."
    return card(
        f"Proposed re-match: {found.program.name}",
        text(gone, pairs=counted(left_out, "new pair has", "new pairs have")) if left_out else None,
        Facts(_figures(found)),
        *_changes(found),
        Divider(),
        text(
            "**When you approve:** from the next working morning the pairs above end, and both sides read the one "
            "neutral note on {day}, without a reason. After that {then}. Everybody else notices nothing.",
            day=found.day,
            then="I ask both of each new pair, and introduce those who say yes"
            if found.program.asks_first
            else "I introduce the new pairs",
        ),
        buttons(
            Button("Approve the re-match", rematch("approve", **here), "primary"),
            Button("Discard", rematch("discard", **here), "danger"),
        ),
    )


def rematch_approved_card(found: Everybody, proposal: Proposal, begins: str, introduces: str) -> Card:
    return card(
        f"Approved: re-match of {found.program.name}",
        text(
            "On **{begins}** {pairs}; until then you can stop it and nobody is told.",
            begins=begins,
            pairs=counted(len(found.end), "pair ends", "pairs end"),
        ),
        text(
            "The new pairs are {what} from **{moment}** on, once the notes are read.",
            what="asked" if found.program.asks_first else "introduced",
            moment=introduces,
        ),
        buttons(Button("Stop", rematch("stop", proposal=proposal.id), "danger")),
        quiet("Next from me: when something needs you."),
    )


def rematch_stopped_card(program: Program) -> Card:
    again = Button("Look again", rematch("everybody", program=program.id))
    words = text(
        "**Stopped.** Nobody was told anything, and every pair of **{program}** is as it was.", program=program.name
    )
    return card("", words, buttons(again))


def rematch_under_way_card(program: Program) -> Card:
    words = "The pairs of the re-match have ended, and their two sides read the note. It is too late to stop that."
    return card("", text(words), buttons(Button("Status", Action("status", "show", {"program": program.id}))))


def left_alone_card(program: Program) -> Card:
    return card("", text("I left **{program}** as it is. Nothing was saved.", program=program.name))


def rematch_settled_card() -> Card:
    return card("", text("That re-match is settled already. **program rematch** begins a new one."))


def rematch_not_now_card(program: Program) -> Card:
    words = (
        "Pairs of **{program}** are being proposed, asked or set up. A re-match of everybody can begin once that is "
        "settled."
    )
    return card("", text(words, program=program.name))


def rematch_late_card(program: Program, day: str) -> Card:
    words = "**{program}** ends on {day}, which is too soon to begin well with somebody new."
    return card("", text(words, program=program.name, day=day))


def looking_card(program: Program, standing: int) -> Card:
    return card(
        "I am working it out…",
        text(
            "Looking at **{program}** anew, with {pairs} that I would rather keep.",
            program=program.name,
            pairs=counted(standing, "pair", "pairs"),
        ),
    )
