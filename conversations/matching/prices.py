"""Prices that prove a matching optimal: no exchange of places, however long, would raise the total.

In the network of possible exchanges (the residual network) a shortest distance to every node exists
exactly when no exchange pays. The distances are the prices, the dual solution of the linear program: a pair that was
left out of the short list could only help when its worth exceeds the difference of its prices.
"""

from __future__ import annotations

import numpy as np

from .flow import Flags, Pairs, SolverFault
from .worth import Integers


def prices(pairs: Pairs, chosen: Flags, places: Integers, mentees: int, distinct: int) -> tuple[Integers, Integers]:
    """A price for each mentor and each mentee."""
    mentors = places.size
    tails, heads, costs = _exchanges(pairs, chosen, places, mentees, distinct)
    order = np.argsort(heads, kind="stable")
    tails, heads, costs = tails[order], heads[order], costs[order]
    targets, starts = np.unique(heads, return_index=True)
    price = np.zeros(mentors + mentees + 3, dtype=np.int64)
    # Bellman-Ford; as no exchange pays, it ends after at most one round a node.
    for _ in range(price.size + 1):
        nearest = np.minimum.reduceat(price[tails] + costs, starts)
        if not (nearest < price[targets]).any():
            break
        price[targets] = np.minimum(price[targets], nearest)
    else:
        raise SolverFault("an exchange would still raise the total")
    return price[:mentors], price[mentors : mentors + mentees]


def _exchanges(
    pairs: Pairs, chosen: Flags, places: Integers, mentees: int, distinct: int
) -> tuple[Integers, Integers, Integers]:
    """Every single step of an exchange as an arc with its cost; nodes are numbered as in `best_pairs`."""
    mentors = places.size
    first_hub, more_hub, sink = mentors + mentees, mentors + mentees + 1, mentors + mentees + 2
    row, column = pairs.mentor, pairs.mentee + mentors
    taken = np.bincount(pairs.mentor[chosen], minlength=mentors)
    matched = np.zeros(mentees, dtype=np.bool_)
    matched[pairs.mentee[chosen]] = True
    rows, columns = np.arange(mentors), np.arange(mentees) + mentors
    first, more = np.minimum(taken, 1), (taken - 1).clip(0)
    steps = [
        (row[~chosen], column[~chosen], -pairs.worth[~chosen]),
        (column[chosen], row[chosen], pairs.worth[chosen]),
        _free(first_hub, rows[first < np.minimum(places, 1)]),
        _back(first_hub, rows[first > 0]),
        _back(sink, columns[~matched]),
        _free(sink, columns[matched]),
    ]
    if int(taken.sum()) > distinct:
        steps += [_free(more_hub, rows[more < (places - 1).clip(0)]), _back(more_hub, rows[more > 0])]
    tails, heads, costs = (np.concatenate(part).astype(np.int64) for part in zip(*steps, strict=True))
    return tails, heads, costs


def _free(hub: int, nodes: Integers) -> tuple[Integers, Integers, Integers]:
    return np.full(nodes.size, hub), nodes, np.zeros(nodes.size, dtype=np.int64)


def _back(hub: int, nodes: Integers) -> tuple[Integers, Integers, Integers]:
    return nodes, np.full(nodes.size, hub), np.zeros(nodes.size, dtype=np.int64)
