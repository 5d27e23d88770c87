"""The two network problems that OR-Tools solves for us, on a list of pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from ortools.graph.python.max_flow import SimpleMaxFlow
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from .worth import Flags, Integers


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs in question: row and column of each, and its worth; each pair once, ordered by row and column."""

    mentor: Integers
    mentee: Integers
    worth: Integers

    def __len__(self) -> int:
        return self.mentor.size

    def only(self, which: npt.NDArray[Any]) -> Pairs:
        """Those flagged, or those at the given positions."""
        return Pairs(self.mentor[which], self.mentee[which], self.worth[which])


@dataclass(frozen=True, slots=True)
class Most:
    """A largest matching: its size, the pairs in it, and who lies on the source's side of the smallest cut."""

    count: int
    chosen: Flags
    mentors_reached: Flags
    mentees_reached: Flags


@dataclass(frozen=True, slots=True)
class Aim:
    """So many pairs (`count`) with so many mentors who had no mentee yet (`distinct`), both known to be possible.

    `places` are those of each mentor, `fresh` the part of it (0 or 1) that would give them their first mentee.
    """

    places: Integers
    fresh: Integers
    mentees: int
    distinct: int
    count: int


class SolverFault(RuntimeError):
    """The solver gave up on a problem that always has a solution: a defect, never a user's mistake."""


def most_pairs(pairs: Pairs, places: Integers, mentees: int) -> Most:
    """As many pairs as possible."""
    mentors = places.size
    source, sink = mentors + mentees, mentors + mentees + 1
    rows, columns = np.arange(mentors), np.arange(mentees) + mentors
    network = SimpleMaxFlow()
    arcs = network.add_arcs_with_capacity(
        _nodes(pairs.mentor, np.full(mentors, source), columns),
        _nodes(pairs.mentee + mentors, rows, np.full(mentees, sink)),
        _amounts(_ones(len(pairs)), places, _ones(mentees)),
    )
    if network.solve(source, sink) != network.OPTIMAL:
        raise SolverFault("no largest matching was found")
    reached = np.zeros(mentors + mentees + 2, dtype=np.bool_)
    reached[network.get_source_side_min_cut()] = True
    chosen = network.flows(arcs)[: len(pairs)] > 0
    return Most(network.optimal_flow(), chosen, reached[:mentors], reached[mentors : mentors + mentees])


def best_pairs(pairs: Pairs, aim: Aim) -> Flags:
    """The pairs of the greatest total worth among those that reach the aim.

    One hub hands out the first place (`fresh`) of `distinct` mentors, the other hub all further places, so
    that the three aims never have to be weighed against each other in one number.
    """
    mentors, mentees = aim.places.size, aim.mentees
    first_hub, more_hub, sink = mentors + mentees, mentors + mentees + 1, mentors + mentees + 2
    rows, columns = np.arange(mentors), np.arange(mentees) + mentors
    network = SimpleMinCostFlow()
    arcs = network.add_arcs_with_capacity_and_unit_cost(
        _nodes(pairs.mentor, np.full(mentors, first_hub), np.full(mentors, more_hub), columns),
        _nodes(pairs.mentee + mentors, rows, rows, np.full(mentees, sink)),
        _amounts(_ones(len(pairs)), aim.fresh, aim.places - aim.fresh, _ones(mentees)),
        _amounts(-pairs.worth, np.zeros(2 * mentors + mentees, dtype=np.int64)),
    )
    network.set_nodes_supplies(
        np.array([first_hub, more_hub, sink], dtype=np.int32),
        np.array([aim.distinct, aim.count - aim.distinct, -aim.count], dtype=np.int64),
    )
    if network.solve() != network.OPTIMAL:
        raise SolverFault("no best matching was found")
    chosen: Flags = network.flows(arcs)[: len(pairs)] > 0
    return chosen


def _nodes(*parts: npt.NDArray[Any]) -> npt.NDArray[np.int32]:
    """Node numbers, in the size that the solver takes them."""
    return np.concatenate(parts, dtype=np.int32, casting="same_kind")


def _amounts(*parts: Integers) -> Integers:
    return np.concatenate(parts, dtype=np.int64)


def _ones(size: int) -> Integers:
    return np.ones(size, dtype=np.int64)
