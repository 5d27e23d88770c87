"""docs/matching.md once more, pair by pair and as plainly as it can be said; of our code it only knows the presets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from conversations.matching import PRESETS, Rules

from .any_company import Chosen, Row

MONTH = 30.44  # days


class PlainRules:
    """A company and its rules on one day."""

    def __init__(self, rows: Sequence[Row], chosen: Chosen, on: date) -> None:
        self.rules: dict[str, Any] = {**asdict(Rules()), "past_pair_months": "never", **chosen["rules"]}
        self.weights: dict[str, Any] = {**asdict(PRESETS[chosen["preset"]]), **chosen["weights"]}
        self.chosen, self.on = chosen, on
        self.managers = {row["email"]: row["manager_email"] for row in rows}

    def allow(self, mentor: Row, mentee: Row) -> bool:
        one, other, rules = mentor["email"], mentee["email"], self.rules
        both = (mentor, mentee)
        close = rules["shared_manager_levels"]
        departments = low(mentor["department"]), low(mentee["department"])
        excluded, allowed = (
            [(low(a), low(b)) for a, b in rules[key]]
            for key in ("excluded_department_pairs", "allowed_department_pairs")
        )
        pilot = [low(name) for name in rules["departments"]]
        return (
            places(mentor) > 0
            and all(person["level"] for person in both)
            and int(mentee["level"]) - int(mentor["level"]) >= rules["min_level_gap"]
            and (rules["reporting_line_allowed"] or (one not in self.above(other) and other not in self.above(one)))
            and not set(self.above(one)[:close]) & set(self.above(other)[:close])
            and other not in items(mentor["reviewers"])
            and other not in self.chosen.get("reviewers", {}).get(one, ())
            and (rules["same_team_allowed"] or not low(mentor["team"]) or low(mentor["team"]) != low(mentee["team"]))
            and (not rules["shared_language"] or bool(self.spoken(mentor) & self.spoken(mentee)))
            and self.minutes(mentor, mentee) >= rules["min_shared_hours"] * 60
            and departments not in excluded
            and (not allowed or departments in allowed)
            and (not pilot or set(departments) <= set(pilot))
            and (rules["guests_allowed"] or all(person["guest"] != "yes" for person in both))
            and all(person["away_until"] <= self.on.isoformat() for person in both)
            and other not in items(mentor["avoid"])
            and one not in items(mentee["avoid"])
            and not self.met(one, other)
            and [one, other] not in self.chosen.get("forbidden", [])
        )

    def above(self, email: str) -> list[str]:
        """The line up, until it ends or comes round to somebody once more."""
        line: list[str] = []
        at = self.managers.get(email, "")
        while at and at not in line and at != (line[-1] if line else email):
            line.append(at)
            at = self.managers.get(at, "")
        return line

    def spoken(self, person: Row) -> set[str]:
        named = {language.lower().split("-")[0] for language in items(person["languages"])}
        return named or {self.rules["default_language"]}

    def minutes(self, mentor: Row, mentee: Row) -> int:
        begin, end = working_day(mentor, self.on)
        shared = [
            min(end, until) - max(begin, start)
            for start, until in (working_day(mentee, self.on + timedelta(days=shift)) for shift in range(-3, 4))
        ]
        return max(0, *shared)

    def met(self, one: str, other: str) -> bool:
        months = self.rules["past_pair_months"]
        for a, b, *day in self.chosen.get("past_pairs", []):
            if {a, b} == {one, other}:
                ended = date.fromisoformat(day[0]) if day else self.on
                if months == "never" or not day or (self.on - ended).days <= months * MONTH:
                    return True
        return False

    def score(self, mentor: Row, mentee: Row) -> int:
        weights = self.weights
        offered, heard = words(mentor["offers"]), words(mentee["offers"])
        points = sum(worth for word, worth in shares(mentee["wants"], weights["wants"]) if word in offered)
        points += sum(worth for word, worth in shares(mentor["wants"], weights["gives_back"]) if word in heard)
        for key, each, most in (("goals", "goal", "most_goals"), ("interests", "interest", "most_interests")):
            points += min(weights[most], weights[each] * len(words(mentor[key]) & words(mentee[key])))
        points += weights["shared_hour"] * min(self.minutes(mentor, mentee) // 60, weights["most_shared_hours"])
        for key in ("department", "location"):
            differ = low(mentor[key]) and low(mentee[key]) and low(mentor[key]) != low(mentee[key])
            points += weights[f"other_{key}"] if differ else 0
        if mentor["working_style"] and mentee["working_style"]:
            styles = zip(items(mentor["working_style"]), items(mentee["working_style"]), strict=True)
            apart = sum(abs(int(one) - int(other)) for one, other in styles)
            points += (20 - apart if weights["style_alike"] else apart) * weights["working_style"] // 20
        return points

    def worth(self, mentor: Row, mentee: Row) -> int:
        """What decides: the score, less what a poor pair costs, and what a pair of today is worth more."""
        score = self.score(mentor, mentee)
        stands = [mentor["email"], mentee["email"]] in self.chosen.get("standing", [])
        poor = score < self.weights["poor_below"]
        return score - self.weights["poor_penalty"] * poor + self.weights["standing"] * stands


def places(mentor: Row) -> int:
    return int(mentor["capacity"] or 1)


def low(name: str) -> str:
    return " ".join(name.lower().split())


def items(cell: str) -> list[str]:
    return [item for item in cell.split(";") if item]


def words(cell: str) -> set[str]:
    return {word for item in items(cell) for word in item.split()}


def shares(cell: str, points: Sequence[int]) -> list[tuple[str, int]]:
    """Each wish's points by its rank, dealt out to its words, the first words taking what is left over."""
    dealt = []
    for rank, item in enumerate(items(cell)):
        each, rest = divmod(points[min(rank, len(points) - 1)], len(item.split()))
        dealt += [(word, each + (at < rest)) for at, word in enumerate(item.split())]
    return dealt


def working_day(person: Row, day: date) -> tuple[int, int]:
    """In minutes since 1970."""
    begin, _, end = (person["hours"] or "09:00-17:00").partition("-")
    until = day if begin < end != "24:00" else day + timedelta(days=1)
    zone = ZoneInfo(person["timezone"] or "UTC")
    start, stop = (
        datetime.fromisoformat(f"{at} {clock}").replace(tzinfo=zone).astimezone(UTC)
        for at, clock in ((day, begin), (until, end.replace("24:", "00:")))
    )
    return int(start.timestamp()) // 60, int(stop.timestamp()) // 60
