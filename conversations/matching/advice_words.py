"""Advice in the words of a coordinator: what to do, who would be paired and move, or why nothing helps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .candidates import MOST_PLACES, Candidate, Role, Rule, Rules
from .changes import AddLanguage, Change, FillInLevel, MorePlaces, Together
from .explain import counted, listed
from .request import MatchingRequest
from .unmatched import OTHER_ROLE, cause, own_reason
from .working_hours import shared_minutes, window

Move = tuple[Candidate, Candidate, Candidate]  # who moves, from whom, to whom
MOST_MOVES_TOLD = 3


def told(
    request: MatchingRequest,
    person: Candidate,
    partner: Candidate,
    changes: Sequence[Change],
    moves: Sequence[Move],
    *,
    left: tuple[str, str] | None,
) -> str:
    """What to do, and what then happens. `left`: the pair that ends, of a mentor who keeps other mentees."""
    names = {(one.key, one.role): one for one in request.candidates}
    wishes = [wish for change in changes for wish in _wish(change, request, names)]
    if not wishes:
        return f"No rule stands in the way: match again, or add {person.name} and {partner.name} by hand."
    first = listed(wishes)
    then = f"Then {person.name} can be paired with {partner.name}{_moved(moves)}"
    if left is not None:
        giver, given = names[left[0], "mentor"].name, names[left[1], "mentee"].name
        then += f"; {given} leaves {giver}, who keeps another mentee"
    return f"{first[0].upper()}{first[1:]}. {then}."


def _wish(change: Change, request: MatchingRequest, people: dict[tuple[str, Role], Candidate]) -> Iterator[str]:
    match change:
        case FillInLevel(key, role, level):
            side = "higher" if role == "mentee" else "lower"
            yield f"fill in the level of {people[key, role].name} ({level} or {side} would do)"
        case AddLanguage(key, role, language):
            yield f"ask whether {people[key, role].name} also speaks {language}, and add it"
        case MorePlaces(mentor, places):
            yield f"ask {people[mentor, 'mentor'].name} to take {counted(places, 'mentee')}{_instead(places)}"
        case Together(mentor, mentee, despite) if despite:
            junior, senior = people[mentor, "mentor"], people[mentee, "mentee"]
            although = listed(list(_although(junior, senior, despite, request)))
            yield f"add {junior.name} and {senior.name} by hand although {although}"
        case Together():
            return


def _instead(places: int) -> str:
    return f" instead of {places - 1}" if places > 1 else ""


def _although(mentor: Candidate, mentee: Candidate, despite: Sequence[Rule], request: MatchingRequest) -> Iterator[str]:
    for rule in despite:
        match rule:
            case Rule.HOURS:
                windows = [[window(one.hours, one.timezone, request.on)] for one in (mentor, mentee)]
                minutes = int(shared_minutes(*windows)[0, 0])
                asked = f"{request.rules.min_shared_hours * 60:g}"
                yield f"they share {minutes} working minutes and the rule asks for {asked}"
            case Rule.LEVEL:
                gap = (mentee.level or 0) - (mentor.level or 0)
                apart = "on the same level" if gap == 0 else f"{counted(gap, 'level')} apart"
                yield f"they are {apart} and the rule asks for {request.rules.min_level_gap}"
            case Rule.TEAM:
                yield "they are in the same team"
            case _:
                yield "their departments are not paired"


def _moved(moves: Sequence[Move]) -> str:
    if not moves:
        return ""
    if len(moves) > MOST_MOVES_TOLD:
        return f", and {len(moves)} other pairs change"
    return f", and {listed([f'{who.name} moves from {old.name} to {to.name}' for who, old, to in moves])}"


def nothing_helps(
    person: Candidate, others: int, open_to: int, barriers: Sequence[tuple[Rule, int]], rules: Rules
) -> str:
    """Why no small change would do. `open_to`: how many of the other side could be paired if they had room."""
    other = OTHER_ROLE[person.role]
    if not others:
        return f"No small change helps: there is no {other} in this round yet."
    own = own_reason(person, rules)
    if own:
        return f"No small change helps: {own[0].lower()}{own[1:]}"
    if open_to and other == "mentor":
        most = counted(MOST_PLACES, "mentee")
        return f"No small change helps: {counted(open_to, other)} would fit but cannot make room ({most} at most)."
    if open_to:
        return (
            f"No small change helps: whoever would fit ({counted(open_to, other)}) has a mentor. One more mentee would."
        )
    told_causes: dict[str, int] = {}
    for rule, count in barriers:
        words = cause(rule, person, rules)
        told_causes[words] = max(told_causes.get(words, 0), count)
    ordered = sorted(told_causes.items(), key=lambda pair: -pair[1])
    causes = ", ".join(words if others == 1 else f"{words} ({count})" for words, count in ordered)
    which = f"the only {other}" if others == 1 else f"all {others} {other}s"
    return f"No small change helps. What keeps {which} apart from {person.name} is not for a small change: {causes}."
