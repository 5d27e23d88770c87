"""The reporting tree as intervals: one person is above another exactly when the interval encloses it.

Everybody in a cycle (A reports to B, B to A) gets one interval, so they all count as above each other: the
cautious reading of a broken roster.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

NOBODY = -1


@dataclass(frozen=True, slots=True)
class ReportingTree:
    """For each key its number, its interval `first..last`, and the number of its manager (NOBODY at the top)."""

    number: Mapping[str, int]
    first: list[int]
    last: list[int]
    manager: list[int]

    def managers_above(self, key: str, levels: int) -> list[int]:
        """The numbers of the manager, the manager's manager and so on, NOBODY where the line ends."""
        line: list[int] = []
        at = self.number[key]
        for _ in range(levels):
            at = self.manager[at] if at != NOBODY else NOBODY
            line.append(at)
        return line


def reporting_tree(managers: Mapping[str, str], people: Iterable[str]) -> ReportingTree:
    """The tree over everybody named, also managers who are no candidates; nobody is their own manager."""
    number: dict[str, int] = {}
    for key in (*people, *managers, *managers.values()):
        number.setdefault(key, len(number))
    manager = [NOBODY] * len(number)
    for key, above in managers.items():
        if key != above:
            manager[number[key]] = number[above]
    head = _heads(manager)
    first, last = _intervals(manager, head)
    return ReportingTree(number, [first[h] for h in head], [last[h] for h in head], manager)


def cycles(managers: Mapping[str, str]) -> list[list[str]]:
    """Every circle of two or more people who report to each other, each from its smallest key on."""
    tree = reporting_tree(managers, ())
    names = list(tree.number)
    circles: dict[int, list[int]] = {}
    for at, head in enumerate(_heads(tree.manager)):
        circles.setdefault(head, []).append(at)
    found: list[list[str]] = []
    for members in circles.values():
        if len(members) > 1:
            start = min(members, key=names.__getitem__)
            found.append([names[at] for at in _walk(tree.manager, start)])
    return sorted(found)


def _walk(manager: list[int], start: int) -> list[int]:
    walked, at = [start], manager[start]
    while at != start:
        walked.append(at)
        at = manager[at]
    return walked


def _heads(manager: list[int]) -> list[int]:
    """Everybody stands for themselves, except that one member stands for all of a cycle."""
    head = list(range(len(manager)))
    seen_in = [NOBODY] * len(manager)
    for start in range(len(manager)):
        at = start
        while at != NOBODY and seen_in[at] == NOBODY:
            seen_in[at] = start
            at = manager[at]
        if at != NOBODY and seen_in[at] == start:
            for member in _walk(manager, at):
                head[member] = at
    return head


def _intervals(manager: list[int], head: list[int]) -> tuple[list[int], list[int]]:
    """Depth-first numbering with a list instead of recursion: a chain may be 100,000 people long."""
    below: list[list[int]] = [[] for _ in manager]
    tops: list[int] = []
    # Whoever is in a cycle stands at the top of a tree: a line that ran into the cycle never leaves it.
    in_cycle = [False] * len(manager)
    for at, stands in enumerate(head):
        if stands != at:
            in_cycle[at] = in_cycle[stands] = True
    for at, above in enumerate(manager):
        if head[at] != at:
            continue
        if above == NOBODY or in_cycle[at]:
            tops.append(at)
        else:
            below[head[above]].append(at)
    return _number(tops, below)


def _number(tops: list[int], below: list[list[int]]) -> tuple[list[int], list[int]]:
    first, last = [0] * len(below), [0] * len(below)
    count = 0
    pending = [(top, False) for top in reversed(tops)]
    while pending:
        at, left = pending.pop()
        if left:
            last[at] = count
            continue
        first[at] = count
        count += 1
        pending.append((at, True))
        pending.extend((child, False) for child in below[at])
    return first, last
