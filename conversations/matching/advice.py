"""The smallest change that would match somebody who has no partner, and the pairs that would change with it.

Never advised: anything about the reporting line, shared managers and reviewers, earlier pairs and wishes, guests,
leave and pilot groups. An advice on one person waives a rule for one pair only; the program's rules stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .advice_search import FIRST_PLACE, NEVER, NOBODY, PLACE, Board, Chain, Numbers, build_board, costs
from .advice_words import nothing_helps, told
from .candidates import Candidate, Proposal, Role, Rule, Rules
from .changes import AddLanguage, Change, FillInLevel, MorePlaces, Together, changed
from .request import MatchingRequest
from .rules import Mask
from .unmatched import told_rules

Pair = tuple[str, str]  # mentor and mentee

WAIVED = (Rule.LEVEL, Rule.TEAM, Rule.HOURS, Rule.DEPARTMENT_PAIR)


@dataclass(frozen=True, slots=True)
class Advice:
    """What to change for this person; no changes: nothing helps, and `words` say why."""

    key: str
    role: Role
    words: str
    changes: tuple[Change, ...] = ()
    partner: str | None = None
    new: tuple[Pair, ...] = ()
    gone: tuple[Pair, ...] = ()


def smallest_change(request: MatchingRequest, proposal: Proposal, key: str, role: Role) -> Advice:
    """For one person. Raises ValueError when nobody of that key is a candidate in that role."""
    return next(smallest_changes(request, proposal, [(key, role)]))


def smallest_changes(
    request: MatchingRequest, proposal: Proposal, people: Iterable[tuple[str, Role]]
) -> Iterator[Advice]:
    """For several people, each as if the others stayed without a partner; some 2 ms each at 1,000 + 1,000."""
    board = build_board(request, proposal)
    for key, role in people:
        numbers = board.row if role == "mentor" else board.column
        if key not in numbers:
            raise ValueError(f"nobody of that key is a {role} in this matching")
        yield _advice(board, numbers[key], role)


def advised(request: MatchingRequest, advice: Advice) -> MatchingRequest:
    """The request with the advice followed: run it again and the person has a partner."""
    return changed(request, advice.changes)


def _advice(board: Board, at: int, role: Role) -> Advice:
    own, others = _sides(board, role)
    person = own[at]
    paired = board.mentor if role == "mentor" else board.mentee
    if at in paired:
        return Advice(person.key, role, f"{person.name} has a partner already.")
    cost, blocked = costs(board, at, role)
    if role == "mentor" and person.capacity < 1:
        cost = np.minimum(cost + FIRST_PLACE, NEVER)
    best, chain, total = _best(board, at, role, cost)
    if total >= NEVER:
        open_to = int((cost < NEVER).sum())
        return Advice(
            person.key, role, nothing_helps(person, len(others), open_to, _barriers(cost, blocked), board.request.rules)
        )
    partner = others[best]
    broken = {rule for rule, mask in blocked.items() if mask[best]}
    moves = [(own[who], others[old], others[to]) for who, old, to in chain.path(best)]
    changes = tuple(_facts(person, partner, broken, board.request.rules))
    if chain.more_places:
        host = moves[-1][2] if moves else partner
        changes = (MorePlaces(host.key, host.capacity + 1), *changes)
    despite = tuple(rule for rule in WAIVED if rule in broken)
    if despite or not changes or not all(_is_own(change, person) for change in changes):
        changes = (*changes, Together(*_pair(person, partner), despite))
    new, gone = _pairs(person, partner, moves)
    left = _left(board, moves[-1][2] if moves else partner)
    if left is not None:
        gone = (*gone, left)
    words = told(board.request, person, partner, changes, moves, left=left)
    return Advice(person.key, role, words, changes, partner.key, new, gone)


def _sides(board: Board, role: Role) -> tuple[tuple[Candidate, ...], tuple[Candidate, ...]]:
    mentors, mentees = board.pool.mentors.people, board.pool.mentees.people
    return (mentors, mentees) if role == "mentor" else (mentees, mentors)


def _best(board: Board, at: int, role: Role, cost: Numbers) -> tuple[int, Chain, int]:
    """Whom to take: the smallest change, then the fewest pairs that move, then the best fit."""
    chain = board.chain(role, more_places=False)
    total = np.where(chain.steps == NOBODY, NEVER, cost)
    if role == "mentee" and not (total == 0).any():
        roomier = board.chain(role, more_places=True)
        asked = np.where(board.pool.mentors.places < 1, FIRST_PLACE, PLACE)
        with_place = np.where(roomier.steps == NOBODY, NEVER, cost + asked)
        if with_place.size and with_place.min() < total.min():
            chain, total = roomier, with_place
    if not total.size or total.min() >= NEVER:
        return NOBODY, chain, NEVER
    least = np.flatnonzero(total == total.min())
    least = least[chain.steps[least] == chain.steps[least].min()]
    both = (np.full(least.size, at), least) if role == "mentor" else (least, np.full(least.size, at))
    fit = sum(board.scale.between(*both).values())
    best = int(least[np.argmax(fit)])
    return best, chain, int(total[best])


def _barriers(cost: Numbers, blocked: Mapping[Rule, Mask]) -> list[tuple[Rule, int]]:
    """How many of the other side stay out of reach for good, by the rules that they break."""
    shut = cost >= NEVER
    return [(rule, int((mask & shut).sum())) for rule, mask in told_rules(blocked).items() if (mask & shut).any()]


def _facts(person: Candidate, partner: Candidate, broken: set[Rule], rules: Rules) -> Iterator[Change]:
    """What is filled in or asked of somebody, before any rule is waived."""
    if Rule.CAPACITY in broken and person.role == "mentor":
        yield MorePlaces(person.key, 1)
    if Rule.LEVEL_UNKNOWN in broken:
        unknown, known = (person, partner) if person.level is None else (partner, person)
        gap = rules.min_level_gap if unknown.role == "mentee" else -rules.min_level_gap
        yield FillInLevel(unknown.key, unknown.role, (known.level or 0) + gap)
    if Rule.LANGUAGE in broken:
        spoken = partner.languages or {rules.default_language}
        yield AddLanguage(person.key, person.role, min(spoken))


def _is_own(change: Change, person: Candidate) -> bool:
    """Such a change opens pairs with this person only, so that no place has to be held for them."""
    match change:
        case FillInLevel(key, role) | AddLanguage(key, role):
            return (key, role) == (person.key, person.role)
        case MorePlaces(mentor):
            return (mentor, "mentor") == (person.key, person.role)
        case Together():
            return False


def _left(board: Board, last: Candidate) -> Pair | None:
    """At the end of a mentor's chain: the pair of a mentee whose mentor has others and gives this one away."""
    if last.role == "mentor":
        return None
    pairs = np.flatnonzero(board.mentee == board.column[last.key])
    return (board.pool.mentors.people[board.mentor[pairs[0]]].key, last.key) if pairs.size else None


def _pairs(
    person: Candidate, partner: Candidate, moves: Sequence[tuple[Candidate, Candidate, Candidate]]
) -> tuple[tuple[Pair, ...], tuple[Pair, ...]]:
    """The pairs that would be new, and those that would be gone."""
    new = [_pair(person, partner), *(_pair(who, to) for who, _, to in moves)]
    return tuple(new), tuple(_pair(who, old) for who, old, _ in moves)


def _pair(one: Candidate, other: Candidate) -> Pair:
    return (one.key, other.key) if one.role == "mentor" else (other.key, one.key)
