"""Small companies with rules of any kind, as the two files that `flipside match` reads."""

from __future__ import annotations

import csv
import io
import json
from random import Random
from typing import Any

Row = dict[str, str]
Chosen = dict[str, Any]

# With summer time in either half of the year or never, half and quarter hours, and both ends of the calendar day.
ZONES = (
    *("Europe/Berlin", "America/New_York", "Asia/Tokyo", "Pacific/Auckland", "Asia/Kolkata", "Asia/Kathmandu", "UTC"),
    *("America/Los_Angeles", "Australia/Lord_Howe", "Pacific/Chatham", "America/St_Johns", "Pacific/Kiritimati"),
    *("Pacific/Pago_Pago", ""),
)
# Around the days on which clocks change in America, Europe and Australia.
MONDAYS = ("2027-03-01", "2027-03-15", "2027-03-29", "2027-04-05", "2027-07-05", "2027-11-01", "2027-11-08")
HOURS = ("22:00-06:00", "00:00-24:00", "07:30-12:00", "15:00-01:30", "05:45-14:15", "20:00-08:00")
WORDS = "alpha beta gamma delta omega kappa tango zulu".split()  # no endings, so that a word is its own stem
DEPARTMENTS = ("Sales", "Legal", "IT", "", " sales", "Ops")


def any_company(chance: Random, most: int = 7) -> list[Row]:
    """Rows of a people file; some companies are so strict that nobody fits, most are not."""
    mentors, mentees, others = (chance.randint(0, most), chance.randint(0, most), chance.randint(0, 3))
    emails = [f"p{at}-{chance.randrange(10**6)}@larkspur.example" for at in range(mentors + mentees + others)]
    strict, zones = chance.random() < 0.15, chance.sample(ZONES, chance.randint(1, 3))
    roles = ["mentor"] * mentors + ["mentee"] * mentees + [""] * others
    rows = [_row(chance, at, emails, role, strict, zones) for at, role in enumerate(roles)]
    if chance.random() < 0.3:  # a tall company: many levels, of which the upper ones are shared
        for at, row in enumerate(rows):
            row["manager_email"] = chance.choice([*emails[at + 1 : at + 4], "", ""])
    return rows


def _row(chance: Random, at: int, emails: list[str], role: str, strict: bool, zones: list[str]) -> Row:  # noqa: PLR0917
    def seldom(usual: str, *rare: str) -> str:
        return chance.choice(rare) if strict or chance.random() < 0.12 else usual

    above = ["", "", *emails[at + 1 :], "gone@larkspur.example", *chance.sample(emails, 1)]
    levels = {"mentor": ("1", "2", "3"), "mentee": ("4", "5", "6"), "": ("9",)}[role]
    return {
        "email": emails[at],
        "name": f"Person {at}",
        "department": chance.choice(DEPARTMENTS),
        "team": seldom(f"team {at}", "", "Blue", "blue ", "red"),
        "manager_email": seldom("", *above),
        "level": seldom(chance.choice(levels), "", "3", "4"),
        "location": chance.choice(("", "Oslo", "Rome")),
        "timezone": chance.choice(zones),
        "languages": seldom("en;de", "en", "de", "", "fr", "EN-gb", "ja;de"),
        "role": role,
        "capacity": chance.choice(("", "0", "1", "2", "3")) if role == "mentor" else "",
        "offers": _topics(chance),
        "wants": _topics(chance),
        "interests": _topics(chance),
        "goals": _topics(chance),
        "avoid": seldom("", "", *emails),
        "hours": seldom("", *HOURS),
        "reviewers": seldom("", "", ";".join(chance.sample(emails, min(2, len(emails))))) if role == "mentor" else "",
        "working_style": chance.choice(("", ";".join(str(chance.randint(1, 5)) for _ in range(5)))),
        "guest": chance.choice(("", "yes", "no")),
        "away_until": seldom("", "2027-03-15", "2026-01-01", "2028-01-01"),
    }


def _topics(chance: Random) -> str:
    return ";".join({" ".join(chance.sample(WORDS, chance.randint(1, 2))): 0 for _ in range(chance.randint(0, 3))})


def any_rules(chance: Random, rows: list[Row]) -> Chosen:
    """What a rules file holds, each key there or not."""
    rules: Chosen = {
        "min_level_gap": chance.randint(0, 3),
        "same_team_allowed": chance.random() < 0.5,
        "reporting_line_allowed": chance.random() < 0.5,
        "shared_manager_levels": chance.randint(0, 4),
        "shared_language": chance.random() < 0.5,
        "default_language": chance.choice(("en", "de")),
        "min_shared_hours": chance.choice((0, 0.5, 1, 1.5, 3)),
        "departments": ["Sales", "legal", "IT"],
        "excluded_department_pairs": [["Sales", "IT"], ["Legal", "sales"]],
        "allowed_department_pairs": [["Sales", "Legal"], ["IT", "Ops"], ["Sales", "IT"]],
        "guests_allowed": chance.random() < 0.5,
        "past_pair_months": chance.choice(("never", 0, 6, 24)),
    }
    weights: Chosen = {
        "wants": [chance.randint(0, 60) for _ in range(3)],
        "gives_back": [chance.randint(0, 20)],
        "goal": chance.randint(0, 9),
        "most_interests": chance.randint(0, 30),
        "most_shared_hours": chance.randint(0, 24),
        "other_location": chance.randint(0, 60),
        "working_style": chance.randint(0, 60),
        "style_alike": chance.random() < 0.5,
        "poor_below": chance.randint(0, 80),
        "poor_penalty": chance.randint(0, 200),
        "standing": chance.randint(0, 200),
    }
    seldom = ("departments", "allowed_department_pairs")
    chosen = {
        "rules": {key: value for key, value in rules.items() if chance.random() < (0.1 if key in seldom else 0.35)},
        "weights": {key: value for key, value in weights.items() if chance.random() < 0.2},
        "preset": chance.choice(("balanced", "skills first", "broaden horizons", "same hours")),
    }
    mentors = [row["email"] for row in rows if row["role"] == "mentor"]
    mentees = [row["email"] for row in rows if row["role"] == "mentee"]
    if not mentors or not mentees:
        return chosen
    pairs = [[chance.choice(mentors), chance.choice(mentees)] for _ in range(6)]
    return {
        **chosen,
        "past_pairs": [pairs[0], [*pairs[1], "2026-12-01"], [*pairs[2], "2024-01-01"]],
        "forbidden": pairs[3:4],
        "standing": pairs[4:],
        "reviewers": {chance.choice(mentors): [chance.choice(mentees)]},
    }


def people_csv(rows: list[Row]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]) if rows else ["email", "name"])
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def rules_yaml(chosen: Chosen) -> str:
    """JSON is YAML, except that a day needs no quotes."""
    text = json.dumps(chosen)
    for day in ("2026-12-01", "2024-01-01"):
        text = text.replace(f'"{day}"', day)
    return text
