"""What a summary may claim of a proposal: that nothing better exists, as long as it is what was worked out."""

from collections.abc import Sequence
from hashlib import sha256

from conversations.cards import Text, quiet
from conversations.proposal_shown import Shown
from storage.tables import ProposedPair

# Figures of a proposal: its pairs as they were proposed, as a mark; how many of them were locked before; and how many
# were found beyond the most pairs that the program takes.
AS_PROPOSED, LOCKED, NO_ROOM = "as_proposed", "locked", "no_room"


def first_figures(pairs: Sequence[ProposedPair]) -> dict[str, str | int]:
    """Of a proposal that nobody has looked at yet."""
    return {
        AS_PROPOSED: _mark(pairs),
        LOCKED: sum(1 for pair in pairs if pair.locked),
        NO_ROOM: sum(1 for pair in pairs if not pair.kept),
    }


def _mark(pairs: Sequence[ProposedPair]) -> str:
    """The same as long as the same people are together. Looking at the pairs themselves misses no way to change them,
    and what was swapped and swapped back is what was proposed."""
    kept = sorted((pair.mentor_id, pair.mentee_id) for pair in pairs if pair.kept)
    return sha256(repr(kept).encode()).hexdigest()[:16]


def claim(shown: Shown) -> Text | None:
    """Nothing about a suggestion for an open place, which is a part of a matching, nor about a proposal of an older
    version: nobody knows whether it was changed."""
    figures = shown.proposal.figures or {}
    if "proved" not in figures or AS_PROPOSED not in figures:
        return None
    if figures[AS_PROPOSED] == _mark(shown.pairs):
        return _as_proposed(shown)
    # The best pairs of a larger matching need not be the best matching of so few.
    return None if figures.get(NO_ROOM) else _changed(shown)


def _as_proposed(shown: Shown) -> Text:
    figures = shown.proposal.figures
    kept, no_room, seconds = len(shown.kept), figures.get(NO_ROOM, 0), figures.get("seconds", 0)
    around = "around the pairs you locked, " if figures.get(LOCKED) else ""
    words = (
        f"I checked every pair that the rules allow: {around}no other matching has more pairs, or as many and a better "
        "total."
        if figures["proved"]
        else f"I could not prove that nothing better exists; {around}it is the best I found."
    )
    room = " This program has room for {kept} of its {found} pairs." if no_room else ""
    took = " It took {seconds} seconds." if seconds >= 1 else ""
    values = {"kept": str(kept), "found": str(kept + no_room), "seconds": f"{seconds:g}"}
    return Text(words + room + took, values, quiet=True)


def _changed(shown: Shown) -> Text:
    """By whom is left open: another coordinator may have done it, or somebody left meanwhile."""
    figures = shown.proposal.figures
    best = "the best that the rules allow" if figures["proved"] else "the best that I found"
    around = " around the pairs you locked" if figures.get(LOCKED) else ""
    return quiet(f"What I proposed was {best}{around}; it has changed since.")
