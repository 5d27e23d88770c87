"""Why: one plain sentence for each pair, and one for each person without a partner.

Offers and wants may be named, since their forms say that the partner sees them. Goals, interests and wishes to
avoid somebody are never named, nor can they be told from the sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from .candidates import Candidate, ProposedPair, Role, Rule, Rules, Unmatched
from .pool import Index, same
from .rules import Mask, blocked_by
from .score import Scale
from .solve import Solution
from .words import stem, terms, words
from .working_hours import zone
from .worth import Integers

LONGEST_TOPIC = 60  # characters of own words in a sentence
MOST_TOPICS = 2
BLOCK = 64  # a block of 64 by 64 pairs costs less than 64 single ones

OTHER_ROLE: Mapping[Role, Role] = {"mentor": "mentee", "mentee": "mentor"}


def explained_pairs(scale: Scale, solution: Solution, themes: Mapping[str, str]) -> Iterator[ProposedPair]:
    """Every pair with its points by part and its sentence."""
    mentors, mentees = scale.pool.mentors.people, scale.pool.mentees.people
    for start in range(0, solution.mentor.size, BLOCK):
        rows, columns = solution.mentor[start : start + BLOCK], solution.mentee[start : start + BLOCK]
        parts = {name: part.diagonal() for name, part in scale.parts(rows, columns)}
        minutes = scale.pool.minutes.tile(rows, columns).diagonal()
        for at, (row, column) in enumerate(zip(rows, columns, strict=True)):
            mentor, mentee = mentors[row], mentees[column]
            points = tuple((name, int(part[at])) for name, part in parts.items())
            score = sum(point for _, point in points)
            reason = pair_reason(mentor, mentee, int(minutes[at]) // 60, themes)
            yield ProposedPair(mentor.key, mentee.key, score, reason, points)


def pair_reason(mentor: Candidate, mentee: Candidate, hours: int, themes: Mapping[str, str]) -> str:
    """One sentence that reads well to the two and to their coordinator: "Both care about AI, and share 4 hours." """
    topics = shared_topics(mentor.offers, mentee.wants, themes)
    topics += [t for t in shared_topics(mentee.offers, mentor.wants, themes) if t not in topics]
    facts: list[str] = []
    if hours:
        facts.append(f"share {hours} working {_plural('hour', hours)}")
    facts += _apart(mentor, mentee)
    if topics:
        about = f"care about {_listed(topics[:MOST_TOPICS])}"
        return f"Both {_listed([about, *facts], comma=len(facts) > 0)}."
    if facts:
        return f"The two {_listed(facts)}: a fresh view of the company for both."
    return "Each knows a part of the company that the other rarely sees."


def _apart(mentor: Candidate, mentee: Candidate) -> list[str]:
    for what in ("department", "team"):
        one, other = same(getattr(mentor, what)), same(getattr(mentee, what))
        if one and other and one != other:
            return [f"sit in different {what}s"]
    return []


def shared_topics(offers: Sequence[str], wants: Sequence[str], themes: Mapping[str, str]) -> list[str]:
    """What is both offered and wanted, dearest want first, in the words of the more general of the two."""
    found: list[str] = []
    for want in wants:
        for offer in offers:
            topic = _common_topic(want, offer, themes)
            if topic and same(topic) not in map(same, found):
                found.append(topic)
                break
    return found


def _common_topic(want: str, offer: str, themes: Mapping[str, str]) -> str:
    if want in themes and offer in themes and want != offer:
        return ""  # "Digital tools for everyday work" and "AI in daily work" have no topic "work" in common
    wanted, offered = _label(want, themes), _label(offer, themes)
    want_terms, offer_terms = set(terms(wanted)), set(terms(offered))
    if want == offer or want_terms <= offer_terms:
        return wanted
    if offer_terms <= want_terms:
        return offered
    return " ".join(word for word in words(wanted) if stem(word) in offer_terms)


def _label(entry: str, themes: Mapping[str, str]) -> str:
    label = " ".join(themes.get(entry, entry).split())
    if len(label) <= LONGEST_TOPIC:
        return label
    return label[:LONGEST_TOPIC].rsplit(" ", 1)[0] + "…"


def _listed(items: Sequence[str], comma: bool = False) -> str:
    if len(items) == 1:
        return items[0]
    if comma and len(items) == 2:
        return f"{items[0]}, and {items[1]}"
    return f"{', '.join(items[:-1])} and {items[-1]}"


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"


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
        masks = {rule: mask[at] for rule, mask in blocked.items() if mask[at].any()}
        counts = tuple((rule, int(mask.sum())) for rule, mask in masks.items())
        ruled_out = np.zeros(others, dtype=np.bool_)
        causes: dict[str, Mask] = {}
        for rule, mask in masks.items():
            ruled_out |= mask
            cause = _cause(rule, person, rules)
            causes[cause] = causes.get(cause, mask) | mask
        possible = others - int(ruled_out.sum())
        told = [(cause, int(mask.sum())) for cause, mask in causes.items()]
        reason = _own_reason(person, rules) or _reason(OTHER_ROLE[person.role], others, possible, told)
        yield Unmatched(person.key, person.role, reason, counts, possible)


def _own_reason(person: Candidate, rules: Rules) -> str:
    """The sentence where the person's own facts stand in the way of every pair."""
    if person.role == "mentor" and person.capacity < 1:
        return "This mentor offers no place in this round (capacity 0)."
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


def _cause(rule: Rule, person: Candidate, rules: Rules) -> str:
    """What the rule says, as a noun; wishes to avoid somebody hide among past pairs."""
    gap = f"at least {rules.min_level_gap} " if rules.min_level_gap > 1 else ""
    side = "above" if person.role == "mentor" else "below"
    hours = f"{rules.min_shared_hours:g} shared working {_plural('hour', int(rules.min_shared_hours))}"
    causes = {
        Rule.CAPACITY: "no free place",
        Rule.LEVEL_UNKNOWN: "level not known",
        Rule.ZONE_UNKNOWN: "time zone not known",
        Rule.DEPARTMENT: "outside the pilot group",
        Rule.SAME_PERSON: "the same person",
        Rule.LEVEL: f"a level that is not {gap}{side} theirs",
        Rule.REPORTING_LINE: "in the same reporting line",
        Rule.SHARED_MANAGER: "a manager in common",
        Rule.REVIEWER: "a part in the reviews of the other",
        Rule.TEAM: "the same team",
        Rule.LANGUAGE: "no language in common",
        Rule.HOURS: f"less than {hours}",
        Rule.DEPARTMENT_PAIR: "departments that are not paired",
        Rule.PAST_PAIR: "an earlier pairing or wish",
        Rule.AVOID: "an earlier pairing or wish",
    }
    return causes[rule]
