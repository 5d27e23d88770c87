"""A matching written out for the coordinator: pairs with their points, who has no partner, what would help."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .advice import smallest_changes
from .candidates import Proposal, Role, Unmatched
from .explain import counted, points_in_words
from .request import MatchingRequest

# Each smallest change takes some milliseconds; whoever has more people alone than this has another problem.
MOST_ADVISED = 200


def explained_text(request: MatchingRequest, proposal: Proposal, warnings: Sequence[str] = ()) -> str:
    """Plain text. Contains points that the two of a pair should not read; never whom somebody wishes to avoid."""
    lines = list(_lines(request, proposal))
    if warnings:
        lines += ["", f"WARNINGS ({len(warnings):,})", "", *warnings]
    return "\n".join(lines) + "\n"


def _lines(request: MatchingRequest, proposal: Proposal) -> Iterator[str]:
    yield f"{counted(len(proposal.pairs), 'pair')}, {counted(proposal.total, 'point')}, hours of {request.on}."
    yield _proof(request, proposal)
    yield from ("", "For the coordinator only: the points tell more than the two of a pair should read.")
    yield from ("", f"PAIRS ({len(proposal.pairs):,}), weakest first")
    for pair in reversed(proposal.pairs):
        yield from ("", f"{pair.mentor} and {pair.mentee}", f"  {pair.reason}", f"  {points_in_words(pair)}")
    roles: tuple[tuple[Role, str], ...] = (
        ("mentee", "MENTEES WITHOUT A MENTOR"),
        ("mentor", "MENTORS WITHOUT A MENTEE"),
    )
    for role, title in roles:
        alone = [person for person in proposal.unmatched if person.role == role]
        yield from ("", f"{title} ({len(alone):,})")
        yield from _alone(request, proposal, alone)


def _proof(request: MatchingRequest, proposal: Proposal) -> str:
    """Without locked pairs there may be a better one: nothing else was looked for than the best around them."""
    if not proposal.proved:
        return "This matching was not proved to be the best one."
    locked = any((pair.mentor, pair.mentee) in request.locked for pair in proposal.pairs)
    around = "Around the locked pairs no" if locked else "No"
    return f"{around} other matching has more pairs, or as many and a better total (proved)."


def _alone(request: MatchingRequest, proposal: Proposal, alone: Sequence[Unmatched]) -> Iterator[str]:
    first = alone[:MOST_ADVISED]
    advice = smallest_changes(request, proposal, [(person.key, person.role) for person in first])
    for person, found in zip(first, advice, strict=True):
        yield from ("", person.key, f"  {person.reason}", f"  {found.words}")
    if len(alone) > MOST_ADVISED:
        yield from (
            "",
            f"The smallest change was only worked out for the first {MOST_ADVISED}; for the others the reason:",
        )
    for person in alone[MOST_ADVISED:]:
        yield from ("", person.key, f"  {person.reason}")
