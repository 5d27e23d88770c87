"""Who has no partner, and why: how many of the other side each rule ruled out, and one plain sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from .candidates import Candidate, Role, Rule, Rules, Unmatched
from .explain import plural
from .pool import Index, same
from .rules import Mask, blocked_by
from .score import Scale
from .solve import Solution
from .working_hours import zone
from .worth import Integers

BLOCK = 64  # people at once
WISH = "an earlier pairing or wish"
SECRET = (Rule.AVOID, Rule.FORBIDDEN)  # wishes and refusals are told and counted as earlier pairings

OTHER_ROLE: Mapping[Role, Role] = {"mentor": "mentee", "mentee": "mentor"}


def told_rules(masks: Mapping[Rule, Mask]) -> dict[Rule, Mask]:
    """The same without those that would betray a wish: they hide among the earlier pairings."""
    told = {rule: mask for rule, mask in masks.items() if rule not in SECRET}
    hidden = [mask for rule, mask in masks.items() if rule in (Rule.PAST_PAIR, *SECRET)]
    if hidden:
        told[Rule.PAST_PAIR] = np.logical_or.reduce(hidden)
    return told


def explained_unmatched(scale: Scale, rules: Rules, solution: Solution) -> Iterator[Unmatched]:
    """Everybody without a partner, with how many of the other side each rule ruled out."""
    pool = scale.pool
    everybody = slice(None)
    for block in _blocks(len(pool.mentees), solution.mentee):
        blocked = {rule: mask.T for rule, mask in blocked_by(pool, rules, everybody, block).items()}
        yield from _unmatched(pool.mentees.people, block, len(pool.mentors), blocked, rules)
    for block in _blocks(len(pool.mentors), solution.mentor):
        blocked = blocked_by(pool, rules, block, everybody)
        yield from _unmatched(pool.mentors.people, block, len(pool.mentees), blocked, rules)


def _blocks(size: int, matched: Integers) -> Iterator[Index]:
    alone = np.setdiff1d(np.arange(size), matched)
    for start in range(0, alone.size, BLOCK):
        yield alone[start : start + BLOCK]


def _unmatched(
    people: Sequence[Candidate], block: Index, others: int, blocked: Mapping[Rule, Mask], rules: Rules
) -> Iterator[Unmatched]:
    for at, number in enumerate(np.arange(len(people))[block]):
        person = people[number]
        masks = told_rules({rule: mask[at] for rule, mask in blocked.items() if mask[at].any()})
        counts = tuple((rule, int(mask.sum())) for rule, mask in masks.items())
        ruled_out = np.zeros(others, dtype=np.bool_)
        for mask in masks.values():
            ruled_out |= mask
        possible = others - int(ruled_out.sum())
        told = [(cause(rule, person, rules), count) for rule, count in counts]
        reason = own_reason(person, rules) or _reason(OTHER_ROLE[person.role], others, possible, told)
        yield Unmatched(person.key, person.role, reason, counts, possible)


def own_reason(person: Candidate, rules: Rules) -> str:
    """The sentence where the person's own facts stand in the way of every pair."""
    if person.role == "mentor" and person.capacity < 1:
        return "This mentor offers no place in this round (capacity 0)."
    if person.away:
        return "They are away on the day of the matching, and come in again when they are back."
    if person.guest and not rules.guests_allowed:
        return "Guests do not take part in this program."
    if person.level is None:
        return "The level is not known, so nobody can tell who is the junior: add it to the roster."
    if rules.min_shared_hours > 0 and zone(person.timezone) is None:
        return "The time zone is not known, so shared hours cannot be told: correct it in the roster."
    if rules.departments and same(person.department) not in map(same, rules.departments):
        return "This department is not part of the pilot group."
    return ""


def _reason(other: Role, others: int, possible: int, causes: Sequence[tuple[str, int]]) -> str:
    """One sentence that names the rules in the way, most frequent first; kind enough to be passed on."""
    if not others:
        return f"There is no {other} in this round yet."
    if possible:
        who = f"The {possible} {other}s who would fit are" if possible > 1 else f"The one {other} who would fit is"
        return f"{who} matched with somebody else this time, so this {OTHER_ROLE[other]} comes first next time."
    if others == 1:
        return f"The only {other} cannot be proposed: {', '.join(cause for cause, _ in causes)}."
    ordered = sorted(causes, key=lambda pair: -pair[1])
    listed = ", ".join(f"{cause} ({count})" for cause, count in ordered)
    return f"None of the {others} {other}s can be proposed: {listed}."


def cause(rule: Rule, person: Candidate, rules: Rules) -> str:
    """What the rule says, as a noun; wishes to avoid somebody hide among past pairs."""
    gap = f"at least {rules.min_level_gap} " if rules.min_level_gap > 1 else ""
    side = "above" if person.role == "mentor" else "below"
    hours = f"{rules.min_shared_hours:g} shared working {plural('hour', rules.min_shared_hours)}"
    causes = {
        Rule.CAPACITY: "no free place",
        Rule.LEVEL_UNKNOWN: "level not known",
        Rule.ZONE_UNKNOWN: "time zone not known",
        Rule.DEPARTMENT: "outside the pilot group",
        Rule.GUEST: "a guest",
        Rule.AWAY: "away on that day",
        Rule.SAME_PERSON: "the same person",
        Rule.LEVEL: f"a level that is not {gap}{side} theirs",
        Rule.REPORTING_LINE: "in the same reporting line",
        Rule.SHARED_MANAGER: "a manager in common",
        Rule.REVIEWER: "a part in the reviews of the other",
        Rule.TEAM: "the same team",
        Rule.LANGUAGE: "no language in common",
        Rule.HOURS: f"less than {hours}",
        Rule.DEPARTMENT_PAIR: "departments that are not paired",
        Rule.PAST_PAIR: WISH,
        Rule.AVOID: WISH,
        Rule.FORBIDDEN: WISH,
    }
    return causes[rule]
