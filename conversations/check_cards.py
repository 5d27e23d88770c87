"""The ready-check as a coordinator sees it: a tick or a cross for each question, and the fix beside it."""

from collections.abc import Sequence

from conversations.actions import Action
from conversations.cards import Block, Button, Card, Text, buttons, card, quiet, text
from conversations.people_words import counted
from conversations.ready_check import Finding, wrong
from storage.tables import Program, Proposal

GOOD, WRONG, OPEN = "✓", "✗", "•"


def check_card(program: Program, proposal: Proposal | None, found: Sequence[Finding]) -> Card:
    """Everything, ticks included."""
    bad = wrong(found)
    head = (
        text("**Not ready yet.** {count} to put right before pairs are introduced.", count=_things(len(bad)))
        if bad
        else text("**Ready.** Nothing stands in the way of the introductions.")
    )
    return card(
        f"Is {program.name} ready?"[:150],
        head,
        *(block for each in found for block in _line(each)),
        buttons(*_go_on(program, proposal, ready=not bad)),
    )


def not_ready_card(program: Program, proposal: Proposal, found: Sequence[Finding]) -> Card:
    """Instead of an approval: only what stands in the way."""
    bad = wrong(found)
    return card(
        "Not yet",
        text(
            "Nobody was introduced. {count} to put right first, then press **Approve again**.", count=_things(len(bad))
        ),
        *(block for each in bad for block in _line(each)),
        buttons(
            Button("Approve again", Action("matching", "approve", {"proposal": proposal.id}), "primary"),
            Button("The whole check", Action("check", "show", {"program": program.id})),
        ),
    )


def left_out_card(program: Program, proposal: Proposal, pairs: int, kept: int) -> Card:
    return card(
        f"{counted(pairs, 'pair', 'pairs')} left out",
        text("Their partners stay on the list, and come first in the next matching of **{name}**.", name=program.name),
        buttons(
            *(
                [
                    Button(
                        f"Approve {counted(kept, 'pair', 'pairs')}",
                        Action("matching", "approve", {"proposal": proposal.id}),
                        "primary",
                    )
                ]
                if kept
                else [Button("Propose again", Action("matching", "propose", {"program": program.id}))]
            ),
            Button("The whole check", Action("check", "show", {"program": program.id})),
        ),
    )


def begins_card(program: Program, day: str) -> Card:
    return card(
        "",
        text("Introductions of **{program}** now begin on {day}.", program=program.name, day=day),
        buttons(Button("Check again", Action("check", "show", {"program": program.id}), "primary")),
        quiet("Whoever joined hears of the new dates from me."),
    )


def ended_check_card(program: Program) -> Card:
    return card("", text("**{program}** has ended, so there is nothing to check any more.", program=program.name))


def _line(finding: Finding) -> list[Block]:
    mark = GOOD if finding.good else WRONG if finding.blocks else OPEN
    line = Text(f"{mark} {finding.words.markdown}", finding.words.values)
    return [line, *([buttons(*finding.fixes)] if finding.fixes and not finding.good else [])]


def _things(number: int) -> str:
    return counted(number, "thing", "things")


def _go_on(program: Program, proposal: Proposal | None, *, ready: bool) -> list[Button]:
    here = {"program": program.id}
    again = Button("Check again", Action("check", "show", {**here, "again": 1}))
    if ready and proposal is not None:
        return [Button("Look at the pairs", Action("matching", "summary", {"proposal": proposal.id}), "primary"), again]
    if ready and program.status in ("open", "running"):
        return [Button("Propose pairs", Action("matching", "propose", here), "primary"), again]
    return [again]
