"""Somebody waits and a place is open: what the coordinator reads of it."""

from conversations.actions import Action
from conversations.cards import Button, Card, buttons, card, quiet, text
from conversations.people_words import counted
from conversations.proposal_shown import Shown

# More is a matching of its own, to be looked through as one.
PAIRS_SHOWN = 5


def open_place_card(shown: Shown) -> Card:
    """One click makes the pairs; nobody else was told anything."""
    here, kept = {"proposal": shown.proposal.id}, shown.kept
    more, several = len(kept) - PAIRS_SHOWN, len(kept) > 1
    waiting = "some people in it have" if several else "somebody in it has"
    best = "These are the best fits among the people" if several else "It is the best fit among the people"
    lines = [
        text(
            "**{mentor}** could teach **{mentee}**. {reason}",
            mentor=shown.name(pair.mentor_id),
            mentee=shown.name(pair.mentee_id),
            reason=pair.reason,
        )
        for pair in kept[:PAIRS_SHOWN]
    ]
    return card(
        f"{len(kept)} places are open" if several else "A place is open",
        text(f"**{{program}}** runs, and {waiting} no partner yet.", program=shown.program.name),
        *lines,
        text("And {more} more.", more=str(more)) if more > 0 else None,
        text(f"{best} who are free. Existing pairs stay as they are."),
        buttons(
            Button(f"Approve {counted(len(kept), 'pair', 'pairs')}", Action("matching", "approve", here), "primary"),
            Button("Look at it", Action("matching", "summary", here)),
            Button("Not now", Action("open_place", "not_now", here)),
        ),
    )


def left_open_card(pairs: int) -> Card:
    left, same = ("them", "pairs") if pairs > 1 else ("it", "two")
    return card(
        "",
        text(
            f"I left {left}. Whoever has no partner yet keeps waiting, and I do not suggest the same {same} again; the "
            "next matching may."
        ),
        quiet("Next from me: when somebody else is free."),
    )


def place_settled_card() -> Card:
    return card("", text("That is settled already. **program status** shows the pairs."))
