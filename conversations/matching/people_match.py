"""Pairs for a people file without a database: what `flipside match` does, as one pure function."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

from conversations.people_file import Fault, PersonRow, read_people_file

from . import Candidate, Hours, Progress, Proposal, ProposedPair
from .people_doubts import DEFAULT_ZONE, managers, matching_warnings, reporting_warnings
from .request import MatchingRequest, broken, run
from .rules_chosen import RuleFault, RulesFile
from .rules_people import past_within, rules_file_faults, rules_file_warnings
from .unmatched import cause

# A spreadsheet takes a field that begins so for a formula (OWASP, CSV injection); tabs and line breaks become blanks.
FORMULA_STARTS = ("=", "+", "-", "@")
HEADER = ("mentor_email", "mentee_email", "score", "reason")
USUAL_HOURS = Hours()
FIRST_YEAR, LAST_YEAR = 2000, 2100
Faults = tuple[Fault | RuleFault, ...]
NO_REVIEWERS: Mapping[str, frozenset[str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of one matching: `matched` pairs, `score` their sum, `unmatched` mentees."""

    matched: int = 0
    score: int = 0
    unmatched: int = 0
    mentors_without_mentee: int = 0
    proved: bool = False


@dataclass(frozen=True, slots=True)
class MatchedFile:
    """Pairs as CSV, or errors and no pairs; warnings never stop a matching."""

    pairs_csv: str = ""
    summary: Summary = Summary()
    proposal: Proposal | None = None
    request: MatchingRequest | None = None
    warnings: Faults = ()
    errors: Faults = ()


def match_people(
    data: bytes | str,
    today: date,
    on: date | None = None,
    *,
    chosen: RulesFile | None = None,
    progress: Progress | None = None,
) -> MatchedFile:
    """Proposes pairs; working hours are compared on the date `on`, by default the coming Monday."""
    people = read_people_file(data)
    day = on or coming_monday(today)
    chosen = chosen or RulesFile()
    errors: Faults = (*people.errors, *chosen.faults)
    errors = (*errors, *rules_file_faults(chosen, people.rows, complete=not people.errors))
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        errors = (*errors, Fault(1, "", f"{day} is no date of a program", "choose one of this century"))
    if errors:
        return MatchedFile(warnings=people.warnings, errors=errors)
    warnings: Faults = (
        *people.warnings,
        *reporting_warnings(people.rows),
        *matching_warnings(people),
        *rules_file_warnings(chosen, people.rows),
    )
    request = request_of(people.rows, chosen, day)
    warnings = (*warnings, *locked_warnings(request))
    proposal = run(request, progress)
    return MatchedFile(pairs_csv(proposal.pairs), _summary(proposal), proposal, request, warnings)


def locked_warnings(request: MatchingRequest) -> Iterator[RuleFault]:
    """Locked pairs that a rule speaks against: they stay, since somebody decided so, but never without a word."""
    mentors = {person.key: person for person in request.candidates if person.role == "mentor"}
    for (mentor, mentee), rule in sorted(broken(request, request.locked).items()):
        if rule is not None:
            why = cause(rule, mentors[mentor], request.rules)
            what = f"[{mentor}, {mentee}] breaks a rule ({why}) and stays, since it is locked"
            yield RuleFault("locked", "", f"{what}; take it out if that is not meant")


def request_of(rows: Iterable[PersonRow], chosen: RulesFile, day: date) -> MatchingRequest:
    """The matching of a file as a value, so that advice and what-if can ask about it again."""
    rows = tuple(rows)
    return MatchingRequest(
        candidates=tuple(candidates(rows, day, chosen.reviewers)),
        managers=managers(rows),
        past_pairs=past_within(chosen.past_pairs, chosen.rules.past_pair_months, day),
        on=day,
        rules=chosen.rules,
        weights=chosen.weights,
        locked=chosen.locked,
        forbidden=chosen.forbidden,
        standing=chosen.standing,
    )


def coming_monday(today: date) -> date:
    """The first Monday after today."""
    return today + timedelta(days=7 - today.weekday())


def candidates(
    rows: Iterable[PersonRow], day: date, reviewers: Mapping[str, frozenset[str]] = NO_REVIEWERS
) -> Iterator[Candidate]:
    """Everybody with a role; the others only stand in the reporting tree."""
    for row in rows:
        if row.role is not None:
            yield Candidate(
                key=row.email,
                name=row.name,
                role=row.role,
                level=row.level,
                department=row.department,
                team=row.team,
                manager=row.manager_email,
                timezone=row.timezone or DEFAULT_ZONE,
                languages=_shared(row.languages),
                hours=Hours(*row.hours) if row.hours else USUAL_HOURS,
                capacity=1 if row.capacity is None or row.role == "mentee" else row.capacity,
                offers=row.offers,
                wants=row.wants,
                goals=row.goals,
                interests=row.interests,
                avoid=_shared(row.avoid),
                reviewers=_shared((*row.reviewers, *reviewers.get(row.email, ()))),
                working_style=row.working_style,
                guest=row.guest,
                away=row.away_until is not None and row.away_until > day,
                location=row.location,
                country=row.country or "",
            )


@lru_cache(maxsize=1000)  # most people have one of a few, or none, and each set takes 216 bytes
def _shared(items: tuple[str, ...]) -> frozenset[str]:
    return frozenset(items)


def pairs_csv(pairs: Iterable[ProposedPair]) -> str:
    """The pairs as CSV text, best first; no field can be taken for a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for pair in pairs:
        writer.writerow([_plain(pair.mentor), _plain(pair.mentee), pair.score, _plain(pair.reason)])
    return text.getvalue()


def _plain(field: str) -> str:
    line = " ".join(field.split())
    return f"'{line}" if line.startswith(FORMULA_STARTS) else line


def _summary(proposal: Proposal) -> Summary:
    matched = {pair.mentor for pair in proposal.pairs}
    return Summary(
        matched=len(proposal.pairs),
        score=proposal.total,
        unmatched=proposal.mentees - len(proposal.pairs),
        mentors_without_mentee=proposal.mentors - len(matched),
        proved=proposal.proved,
    )
