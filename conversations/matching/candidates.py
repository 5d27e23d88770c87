"""Who may be paired, under which rules, and what a proposal holds: plain values, no arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import Literal

Role = Literal["mentor", "mentee"]

MONDAY_TO_FRIDAY = frozenset(range(5))
MOST_PLACES = 3  # a mentor takes at most three mentees


@dataclass(frozen=True, slots=True)
class Hours:
    """Working hours in the person's own zone; an end at or before the start lies on the next day."""

    start: time = time(9)
    end: time = time(17)
    workdays: frozenset[int] = MONDAY_TO_FRIDAY  # Monday is 0; a day is the one on which the hours begin


@dataclass(frozen=True, slots=True)
class Candidate:
    """One person who is ready to be paired. `offers` and `wants` hold theme ids and own words, dearest first."""

    key: str
    name: str
    role: Role
    level: int | None = None
    department: str = ""
    team: str = ""
    manager: str | None = None
    timezone: str = "UTC"
    languages: frozenset[str] = frozenset()
    hours: Hours = Hours()
    capacity: int = 1
    offers: tuple[str, ...] = ()
    wants: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    avoid: frozenset[str] = frozenset()
    reviewers: frozenset[str] = frozenset()
    location: str = ""
    country: str = ""
    unmatched_before: int = 0
    working_style: tuple[int, ...] = ()  # five answers from 1 to 5, or none
    guest: bool = False
    away: bool = False  # on leave or paused on the day of the matching


@dataclass(frozen=True, slots=True)
class Rules:
    """What must hold for every pair of a program; a pair that breaks one is never proposed."""

    min_level_gap: int = 1
    same_team_allowed: bool = False
    reporting_line_allowed: bool = False
    shared_manager_levels: int = 2  # 2: neither manager nor manager's manager in common; 0 switches it off
    shared_language: bool = True
    default_language: str = "en"  # spoken by whoever named no language
    min_shared_hours: float = 1.0
    departments: frozenset[str] = frozenset()  # the pilot group; empty means everybody
    excluded_department_pairs: frozenset[tuple[str, str]] = frozenset()  # (mentor's, mentee's)
    allowed_department_pairs: frozenset[tuple[str, str]] = frozenset()  # empty means all
    guests_allowed: bool = True
    past_pair_months: int | None = None  # how long a past pair is not paired again; None means never


@dataclass(frozen=True, slots=True)
class Weights:
    """Points by which an admissible pair is judged; a good pair has about 100."""

    wants: tuple[int, ...] = (40, 20, 10, 5)  # by rank; the last one counts for all later ranks
    gives_back: tuple[int, ...] = (6, 4)  # what the mentor would like to hear about from the mentee
    goal: int = 5  # for each word the goals share
    most_goals: int = 10
    interest: int = 5
    most_interests: int = 10
    shared_hour: int = 2
    most_shared_hours: int = 5
    other_department: int = 10
    other_location: int = 0
    working_style: int = 0  # for a style that fits in full
    style_alike: bool = False  # False: different styles fit; True: similar ones
    poor_below: int = 20  # a pair with fewer points is poor
    poor_penalty: int = 40  # taken from the total for each poor pair: nobody gets a terrible one to lift the average
    standing: int = 60  # for a standing pair in a re-match of everybody, so that few are broken
    waiting: int = 1000  # for each earlier round without a partner: outweighs every fit, so they come first


PRESETS: Mapping[str, Weights] = {
    "balanced": Weights(),
    "skills first": Weights(wants=(60, 30, 15, 5), gives_back=(10, 5), other_department=0),
    "broaden horizons": Weights(wants=(20, 10, 5, 2), other_department=30, other_location=20),
    "same hours": Weights(wants=(20, 10, 5, 2), shared_hour=10, most_shared_hours=8),
}


class Rule(StrEnum):
    """The name of each hard rule, in the order in which it is checked and told."""

    CAPACITY = "capacity"
    LEVEL_UNKNOWN = "level unknown"
    ZONE_UNKNOWN = "time zone unknown"
    DEPARTMENT = "department"
    GUEST = "guest"
    AWAY = "away"
    SAME_PERSON = "same person"
    LEVEL = "level"
    REPORTING_LINE = "reporting line"
    SHARED_MANAGER = "shared manager"
    REVIEWER = "reviewer"
    TEAM = "team"
    LANGUAGE = "language"
    HOURS = "shared hours"
    DEPARTMENT_PAIR = "department pair"
    PAST_PAIR = "past pair"
    AVOID = "avoid"
    FORBIDDEN = "forbidden"  # by a coordinator, or somebody declined


@dataclass(frozen=True, slots=True)
class ProposedPair:
    """One mentor and one mentee; `reason` may be read by both, `parts` and `beside` are for the coordinator only.

    `parts` add up to the score; `beside` is what the choice weighed besides, such as a round spent waiting.
    """

    mentor: str
    mentee: str
    score: int
    reason: str
    parts: tuple[tuple[str, int], ...] = ()
    beside: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Somebody without a partner: how many of the other side each rule ruled out, and how many remained."""

    key: str
    role: Role
    reason: str
    blocked: tuple[tuple[Rule, int], ...] = ()
    possible: int = 0


@dataclass(frozen=True, slots=True)
class Proposal:
    """A draft matching; `proved` says that no other one has more pairs, more mentors or a better total."""

    pairs: tuple[ProposedPair, ...] = ()
    unmatched: tuple[Unmatched, ...] = ()
    total: int = 0
    proved: bool = True
    mentors: int = 0
    mentees: int = 0
