"""The peer mentor-match on a people file, used as its README shows; rules of its own kind mean what ours do."""

import csv
from collections.abc import Callable, Sequence
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from bot.benchmark.match_figures import match_run
from bot.clock import stopwatch

LEVELS_APART, OTHER_DEPARTMENT = 1, 10
WANTS = (40, 20, 10)  # the points of our first three wants


def peer(figures: Connection, people: Path) -> None:
    """One round, as there are as many mentors as mentees. It proves nothing."""
    sides = _people(people)
    process = import_module("matching.process")
    elapsed = stopwatch()
    mentors, _ = process.process_data(sides["mentor"], sides["mentee"], [_rules()])
    seconds = elapsed() / 1000
    pairs = [(mentor.email, mentee.email) for mentor in mentors for mentee in mentor.mentees]
    figures.send(match_run(seconds, False, pairs))


def _people(people: Path) -> dict[str, list[Any]]:
    kinds = {
        "mentor": import_module("matching.mentor").Mentor,
        "mentee": import_module("matching.mentee").Mentee,
    }
    sides: dict[str, list[Any]] = {"mentor": [], "mentee": []}
    with people.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            one = kinds[row["role"]](
                grade=row["level"], organisation=row["department"], email=row["email"], role=row["role"]
            )
            one.team = row["team"]
            one.offers = frozenset(row["offers"].split(";"))
            one.wants = row["wants"].split(";")
            sides[row["role"]].append(one)
    return sides


def _rules() -> Sequence[Any]:
    """Level, team, ranked wants and departments; it knows nothing of reporting trees, languages or working hours."""
    rule = import_module("matching.rules.rule")

    def wanted(rank: int) -> Callable[[Any], bool]:
        return lambda match: match.mentee.wants[rank] in match.mentor.offers

    return [
        *(rule.Generic({True: points, False: 0}, wanted(rank)) for rank, points in enumerate(WANTS)),
        rule.Generic(
            {True: OTHER_DEPARTMENT, False: 0}, lambda match: match.mentee.organisation != match.mentor.organisation
        ),
        # It takes rules from the end of the list: what rules a pair out comes first and ends the work on it.
        rule.Disqualify(lambda match: match.mentee.team == match.mentor.team),
        rule.Disqualify(lambda match: match.mentee.grade - match.mentor.grade < LEVELS_APART),
    ]
