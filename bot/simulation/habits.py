"""How people answer: most within a day, some late, some only when reminded, a few never. Chosen by seed."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from bot.population import Employee
from bot.simulation.daylight import CLOSES, OPENS, Workplace
from bot.simulation.filling import Wishes


@dataclass(frozen=True, slots=True)
class Habit:
    """Chances from 0 to 1, and how many hours after a question somebody answers it.

    `comes_back`: the chance to answer the one question after two ignored rounds.
    """

    name: str
    answers: float
    answers_reminder: float
    hours: tuple[float, float]
    writes_notes: float = 0.0
    shares_notes: float = 0.0
    comes_back: float = 0.6


# Out of a hundred people. The late ones also answer questions that are three weeks old.
HABITS: tuple[tuple[Habit, int], ...] = (
    (Habit("prompt", 0.95, 0.8, (0.1, 8), writes_notes=0.5, shares_notes=0.4), 50),
    (Habit("busy", 0.75, 0.6, (4, 96), writes_notes=0.2, shares_notes=0.2), 20),
    (Habit("forgetful", 0.15, 0.75, (0.5, 30), writes_notes=0.3, shares_notes=0.2), 15),
    (Habit("late", 0.6, 0.2, (72, 24 * 21), writes_notes=0.1), 5),
    (Habit("silent", 0.0, 0.0, (1, 2), comes_back=0.25), 10),
)
# Some keep shorter hours than the house's.
HOURS: tuple[tuple[tuple[time, time], int], ...] = (
    ((OPENS, CLOSES), 75),
    ((time(9), time(15)), 10),
    ((time(10), CLOSES), 10),
    ((time(9, 30), time(13, 30)), 5),
)
# In a fortnight; what both sides of a pair say agrees, but for a misunderstanding now and then.
PAIRS_THAT_MEET, MISUNDERSTANDINGS = 0.72, 0.03
# How people come to sign up: the announcement's button, the command, the bot's home; asked by the coordinator, since
# executives ignore channels; or named by a colleague.
DOORS: Mapping[str, int] = {"announcement": 46, "command": 22, "home": 7, "invitation": 21, "nomination": 4}
BY_THEMSELVES = ("announcement", "command", "home")
# Out of all who have a partner.
TAKES_A_PAUSE, LEAVES, NEEDS_HELP = 0.05, 0.03, 0.03
PAUSES_OF_WEEKS = (2, 3, 4, 5)
# The days after the introduction between which these happen.
PAUSE_BEGINS, LEAVES_AFTER, NEEDS_HELP_AFTER = (10, 110), (5, 150), (5, 120)


@dataclass(frozen=True, slots=True)
class Intentions:
    """What somebody will do one day, whatever they are asked: after how long with a partner. None: never."""

    pause_after: timedelta | None
    pause_weeks: int
    leave_after: timedelta | None
    need_after: timedelta | None


def intentions(chance: random.Random) -> Intentions:
    return Intentions(
        _perhaps(chance, TAKES_A_PAUSE, PAUSE_BEGINS),
        chance.choice(PAUSES_OF_WEEKS),
        _perhaps(chance, LEAVES, LEAVES_AFTER),
        _perhaps(chance, NEEDS_HELP, NEEDS_HELP_AFTER),
    )


def _perhaps(chance: random.Random, likely: float, days: tuple[int, int]) -> timedelta | None:
    does, after = chance.random() < likely, timedelta(days=chance.randint(*days))
    return after if does else None


def habit(chance: random.Random) -> Habit:
    return chance.choices([each for each, _ in HABITS], [share for _, share in HABITS])[0]


def door(chance: random.Random) -> str:
    return chance.choices(list(DOORS), list(DOORS.values()))[0]


def workplace(employee: Employee, chance: random.Random) -> Workplace:
    opens, closes = chance.choices([each for each, _ in HOURS], [share for _, share in HOURS])[0]
    return Workplace(employee.timezone, employee.country, opens, closes)


def wishes(employee: Employee, work: Workplace) -> Wishes:
    """What this employee would write into the forms, by field key."""
    return {
        "role": employee.role,
        "themes": employee.offers or employee.wants,
        "work_start": f"{work.opens:%H:%M}",
        "work_end": f"{work.closes:%H:%M}",
        "capacity": str(employee.capacity),
        "hours_a_month": "2",
        "agreement": ("agreed",),
        "languages": employee.languages,
        "closer": "3",
        "goal_1": "Say what I would otherwise keep to myself",
    }


def says(seed: int, pair: str, day: date, chance: random.Random) -> str:
    """The answer to "have you two met?": the step of the button to press."""
    fortnight = random.Random(f"{seed}/{pair}/{day.toordinal() // 14}")
    met = (fortnight.random() < PAIRS_THAT_MEET) != (chance.random() < MISUNDERSTANDINGS)
    return "met" if met else chance.choices(("date_set", "not_yet", "skip"), (35, 50, 15))[0]
