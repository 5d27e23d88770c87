"""A made-up company of any size, the same for the same seed: for the flight simulator and the benchmarks."""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

FIRST = (
    "Ana Bo Chidi Dana Elif Farid Grace Hiro Ines Jonas Kavya Liam Mei Noor Oskar Priya Quinn Rosa Sven Tala Uma "
    "Viktor Wanjiru Ximena Yusuf Zofia Aroha Beatriz Cormac Deepa Emre Fatou Goran Hana Ibrahim Jelena Kofi Lucia"
).split()
LAST = (
    "Abara Berg Costa Dlamini Eriksen Flores Gupta Haddad Ito Jansen Kowalski Lindqvist Moreau Nakamura Okafor "
    "Petrov Quispe Rossi Santos Tanaka Ueda Vargas Weber Xu Yilmaz Zhang Adeyemi Brandt Chopra Duarte Farah"
).split()
DEPARTMENTS = "Sales Marketing Engineering Finance Operations Legal Product People".split()
# Zone, country, city, languages besides English, and how many in a hundred work there.
PLACES = (
    ("Europe/Berlin", "DE", "Berlin", ("de",), 18),
    ("Europe/London", "GB", "London", (), 16),
    ("America/New_York", "US", "New York", (), 16),
    ("Asia/Kolkata", "IN", "Pune", ("hi",), 12),
    ("Europe/Madrid", "ES", "Madrid", ("es",), 8),
    ("America/Chicago", "US", "Chicago", (), 7),
    ("America/Sao_Paulo", "BR", "São Paulo", ("pt",), 6),
    ("Africa/Johannesburg", "ZA", "Cape Town", (), 5),
    ("Asia/Singapore", "SG", "Singapore", ("zh",), 4),
    ("America/Los_Angeles", "US", "Oakland", ("es",), 4),
    ("Asia/Tokyo", "JP", "Tokyo", ("ja",), 2),
    ("Australia/Sydney", "AU", "Sydney", (), 2),
)
# Share of the company at each level, 1 to 8: many juniors, few executives.
LEVELS = (24, 22, 14, 10, 10, 10, 6, 4)
MENTORS_UP_TO, MENTEES_FROM = 3, 4
TEAM_SIZE = 9


@dataclass(frozen=True, slots=True)
class Employee:
    """One line of a roster, and the role this person would sign up for."""

    email: str
    name: str
    department: str
    team: str
    manager_email: str
    level: int
    location: str
    country: str
    timezone: str
    languages: tuple[str, ...]
    role: str
    offers: tuple[str, ...] = ()
    wants: tuple[str, ...] = ()
    capacity: int = 1


def population(people: int, seed: int, themes: tuple[str, ...]) -> list[Employee]:
    """`people` employees, half of them mentors, with managers at least one level above them in their department."""
    chance = random.Random(seed)
    drafts = [_employee(number, people, chance, themes) for number in range(people)]
    company = _by_level(drafts)
    return [_with_manager(employee, company, chance) for employee in drafts]


def roster_csv(employees: list[Employee]) -> str:
    """The roster file that HR would hand over."""
    lines = ["email,name,department,team,manager_email,level,location,country,timezone,languages"]
    lines += [
        f"{e.email},{e.name},{e.department},{e.team},{e.manager_email},{e.level},{e.location},{e.country},"
        f"{e.timezone},{';'.join(e.languages)}"
        for e in employees
    ]
    return "\n".join(lines) + "\n"


def _employee(number: int, people: int, chance: random.Random, themes: tuple[str, ...]) -> Employee:
    first, last = chance.choice(FIRST), chance.choice(LAST)
    place = chance.choices(PLACES, [share for *_, share in PLACES])[0]
    department = chance.choice(DEPARTMENTS)
    # Half and half, so that the matching has something to decide.
    is_mentor = number % 2 == 0
    levels = range(1, MENTORS_UP_TO + 1) if is_mentor else range(MENTEES_FROM, len(LEVELS) + 1)
    level = chance.choices(list(levels), [LEVELS[each - 1] for each in levels])[0]
    teams = max(1, people // len(DEPARTMENTS) // TEAM_SIZE)
    picked = tuple(chance.sample(themes, k=min(3, len(themes))))
    return Employee(
        email=f"{first}.{last}.{number}@larkspur.example".lower(),
        name=f"{first} {last}",
        department=department,
        team=f"{department} {chance.randrange(teams) + 1}",
        manager_email="",
        level=level,
        location=place[2],
        country=place[1],
        timezone=place[0],
        languages=("en", *place[3]),
        role="mentor" if is_mentor else "mentee",
        offers=picked if is_mentor else (),
        wants=() if is_mentor else picked,
        capacity=chance.choices((1, 2), (85, 15))[0] if is_mentor else 1,
    )


def _with_manager(
    employee: Employee, company: Mapping[str, Mapping[int, list[str]]], chance: random.Random
) -> Employee:
    levels = company[employee.department]
    nearest = min((level for level in levels if level > employee.level), default=None)
    return replace(employee, manager_email="" if nearest is None else chance.choice(levels[nearest]))


def _by_level(everybody: Iterable[Employee]) -> dict[str, dict[int, list[str]]]:
    """Who stands where: department, then level, then addresses."""
    company: dict[str, dict[int, list[str]]] = {}
    for employee in everybody:
        company.setdefault(employee.department, {}).setdefault(employee.level, []).append(employee.email)
    return company
