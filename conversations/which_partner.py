"""Which partner somebody means: a button for each."""

from collections.abc import Sequence

from conversations.actions import Action
from conversations.cards import Button, Buttons
from conversations.people_words import told_apart
from storage.tables import Pair, Person

# Both are our house limits.
BUTTONS_A_ROW, LONGEST_LABEL = 5, 30


def partner_buttons(rows: Sequence[tuple[Pair, Person]], to: Action) -> list[Buttons]:
    """Each runs `to` with `pair` set. Whoever shares a name with another goes by the e-mail: both are too long."""
    names = told_apart(partner for _, partner in rows)
    found = [
        Button(
            (partner.name if names[partner.id] == partner.name else partner.email or "")[:LONGEST_LABEL],
            Action(to.flow, to.step, {**to.args, "pair": pair.id}),
        )
        for pair, partner in rows
    ]
    return [Buttons(tuple(found[first : first + BUTTONS_A_ROW])) for first in range(0, len(found), BUTTONS_A_ROW)]
