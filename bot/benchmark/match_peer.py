"""The peer mentor-match on a people file, used as its README shows; rules of its own kind mean what ours do."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.benchmark.match_figures import MONDAY, match_run, tell
from bot.clock import stopwatch

LEVELS_APART, CLOSE_MANAGERS, SHARED_MINUTES = 1, 2, 60
WANTS = (40, 20, 10)  # the points of our first three wants
OTHER_DEPARTMENT = 10
WORKDAY, DAY = 8 * 60, 24 * 60  # everybody in the made-up company works from 9 to 5


def peer(people: str) -> None:
    """One round, as there are as many mentors as mentees. It proves nothing."""
    sides = _people(Path(people))
    process = import_module("matching.process")
    elapsed = stopwatch()
    mentors, _ = process.process_data(sides["mentor"], sides["mentee"], [_rules()])
    seconds = elapsed() / 1000
    pairs = [(mentor.email, mentee.email) for mentor in mentors for mentee in mentor.mentees]
    tell(match_run(seconds, False, pairs))


def _people(people: Path) -> dict[str, list[Any]]:
    kinds = {
        "mentor": import_module("matching.mentor").Mentor,
        "mentee": import_module("matching.mentee").Mentee,
    }
    sides: dict[str, list[Any]] = {"mentor": [], "mentee": []}
    with people.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    managers = {row["email"]: row["manager_email"] for row in rows}
    for row in rows:
        one = kinds[row["role"]](
            grade=row["level"], organisation=row["department"], email=row["email"], role=row["role"]
        )
        one.team = row["team"]
        one.languages = frozenset(row["languages"].split(";"))
        one.line = frozenset(_line(row["email"], managers))
        one.close_managers = frozenset(islice(_line(row["email"], managers), CLOSE_MANAGERS))
        one.morning = _morning(row["timezone"])
        one.offers = frozenset(row["offers"].split(";"))
        one.wants = row["wants"].split(";")
        sides[row["role"]].append(one)
    return sides


def _line(email: str, managers: Mapping[str, str]) -> Iterator[str]:
    """Everybody above, the own manager first; the made-up company has no circles."""
    while above := managers.get(email):
        yield above
        email = above


def _morning(timezone: str) -> int:
    """When the working day begins, in minutes after midnight UTC."""
    begins = datetime.fromisoformat(f"{MONDAY} 09:00").replace(tzinfo=ZoneInfo(timezone)).astimezone(UTC)
    return begins.hour * 60 + begins.minute


def _shared_minutes(mentor: int, mentee: int) -> int:
    """The longest stretch of one's day with any of the other's, the neighbouring days' included, from both mornings."""
    later = (mentor - mentee) % DAY
    return WORKDAY - min(later, DAY - later)


def _rules() -> Sequence[Any]:
    """All our hard rules that a rule of this company can break, ranked wants and departments."""
    rule = import_module("matching.rules.rule")

    def wanted(rank: int) -> Callable[[Any], bool]:
        return lambda match: match.mentee.wants[rank] in match.mentor.offers

    return [
        *(rule.Generic({True: points, False: 0}, wanted(rank)) for rank, points in enumerate(WANTS)),
        rule.Generic(
            {True: OTHER_DEPARTMENT, False: 0}, lambda match: match.mentee.organisation != match.mentor.organisation
        ),
        # It takes rules from the end of the list: what rules a pair out comes first and ends the work on it.
        rule.Disqualify(lambda match: not match.mentee.close_managers.isdisjoint(match.mentor.close_managers)),
        rule.Disqualify(
            lambda match: match.mentor.email in match.mentee.line or match.mentee.email in match.mentor.line
        ),
        rule.Disqualify(lambda match: match.mentee.languages.isdisjoint(match.mentor.languages)),
        rule.Disqualify(lambda match: match.mentee.team == match.mentor.team),
        rule.Disqualify(lambda match: match.mentee.grade - match.mentor.grade < LEVELS_APART),
        rule.Disqualify(lambda match: _shared_minutes(match.mentor.morning, match.mentee.morning) < SHARED_MINUTES),
    ]
