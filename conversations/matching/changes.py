"""The small changes that can match somebody, and a request with them made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from .candidates import Candidate, Role, Rule
from .request import MatchingRequest


@dataclass(frozen=True, slots=True)
class FillInLevel:
    """The level of somebody whom the roster gives none; `level` is the one closest to the other side that fits."""

    key: str
    role: Role
    level: int


@dataclass(frozen=True, slots=True)
class AddLanguage:
    """A language that the person may speak and did not name."""

    key: str
    role: Role
    language: str


@dataclass(frozen=True, slots=True)
class MorePlaces:
    """A mentor who takes `places` mentees instead of fewer."""

    mentor: str
    places: int


@dataclass(frozen=True, slots=True)
class Together:
    """These two as a locked pair; `despite`: the rules that the coordinator waives for them and for nobody else."""

    mentor: str
    mentee: str
    despite: tuple[Rule, ...] = ()


Change = FillInLevel | AddLanguage | MorePlaces | Together


def changed(request: MatchingRequest, changes: Iterable[Change]) -> MatchingRequest:
    """The same request with the changes made."""
    people = {(person.key, person.role): person for person in request.candidates}
    locked = set(request.locked)
    for change in changes:
        match change:
            case FillInLevel(key, role, level):
                people[key, role] = replace(people[key, role], level=level)
            case AddLanguage(key, role, language):
                people[key, role] = _speaking(people[key, role], language, request.rules.default_language)
            case MorePlaces(mentor, places):
                people[mentor, "mentor"] = replace(people[mentor, "mentor"], capacity=places)
            case Together(mentor, mentee):
                locked.add((mentor, mentee))
    return replace(request, candidates=tuple(people.values()), locked=frozenset(locked))


def _speaking(person: Candidate, language: str, default: str) -> Candidate:
    """Whoever named no language speaks the default one, and does not lose it by naming another."""
    return replace(person, languages=(person.languages or frozenset({default})) | {language})
