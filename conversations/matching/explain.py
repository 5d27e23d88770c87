"""Why: one plain sentence for each pair, fit to be read by both, and its points for the coordinator.

Offers and wants may be named, since their forms say that the partner sees them. Goals, interests and wishes to
avoid somebody are never named, nor can they be told from the sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from .candidates import Candidate, ProposedPair, Weights
from .pool import Pool, same
from .score import Scale
from .solve import Solution
from .words import stem, terms, words

LONGEST_TOPIC = 60  # characters of own words in a sentence
MOST_TOPICS = 2


def explained_pairs(scale: Scale, solution: Solution, themes: Mapping[str, str]) -> Iterator[ProposedPair]:
    """Every pair with its points by part and its sentence."""
    mentors, mentees = scale.pool.mentors.people, scale.pool.mentees.people
    rows, columns = solution.mentor, solution.mentee
    parts = {name: points.tolist() for name, points in scale.between(rows, columns).items()}
    hours = (scale.pool.minutes.between(rows, columns) // 60).tolist()
    standing = _standing(scale.pool)
    for at, (row, column) in enumerate(zip(rows.tolist(), columns.tolist(), strict=True)):
        mentor, mentee = mentors[row], mentees[column]
        points = tuple((name, part[at]) for name, part in parts.items())
        score = sum(point for _, point in points)
        reason = pair_reason(mentor, mentee, hours[at], themes)
        beside = _beside(mentor, mentee, score, scale.weights, (row, column) in standing)
        yield ProposedPair(mentor.key, mentee.key, score, reason, points, beside)


def _standing(pool: Pool) -> set[tuple[int, int]]:
    return set(zip(pool.standing.mentor.tolist(), pool.standing.mentee.tolist(), strict=True))


def _beside(
    mentor: Candidate, mentee: Candidate, score: int, weights: Weights, stands: bool
) -> tuple[tuple[str, int], ...]:
    """What the choice weighed beside the points of the two: none of it is part of the score."""
    weighed = {
        "waited before": (mentor.unmatched_before + mentee.unmatched_before) * weights.waiting,
        "stays together": weights.standing if stands else 0,
        "poor fit": -weights.poor_penalty if score < weights.poor_below else 0,
    }
    return tuple((name, points) for name, points in weighed.items() if points)


PART_WORDS: Mapping[str, str] = {
    "wants": "what the mentee wants to learn",
    "gives back": "what the mentor hears in return",
    "goals": "goals",
    "interests": "interests",
    "shared hours": "shared working hours",
    "other department": "another department",
    "other location": "another place",
    "working style": "working style",
    "waited before": "waited in an earlier round",
    "stays together": "a pair of today",
    "poor fit": "a poor fit",
}


def points_in_words(pair: ProposedPair) -> str:
    """For the coordinator: "60 points: what the mentee wants to learn 40, shared working hours 10." """
    parts = [f"{PART_WORDS.get(name, name)} {points}" for name, points in pair.parts if points]
    beside = [f"{PART_WORDS.get(name, name)} {points:+}" for name, points in pair.beside]
    told = f": {', '.join(parts)}" if parts else ""
    also = f" Beside the score: {', '.join(beside)}." if beside else ""
    return f"{counted(pair.score, 'point')}{told}.{also}"


def pair_reason(mentor: Candidate, mentee: Candidate, hours: int, themes: Mapping[str, str]) -> str:
    """One sentence that reads well to the two and to their coordinator: "Both care about AI, and share 4 hours." """
    topics = shared_topics(mentor.offers, mentee.wants, themes)
    topics += [t for t in shared_topics(mentee.offers, mentor.wants, themes) if t not in topics]
    facts: list[str] = []
    if hours:
        facts.append(f"share {counted(hours, 'working hour')}")
    facts += _apart(mentor, mentee)
    if topics:
        about = f"care about {listed(topics[:MOST_TOPICS])}"
        return f"Both {listed([about, *facts], comma=len(facts) > 0)}."
    if facts:
        return f"The two {listed(facts)}: a fresh view of the company for both."
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


def listed(items: Sequence[str], comma: bool = False) -> str:
    """One, two and three."""
    if len(items) == 1:
        return items[0]
    if comma and len(items) == 2:
        return f"{items[0]}, and {items[1]}"
    return f"{', '.join(items[:-1])} and {items[-1]}"


def plural(word: str, count: float) -> str:
    """ "1 hour", but "0 hours" and "1.5 hours"."""
    return word if count == 1 else f"{word}s"


def counted(count: int, word: str) -> str:
    """1 mentor, 2 mentors."""
    return f"{count:,} {plural(word, count)}"
