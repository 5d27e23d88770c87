"""What would differ: one proposal held against another, before anything is saved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from .candidates import PRESETS, Proposal, ProposedPair, Role, Weights
from .explain import counted
from .request import MatchingRequest
from .rule_values import RULES, WEIGHTS, NotAllowed, read_preset, read_rule, read_weight, rules_with, weights_with

Pair = tuple[str, str]  # mentor and mentee
Person = tuple[str, Role]
MOST_TOLD = 5  # pairs or people that a sentence names


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One rule or weight by its name, or `preset`, and the value it would have."""

    name: str
    value: object


@dataclass(frozen=True, slots=True)
class Difference:
    """What a second proposal changes; points and poor pairs before and after."""

    kept: tuple[Pair, ...] = ()
    new: tuple[Pair, ...] = ()
    gone: tuple[Pair, ...] = ()
    newly_matched: tuple[Person, ...] = ()
    newly_unmatched: tuple[Person, ...] = ()
    total_before: int = 0
    total_after: int = 0
    poor_before: int = 0
    poor_after: int = 0

    @property
    def is_none(self) -> bool:
        """The same pairs as before."""
        return not self.new and not self.gone


def with_change(request: MatchingRequest, change: Adjustment) -> MatchingRequest:
    """The request with one rule or weight changed. Raises NotAllowed, whose text says what may be written."""
    if change.name == "preset":
        return replace(request, weights=read_preset(change.value))
    if change.name in RULES:
        rules = rules_with(request.rules, {change.name: read_rule(change.name, change.value)})
        return replace(request, rules=rules)
    if change.name in WEIGHTS:
        weights = weights_with(request.weights, {change.name: read_weight(change.name, change.value)})
        return replace(request, weights=weights)
    raise NotAllowed(f"there is no such rule or weight; write one of {', '.join(('preset', *RULES, *WEIGHTS))}")


def compare(before: Proposal, after: Proposal, weights: Weights | None = None) -> Difference:
    """`weights` say from which score on a pair is no longer poor; both proposals are held against the same one.

    With other weights the totals count other things and cannot be compared.
    """
    least = (weights or PRESETS["balanced"]).poor_below
    old, new = _pairs(before), _pairs(after)
    old_people, new_people = _people(old), _people(new)
    return Difference(
        kept=tuple(sorted(old & new)),
        new=tuple(sorted(new - old)),
        gone=tuple(sorted(old - new)),
        newly_matched=tuple(sorted(new_people - old_people)),
        newly_unmatched=tuple(sorted(old_people - new_people)),
        total_before=before.total,
        total_after=after.total,
        poor_before=_poor(before.pairs, least),
        poor_after=_poor(after.pairs, least),
    )


def _pairs(proposal: Proposal) -> set[Pair]:
    return {(pair.mentor, pair.mentee) for pair in proposal.pairs}


def _people(pairs: set[Pair]) -> set[Person]:
    mentors: set[Person] = {(mentor, "mentor") for mentor, _ in pairs}
    return mentors | {(mentee, "mentee") for _, mentee in pairs}


def _poor(pairs: Sequence[ProposedPair], least: int) -> int:
    return sum(pair.score < least for pair in pairs)


def in_words(difference: Difference, names: Mapping[str, str], *, comparable: bool = True) -> list[str]:
    """What differs, a sentence each, for the coordinator. `comparable`: the same weights on both sides."""
    if difference.is_none:
        return ["Nothing would differ: the same pairs as before."]
    return list(_sentences(difference, names, comparable))


def _sentences(difference: Difference, names: Mapping[str, str], comparable: bool) -> Iterator[str]:
    kept, new, gone = (len(pairs) for pairs in (difference.kept, difference.new, difference.gone))
    yield f"{counted(kept, 'pair')} would stay, {new:,} would be new and {gone:,} would be gone."
    if difference.newly_matched:
        yield f"Matched then: {_named(difference.newly_matched, names)}."
    if difference.newly_unmatched:
        yield f"Without a partner then: {_named(difference.newly_unmatched, names)}."
    if difference.poor_before or difference.poor_after:
        yield f"Poor pairs: {difference.poor_before:,} before, {difference.poor_after:,} then."
    if comparable:
        yield f"Points in all: {difference.total_before:,} before, {difference.total_after:,} then."


def _named(people: Sequence[Person], names: Mapping[str, str]) -> str:
    told = [names.get(key, key) for key, _ in people[:MOST_TOLD]]
    more = len(people) - len(told)
    return ", ".join(told) + (f" and {more:,} more" if more else "")


ADJUSTMENT_WORDS: Mapping[str, str] = {
    "preset": "“{value}” counting most",
    "min_level_gap": "levels at least {value} apart",
    "min_shared_hours": "at least {value} shared working hours",
    "shared_language": "a shared language needed: {value}",
    "same_team_allowed": "pairs within a team allowed: {value}",
    "reporting_line_allowed": "pairs within a reporting line allowed: {value}",
    "shared_manager_levels": "no manager in common within {value} levels",
    "guests_allowed": "guests take part: {value}",
    "departments": "only these departments: {value}",
    "excluded_department_pairs": "these departments are never paired: {value}",
    "allowed_department_pairs": "only these departments are paired: {value}",
    "past_pair_months": "past pairs again after {value} months",
    "default_language": "whoever names no language speaks {value}",
    "shared_hour": "each shared working hour: {value} points",
    "other_department": "different departments: {value} points",
    "other_location": "different places: {value} points",
    "goal": "each word that goals share: {value} points",
    "interest": "each interest in common: {value} points",
    "working_style": "working styles that go together: {value} points",
    "style_alike": "similar working styles go together: {value}",
}


def adjustment_words(change: Adjustment) -> str:
    """A change as a coordinator would say it: "at least 0.5 shared working hours"."""
    words = ADJUSTMENT_WORDS.get(change.name, f"the weight {change.name.replace('_', ' ')} at {{value}}")
    return words.format(value=_said(change.value))


def _said(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case None:
            return "no"
        case float():
            return f"{value:g}"
        case list() | tuple() | set() | frozenset():
            return ", ".join(sorted(map(_item, value))) or "none"
        case _:
            return str(value)


def _item(value: object) -> str:
    """A department, or a pair of departments with the mentor's first."""
    return " with ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
