"""What a card says of the file that comes with it, when the file is not simply attached."""

from conversations.cards import Block, Card, LinkButton, Text, buttons, text


def linked_card(card: Card, url: str) -> Card:
    """The card with a way to the file. Seven days: how long a link lives (bot/files.py)."""
    way = (
        text("The link works once, within seven days. You can ask me for the file again whenever you like."),
        buttons(LinkButton("Download the file", url)),
    )
    return Card(card.title, _before_the_small_print(card, *way))


def no_address_card(card: Card) -> Card:
    """Nobody but this machine could open a link."""
    missing = text(
        "I could not hand you the file: this server has no public address yet (FLIPSIDE_PUBLIC_URL). "
        "Please tell whoever looks after Flipside in your company, and ask me again once it has one."
    )
    return Card(card.title, _before_the_small_print(card, missing))


def not_attached_card(card: Card) -> Card:
    """The platform took no file from us; what keeps it from doing so is in the log."""
    missing = text(
        "I could not attach the file: this workspace did not take it from me. "
        "Please tell whoever looks after Flipside in your company, and ask me again once that is fixed."
    )
    return Card(card.title, _before_the_small_print(card, missing))


def _before_the_small_print(card: Card, *added: Block) -> tuple[Block, ...]:
    """A card ends with when we write next, so what is added stands before that."""
    last = card.blocks[-1] if card.blocks else None
    end = len(card.blocks) - (isinstance(last, Text) and last.quiet)
    return (*card.blocks[:end], *added, *card.blocks[end:])
