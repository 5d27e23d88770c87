"""Which single change is the smallest: costs of waiving rules, and chains of pairs that make room.

Works on masks and never solves again. A chain: the person takes X, whose partner Y moves to X', whose partner
moves on, until somebody has room. Such a chain is what the solver would find (an augmenting path).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from .candidates import MOST_PLACES, Proposal, Role, Rule
from .pool import UNKNOWN_LEVEL, Pool, build_pool
from .request import MatchingRequest
from .rules import Mask, allowed, blocked_by
from .score import Scale, build_scale

Numbers = npt.NDArray[np.int32]
Positions = npt.NDArray[np.intp]
Fits = Callable[[Positions, Positions], Mask]

NEVER = 1_000_000
HALF_HOUR = 30  # minutes
LOWEST_LEVEL, HIGHEST_LEVEL = 0, 1000
NOBODY = -1

# What one change costs: the smaller, the sooner it is advised. A gap in the roster comes before any waiver.
FILL_IN = 1
EACH_HALF_HOUR = 2
DEPARTMENTS = 3
PLACE = 4  # somebody takes one more mentee
SAME_TEAM = 5
ONE_LEVEL = 6
LANGUAGE = 7
FIRST_PLACE = 8  # somebody offered no place and is asked for one


@dataclass(frozen=True, slots=True)
class Chain:
    """Who of the other side has room, straight or by a chain; `moves[x]` = (y, x'): y moves from x to x'."""

    steps: Numbers  # moves until there is room, NOBODY where there never is
    moves: dict[int, tuple[int, int]]
    more_places: bool = False  # the room is one more place of the last mentor

    def path(self, start: int) -> list[tuple[int, int, int]]:
        """Every move (who, from, to), the first one frees a place at `start`."""
        found: list[tuple[int, int, int]] = []
        at = start
        while at in self.moves:
            who, to = self.moves[at]
            found.append((who, at, to))
            at = to
        return found


@dataclass(frozen=True, slots=True)
class Board:
    """The request and its proposal as arrays; rows are mentors, columns mentees."""

    request: MatchingRequest
    pool: Pool
    scale: Scale
    row: dict[str, int]
    column: dict[str, int]
    mentor: Positions  # of each pair of the proposal
    mentee: Positions
    movable: Mask  # of each pair: not locked
    chains: dict[tuple[Role, bool], Chain] = field(default_factory=dict)

    def chain(self, role: Role, *, more_places: bool) -> Chain:
        """For somebody of this role: whom of the other side they could take if no rule were in the way."""
        key = (role, more_places)
        if key not in self.chains:
            self.chains[key] = _chain_of_mentors(self, more_places) if role == "mentee" else _chain_of_mentees(self)
        return self.chains[key]

    def fits(self, rows: Positions, columns: Positions) -> Mask:
        """Which pairs no rule forbids."""
        return allowed(self.pool, self.request.rules, rows, columns)

    def taken(self) -> Positions:
        """How many mentees each mentor has."""
        return np.bincount(self.mentor, minlength=len(self.pool.mentors))


def build_board(request: MatchingRequest, proposal: Proposal) -> Board:
    """Pairs of people who are no candidates any more are left out."""
    pool = build_pool(
        request.candidates,
        request.managers,
        request.past_pairs,
        request.rules,
        request.on,
        forbidden=request.forbidden,
    )
    row = {person.key: at for at, person in enumerate(pool.mentors.people)}
    column = {person.key: at for at, person in enumerate(pool.mentees.people)}
    keys = [(p.mentor, p.mentee) for p in proposal.pairs if p.mentor in row and p.mentee in column]
    return Board(
        request=request,
        pool=pool,
        scale=build_scale(pool, request.weights, request.themes),
        row=row,
        column=column,
        mentor=np.array([row[mentor] for mentor, _ in keys], dtype=np.intp),
        mentee=np.array([column[mentee] for _, mentee in keys], dtype=np.intp),
        movable=np.array([pair not in request.locked for pair in keys], dtype=np.bool_),
    )


def costs(board: Board, at: int, role: Role) -> tuple[Numbers, dict[Rule, Mask]]:
    """What it costs to let this person be paired with each of the other side, NEVER where nothing may; and why."""
    pool, rules = board.pool, board.request.rules
    one, everybody = np.array([at]), slice(None)
    rows, columns = (everybody, one) if role == "mentee" else (one, everybody)
    blocked = {rule: mask.ravel() for rule, mask in blocked_by(pool, rules, rows, columns).items()}
    level, level_other = _levels(board, at, role)
    minutes = pool.minutes.tile(rows, columns).ravel().astype(np.int32)
    total = np.zeros(level_other.size, dtype=np.int32)
    for rule, mask in blocked.items():
        match rule:
            case Rule.CAPACITY:
                full = pool.mentees.places[columns] < 1
                each = np.where(full, NEVER, 0)
            case Rule.LEVEL_UNKNOWN:
                each = np.where(_can_fill_in(level, level_other, role, rules.min_level_gap), FILL_IN, NEVER)
            case Rule.LEVEL:
                gap = level_other - level if role == "mentor" else level - level_other
                each = np.where(gap >= max(rules.min_level_gap - 1, 0), ONE_LEVEL, NEVER)
            case Rule.HOURS:
                short = np.ceil((rules.min_shared_hours * 60 - minutes) / HALF_HOUR).astype(np.int32)
                each = np.where(minutes >= HALF_HOUR, short * EACH_HALF_HOUR, NEVER)
            case Rule.TEAM:
                each = np.full(mask.size, SAME_TEAM)
            case Rule.LANGUAGE:
                each = np.full(mask.size, LANGUAGE)
            case Rule.DEPARTMENT_PAIR:
                each = np.full(mask.size, DEPARTMENTS)
            case _:
                each = np.full(mask.size, NEVER)
        total += np.where(mask, each, 0).astype(np.int32)
    return np.minimum(total, NEVER), {rule: mask for rule, mask in blocked.items() if mask.any()}


def _levels(board: Board, at: int, role: Role) -> tuple[int, Numbers]:
    own, other = (board.pool.mentees, board.pool.mentors)
    if role == "mentor":
        own, other = other, own
    return int(own.level[at]), other.level


def _can_fill_in(level: int, level_other: Numbers, role: Role, gap: int) -> Mask:
    """One of the two levels is known, and the other one fits on the scale."""
    mentors_level, mentees_level = (level, level_other) if role == "mentor" else (level_other, level)
    mentor_fits = (mentees_level != UNKNOWN_LEVEL) & (mentees_level - gap >= LOWEST_LEVEL)
    mentee_fits = (mentors_level != UNKNOWN_LEVEL) & (mentors_level + gap <= HIGHEST_LEVEL)
    one_fits: Mask = np.where(mentors_level == UNKNOWN_LEVEL, mentor_fits, mentee_fits)
    return one_fits


def _chain_of_mentors(board: Board, more_places: bool) -> Chain:
    """Mentors with a place, and those whose mentee can move on to one of them."""
    places = board.pool.mentors.places
    room = places < MOST_PLACES if more_places else board.taken() < places
    links = Links(board.mentor, board.mentee, board.movable)
    return replace(_chain(room, links, board.fits), more_places=more_places)


def _chain_of_mentees(board: Board) -> Chain:
    """Mentees without a mentor or with one who has several, and those whose mentor can take one of them instead."""
    room = np.ones(len(board.pool.mentees), dtype=np.bool_)
    room[board.mentee] = (board.taken()[board.mentor] > 1) & board.movable
    links = Links(board.mentee, board.mentor, board.movable)
    return _chain(room, links, lambda columns, rows: board.fits(rows, columns).T)


@dataclass(frozen=True, slots=True)
class Links:
    """The pairs of today, seen from the person who looks for a partner: `other` is whom they may take."""

    other: Positions
    own: Positions
    movable: Mask


def _chain(room: Mask, links: Links, fits: Fits) -> Chain:
    """Breadth first from those with room, so that every chain is as short as can be."""
    steps = np.where(room, 0, NOBODY).astype(np.int32)
    moves: dict[int, tuple[int, int]] = {}
    frontier = np.flatnonzero(room)
    while frontier.size:
        waiting = np.flatnonzero(links.movable & (steps[links.other] == NOBODY))
        fitting = fits(frontier, links.own[waiting])
        reached: list[int] = []
        for at in np.flatnonzero(fitting.any(axis=0)).tolist():
            other, own = int(links.other[waiting[at]]), int(links.own[waiting[at]])
            if steps[other] == NOBODY:
                target = int(frontier[fitting[:, at].argmax()])
                steps[other] = steps[target] + 1
                moves[other] = (own, target)
                reached.append(other)
        frontier = np.array(reached, dtype=np.intp)
    return Chain(steps, moves)
