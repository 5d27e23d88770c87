"""Long lists in pages of a few rows, with the buttons that turn them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from conversations.actions import Action
from conversations.cards import Button, Text, text

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows of many; `number` counts from 0."""

    number: int
    pages: int
    rows: Sequence[Row]

    def line(self) -> Text:
        return text("Page {page} of {pages}.", page=str(self.number + 1), pages=str(self.pages))

    def turning(self, to: Callable[[int], Action]) -> list[Button]:
        """`to` makes the action that shows another page."""
        row = []
        if self.number + 1 < self.pages:
            row.append(Button("Next page", to(self.number + 1), "primary"))
        if self.number:
            row.append(Button("Previous page", to(self.number - 1)))
        return row


def page_of(rows: Sequence[Row], number: int, most: int) -> Page[Row]:
    """The page asked for, or the last one there is."""
    pages = max(1, -(-len(rows) // most))
    number = min(number, pages - 1)
    return Page(number, pages, rows[number * most : (number + 1) * most])
