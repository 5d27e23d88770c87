"""The conflict firewall for pairs that exist: which of them a change of the roster has brought into a conflict.

The same rules as the matching's, asked pair by pair: a few lines up from each of the two instead of arrays over all.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from conversations.matching import Rule, Rules
from conversations.matching.from_store import rules_of
from conversations.matching.pool import same
from storage.frozen_pairs import Facts
from storage.store import Store
from storage.tables import Pair, Person, Program

# A line that is longer is a circle, or a slip in the roster.
LONGEST_LINE = 60


@dataclass(frozen=True, slots=True)
class Checked:
    """An active pair, its program, and the rules that it breaks today: none, as a rule."""

    pair: Pair
    program: Program
    broken: tuple[Rule, ...]


def checked_pairs(store: Store) -> list[Checked]:
    """Every active pair against the facts of today."""
    return checked(store, store.frozen_pairs.active())


def checked(store: Store, rows: Sequence[tuple[Pair, Program]]) -> list[Checked]:
    facts = store.frozen_pairs.facts({side for pair, _ in rows for side in (pair.mentor_id, pair.mentee_id)})
    lines = _lines_up(store, facts.values())
    rules = {program.id: rules_of(program) for _, program in rows}
    return [
        Checked(pair, program, tuple(_broken(facts[pair.mentor_id], facts[pair.mentee_id], lines, rules[program.id])))
        for pair, program in rows
    ]


def reports_up_to(store: Store, people: Sequence[int], person: Person) -> bool:
    """Whether each of these people has this person somewhere above them."""
    lines = _lines_up(store, store.frozen_pairs.facts(people).values())
    return bool(person.email) and all(person.email in line for line in lines.values())


Lines = Mapping[int, Sequence[str]]
"""By person id the e-mails of everybody above them, the nearest first."""


def _lines_up(store: Store, people: Iterable[Facts]) -> Lines:
    """Read level by level: some dozen queries, however large the company is."""
    everybody = list(people)
    above: dict[str, str] = {}
    asked: set[str] = set()
    wanted = {person.manager_email for person in everybody if person.manager_email}
    while wanted:
        asked |= wanted
        found = store.frozen_pairs.managers_of(wanted)
        above.update(found)
        wanted = {manager for manager in found.values() if manager and manager not in asked}
    return {person.id: _line(person, above) for person in everybody}


def _line(person: Facts, above: Mapping[str, str]) -> Sequence[str]:
    """Up to the top, or once around: whoever is in a circle counts as above everybody in it."""
    line: list[str] = []
    # Nobody is their own manager.
    at = person.manager_email if person.manager_email != person.email else ""
    while at and at not in line and len(line) < LONGEST_LINE:
        line.append(at)
        at = above.get(at, "") if above.get(at) != at else ""
    return line


def _broken(mentor: Facts, mentee: Facts, lines: Lines, rules: Rules) -> Iterable[Rule]:
    """In the order in which the matching tells them. A junior who is promoted to the same level stays the junior."""
    if mentor.level is not None and mentee.level is not None and mentor.level > mentee.level:
        yield Rule.LEVEL
    above, above_mentee = lines[mentor.id], lines[mentee.id]
    if not rules.reporting_line_allowed and (mentee.email in above or mentor.email in above_mentee):
        yield Rule.REPORTING_LINE
    near = rules.shared_manager_levels
    if set(above[:near]) & set(above_mentee[:near]):
        yield Rule.SHARED_MANAGER
    if mentee.email and mentee.email in mentor.reviewers:
        yield Rule.REVIEWER
    if not rules.same_team_allowed and same(mentor.team) and same(mentor.team) == same(mentee.team):
        yield Rule.TEAM
