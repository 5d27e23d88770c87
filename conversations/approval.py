"""Before anybody is introduced: which proposed pairs no longer fit, and why in a few words."""

from collections.abc import Mapping, Sequence

from conversations.matching import Rule
from conversations.matching.request import MatchingRequest, broken
from storage.tables import ProposedPair

# For the coordinator. A wish not to be paired is nobody's business: it reads like an earlier pairing.
CAUSES: Mapping[Rule, str] = {
    Rule.CAPACITY: "the mentor has no place left",
    Rule.LEVEL_UNKNOWN: "a level is not known any more",
    Rule.ZONE_UNKNOWN: "a time zone is not known",
    Rule.DEPARTMENT: "a department is outside the pilot group now",
    Rule.SAME_PERSON: "they are the same person",
    Rule.LEVEL: "their levels no longer fit",
    Rule.REPORTING_LINE: "they are in one reporting line now",
    Rule.SHARED_MANAGER: "they share a manager now",
    Rule.REVIEWER: "one of them reviews the other now",
    Rule.TEAM: "they are in the same team now",
    Rule.LANGUAGE: "they share no language",
    Rule.HOURS: "their working hours hardly overlap now",
    Rule.DEPARTMENT_PAIR: "their departments are not paired",
    Rule.PAST_PAIR: "an earlier pairing or wish",
    Rule.AVOID: "an earlier pairing or wish",
}
NOT_WAITING = "one of them is no longer waiting for a partner"


def no_longer_fitting(now_ready: MatchingRequest, pairs: Sequence[ProposedPair]) -> list[tuple[ProposedPair, str]]:
    """Pairs that a hard rule forbids by now. Earlier ones of a mentor take the places that are left."""
    keys = [(str(pair.mentor_id), str(pair.mentee_id)) for pair in pairs]
    forbidden = broken(now_ready, keys)
    places = {person.key: person.capacity for person in now_ready.candidates if person.role == "mentor"}
    found: list[tuple[ProposedPair, str]] = []
    for pair, key in zip(pairs, keys, strict=True):
        if key in forbidden:
            rule = forbidden[key]
            found.append((pair, CAUSES[rule] if rule else NOT_WAITING))
        elif places[key[0]] == 0:
            found.append((pair, CAUSES[Rule.CAPACITY]))
        else:
            places[key[0]] -= 1
    return found
