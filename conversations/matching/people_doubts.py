"""What in a people file will keep people from being paired well, or at all: told, never dropped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from conversations.people_file import Fault, PeopleFile, PersonRow

from .candidates import Rules
from .reporting import cycles

DEFAULT_ZONE = "UTC"


def managers(rows: Iterable[PersonRow]) -> dict[str, str]:
    """Who reports to whom, also where neither takes part."""
    return {row.email: row.manager_email for row in rows if row.manager_email}


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
        for column, others in (("avoid", row.avoid), ("reviewers", row.reviewers)):
            for other in others:
                if other not in there:
                    yield Fault(row.line, column, f"{other} is not in the file", "correct the address")
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
        if row.role == "mentee" and row.capacity not in (None, 1):
            problem = f"{row.name} is a mentee and has one mentor, so {row.capacity} was not read"
            yield Fault(row.line, "capacity", problem, "leave it empty for mentees")


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
