"""Pairs for a people file without a database: what `flipside match` does, as one pure function."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from conversations.people_file import Fault, PeopleFile, PersonRow, read_people_file

from . import Candidate, Hours, Progress, Proposal, ProposedPair, Rules, Weights, propose
from .reporting import cycles

DEFAULT_ZONE = "UTC"
# A spreadsheet takes a field that begins so for a formula (OWASP, CSV injection); tabs and line breaks become blanks.
FORMULA_STARTS = ("=", "+", "-", "@")
HEADER = ("mentor_email", "mentee_email", "score", "reason")
FIRST_YEAR, LAST_YEAR = 2000, 2100


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
    warnings: tuple[Fault, ...] = ()
    errors: tuple[Fault, ...] = ()


def match_people(
    data: bytes | str,
    today: date,
    on: date | None = None,
    *,
    rules: Rules | None = None,
    weights: Weights | None = None,
    progress: Progress | None = None,
) -> MatchedFile:
    """Proposes pairs; working hours are compared on the date `on`, by default the coming Monday."""
    people = read_people_file(data)
    day = on or coming_monday(today)
    errors = people.errors
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        errors = (*errors, Fault(1, "", f"{day} is no date of a program", "choose one of this century"))
    if errors:
        return MatchedFile(warnings=people.warnings, errors=errors)
    warnings = (*people.warnings, *reporting_warnings(people.rows), *matching_warnings(people))
    proposal = propose(
        candidates(people.rows),
        managers(people.rows),
        (),
        rules=rules or Rules(),
        weights=weights or Weights(),
        on=day,
        progress=progress,
    )
    return MatchedFile(pairs_csv(proposal.pairs), _summary(proposal), proposal, warnings)


def coming_monday(today: date) -> date:
    """The first Monday after today."""
    return today + timedelta(days=7 - today.weekday())


def candidates(rows: Iterable[PersonRow]) -> Iterator[Candidate]:
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
                languages=frozenset(row.languages),
                hours=Hours(*row.hours) if row.hours else Hours(),
                capacity=1 if row.capacity is None or row.role == "mentee" else row.capacity,
                offers=row.offers,
                wants=row.wants,
                goals=row.goals,
                interests=row.interests,
                avoid=frozenset(row.avoid),
                location=row.location,
                country=row.country or "",
            )


def managers(rows: Iterable[PersonRow]) -> dict[str, str]:
    """Who reports to whom, also where neither takes part."""
    return {row.email: row.manager_email for row in rows if row.manager_email}


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


def reporting_warnings(rows: Sequence[PersonRow], known: frozenset[str] = frozenset()) -> Iterator[Fault]:
    """Managers and avoided people who are neither in the file nor `known`, and circles of managers."""
    there = {row.email for row in rows} | known
    for row in rows:
        if row.manager_email == row.email:
            problem = f"{row.email} is named as their own manager"
            yield Fault(row.line, "manager_email", problem, "leave it empty at the top; it was read so")
        elif row.manager_email and row.manager_email not in there:
            problem = f"the manager {row.manager_email} is not in the file"
            yield Fault(row.line, "manager_email", problem, "add a line for them, or correct the address")
        for other in row.avoid:
            if other not in there:
                yield Fault(row.line, "avoid", f"{other} is not in the file", "correct the address")
    line = {row.email: row.line for row in rows}
    for circle in cycles(managers(rows)):
        named = " reports to ".join([*_shortened(circle), circle[0]])
        problem = f"managers in a circle: {named}"
        fix = "correct one of them; until then nobody in or below the circle is paired within it"
        yield Fault(line[circle[0]], "manager_email", problem, fix)


def _shortened(circle: Sequence[str]) -> list[str]:
    return list(circle) if len(circle) <= 10 else [*circle[:9], "…"]


def matching_warnings(people: PeopleFile) -> Iterator[Fault]:
    """What will keep people from being paired well, or at all."""
    taking_part = [row for row in people.rows if row.role is not None]
    roles = {row.role for row in taking_part}
    for role, other in (("mentor", "mentee"), ("mentee", "mentor")):
        if role not in roles:
            problem = f"nobody has the role {role}" + (f", so no {other} can be paired" if other in roles else "")
            yield Fault(1, "role", problem, f"write {role} in the column role for those who take part so")
    yield from _assumed(people, taking_part)
    for row in taking_part:
        if row.role == "mentee" and not row.wants:
            problem = f"{row.name} names nothing to learn"
            yield Fault(row.line, "wants", problem, "add one to three topics for a better pair")
        if row.role == "mentor" and not row.offers:
            problem = f"{row.name} names nothing to share"
            yield Fault(row.line, "offers", problem, "add one to three topics for a better pair")
        if row.role == "mentor" and row.capacity == 0:
            problem = f"{row.name} offers no place (capacity 0) and is left without a mentee"
            yield Fault(row.line, "capacity", problem, "write 1 to 3 if that is not meant")


def _assumed(people: PeopleFile, taking_part: Sequence[PersonRow]) -> Iterator[Fault]:
    """One warning for a column that is not there at all, one a line where a single cell is empty."""
    for column, problem, fix in (
        ("level", "level not known, so no pair is possible", "write a whole number, higher is more senior"),
        ("timezone", f"time zone not known, {DEFAULT_ZONE} is assumed", "write one such as Europe/Berlin"),
        ("languages", f"language not known, {Rules().default_language} is assumed", "write codes such as en;de"),
    ):
        if column not in people.columns:
            yield Fault(1, column, f"no such column: {problem}", f"add it, and {fix}")
            continue
        for row in taking_part:
            if getattr(row, column) in (None, ()):
                yield Fault(row.line, column, f"{row.name}: {problem}", fix)
