"""Prices that prove a matching optimal: no exchange of places, however long, would raise the total.

In the network of possible exchanges (the residual network) a shortest distance to every node exists
exactly when no exchange pays. The distances are the prices, the dual solution of the linear program: a pair that was
left out of the short list could only help when its worth exceeds the difference of its prices.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .flow import Aim, Pairs, SolverFault
from .worth import Flags, Integers


@dataclass(frozen=True, slots=True)
class Prices:
    """A price for each mentor, each mentee and the three other nodes of `best_pairs`."""

    nodes: Integers
    mentors: int

    @property
    def mentor(self) -> Integers:
        return self.nodes[: self.mentors]

    @property
    def mentee(self) -> Integers:
        return self.nodes[self.mentors : -3]


def prices(pairs: Pairs, chosen: Flags, aim: Aim, known: Prices | None) -> Prices:
    """Prices at which nobody would exchange; those of a shorter list (`known`) are a good start."""
    tails, heads, costs = _exchanges(pairs, chosen, aim)
    order = np.argsort(tails, kind="stable")
    # One after the other, so that only one of them is there twice.
    tails = tails[order]
    heads = heads[order]
    costs = costs[order]
    size = aim.places.size + aim.mentees + 3
    starts = np.searchsorted(tails, np.arange(size + 1))
    price = np.zeros(size, dtype=np.int64) if known is None else known.nodes.copy()
    changed = np.arange(size)
    # Bellman-Ford over the nodes that changed; as no exchange pays, it ends after at most one round a node.
    for _ in range(size + 1):
        arcs = _ranges(starts[changed], starts[changed + 1])
        nearest = price[tails[arcs]] + costs[arcs]
        better = nearest < price[heads[arcs]]
        if not better.any():
            break
        nearer = heads[arcs[better]]
        np.minimum.at(price, nearer, nearest[better])
        changed = np.unique(nearer)
    else:
        raise SolverFault("an exchange would still raise the total")
    return Prices(price, aim.places.size)


def _ranges(starts: Integers, stops: Integers) -> Integers:
    """All numbers of several ranges, one range after the other."""
    lengths = stops - starts
    before = np.cumsum(lengths) - lengths
    return np.repeat(starts - before, lengths) + np.arange(int(lengths.sum()))


def _exchanges(pairs: Pairs, chosen: Flags, aim: Aim) -> tuple[Integers, Integers, Integers]:
    """Every single step of an exchange as an arc with its cost; nodes are numbered as in `best_pairs`."""
    places, fresh, mentors, mentees = aim.places, aim.fresh, aim.places.size, aim.mentees
    first_hub, more_hub, sink = mentors + mentees, mentors + mentees + 1, mentors + mentees + 2
    row, column = pairs.mentor, pairs.mentee + mentors
    taken = np.bincount(pairs.mentor[chosen], minlength=mentors)
    matched = np.zeros(mentees, dtype=np.bool_)
    matched[pairs.mentee[chosen]] = True
    rows, columns = np.arange(mentors), np.arange(mentees) + mentors
    first = np.minimum(taken, fresh)
    more = taken - first
    steps = [
        (row[~chosen], column[~chosen], -pairs.worth[~chosen]),
        (column[chosen], row[chosen], pairs.worth[chosen]),
        _free(first_hub, rows[first < fresh]),
        _back(first_hub, rows[first > 0]),
        _back(sink, columns[~matched]),
        _free(sink, columns[matched]),
    ]
    if int(taken.sum()) > aim.distinct:
        steps += [_free(more_hub, rows[more < places - fresh]), _back(more_hub, rows[more > 0])]
    tails, heads, costs = (np.concatenate(part, dtype=np.int64) for part in zip(*steps, strict=True))
    return tails, heads, costs


def _free(hub: int, nodes: Integers) -> tuple[Integers, Integers, Integers]:
    return np.full(nodes.size, hub), nodes, np.zeros(nodes.size, dtype=np.int64)


def _back(hub: int, nodes: Integers) -> tuple[Integers, Integers, Integers]:
    return nodes, np.full(nodes.size, hub), np.zeros(nodes.size, dtype=np.int64)
