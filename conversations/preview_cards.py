"""One message of a preview on a coordinator's screen: what it says, its buttons as words, and the way to the next."""

from collections.abc import Sequence

from conversations.actions import Action
from conversations.cards import Block, Button, Buttons, Card, Divider, buttons, card, quiet, text
from conversations.preview_pages import ROLES, Page
from storage.tables import Program


def preview_card(program: Program, role: str, pages: Sequence[Page], page: int) -> Card:
    number = max(0, min(page, len(pages) - 1))
    shown = pages[number]
    heading = [text("**{title}**", title=shown.card.title)] if shown.card.title else []
    return card(
        f"Preview for a {role}: {number + 1} of {len(pages)}",
        quiet("{when}. Nothing of this is sent, and nobody sees it but you.", when=shown.when),
        Divider(),
        *heading,
        *(_inert(block) for block in shown.card.blocks),
        Divider(),
        buttons(*_turning(program, role, number, len(pages))),
    )


def _inert(block: Block) -> Block:
    """Buttons as words: pressed in a preview, they would do something."""
    if isinstance(block, Buttons):
        return quiet("Buttons: {labels}", labels=" · ".join(button.label for button in block.buttons))
    return block


def _turning(program: Program, role: str, number: int, total: int) -> list[Button]:
    here: dict[str, str | int] = {"program": program.id, "role": role}
    row = []
    if number + 1 < total:
        row.append(Button("Next", Action("preview", "show", {**here, "page": number + 1}), "primary"))
    if number:
        row.append(Button("Back", Action("preview", "show", {**here, "page": number - 1})))
    others = [one for one in ROLES if one != role]
    return [*row, *(Button(f"As a {one}", Action("preview", "show", {**here, "role": one})) for one in others)]


def preview_ended_card(program: Program) -> Card:
    return card("", text("**{program}** has ended, so no message comes any more.", program=program.name))
