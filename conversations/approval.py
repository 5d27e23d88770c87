"""Before anybody is introduced: which proposed pairs no longer fit, and why in a few words."""

from collections.abc import Mapping, Sequence

from conversations.matching import Rule
from conversations.matching.from_store import only
from conversations.matching.request import MatchingRequest, broken
from storage.tables import ProposedPair

# For the coordinator. A wish not to be paired is nobody's business: it reads like an earlier pairing.
CAUSES: Mapping[Rule, str] = {
    Rule.CAPACITY: "the mentor has no place left",
    Rule.LEVEL_UNKNOWN: "a level is not known any more",
    Rule.ZONE_UNKNOWN: "a time zone is not known",
    Rule.DEPARTMENT: "a department is outside the pilot group now",
    Rule.GUEST: "one of them is a guest",
    Rule.AWAY: "one of them is away",
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
    Rule.FORBIDDEN: "an earlier pairing or wish",
}
NOT_WAITING = "one of them is no longer waiting for a partner"
# Whoever decides on a pair by hand may set a rule aside, but not make somebody their own partner.
NOBODY_CAN = (Rule.SAME_PERSON, Rule.CAPACITY)

Causes = list[tuple[ProposedPair, str]]


def no_longer_fitting(now_ready: MatchingRequest, pairs: Sequence[ProposedPair]) -> Causes:
    """Pairs that a hard rule forbids by now. Earlier ones of a mentor take the places that are left.

    A pair that was made by hand with a note stays: the coordinator set the rule aside, and reads of it again.
    """
    forbidden = rules_broken(now_ready, pairs)
    places = {person.key: person.capacity for person in now_ready.candidates if person.role == "mentor"}
    found: Causes = []
    for pair in pairs:
        key = (str(pair.mentor_id), str(pair.mentee_id))
        if key in forbidden and not (_decided(pair) and _may_be_set_aside(forbidden[key])):
            found.append((pair, cause(forbidden[key])))
        elif places[key[0]] <= 0:
            found.append((pair, CAUSES[Rule.CAPACITY]))
        else:
            places[key[0]] -= 1
    return found


def set_aside(now_ready: MatchingRequest, pairs: Sequence[ProposedPair]) -> Causes:
    """Pairs made by hand, with a note, against a rule: to be read once more before they are introduced."""
    by_hand = [pair for pair in pairs if _decided(pair)]
    forbidden = rules_broken(now_ready, by_hand) if by_hand else {}
    keys = [(pair, (str(pair.mentor_id), str(pair.mentee_id))) for pair in by_hand]
    return [(pair, cause(forbidden[key])) for pair, key in keys if key in forbidden]


def rules_broken(now_ready: MatchingRequest, pairs: Sequence[ProposedPair]) -> Mapping[tuple[str, str], Rule | None]:
    """Only the people of these pairs are compared, so that an approval stays a short turn."""
    keys = [(str(pair.mentor_id), str(pair.mentee_id)) for pair in pairs]
    return broken(only(now_ready, frozenset(person for key in keys for person in key)), keys)


def cause(rule: Rule | None) -> str:
    return CAUSES[rule] if rule else NOT_WAITING


def _decided(pair: ProposedPair) -> bool:
    return bool(pair.by_hand and pair.note)


def _may_be_set_aside(rule: Rule | None) -> bool:
    return rule is not None and rule not in NOBODY_CAN
